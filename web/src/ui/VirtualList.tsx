import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { HTMLAttributes, ReactNode } from "react";
import styles from "./ui.module.css";

interface VirtualListProps extends Omit<HTMLAttributes<HTMLDivElement>, "children"> {
  readonly count: number;
  readonly rowHeight: number;
  readonly row: (index: number) => ReactNode;
  readonly keyOf: (index: number) => string;
  /** Scrolled into sight when it changes. */
  readonly reveal?: number | null;
  /** The end has come near. */
  readonly onEnd?: () => void;
}

const overscan = 6;

/** A list of which only the rows in sight exist. */
export function VirtualList({ count, rowHeight, row, keyOf, reveal = null, onEnd, className, ...rest }: VirtualListProps) {
  const element = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);

  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    const observer = new ResizeObserver(() => {
      setHeight(node.clientHeight);
    });
    observer.observe(node);
    return () => {
      observer.disconnect();
    };
  }, []);

  useEffect(() => {
    const node = element.current;
    if (!node || reveal === null || reveal < 0) return;
    const from = reveal * rowHeight;
    if (from < node.scrollTop) node.scrollTop = from;
    else if (from + rowHeight > node.scrollTop + node.clientHeight) node.scrollTop = from + rowHeight - node.clientHeight;
  }, [reveal, rowHeight]);

  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + overscan);
  const nearEnd = count > 0 && last >= count;
  useEffect(() => {
    if (nearEnd) onEnd?.();
  }, [nearEnd, count, onEnd]);

  const shown: ReactNode[] = [];
  for (let i = first; i < last; i++) {
    shown.push(
      <div key={keyOf(i)} className={styles.virtualRow} style={{ top: i * rowHeight, height: rowHeight }}>
        {row(i)}
      </div>,
    );
  }
  return (
    <div
      ref={element}
      className={`${styles.virtual} ${className ?? ""}`}
      onScroll={(event) => {
        setTop(event.currentTarget.scrollTop);
      }}
      {...rest}
    >
      <div className={styles.virtualInner} style={{ height: count * rowHeight }}>
        {shown}
      </div>
    </div>
  );
}
