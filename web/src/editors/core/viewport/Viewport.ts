import type { Size } from "../geometry/location";
import type { Bounds, Point } from "../model/annotation";
import { Signal } from "../state/Signal";

const margin = 24;
const maxScale = 64;

/** Pan and zoom: which part of the asset is on screen. Never part of the history. */
export class Viewport {
  /** Screen pixels (CSS) for one pixel of the asset. */
  private zoom = 1;
  private left = 0;
  private top = 0;
  private screenSize: Size = { width: 0, height: 0 };
  private assetSize: Size = { width: 1, height: 1 };
  /** Follows the window's size until a person pans or zooms. */
  private fitted = true;
  readonly changed = new Signal();

  get scale(): number {
    return this.zoom;
  }

  get offset(): Point {
    return { x: this.left, y: this.top };
  }

  get screen(): Size {
    return this.screenSize;
  }

  get asset(): Size {
    return this.assetSize;
  }

  setAsset(size: Size): void {
    this.assetSize = size;
    this.fit();
  }

  setScreen(size: Size): void {
    if (size.width === this.screenSize.width && size.height === this.screenSize.height) return;
    this.screenSize = size;
    if (this.fitted) this.fit();
    else this.changed.emit();
  }

  private fitScale(): number {
    const { width, height } = this.screenSize;
    const space = (side: number) => Math.max(1, side - 2 * margin);
    return Math.min(space(width) / this.assetSize.width, space(height) / this.assetSize.height, maxScale);
  }

  private centre(scale: number): void {
    this.zoom = scale;
    this.left = (this.screenSize.width - this.assetSize.width * scale) / 2;
    this.top = (this.screenSize.height - this.assetSize.height * scale) / 2;
  }

  fit(): void {
    this.fitted = true;
    this.centre(this.fitScale());
    this.changed.emit();
  }

  /** One pixel of the asset on one of the screen. */
  actualSize(): void {
    this.fitted = false;
    this.centre(1);
    this.changed.emit();
  }

  /** Zooms so that the place under `at` (screen) stays where it is. */
  zoomAt(at: Point, factor: number): void {
    const smallest = Math.min(this.fitScale() / 4, 0.1);
    const scale = Math.max(smallest, Math.min(maxScale, this.zoom * factor));
    if (scale === this.zoom) return;
    this.fitted = false;
    this.left = at.x - ((at.x - this.left) * scale) / this.zoom;
    this.top = at.y - ((at.y - this.top) * scale) / this.zoom;
    this.zoom = scale;
    this.keepInSight();
    this.changed.emit();
  }

  pan(dx: number, dy: number): void {
    this.fitted = false;
    this.left += dx;
    this.top += dy;
    this.keepInSight();
    this.changed.emit();
  }

  /** At least a corner of the asset stays on screen. */
  private keepInSight(): void {
    const { width, height } = this.screenSize;
    const keep = 2 * margin;
    const right = this.assetSize.width * this.zoom;
    const bottom = this.assetSize.height * this.zoom;
    this.left = Math.max(keep - right, Math.min(width - keep, this.left));
    this.top = Math.max(keep - bottom, Math.min(height - keep, this.top));
  }

  toAsset(screen: Point): Point {
    return { x: (screen.x - this.left) / this.zoom, y: (screen.y - this.top) / this.zoom };
  }

  toScreen(asset: Point): Point {
    return { x: asset.x * this.zoom + this.left, y: asset.y * this.zoom + this.top };
  }

  /** The part of the asset that is on screen. */
  get visible(): Bounds {
    const from = this.toAsset({ x: 0, y: 0 });
    const to = this.toAsset({ x: this.screenSize.width, y: this.screenSize.height });
    return { minX: from.x, minY: from.y, maxX: to.x, maxY: to.y };
  }

  /** Moves the view, and zooms out if it must, so that `bounds` can be seen; leaves it when it can. */
  reveal(bounds: Bounds): void {
    const seen = this.visible;
    if (bounds.minX >= seen.minX && bounds.maxX <= seen.maxX && bounds.minY >= seen.minY && bounds.maxY <= seen.maxY) {
      return;
    }
    const { width, height } = this.screenSize;
    const fits = Math.min(
      (width - 4 * margin) / Math.max(1, bounds.maxX - bounds.minX),
      (height - 4 * margin) / Math.max(1, bounds.maxY - bounds.minY),
    );
    this.fitted = false;
    this.zoom = Math.min(this.zoom, Math.max(fits, this.fitScale()));
    this.left = width / 2 - ((bounds.minX + bounds.maxX) / 2) * this.zoom;
    this.top = height / 2 - ((bounds.minY + bounds.maxY) / 2) * this.zoom;
    this.changed.emit();
  }
}
