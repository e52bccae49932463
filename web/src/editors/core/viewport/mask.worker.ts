import { tilesOfPicture } from "../geometry/mask";

/** Fetches the picture of one or more masks, decodes it and takes the masks out of it, off the main thread. */

export interface MaskRequest {
  readonly url: string;
  /** For each wanted mask its colour in the picture, or null for white on black. */
  readonly colors: readonly (readonly [number, number, number] | null)[];
}

export type MaskReply =
  | { readonly url: string; readonly width: number; readonly height: number; readonly masks: readonly Map<number, Uint8Array>[] }
  | { readonly url: string; readonly problem: string };

async function read({ url, colors }: MaskRequest): Promise<MaskReply> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) return { url, problem: `the mask's picture could not be loaded (${response.status})` };
  const bitmap = await createImageBitmap(await response.blob(), {
    premultiplyAlpha: "none",
    colorSpaceConversion: "none",
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) return { url, problem: "this browser cannot read pictures" };
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { url, width, height, masks: colors.map((color) => tilesOfPicture(data, width, height, color)) };
}

// One picture after the other: each needs its own full-size buffer.
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<MaskRequest>) => {
  last = last.then(async () => {
    let reply: MaskReply;
    try {
      reply = await read(data);
    } catch (error) {
      reply = { url: data.url, problem: error instanceof Error ? error.message : String(error) };
    }
    const buffers = "masks" in reply ? reply.masks.flatMap((tiles) => [...tiles.values()].map((tile) => tile.buffer)) : [];
    self.postMessage(reply, { transfer: buffers });
  });
};
