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

const workerCount = 2;

function newWorker(): Worker {
  return new Worker(new URL("./mask.worker.ts", import.meta.url), { type: "module" });
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
  const workers = Array.from({ length: Math.min(workerCount, byUrl.size) }, newWorker);
  const asked = new Map<string, readonly Wanted[]>();
  let open = byUrl.size;
  let arrived: ObjectAnnotation[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = () => {
    timer = undefined;
    editor.masksArrived(arrived);
    arrived = [];
  };
  const stop = () => {
    clearTimeout(timer);
    for (const worker of workers) worker.terminate();
  };
  const take = ({ data }: MessageEvent<MaskReply>) => {
    const wanted = asked.get(data.url) ?? [];
    const problem = place(data, wanted, editor);
    if (problem) {
      for (const { raster } of wanted) raster.fail(problem);
      editor.say(`A mask cannot be shown: ${problem}`);
    }
    arrived.push(...wanted.map(({ object }) => object));
    // Many small pictures come within one frame: they are shown together.
    timer ??= setTimeout(show, 50);
    open -= 1;
    if (open === 0) for (const worker of workers) worker.terminate();
  };
  for (const worker of workers) worker.onmessage = take;
  [...byUrl].forEach(([url, wanted], i) => {
    const request: MaskRequest = { url: new URL(url, location.href).href, colors: wanted.map(({ color }) => color) };
    asked.set(request.url, wanted);
    workers[i % workers.length]?.postMessage(request);
  });
  return stop;
}

/** Puts the pixels into their masks; returns what is wrong with them, if anything is. */
function place(reply: MaskReply, wanted: readonly Wanted[], { size }: Editor): string | null {
  if ("problem" in reply) return reply.problem;
  const { width, height, masks } = reply;
  if (width !== size.width || height !== size.height) return `it has ${width} × ${height} pixels, the picture has not`;
  wanted.forEach(({ raster }, i) => {
    raster.arrive(width, height, masks[i] ?? new Map());
  });
  return null;
}
