import type { EditorDefinition } from "./EditorDefinition";

const editors: Readonly<Record<string, () => Promise<{ default: EditorDefinition }>>> = {
  IMAGE: () => import("./image"),
};

/** The editor of a media type, loaded when it is first needed; null when there is none. */
export async function editorFor(mediaType: string): Promise<EditorDefinition | null> {
  const load = editors[mediaType];
  return load ? (await load()).default : null;
}
