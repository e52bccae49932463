import { decodeRunLengths, encodeRunLengths } from "./geometry/mask";
import { MaskRaster } from "./geometry/MaskRaster";
import type { ClassificationAnswer, Location, ObjectAnnotation, OptionAnswer, Point, WireObject } from "./model/annotation";
import type { LabelContent } from "./model/label";
import { newFeatureId } from "./model/label";

/** The editor's annotations <-> the label document of docs/wire/labeling.md; nothing unknown is lost on the way. */

function isObject(value: unknown): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objects(value: unknown): WireObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

function readPoint(value: unknown): Point | null {
  if (!isObject(value)) return null;
  const point = { x: number(value["x"]), y: number(value["y"]) };
  return Number.isFinite(point.x) && Number.isFinite(point.y) ? point : null;
}

function readPoints(value: unknown): Point[] | null {
  if (!Array.isArray(value)) return null;
  const points = value.map(readPoint);
  return points.every((point) => point !== null) ? points : null;
}

function readMask(wire: WireObject): Location {
  const mask = wire["mask"];
  if (isObject(mask) && Array.isArray(mask["counts"]) && Array.isArray(mask["size"])) {
    try {
      const [height, width] = mask["size"].map(number);
      const decoded = decodeRunLengths({ size: [height ?? 0, width ?? 0], counts: mask["counts"].map(number) });
      return { kind: "mask", raster: MaskRaster.ofTiles(decoded.width, decoded.height, decoded.tiles, { mask }) };
    } catch {
      return { kind: "unknown" };
    }
  }
  if (isObject(mask) && typeof mask["url"] === "string") {
    return { kind: "mask", raster: MaskRaster.awaiting({ mask }) };
  }
  const composite = wire["composite_mask"];
  if (isObject(composite) && typeof composite["url"] === "string" && Array.isArray(composite["color_rgb"])) {
    return { kind: "mask", raster: MaskRaster.awaiting({ composite_mask: composite }) };
  }
  return { kind: "unknown" };
}

function readLocation(wire: WireObject): Location {
  const box = wire["bounding_box"];
  if (isObject(box)) {
    const [x, y, width, height] = [box["left"], box["top"], box["width"], box["height"]].map(number);
    const numbers = [x, y, width, height];
    if (x !== undefined && y !== undefined && width !== undefined && height !== undefined && numbers.every(Number.isFinite)) {
      return { kind: "rectangle", x, y, width, height };
    }
  }
  const ring = readPoints(wire["polygon"]);
  if (ring && ring.length > 0) {
    const first = ring[0];
    const last = ring.at(-1);
    const closed = ring.length > 1 && first?.x === last?.x && first?.y === last?.y;
    return { kind: "polygon", points: closed ? ring.slice(0, -1) : ring };
  }
  const line = readPoints(wire["line"]);
  if (line && line.length > 0) return { kind: "line", points: line };
  const point = readPoint(wire["point"]);
  if (point) return { kind: "point", ...point };
  return readMask(wire);
}

function readOption(wire: WireObject): OptionAnswer {
  return {
    id: text(wire["feature_id"]) || newFeatureId(),
    schemaId: textOrNull(wire["feature_schema_id"]),
    name: text(wire["name"]) || text(wire["value"]),
    answers: objects(wire["classifications"]).map(readAnswer),
    wire,
  };
}

function readAnswer(wire: WireObject): ClassificationAnswer {
  const head = {
    id: text(wire["feature_id"]) || newFeatureId(),
    schemaId: textOrNull(wire["feature_schema_id"]),
    name: text(wire["name"]) || text(wire["value"]),
    wire,
  };
  const radio = wire["radio_answer"];
  if (isObject(radio)) return { ...head, kind: "radio", options: [readOption(radio)], text: "" };
  if (Array.isArray(wire["checklist_answers"])) {
    return { ...head, kind: "checklist", options: objects(wire["checklist_answers"]).map(readOption), text: "" };
  }
  const written = wire["text_answer"];
  if (isObject(written)) return { ...head, kind: "text", options: [], text: text(written["content"]) };
  return { ...head, kind: "unknown", options: [], text: "" };
}

/** Objects exactly as they came; any change makes a new object, which is not in here. */
const untouched = new WeakSet<ObjectAnnotation>();

