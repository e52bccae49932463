import type { Journal, JournalEntry } from "../editors/core/state/autosave";
import type { OutboxEntry, OutboxStorage } from "../editors/core/state/outbox";

/** What must survive a closed tab, in the browser's own database. */

const journalStore = "journal";
const outboxStore = "outbox";

interface StoredEntry extends JournalEntry {
  readonly row: string;
}

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("labelyard", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(journalStore, { keyPath: ["row", "key"] });
      request.result.createObjectStore(outboxStore, { keyPath: "key" });
    };
    request.onsuccess = () => {
      // Another tab of a newer version must be able to upgrade.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      opened = null;
      reject(request.error ?? new Error("The browser's database cannot be opened"));
    };
  });
  return opened;
}

/** Runs one transaction; resolves with the request's result when all of it is written. */
async function transact<T>(
  store: string,
  mode: IDBTransactionMode,
  run: (objects: IDBObjectStore) => IDBRequest<T> | null,
): Promise<T | null> {
  const transaction = (await database()).transaction(store, mode);
  return new Promise((resolve, reject) => {
    const request = run(transaction.objectStore(store));
    transaction.oncomplete = () => {
      resolve(request?.result ?? null);
    };
    transaction.onerror = transaction.onabort = () => {
      reject(transaction.error ?? new Error("The browser's database refused a change"));
    };
  });
}

function allOf(row: string): IDBKeyRange {
  return IDBKeyRange.bound([row], [row, []]);
}

export const browserJournal: Journal = {
  async record(row, entries) {
    await transact(journalStore, "readwrite", (store) => {
      for (const entry of entries) store.put({ ...entry, row } satisfies StoredEntry);
      return null;
    });
  },

  async read(row) {
    return (await transact<StoredEntry[]>(journalStore, "readonly", (store) => store.getAll(allOf(row)))) ?? [];
  },

  async forget(row, sequence) {
    await transact(journalStore, "readwrite", (store) => {
      const cursor = store.openCursor(allOf(row));
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (!at) return;
        if ((at.value as StoredEntry).sequence <= sequence) at.delete();
        at.continue();
      };
      return null;
    });
  },
};

export const browserOutbox: OutboxStorage = {
  async all() {
    return (await transact<OutboxEntry[]>(outboxStore, "readonly", (store) => store.getAll())) ?? [];
  },

  async put(entry) {
    await transact(outboxStore, "readwrite", (store) => store.put(entry));
  },

  async remove(key) {
    await transact(outboxStore, "readwrite", (store) => {
      store.delete(key);
      return null;
    });
  },
};
