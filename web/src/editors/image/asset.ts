import type { Size } from "../core/geometry/location";
import type { Viewport } from "../core/viewport/Viewport";
import type { Asset, AssetRow, AssetShelf } from "../EditorDefinition";

/** Above this side length a smaller copy is drawn while the view is zoomed out: panning costs what is shown. */
const overviewSide = 2048;
const longestSide = 16384;

export class Picture implements Asset {
  private closed = false;

  constructor(
    readonly rowId: string,
    private readonly full: ImageBitmap,
    private readonly overview: ImageBitmap | null,
  ) {}

  get size(): Size {
    return { width: this.full.width, height: this.full.height };
  }

  draw(context: CanvasRenderingContext2D, view: Viewport, ratio: number): void {
    if (this.closed) return;
    const { width, height } = this.size;
    const { scale, offset } = view;
    const { overview } = this;
    const bitmap = overview && overview.width >= width * scale * ratio ? overview : this.full;
    const shrink = bitmap.width / width;
    // Only the part in sight: far zoomed in, the whole would be a canvas of gigapixels.
    const seen = view.visible;
    const x0 = Math.max(0, Math.floor(seen.minX));
    const y0 = Math.max(0, Math.floor(seen.minY));
    const x1 = Math.min(width, Math.ceil(seen.maxX));
    const y1 = Math.min(height, Math.ceil(seen.maxY));
    if (x1 <= x0 || y1 <= y0) return;
    // Beyond four screen pixels each, pixels are shown as the squares they are.
    context.imageSmoothingEnabled = scale * ratio < 4;
    context.drawImage(
      bitmap,
      x0 * shrink,
      y0 * shrink,
      (x1 - x0) * shrink,
      (y1 - y0) * shrink,
      x0 * scale + offset.x,
      y0 * scale + offset.y,
      (x1 - x0) * scale,
      (y1 - y0) * scale,
    );
  }

  /** Gives the memory back at once; the collector would take minutes. */
  close(): void {
    this.closed = true;
    this.full.close();
    this.overview?.close();
  }
}

async function fetchBytes(url: string, signal: AbortSignal): Promise<Blob | null> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", signal });
  } catch (error) {
    if (signal.aborted) throw error;
    // Another host that does not share its bytes with scripts: an <img> may still show them.
    if (new URL(url, location.href).origin !== location.origin) return null;
    throw new Error("The picture cannot be reached. Check the connection, then load it again.");
  }
  if (!response.ok) {
    const why = response.status === 404 ? "it is not there any more" : `the server answered ${response.status}`;
    throw new Error(`The picture could not be loaded: ${why}.`);
  }
  return response.blob();
}

async function viaElement(url: string): Promise<ImageBitmap> {
  const element = new Image();
  element.src = url;
  await element.decode();
  return createImageBitmap(element);
}

async function decode(rowId: string, url: string, bytes: Blob | null): Promise<Picture> {
  let full: ImageBitmap;
  try {
    full = bytes ? await createImageBitmap(bytes) : await viaElement(url);
  } catch {
    throw new Error(
      bytes ? "This file is not a picture that a browser can show." : "The picture's host did not hand it out, or it is not a picture.",
    );
  }
  const longest = Math.max(full.width, full.height);
  if (longest > longestSide) {
    full.close();
    throw new Error(`This picture is larger than ${longestSide} pixels on a side, too large to label in one piece.`);
  }
  return new Picture(rowId, full, longest > overviewSide ? await overviewOf(bytes ?? full, full) : null);
}

/** From the bytes again where there are any: that is done beside the main thread, shrinking a bitmap is not. */
async function overviewOf(source: Blob | ImageBitmap, { width, height }: ImageBitmap): Promise<ImageBitmap | null> {
  const factor = overviewSide / Math.max(width, height);
  const options: ImageBitmapOptions = {
    resizeWidth: Math.round(width * factor),
    resizeHeight: Math.round(height * factor),
    resizeQuality: "medium",
  };
  return createImageBitmap(source, options).catch(() => null);
}

interface Slot {
  readonly row: AssetRow;
  readonly abort: AbortController;
  readonly bytes: Promise<Blob | null>;
  opening: Promise<Picture> | null;
  picture: Picture | null;
}

export class PictureShelf implements AssetShelf {
  private readonly slots = new Map<string, Slot>();

  private slot(row: AssetRow): Slot {
    const known = this.slots.get(row.id);
    if (known) return known;
    const abort = new AbortController();
    const bytes = fetchBytes(row.rowData ?? "", abort.signal);
    // Looked at when the picture is opened; until then a failure is nobody's concern.
    bytes.catch(() => undefined);
    const slot: Slot = { row, abort, bytes, opening: null, picture: null };
    this.slots.set(row.id, slot);
    return slot;
  }

  ready(row: AssetRow): Picture | null {
    return this.slots.get(row.id)?.picture ?? null;
  }

  async open(row: AssetRow): Promise<Picture> {
    const slot = this.slot(row);
    slot.opening ??= slot.bytes.then((bytes) => decode(row.id, row.rowData ?? "", bytes));
    try {
      const picture = await slot.opening;
      if (slot.abort.signal.aborted) picture.close();
      else slot.picture = picture;
      return picture;
    } catch (error) {
      this.drop(row.id);
      throw error;
    }
  }

  keep(current: AssetRow, next: readonly AssetRow[]): void {
    const wanted = new Set([current.id, ...next.map(({ id }) => id)]);
    for (const id of [...this.slots.keys()]) if (!wanted.has(id)) this.drop(id);
    const [first, ...later] = next;
    if (first) this.open(first).catch(() => undefined);
    for (const row of later) this.slot(row);
  }

  private drop(id: string): void {
    const slot = this.slots.get(id);
    this.slots.delete(id);
    slot?.abort.abort();
    slot?.picture?.close();
  }

  close(): void {
    for (const id of [...this.slots.keys()]) this.drop(id);
  }
}
