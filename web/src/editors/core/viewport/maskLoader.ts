import type { Editor } from "../Editor";
import type { MaskRaster } from "../geometry/MaskRaster";
import type { ObjectAnnotation, WireObject } from "../model/annotation";
import type { MaskReply, MaskRequest } from "./mask.worker";

interface Wanted {
  readonly object: ObjectAnnotation;
  readonly raster: MaskRaster;
  readonly color: readonly [number, number, number] | null;
}

function sourceOf(source: WireObject): { url: string; color: readonly [number, number, number] | null } | null {
  const composite = source["composite_mask"] as { url?: unknown; color_rgb?: unknown } | undefined;
  if (composite && typeof composite.url === "string" && Array.isArray(composite.color_rgb)) {
    const [r = 0, g = 0, b = 0] = composite.color_rgb as number[];
    return { url: composite.url, color: [r, g, b] };
  }
  const mask = source["mask"] as { url?: unknown } | undefined;
  return mask && typeof mask.url === "string" ? { url: mask.url, color: null } : null;
}

/** Loads the pixels of all masks that are still pictures on the server. Returns the call that stops it. */
export function loadMasks(editor: Editor): () => void {
  const byUrl = new Map<string, Wanted[]>();
  for (const object of editor.store.objects) {
    if (object.location.kind !== "mask" || !object.location.raster.isLoading) continue;
    const { raster } = object.location;
    const source = raster.source && sourceOf(raster.source);
    if (!source) continue;
    byUrl.set(source.url, [...(byUrl.get(source.url) ?? []), { object, raster, color: source.color }]);
  }
  if (byUrl.size === 0) return () => undefined;
  const worker = new Worker(new URL("./mask.worker.ts", import.meta.url), { type: "module" });
  let open = byUrl.size;
  worker.onmessage = ({ data }: MessageEvent<MaskReply>) => {
    const wanted = byUrl.get(data.url) ?? [];
    if ("problem" in data) {
      for (const { raster } of wanted) raster.fail(data.problem);
      editor.say(`A mask cannot be shown: ${data.problem}`);
    } else if (data.width !== editor.size.width || data.height !== editor.size.height) {
      for (const { raster } of wanted) raster.fail("its size is not the picture's");
      editor.say(`A mask of ${data.width} × ${data.height} does not fit this picture`);
    } else {
      wanted.forEach(({ raster }, i) => {
        raster.arrive(data.width, data.height, data.masks[i] ?? new Map());
      });
    }
    editor.masksArrived(wanted.map(({ object }) => object));
    open -= 1;
    if (open === 0) worker.terminate();
  };
  for (const [url, wanted] of byUrl) {
    const request: MaskRequest = { url: new URL(url, location.href).href, colors: wanted.map(({ color }) => color) };
    // The worker answers with the address it was asked for.
    if (request.url !== url) byUrl.set(request.url, wanted);
    worker.postMessage(request);
  }
  return () => {
    worker.terminate();
  };
}
