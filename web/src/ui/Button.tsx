import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";
import { Kbd } from "./Kbd";
import styles from "./ui.module.css";

type Look = "normal" | "primary" | "quiet" | "danger";

interface Shared {
  readonly look?: Look;
  /** The chord that does the same; shown on the button. */
  readonly chord?: string | undefined;
  readonly children: ReactNode;
}

function classes(look: Look, icon: boolean, pressed: boolean | undefined): string {
  return [
    styles.button,
    look === "normal" ? "" : styles[look],
    icon ? styles.icon : "",
    pressed ? styles.pressed : "",
  ].join(" ");
}

interface ButtonProps extends Shared, Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  /** A square button that holds a sign only; give it a `title`. */
  readonly icon?: boolean;
  readonly pressed?: boolean;
}

export function Button({ look = "normal", chord, icon = false, pressed, children, title, ...rest }: ButtonProps) {
  const hint = title && chord ? `${title} (${chord})` : title;
  return (
    <button
      type="button"
      className={classes(look, icon, pressed)}
      aria-pressed={pressed}
      title={hint}
      aria-label={icon ? title : undefined}
      {...rest}
    >
      {children}
      {chord && !icon ? <Kbd chord={chord} /> : null}
    </button>
  );
}

interface LinkButtonProps extends Shared {
  readonly href: string;
}

export function LinkButton({ look = "normal", chord, href, children }: LinkButtonProps) {
  return (
    <Link href={href} className={classes(look, false, undefined)}>
      {children}
      {chord ? <Kbd chord={chord} /> : null}
    </Link>
  );
}
