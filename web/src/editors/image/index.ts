import type { EditorDefinition } from "../EditorDefinition";
import { PictureShelf } from "./asset";
import { describe } from "./location";
import { Surface } from "./Surface";

const image: EditorDefinition = {
  mediaType: "IMAGE",
  newShelf: () => new PictureShelf(),
  Surface,
  describe,
};

export default image;
