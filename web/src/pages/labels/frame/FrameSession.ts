import { messageOf } from "../../../api/client";
import { Signal } from "../../../editors/core/state/Signal";
import { WorkTimer } from "../../../editors/core/state/timer";
import {
  createFrameLabel,
  decideFrameRow,
  frameRow,
  frameSettings,
  reserveFrameRows,
  rowOfLabel,
  updateFrameLabel,
} from "./frameOperations";
import type { FrameSettings, FrameTask } from "./frameOperations";

/** An asset as the page is told of it (docs/guides/custom-editors.md). */
export interface FrameAsset {
  readonly id: string;
  readonly data: string | null;
  readonly label: string | undefined;
  readonly next: string | undefined;
  readonly previous: string | undefined;
  readonly createdAt: string | undefined;
  readonly createdBy: string | undefined;
  readonly typeName: "Any" | "Skip" | undefined;
  readonly labelTemplates: readonly { readonly id: string; readonly label: string | null }[] | null;
  readonly labelTemplateId: string | undefined;
  readonly metadata: readonly { readonly metaType: string | null; readonly metaValue: string | null }[];
}

interface Call {
  readonly ch: "lbx";
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The host's side of the labeling API: one page in a frame, one current data row. */
export class FrameSession {
  task: FrameTask | null = null;
  remaining = 0;
  problem: string | null = null;
  busy = true;
  readonly changed = new Signal();
  private settings: FrameSettings | null = null;
  private timer = new WorkTimer(0);
  private frame: HTMLIFrameElement | null = null;
  private readonly visited: string[] = [];

  constructor(
    private readonly projectId: string,
    private readonly mode: "label" | "review",
    private readonly origin: string,
  ) {}

  /** Listens to the page in `frame`; the answer stops it. */
  attach(frame: HTMLIFrameElement): () => void {
    this.frame = frame;
    const listen = (event: MessageEvent) => {
      const call = event.data as Partial<Call> | null;
      if (event.source !== frame.contentWindow || call?.ch !== "lbx" || typeof call.id !== "number" || !call.method) return;
      if (this.origin !== "*" && event.origin !== this.origin) return;
      void this.answer(call as Call);
    };
    window.addEventListener("message", listen);
    return () => {
      window.removeEventListener("message", listen);
      this.frame = null;
    };
  }

  async start(dataRowId: string | null): Promise<void> {
    await this.guarded(async () => {
      this.settings = await frameSettings(this.projectId);
      this.tellCustomization();
      if (dataRowId) this.show(await frameRow(this.projectId, dataRowId));
      else await this.goOn();
    });
  }

  /** Skips the current row and goes on, as the button and the page do. */
  async skip(): Promise<void> {
    await this.guarded(async () => {
      await this.save("Skip", "Skip");
      await this.goOn();
    });
  }

  async decide(kind: "approve" | "reject"): Promise<void> {
    await this.guarded(async () => {
      if (this.task) await decideFrameRow(kind, this.projectId, this.task.dataRow.id);
      await this.goOn();
    });
  }

  private async answer({ id, method, args }: Call): Promise<void> {
    this.timer.activity(); // keys and pointers inside the frame are not seen from here
    try {
      this.post({ id, value: await this.perform(method, args) });
    } catch (error) {
      this.post({ id, error: messageOf(error) });
    }
  }

  private async perform(method: string, args: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case "hello":
      case "resend":
        this.tellCustomization();
        this.tellAsset();
        return null;
      case "setLabelForAsset":
        await this.save(textOf(args[0]), args[1] === "Skip" ? "Skip" : "Any");
        return null;
      case "skip":
        await this.save("Skip", "Skip");
        await this.goOn();
        return this.asset();
      case "fetchNextAssetToLabel":
        await this.goOn();
        return this.asset();
      case "setLabelAsCurrentAsset": {
        const row = await rowOfLabel(textOf(args[0]));
        const task = row && (await frameRow(this.projectId, row));
        if (!task) throw new Error(`There is no label ${textOf(args[0])} in this project`);
        this.show(task);
        return null;
      }
      case "enablePreloading":
        return null;
      default:
        throw new Error(`The labeling API has no function ${method}`);
    }
  }

  private async save(label: string, type: "Any" | "Skip"): Promise<void> {
    const { task } = this;
    if (!task) throw new Error("There is no current asset");
    if (task.label && type === "Any" && !task.label.skipped) await updateFrameLabel(task.label.id, label);
    else await createFrameLabel(this.projectId, task.dataRow.id, label, type, Math.round(this.timer.seconds * 10) / 10);
    this.visited.push(task.dataRow.id);
    const saved = await frameRow(this.projectId, task.dataRow.id);
    if (saved) this.show(saved);
  }

  private async goOn(): Promise<void> {
    const { tasks, remaining } = await reserveFrameRows(this.projectId, this.mode);
    this.remaining = remaining;
    this.show(tasks[0] ?? null);
    const next = tasks[1];
    if (next) this.post({ event: "preload", value: assetOf(next, this.settings, {}) });
  }

  private show(task: FrameTask | null): void {
    if (task?.dataRow.id !== this.task?.dataRow.id) this.timer = new WorkTimer(0);
    this.task = task;
    this.changed.emit();
    this.tellAsset();
  }

  private asset(): FrameAsset | undefined {
    const previous = this.visited.findLast((id) => id !== this.task?.dataRow.id);
    return this.task ? assetOf(this.task, this.settings, { previous }) : undefined;
  }

  private tellAsset(): void {
    this.post({ event: "asset", value: this.asset() });
  }

  private tellCustomization(): void {
    const text = this.settings?.labelingFrontendOptions.at(-1)?.customizationOptions;
    if (text) this.post({ event: "customization", value: JSON.parse(text) as unknown });
  }

  private post(message: Record<string, unknown>): void {
    this.frame?.contentWindow?.postMessage({ ch: "lbx", v: 1, ...message }, this.origin);
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.changed.emit();
    try {
      await work();
      this.problem = null;
    } catch (error) {
      this.problem = messageOf(error);
    }
    this.busy = false;
    this.changed.emit();
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function assetOf(task: FrameTask, settings: FrameSettings | null, around: { previous?: string | undefined }): FrameAsset {
  const { dataRow, label } = task;
  const model = settings?.activePredictionModel?.id;
  const active = dataRow.predictions.find(({ predictionModel }) => predictionModel?.id === model);
  return {
    id: dataRow.id,
    data: dataRow.rowData,
    label: label?.label ?? undefined,
    next: undefined,
    previous: around.previous,
    createdAt: label?.createdAt ?? undefined,
    createdBy: label?.createdBy?.email ?? undefined,
    typeName: label ? (label.skipped ? "Skip" : "Any") : undefined,
    labelTemplates: dataRow.predictions.length > 0 ? dataRow.predictions.map(({ id, label: text }) => ({ id, label: text })) : null,
    labelTemplateId: active?.id,
    metadata: dataRow.attachments.map(({ type, value }) => ({ metaType: type, metaValue: value })),
  };
}
