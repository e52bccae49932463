import type { ClassificationAnswer, ObjectAnnotation, OptionAnswer } from "./annotation";
import type { LabelContent } from "./label";
import { newFeatureId } from "./label";
import { answerTo, chosen, toolOf } from "./ontology";
import type { Ontology, Option, Question } from "./ontology";

type Answers = readonly ClassificationAnswer[];

function newAnswer(question: Question): ClassificationAnswer {
  return {
    id: newFeatureId(),
    schemaId: question.schemaId,
    name: question.name,
    kind: question.kind,
    options: [],
    text: "",
    wire: {},
  };
}

function newOption(option: Option): OptionAnswer {
  return { id: newFeatureId(), schemaId: option.schemaId, name: option.name, answers: [], wire: {} };
}

/** Puts the answer where its question's answer was; an empty answer is no answer. */
function replaced(answers: Answers, before: ClassificationAnswer | null, after: ClassificationAnswer): Answers {
  const empty = after.kind === "text" ? after.text === "" : after.options.length === 0;
  if (before === null) return empty ? answers : [...answers, after];
  return empty ? answers.filter((one) => one !== before) : answers.map((one) => (one === before ? after : one));
}

/** Chooses an option of a radio (again: takes it back), or switches one of a checklist. */
export function toggleOption(question: Question, option: Option, answers: Answers): Answers {
  const before = answerTo(question, answers);
  const answer = before ?? newAnswer(question);
  const present = chosen(option, before);
  const options = present
    ? answer.options.filter((one) => one !== present)
    : question.kind === "radio"
      ? [newOption(option)]
      : [...answer.options, newOption(option)];
  return replaced(answers, before, { ...answer, options });
}

export function withText(question: Question, text: string, answers: Answers): Answers {
  const before = answerTo(question, answers);
  return replaced(answers, before, { ...(before ?? newAnswer(question)), text });
}

/** Gives a chosen option new answers to its own questions. */
export function withNested(question: Question, option: Option, nested: Answers, answers: Answers): Answers {
  const before = answerTo(question, answers);
  const present = chosen(option, before);
  if (!before || !present) return answers;
  const options = before.options.map((one) => (one === present ? { ...one, answers: nested } : one));
  return replaced(answers, before, { ...before, options });
}

export interface OptionInView {
  /** Names the option among all of the form, nested ones included. */
  readonly path: string;
  /** The whole form's answers after this option was chosen, or taken back. */
  readonly toggled: Answers;
}

export function pathOf(parent: string, question: Question, option: Option): string {
  return `${parent}/${question.schemaId ?? question.name}/${option.schemaId ?? option.value}`;
}

/** All options of a form from top to bottom, nested ones under their chosen option: what Alt+digit counts. */
export function optionsInView(questions: readonly Question[], answers: Answers, parent = ""): OptionInView[] {
  const found: OptionInView[] = [];
  for (const question of questions) {
    const answer = answerTo(question, answers);
    for (const option of question.options) {
      const present = chosen(option, answer);
      const path = pathOf(parent, question, option);
      found.push({ path, toggled: toggleOption(question, option, answers) });
      if (!present) continue;
      for (const inner of optionsInView(option.questions, present.answers, path)) {
        found.push({ ...inner, toggled: withNested(question, option, inner.toggled, answers) });
      }
    }
  }
  return found;
}

export interface Missing {
  /** Null for a question about the whole asset or a tool without any object. */
  readonly objectId: string | null;
  readonly message: string;
}

function missingIn(questions: readonly Question[], answers: Answers, of: string, objectId: string | null): Missing[] {
  return questions.flatMap((question) => {
    const answer = answerTo(question, answers);
    if (!answer) {
      return question.required ? [{ objectId, message: `${of}“${question.instructions}” needs an answer` }] : [];
    }
    return question.options.flatMap((option) => {
      const present = chosen(option, answer);
      return present ? missingIn(option.questions, present.answers, of, objectId) : [];
    });
  });
}

/** What must still be answered before the label may be submitted, in the order in which people see it. */
export function missingAnswers(
  ontology: Ontology,
  label: LabelContent,
  nameOf: (object: ObjectAnnotation) => string,
): Missing[] {
  const tools = ontology.tools
    .filter((tool) => tool.required && !label.objects.some((object) => toolOf(ontology, object) === tool))
    .map((tool) => ({ objectId: null, message: `At least one ${tool.name} is needed` }));
  const objects = label.objects.flatMap((object) =>
    missingIn(toolOf(ontology, object)?.questions ?? [], object.answers, `${nameOf(object)}: `, object.id),
  );
  return [...missingIn(ontology.questions, label.answers, "", null), ...tools, ...objects];
}
