import { describe, expect, it } from "vitest";
import { editorOn, drag, streetOntology } from "../testing";
import { setAnswers } from "../commands";
import { writeAnswers } from "../payload";
import { missingAnswers, optionsInView, toggleOption, withNested, withText } from "./answers";
import type { ClassificationAnswer } from "./annotation";
import { emptyLabel } from "./label";
import { readOntology } from "./ontology";
import type { Option, Question } from "./ontology";

const ontology = streetOntology();
const [visible, notes] = ontology.questions as [Question, Question];
const colour = ontology.tools[0]?.questions[0] as Question;
const [red, other] = colour.options as [Option, Option];
const [people, animals] = visible.options as [Option, Option];
const names = (answers: readonly ClassificationAnswer[]) => answers.map((answer) => [answer.name, ...answer.options.map(({ name }) => name)]);

describe("answers", () => {
  it("of a radio replace each other; choosing again takes back", () => {
    const first = toggleOption(colour, red, []);
    const second = toggleOption(colour, other, first);
    expect(names(second)).toEqual([["colour", "other"]]);
    expect(second[0]?.id).toBe(first[0]?.id);
    expect(toggleOption(colour, other, second)).toEqual([]);
  });

  it("of a checklist add up", () => {
    const both = toggleOption(visible, animals, toggleOption(visible, people, []));
    expect(names(both)).toEqual([["visible", "people", "animals"]]);
    expect(names(toggleOption(visible, people, both))).toEqual([["visible", "animals"]]);
  });

  it("of a text go when it is emptied", () => {
    expect(withText(notes, "", withText(notes, "fog", []))).toEqual([]);
  });

  it("nest, and go with the option they belong to", () => {
    const which = other.questions[0] as Question;
    const chosen = toggleOption(colour, other, []);
    const nested = withNested(colour, other, withText(which, "teal", []), chosen);
    expect(writeAnswers(nested)).toMatchObject([
      { name: "colour", radio_answer: { name: "other", classifications: [{ name: "which", text_answer: { content: "teal" } }] } },
    ]);
    expect(JSON.stringify(writeAnswers(toggleOption(colour, red, nested)))).not.toContain("teal");
  });

  it("are numbered as they are seen, nested options under the chosen one", () => {
    const deep = readOntology({
      tools: [],
      classifications: [
        {
          type: "radio", instructions: "Weather", name: "weather", featureSchemaId: "w",
          options: [
            { label: "sunny", value: "sunny", options: [] },
            { label: "rainy", value: "rainy", options: [{ type: "radio", instructions: "How heavy", name: "heavy", options: [{ label: "light", value: "light", options: [] }, { label: "strong", value: "strong", options: [] }] }] },
          ],
        },
      ],
    });
    const rainy = optionsInView(deep.questions, [])[1]?.toggled ?? [];
    const seen = optionsInView(deep.questions, rainy);
    expect(seen.map(({ path }) => path.split("/").at(-1))).toEqual(["sunny", "rainy", "light", "strong"]);
    const strong = seen[3]?.toggled ?? [];
    expect(writeAnswers(strong)).toMatchObject([{ radio_answer: { name: "rainy", classifications: [{ radio_answer: { name: "strong" } }] } }]);
  });
});

describe("what is missing", () => {
  it("names required questions that are in view, with their object", () => {
    const strict = readOntology({
      tools: [
        { tool: "rectangle", name: "Car", required: true, classifications: [{ type: "radio", instructions: "Colour", name: "colour", required: true, options: [{ label: "red", value: "red", options: [{ type: "text", instructions: "Shade", name: "shade", required: true, options: [] }] }] }] },
      ],
      classifications: [{ type: "text", instructions: "Notes", name: "notes", required: true, options: [] }],
    });
    const editor = editorOn(emptyLabel, strict);
    const missing = () => missingAnswers(strict, editor.store.content, (object) => object.name);
    expect(missing().map(({ message }) => message)).toEqual(["“Notes” needs an answer", "At least one Car is needed"]);
    editor.arm(strict.tools[0] ?? null);
    drag(editor, { x: 10, y: 10 }, { x: 60, y: 60 });
    const id = editor.store.objects[0]?.id ?? "";
    expect(missing().at(-1)).toEqual({ objectId: id, message: "Car: “Colour” needs an answer" });
    const question = strict.tools[0]?.questions[0] as Question;
    setAnswers(editor, id, toggleOption(question, question.options[0] as Option, []));
    expect(missing().at(-1)).toEqual({ objectId: id, message: "Car: “Shade” needs an answer" });
  });
});
