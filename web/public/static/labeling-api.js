/* The labeling API for pages of one's own: `Labelbox` in a page that the labeling screen shows in a frame.
   It talks to the window around it (docs/guides/custom-editors.md); the page never gets a key. */
(() => {
  "use strict";
  const script = document.currentScript;
  const origin = new URL(script ? script.src : window.location.href).origin;
  const host = window.parent;
  const waiting = new Map();
  const listeners = { asset: new Set(), customization: new Set() };
  const latest = { asset: undefined, customization: undefined };
  let calls = 0;
  let preload = null;

  function call(method, ...args) {
    return new Promise((resolve, reject) => {
      calls += 1;
      waiting.set(calls, { resolve, reject });
      host.postMessage({ ch: "lbx", v: 1, id: calls, method, args }, origin);
    });
  }

  function stream(name) {
    return {
      subscribe(callback) {
        listeners[name].add(callback);
        if (latest[name] !== undefined) callback(latest[name]);
        else void call("resend", name).catch(() => undefined);
        return { unsubscribe: () => void listeners[name].delete(callback) };
      },
    };
  }

  window.addEventListener("message", (event) => {
    const message = event.data;
    if (event.source !== host || event.origin !== origin || !message || message.ch !== "lbx") return;
    if (message.event === "preload") {
      if (preload) void preload(message.value);
    } else if (message.event in listeners) {
      latest[message.event] = message.value;
      for (const callback of listeners[message.event]) callback(message.value);
    } else if (waiting.has(message.id)) {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) resolve(message.value);
      else reject(new Error(message.error));
    }
  });

  window.Labelbox = {
    currentAsset: () => stream("asset"),
    getTemplateCustomization: () => stream("customization"),
    setLabelForAsset: (label, type = "Any") => call("setLabelForAsset", label, type),
    fetchNextAssetToLabel: () => call("fetchNextAssetToLabel"),
    fetchNextAsset: () => call("fetchNextAssetToLabel"),
    skip: () => call("skip"),
    setLabelAsCurrentAsset: (labelId) => call("setLabelAsCurrentAsset", labelId),
    enablePreloading: ({ preloadFunction }) => {
      preload = preloadFunction;
      return call("enablePreloading");
    },
  };
  void call("hello").catch(() => undefined);
})();
