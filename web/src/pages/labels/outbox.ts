import { browserOutbox } from "../../api/browserStorage";
import { codeOf, mayPass, messageOf } from "../../api/client";
import { Outbox } from "../../editors/core/state/outbox";
import { sendDecision } from "./operations";

let open: { readonly userId: string; readonly outbox: Outbox } | null = null;
let leaving = false;

/** The outbox of who is signed in; one for all pages of a tab. Sends what an earlier tab left behind. */
export function outboxOf(userId: string): Outbox {
  if (open?.userId === userId) return open.outbox;
  open?.outbox.close();
  const outbox = new Outbox({
    userId,
    storage: browserOutbox,
    send: (entry) => sendDecision(entry, leaving),
    failureOf: (error) => ({
      kind: codeOf(error) === "AUTHENTICATION_ERROR" ? "signedOut" : mayPass(error) ? "later" : "refused",
      message: messageOf(error),
    }),
  });
  open = { userId, outbox };
  return outbox;
}

window.addEventListener("online", () => void open?.outbox.flush());
window.addEventListener("pagehide", () => {
  leaving = true;
  void open?.outbox.flush(true);
});
window.addEventListener("pageshow", () => {
  leaving = false;
});
