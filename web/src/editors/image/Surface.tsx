import { useCallback } from "react";
import { PixelSurface } from "../core/viewport/PixelSurface";
import type { SurfaceProps } from "../EditorDefinition";
import { Picture } from "./asset";

/** A picture under the core's layers. */
export function Surface({ editor, asset, filter, onPointer }: SurfaceProps) {
  const drawMedia = useCallback(
    (context: CanvasRenderingContext2D, ratio: number) => {
      if (asset instanceof Picture) asset.draw(context, editor.viewport, ratio);
    },
    [asset, editor],
  );
  const { width, height } = asset.size;
  return (
    <PixelSurface
      editor={editor}
      assetId={asset.rowId}
      drawMedia={drawMedia}
      filter={filter}
      label={`Picture, ${width} by ${height} pixels. Keys: press ? for all.`}
      onPointer={onPointer}
    />
  );
}
