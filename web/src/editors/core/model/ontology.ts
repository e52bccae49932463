import type { AnswerKind, ClassificationAnswer, LocationKind, ObjectAnnotation, OptionAnswer } from "./annotation";

export interface Option {
  readonly schemaId: string | null;
  readonly name: string;
  readonly value: string;
  readonly questions: readonly Question[];
}

export interface Question {
  readonly schemaId: string | null;
  readonly name: string;
  /** The text shown to people. */
  readonly instructions: string;
  readonly kind: AnswerKind;
  readonly required: boolean;
  readonly options: readonly Option[];
  readonly searchable: boolean;
}

export interface Tool {
  readonly schemaId: string | null;
  readonly name: string;
  /** The ontology's own word, such as `superpixel`. */
  readonly tool: string;
  readonly kind: LocationKind;
  readonly color: string;
  readonly required: boolean;
  readonly questions: readonly Question[];
}

export interface Ontology {
  readonly tools: readonly Tool[];
  readonly questions: readonly Question[];
}

const kindOfTool: Readonly<Record<string, LocationKind>> = {
  rectangle: "rectangle",
  polygon: "polygon",
  line: "line",
  point: "point",
  superpixel: "mask",
  "raster-segmentation": "mask",
};

/** Twelve hues of equal OKLCH lightness, in an order that keeps neighbours apart for deuteranopes. */
const palette = [
  "#4c9aff", "#f5a524", "#21c7a8", "#e668b3", "#b6c93c", "#a78bfa",
  "#ff8a5c", "#39bdf2", "#d9b84a", "#f2708a", "#5ccf6c", "#c58af9",
];

type Json = Readonly<Record<string, unknown>>;

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === "object" && item !== null) : [];
}

function idOf(node: Json): string | null {
  return typeof node["featureSchemaId"] === "string" ? node["featureSchemaId"] : null;
}

function questionKind(type: string): AnswerKind {
  if (type === "radio" || type === "dropdown" || type === "response-radio") return "radio";
  if (type === "checklist" || type === "response-checklist") return "checklist";
  if (type === "text" || type === "response-text" || type === "hot-text") return "text";
  return "unknown";
}

function readQuestion(node: Json): Question {
  const instructions = text(node["instructions"]) || text(node["name"]);
  return {
    schemaId: idOf(node),
    name: text(node["name"]) || instructions,
    instructions,
    kind: questionKind(text(node["type"])),
    required: node["required"] === true,
    searchable: node["uiMode"] === "searchable",
    options: list(node["options"]).map((option) => ({
      schemaId: idOf(option),
      name: text(option["label"]) || text(option["value"]),
      value: text(option["value"]) || text(option["label"]),
      questions: list(option["options"]).map(readQuestion),
    })),
  };
}

/** Reads the normalized document; tools and questions that this editor does not know are kept as `unknown`. */
export function readOntology(normalized: unknown): Ontology {
  const document = typeof normalized === "object" && normalized !== null ? (normalized as Json) : {};
  return {
    tools: list(document["tools"]).map((node, index) => ({
      schemaId: idOf(node),
      name: text(node["name"]),
      tool: text(node["tool"]),
      kind: kindOfTool[text(node["tool"])] ?? "unknown",
      color: text(node["color"]) || (palette[index % palette.length] ?? "#4c9aff"),
      required: node["required"] === true,
      questions: list(node["classifications"]).map(readQuestion),
    })),
    questions: list(document["classifications"]).map(readQuestion),
  };
}

interface Named {
  readonly schemaId: string | null;
  readonly name: string;
}

function fits(node: Named, annotation: Named): boolean {
  return node.schemaId !== null && annotation.schemaId !== null
    ? node.schemaId === annotation.schemaId
    : node.name === annotation.name;
}

/** Whether an object is of this class. */
export function isOf(tool: Tool, object: ObjectAnnotation): boolean {
  return fits(tool, object);
}

export function toolOf(ontology: Ontology, object: ObjectAnnotation): Tool | null {
  return ontology.tools.find((tool) => fits(tool, object)) ?? null;
}

export function answerTo(question: Question, answers: readonly ClassificationAnswer[]): ClassificationAnswer | null {
  return answers.find((answer) => fits(question, answer)) ?? null;
}

export function chosen(option: Option, answer: ClassificationAnswer | null): OptionAnswer | null {
  return (
    answer?.options.find((one) =>
      option.schemaId !== null && one.schemaId !== null
        ? option.schemaId === one.schemaId
        : option.name === one.name || option.value === one.name,
    ) ?? null
  );
}
