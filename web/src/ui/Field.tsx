import type { InputHTMLAttributes, Ref } from "react";
import styles from "./ui.module.css";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  /** For a field whose place says what it is: the label is only read out. */
  readonly labelHidden?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

export function Field({ label, labelHidden = false, ref, ...rest }: FieldProps) {
  return (
    <label className={styles.field}>
      <span className={labelHidden ? "visually-hidden" : styles.fieldLabel}>{label}</span>
      <input ref={ref} className={styles.input} {...rest} />
    </label>
  );
}

export const inputClass = styles.input;
