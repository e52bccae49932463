import { useId } from "react";
import { Kbd } from "../../../ui/Kbd";
import { pathOf, toggleOption, withNested, withText } from "../model/answers";
import type { ClassificationAnswer } from "../model/annotation";
import { answerTo, chosen } from "../model/ontology";
import type { Option, Question } from "../model/ontology";
import styles from "./panels.module.css";

type Answers = readonly ClassificationAnswer[];

interface FormProps {
  readonly questions: readonly Question[];
  readonly answers: Answers;
  /** `typingIn` names the text field, so that a sentence is one step to undo. */
  readonly onChange: (answers: Answers, typingIn: string | null) => void;
  /** For each option in view, by its path, the digit that chooses it together with Alt; null in a form at rest. */
  readonly numbers: ReadonlyMap<string, number> | null;
  /** The chosen option that these questions belong to. */
  readonly path?: string;
  readonly readOnly: boolean;
}

/** Questions and their answers, nested to any depth. */
export function ClassificationForm({ questions, answers, onChange, numbers, path = "", readOnly }: FormProps) {
  return (
    <div className={styles.form}>
      {questions.map((question) => (
        <QuestionField
          key={question.schemaId ?? question.name}
          question={question}
          answers={answers}
          onChange={onChange}
          numbers={numbers}
          path={path}
          readOnly={readOnly}
        />
      ))}
    </div>
  );
}

interface QuestionProps extends Omit<FormProps, "questions"> {
  readonly question: Question;
}

function QuestionField({ question, answers, onChange, numbers, path = "", readOnly }: QuestionProps) {
  const id = useId();
  const answer = answerTo(question, answers);
  const title = (
    <>
      {question.instructions}
      {question.required ? (
        <span className={answer ? styles.answered : styles.required} title="An answer is required">
          {"\u00a0*"}
        </span>
      ) : null}
    </>
  );
  if (question.kind === "text") {
    return (
      <div className={styles.question}>
        <label className={styles.questionTitle} htmlFor={id}>
          {title}
        </label>
        <textarea
          id={id}
          className={styles.text}
          rows={2}
          readOnly={readOnly}
          value={answer?.text ?? ""}
          onChange={(event) => {
            onChange(withText(question, event.target.value, answers), question.schemaId ?? question.name);
          }}
        />
      </div>
    );
  }
  if (question.kind === "unknown") {
    return (
      <div className={styles.question}>
        <span className={styles.questionTitle}>{title}</span>
        <span className={styles.nothing}>This kind of question cannot be answered here.</span>
      </div>
    );
  }
  return (
    <fieldset className={styles.question} disabled={readOnly}>
      <legend className={styles.questionTitle}>{title}</legend>
      {question.options.map((option) => (
        <OptionField
          key={option.schemaId ?? option.value}
          question={question}
          option={option}
          group={id}
          answers={answers}
          onChange={onChange}
          numbers={numbers}
          path={path}
          readOnly={readOnly}
        />
      ))}
    </fieldset>
  );
}

interface OptionProps extends QuestionProps {
  readonly option: Option;
  readonly group: string;
}

function OptionField({ question, option, group, answers, onChange, numbers, path = "", readOnly }: OptionProps) {
  const present = chosen(option, answerTo(question, answers));
  const ownPath = pathOf(path, question, option);
  const number = numbers?.get(ownPath);
  const toggle = () => {
    onChange(toggleOption(question, option, answers), null);
  };
  return (
    <>
      <label className={styles.option}>
        <input
          type={question.kind === "radio" ? "radio" : "checkbox"}
          name={group}
          checked={present !== null}
          onChange={toggle}
          // A radio that is chosen is not "changed" by another click: that click takes the answer back.
          onClick={question.kind === "radio" && present ? toggle : undefined}
        />
        <span className={styles.name}>{option.name}</span>
        {number !== undefined && number <= 10 ? <Kbd chord={`Alt+${number % 10}`} /> : null}
      </label>
      {present && option.questions.length > 0 ? (
        <div className={styles.nested}>
          <ClassificationForm
            questions={option.questions}
            answers={present.answers}
            onChange={(nested, typingIn) => {
              onChange(withNested(question, option, nested, answers), typingIn && `${option.name} ${typingIn}`);
            }}
            numbers={numbers}
            path={ownPath}
            readOnly={readOnly}
          />
        </div>
      ) : null}
    </>
  );
}