function readObject(wire: WireObject): ObjectAnnotation {
  const object: ObjectAnnotation = {
    id: text(wire["feature_id"]) || newFeatureId(),
    schemaId: textOrNull(wire["feature_schema_id"]),
    name: text(wire["name"]) || text(wire["value"]),
    location: readLocation(wire),
    answers: objects(wire["classifications"]).map(readAnswer),
    wire,
  };
  // Without an id the server could not tell it from a new one.
  if (typeof wire["feature_id"] === "string") untouched.add(object);
  return object;
}

export function readLabel(document: unknown): LabelContent {
  const wire = isObject(document) ? document : {};
  return {
    objects: objects(wire["objects"]).map(readObject),
    answers: objects(wire["classifications"]).map(readAnswer),
    wire,
  };
}

function writeHead(one: { id: string; schemaId: string | null; name: string; wire: WireObject }): Record<string, unknown> {
  const head: Record<string, unknown> = { ...one.wire, feature_id: one.id };
  if (one.schemaId !== null) head["feature_schema_id"] = one.schemaId;
  // An object that changed its class: the slug belongs to the old one, the server makes the new.
  if (one.wire["name"] !== undefined && one.wire["name"] !== one.name) delete head["value"];
  head["name"] = one.name;
  return head;
}

function writeOption(option: OptionAnswer): WireObject {
  return { ...writeHead(option), classifications: option.answers.map(writeAnswer) };
}

function writeAnswer(answer: ClassificationAnswer): WireObject {
  const head = writeHead(answer);
  if (answer.kind === "radio") return { ...head, radio_answer: answer.options[0] ? writeOption(answer.options[0]) : null };
  if (answer.kind === "checklist") return { ...head, checklist_answers: answer.options.map(writeOption) };
  if (answer.kind === "text") {
    const known = isObject(answer.wire["text_answer"]) ? answer.wire["text_answer"] : {};
    return { ...head, text_answer: { ...known, content: answer.text } };
  }
  return head;
}

const geometryMembers = ["bounding_box", "polygon", "line", "point", "mask", "composite_mask"];

function writeLocation(location: Location, wire: WireObject): WireObject {
  switch (location.kind) {
    case "rectangle": {
      const known = isObject(wire["bounding_box"]) ? wire["bounding_box"] : {};
      const { x, y, width, height } = location;
      return { bounding_box: { ...known, top: y, left: x, height, width } };
    }
    case "polygon":
      return { polygon: [...location.points, ...location.points.slice(0, 1)].map(({ x, y }) => ({ x, y })) };
    case "line":
      return { line: location.points.map(({ x, y }) => ({ x, y })) };
    case "point":
      return { point: { x: location.x, y: location.y } };
    case "mask": {
      const { raster } = location;
      if (raster.source) return raster.source;
      const { size, counts } = encodeRunLengths(raster);
      return { mask: { size: [...size], counts: [...counts] } };
    }
    case "unknown":
      return {};
  }
}

/** One object as it is sent. An object that was never changed is sent exactly as it came. */
export function writeObject(object: ObjectAnnotation): WireObject {
  if (untouched.has(object)) return object.wire;
  const head = writeHead(object);
  if (object.location.kind !== "unknown") for (const member of geometryMembers) Reflect.deleteProperty(head, member);
  return {
    ...head,
    classifications: object.answers.map(writeAnswer),
    ...writeLocation(object.location, object.wire),
  };
}

export function writeAnswers(answers: readonly ClassificationAnswer[]): WireObject[] {
  return answers.map(writeAnswer);
}

function namesObject(relationship: unknown, ids: ReadonlySet<string>): boolean {
  if (!isObject(relationship)) return true;
  return ["unidirectional_relationship", "bidirectional_relationship"].every((member) => {
    const ends = relationship[member];
    return !isObject(ends) || [ends["source"], ends["target"]].every((end) => typeof end !== "string" || ids.has(end));
  });
}

export function writeLabel(content: LabelContent): WireObject {
  const relationships = Array.isArray(content.wire["relationships"]) ? content.wire["relationships"] : [];
  const ids = new Set(content.objects.map((object) => object.id));
  return {
    ...content.wire,
    objects: content.objects.map(writeObject),
    classifications: writeAnswers(content.answers),
    // A relationship whose object was deleted has nothing left to relate.
    relationships: relationships.filter((one) => namesObject(one, ids)),
  };
}
