import { browserJournal } from "../../api/browserStorage";
import { Editor } from "../../editors/core/Editor";
import { missingAnswers } from "../../editors/core/model/answers";
import type { Missing } from "../../editors/core/model/answers";
import type { Ontology } from "../../editors/core/model/ontology";
import { readLabel, writeLabel } from "../../editors/core/payload";
import { Autosave } from "../../editors/core/state/autosave";
import { WorkTimer } from "../../editors/core/state/timer";
import { saveDraft } from "./operations";
import { rowKey } from "./RowFeed";
import type { PreparedRow } from "./RowFeed";

export interface OpenRowOptions {
  readonly userId: string;
  readonly projectId: string;
  readonly mode: "label" | "review";
  readonly ontology: Ontology;
}

/** One data row while somebody works on it. */
export class OpenRow {
  readonly editor: Editor;
  readonly timer: WorkTimer;
  autosave: Autosave;
  private readonly key: string;
  private touched: boolean;

  constructor(
    readonly prepared: PreparedRow,
    private readonly options: OpenRowOptions,
  ) {
    const { task, recovered } = prepared;
    const { userId, projectId, mode, ontology } = options;
    this.key = rowKey(userId, projectId, task.dataRow.id, mode);
    this.editor = new Editor(ontology, readLabel(prepared.document), { prelabels: task.annotationsFrom === "PRELABEL" });
    this.timer = new WorkTimer(mode === "label" ? task.secondsSpent : 0);
    this.touched = recovered > 0 || task.annotationsFrom === "DRAFT";
    this.editor.store.changed.subscribe(() => {
      this.touched = true;
    });
    this.autosave = this.newAutosave();
    if (recovered > 0) this.autosave.resend(recovered);
  }

  private newAutosave(): Autosave {
    const { projectId, mode } = this.options;
    return new Autosave(this.editor.store, {
      row: this.key,
      journal: browserJournal,
      // A reviewer's corrections go with the decision; until then they stay on this computer.
      send: mode === "label" ? (document, seconds) => saveDraft(projectId, this.id, document, seconds) : null,
      seconds: () => this.timer.seconds,
    });
  }

  get id(): string {
    return this.prepared.task.dataRow.id;
  }

  /** Whether anything differs from what the server showed. */
  get isTouched(): boolean {
    return this.touched;
  }

  missing(): Missing[] {
    const { editor } = this;
    return missingAnswers(editor.ontology, editor.store.content, (object) => object.name);
  }

  document() {
    return writeLabel(this.editor.store.content);
  }

  async forgetJournal(): Promise<void> {
    await browserJournal.forget(this.key, Infinity).catch(() => undefined);
  }

  /** Work goes on after a decision was taken back. */
  resume(): void {
    this.autosave = this.newAutosave();
    this.timer.resume();
  }
}
