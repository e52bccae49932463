import styles from "./ui.module.css";

const signs: Readonly<Record<string, string>> = {
  Ctrl: "Ctrl",
  Enter: "⏎",
  Escape: "Esc",
  Delete: "Del",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Backspace: "⌫",
};

/** A key or chord, such as `Ctrl+Enter`. */
export function Kbd({ chord }: { readonly chord: string }) {
  const parts = chord.endsWith("++") ? [chord.slice(0, -2), "+"] : chord === "+" ? ["+"] : chord.split("+");
  return <kbd className={styles.kbd}>{parts.map((part) => signs[part] ?? part).join(" ")}</kbd>;
}
