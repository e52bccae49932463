import "fake-indexeddb/auto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { browserOutbox } from "../../../api/browserStorage";
import { chance } from "../testing";
import { Outbox } from "./outbox";
import type { Failure, OutboxEntry, OutboxOptions } from "./outbox";

class Refusal extends Error {
  constructor(
    readonly kind: Failure,
    message: string,
  ) {
    super(message);
  }
}

/** Does each key once, as the server does, and fails as it is told to. */
class FlakyServer {
  readonly done: string[] = [];
  readonly heard: string[] = [];
  constructor(private readonly failing: () => { before: boolean; after: boolean }) {}

  readonly send = async (entry: OutboxEntry): Promise<void> => {
    await Promise.resolve();
    const { before, after } = this.failing();
    if (before) throw new Refusal("later", "not reached");
    this.heard.push(entry.key);
    if (!this.done.includes(entry.key)) this.done.push(entry.key);
    // It was done, but the answer got lost.
    if (after) throw new Refusal("later", "answer lost");
  };
}

let count = 0;
function entry(more: Partial<OutboxEntry> = {}): OutboxEntry {
  count += 1;
  return {
    key: `k${count}`, userId: "ana", projectId: "p", dataRowId: `r${count}`, kind: "submit",
    data: { annotations: {} }, createdAt: count, notBefore: 0, refusal: null, ...more,
  };
}

const boxes: Outbox[] = [];
function outbox(send: OutboxOptions["send"], userId = "ana"): Outbox {
  const box = new Outbox({
    userId,
    storage: browserOutbox,
    send,
    failureOf: (error) => (error instanceof Refusal ? { kind: error.kind, message: error.message } : { kind: "refused", message: String(error) }),
    retryMs: () => 1,
  });
  boxes.push(box);
  return box;
}

afterEach(async () => {
  for (const box of boxes.splice(0)) box.close();
  for (const { key } of await browserOutbox.all()) await browserOutbox.remove(key);
});

describe("the outbox", () => {
  it.each([1, 2, 3])("gets every decision through a bad connection once and in order (chance %i)", async (seed) => {
    const random = chance(seed);
    const server = new FlakyServer(() => ({ before: random() < 0.4, after: random() < 0.3 }));
    const box = outbox(server.send);
    await box.opened;
    const entries = Array.from({ length: 12 }, () => entry());
    for (const one of entries) {
      await box.add(one);
      void box.flush();
    }
    await vi.waitFor(() => {
      expect(box.waiting).toEqual([]);
    });
    expect(server.done).toEqual(entries.map(({ key }) => key));
    expect(server.heard.length).toBeGreaterThan(entries.length);
    expect(await browserOutbox.all()).toEqual([]);
  });

  it("sends after a reload what a closed tab left behind", async () => {
    const dead = outbox(() => Promise.reject(new Refusal("later", "offline")));
    await dead.opened;
    const [first, second] = [entry(), entry()];
    await dead.add(first);
    await dead.add(second);
    dead.close();
    const server = new FlakyServer(() => ({ before: false, after: false }));
    const box = outbox(server.send);
    await box.opened;
    await vi.waitFor(() => {
      expect(server.done).toEqual([first.key, second.key]);
    });
  });

  it("leaves another person's decisions alone", async () => {
    await browserOutbox.put(entry({ userId: "lee" }));
    const server = new FlakyServer(() => ({ before: false, after: false }));
    const box = outbox(server.send);
    await box.opened;
    await box.flush();
    expect(server.done).toEqual([]);
    expect(await browserOutbox.all()).toHaveLength(1);
  });

  it("keeps what the server refuses, says why, and goes on with the rest", async () => {
    const heard: string[] = [];
    const [bad, good] = [entry(), entry()];
    let refuse = true;
    const box = outbox(async ({ key }) => {
      await Promise.resolve();
      if (key === bad.key && refuse) throw new Refusal("refused", "somebody else has finished this row");
      heard.push(key);
    });
    await box.opened;
    await box.add(bad);
    await box.add(good);
    await box.flush();
    expect(heard).toEqual([good.key]);
    expect(box.waiting).toEqual([{ ...bad, refusal: "somebody else has finished this row" }]);
    expect(box.holds("p", bad.dataRowId)).toBe(false);
    refuse = false;
    await box.settle(bad.key, true);
    expect(heard).toEqual([good.key, bad.key]);
    expect(box.waiting).toEqual([]);
  });

  it("waits for a sign-in without losing anything", async () => {
    let signedIn = false;
    const heard: string[] = [];
    const box = outbox(async ({ key }) => {
      await Promise.resolve();
      if (!signedIn) throw new Refusal("signedOut", "signed out");
      heard.push(key);
    });
    await box.opened;
    const one = entry();
    await box.add(one);
    await box.flush();
    expect(box.state).toBe("signedOut");
    expect(box.holds("p", one.dataRowId)).toBe(true);
    signedIn = true;
    await box.flush();
    expect(heard).toEqual([one.key]);
    expect(box.state).toBe("idle");
  });

  it("holds a skip until it is due, and lets it be taken back before", async () => {
    const server = new FlakyServer(() => ({ before: false, after: false }));
    const box = outbox(server.send);
    await box.opened;
    const [kept, undone] = [entry({ kind: "skip", notBefore: Date.now() + 40 }), entry({ kind: "skip", notBefore: Date.now() + 10_000 })];
    await box.add(kept);
    await box.add(undone);
    await box.flush();
    expect(server.done).toEqual([]);
    expect(await box.takeBack(undone.key)).toBe(true);
    await vi.waitFor(() => {
      expect(server.done).toEqual([kept.key]);
    });
    expect(await box.takeBack(kept.key)).toBe(false);
    expect(await browserOutbox.all()).toEqual([]);
  });

  it("sends a held skip at once when the page is closing", async () => {
    const server = new FlakyServer(() => ({ before: false, after: false }));
    const box = outbox(server.send);
    await box.opened;
    await box.add(entry({ kind: "skip", notBefore: Date.now() + 60_000 }));
    await box.flush(true);
    expect(server.done).toHaveLength(1);
  });
});
