import { setAnswers } from "../commands";
import { activeForm } from "../dispatch";
import type { Editor } from "../Editor";
import { optionsInView } from "../model/answers";
import type { ClassificationAnswer } from "../model/annotation";
import type { Question } from "../model/ontology";
import { ClassificationForm } from "./ClassificationForm";
import { SelectionHead } from "./ObjectPanel";
import styles from "./panels.module.css";
import { useSignal } from "./useSignal";

function digits(questions: readonly Question[], answers: readonly ClassificationAnswer[]): ReadonlyMap<string, number> {
  return new Map(optionsInView(questions, answers).map(({ path }, i) => [path, i + 1]));
}

/** Questions about the whole asset. */
export function RowAnswers({ editor }: { readonly editor: Editor }) {
  useSignal(editor.store.changed);
  useSignal(editor.selection.changed);
  const { questions } = editor.ontology;
  if (questions.length === 0) return null;
  const { answers } = editor.store;
  return (
    <section className={styles.section} aria-label="Row answers" data-panel data-row-answers>
      <header className={styles.head}>
        <h2>Row answers</h2>
      </header>
      <ClassificationForm
        questions={questions}
        answers={answers}
        onChange={(changed, typingIn) => {
          setAnswers(editor, null, changed, typingIn);
        }}
        numbers={activeForm(editor) === null ? digits(questions, answers) : null}
        readOnly={false}
      />
    </section>
  );
}

/** What is selected: its class and its questions. */
export function ObjectAnswers({ editor }: { readonly editor: Editor }) {
  useSignal(editor.store.changed);
  useSignal(editor.selection.changed);
  const { ids, only } = editor.selection;
  if (ids.length === 0) return null;
  const object = only ? editor.store.get(only) : null;
  const questions = (object && editor.toolOf(object)?.questions) ?? [];
  return (
    <section className={styles.selected} aria-label="Selected object" data-panel data-object-answers>
      <SelectionHead editor={editor} />
      {object && questions.length > 0 ? (
        <ClassificationForm
          key={object.id}
          questions={questions}
          answers={object.answers}
          onChange={(changed, typingIn) => {
            setAnswers(editor, object.id, changed, typingIn);
          }}
          numbers={digits(questions, object.answers)}
          readOnly={false}
        />
      ) : null}
    </section>
  );
}
