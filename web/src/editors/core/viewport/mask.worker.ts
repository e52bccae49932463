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

let canvas: OffscreenCanvas | null = null;

/** One canvas for all pictures of a size: a new one for each would be cleared and thrown away every time. */
function pixelsOf(bitmap: ImageBitmap): Uint8ClampedArray {
  const { width, height } = bitmap;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser cannot read pictures");
  context.globalCompositeOperation = "copy";
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height).data;
}

async function load(url: string): Promise<Blob> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`the mask's picture could not be loaded (${response.status})`);
  return response.blob();
}

async function read({ url, colors }: MaskRequest, bytes: Promise<Blob>): Promise<MaskReply> {
  const bitmap = await createImageBitmap(await bytes, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
  const { width, height } = bitmap;
  const pixels = pixelsOf(bitmap);
  return { url, width, height, masks: colors.map((color) => tilesOfPicture(pixels, width, height, color)) };
}

// Fetched side by side, decoded one after the other: each needs its own full-size buffer.
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<MaskRequest>) => {
  const bytes = load(data.url);
  bytes.catch(() => undefined);
  last = last.then(async () => {
    let reply: MaskReply;
    try {
      reply = await read(data, bytes);
    } catch (error) {
      reply = { url: data.url, problem: error instanceof Error ? error.message : String(error) };
    }
    const buffers = "masks" in reply ? reply.masks.flatMap((tiles) => [...tiles.values()].map((tile) => tile.buffer)) : [];
    self.postMessage(reply, { transfer: buffers });
  });
};
