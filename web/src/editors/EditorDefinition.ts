import type { ComponentType } from "react";
import type { Editor } from "./core/Editor";
import type { Size } from "./core/geometry/location";
import type { Location, Point } from "./core/model/annotation";

/** What a media folder needs to know of a data row. */
export interface AssetRow {
  readonly id: string;
  readonly rowData: string | null;
}

/** An asset ready to be shown. */
export interface Asset {
  readonly rowId: string;
  readonly size: Size;
}

/** Assets at hand: the current one, the next one decoded, the bytes of those after it. */
export interface AssetShelf {
  /** The asset, if it can be shown at once. */
  ready(row: AssetRow): Asset | null;
  open(row: AssetRow): Promise<Asset>;
  /** Names what will be needed soon, in order; everything else but `current` may go. */
  keep(current: AssetRow, next: readonly AssetRow[]): void;
  close(): void;
}

export interface SurfaceProps {
  readonly editor: Editor;
  readonly asset: Asset;
  readonly filter: string;
  readonly onPointer: (place: Point | null) => void;
}

/** What a media folder must export. */
export interface EditorDefinition {
  /** The published media type, such as `IMAGE`. */
  readonly mediaType: string;
  readonly newShelf: () => AssetShelf;
  readonly Surface: ComponentType<SurfaceProps>;
  /** A place in words and numbers, for the list and for screen readers. */
  readonly describe: (location: Location) => string;
}
