import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { codeOf, messageOf } from "../../api/client";
import { Button, LinkButton } from "../../ui/Button";
import { Field, inputClass } from "../../ui/Field";
import { Badge, Empty } from "../../ui/Notice";
import { VirtualList } from "../../ui/VirtualList";
import { ProjectHead } from "../projects/ProjectHead";
import { projectDataRows } from "./operations";
import type { ProjectRow } from "./operations";
import styles from "./table.module.css";

const states = [
  ["TO_LABEL", "To label"],
  ["IN_REVIEW", "In review"],
  ["IN_REWORK", "Rework"],
  ["SKIPPED", "Skipped"],
  ["DONE", "Done"],
] as const;

const stateName = new Map<string, string>(states);
const rowHeight = 44;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The data rows of a project, however many: only those in sight are in the page. */
export default function LabelTable({ projectId }: { readonly projectId: string }) {
  const [params, setParams] = useSearchParams();
  const state = params.get("state");
  const [typed, setTyped] = useState(params.get("search") ?? "");
  const search = useDeferredValue(typed.trim());
  const query = useInfiniteQuery({
    queryKey: ["project rows", projectId, state, search],
    queryFn: ({ pageParam, signal }) => projectDataRows(projectId, { state, search }, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last?.page.pageInfo?.hasNextPage === false ? undefined : (last?.page.pageInfo?.endCursor ?? undefined)),
    placeholderData: (before) => before,
    refetchOnMount: "always",
  });
  const first = query.data?.pages[0];
  const name = first?.name ?? null;
  useEffect(() => {
    document.title = name ? `Rows · ${name}` : "Labelyard";
  }, [name]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  if (query.isError && codeOf(query.error) !== "RESOURCE_NOT_FOUND") {
    return (
      <Empty title="The rows could not be loaded" actions={<Button look="primary" onClick={() => void query.refetch()}>Try again</Button>}>
        {messageOf(query.error)}
      </Empty>
    );
  }
  if (query.isPending) return null;
  if (!first) return <Empty title="There is no such project" actions={<LinkButton href="/projects">All projects</LinkButton>} />;
  const rows = query.data?.pages.flatMap((page) => page?.page.nodes ?? []) ?? [];
  const filtered = state !== null || search !== "";
  const showAll = () => {
    setTyped("");
    setParams({});
  };
  return (
    <div className={styles.page}>
      <ProjectHead projectId={projectId} name={name} here="rows" />
      <div className={styles.filters}>
        <span className={styles.search}>
          <Field
            label="Search the rows"
            labelHidden
            type="search"
            placeholder="Global key or external id starts with…"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
          />
        </span>
        <label>
          <span className="visually-hidden">State</span>
          <select
            className={inputClass}
            value={state ?? ""}
            onChange={(event) => {
              setParams(event.target.value ? { state: event.target.value } : {});
            }}
          >
            <option value="">All states</option>
            {states.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <span className={styles.count}>
          {rows.length.toLocaleString()} {rows.length === 1 ? "row" : "rows"}
          {hasNextPage ? " loaded, scroll for more" : ""}
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty
          title={filtered ? "No row fits" : "No data rows yet"}
          actions={filtered ? <Button onClick={showAll}>Show all rows</Button> : null}
        >
          {filtered ? "Try another state, or the beginning of a key." : "Send a batch of data rows to the project; they appear here."}
        </Empty>
      ) : (
        <div className={styles.table} role="table" aria-label="Data rows" aria-rowcount={hasNextPage ? -1 : rows.length}>
          <div className={styles.header} role="row">
            <span role="columnheader" />
            <span role="columnheader">Row</span>
            <span role="columnheader">State</span>
            <span role="columnheader">Batch</span>
            <span role="columnheader" className={styles.right}>Labels</span>
            <span role="columnheader" className={styles.right}>Last activity</span>
          </div>
          <VirtualList
            className={styles.body ?? ""}
            role="rowgroup"
            count={rows.length}
            rowHeight={rowHeight}
            keyOf={(i) => rows[i]?.dataRow.id ?? String(i)}
            onEnd={loadMore}
            row={(i) => (rows[i] ? <RowLine projectId={projectId} row={rows[i]} /> : null)}
          />
        </div>
      )}
    </div>
  );
}

function RowLine({ projectId, row }: { readonly projectId: string; readonly row: ProjectRow }) {
  const { dataRow, state } = row;
  const mode = state === "IN_REVIEW" ? "review" : "label";
  const name = dataRow.globalKey ?? dataRow.externalId ?? dataRow.id;
  const failed = dataRow.processingStatus === "FAILED";
  return (
    <Link href={`/projects/${projectId}/${mode}/${dataRow.id}`} className={styles.row} role="row">
      <span role="cell" className={styles.picture}>
        {dataRow.thumbnailUrl ? <img src={dataRow.thumbnailUrl} alt="" loading="lazy" decoding="async" /> : null}
      </span>
      <span role="cell" className={styles.name}>
        <span>{name}</span>
        {failed ? (
          <span className={styles.bad} title={dataRow.processingError ?? undefined}>
            {dataRow.processingError ?? "This file could not be read"}
          </span>
        ) : dataRow.globalKey && dataRow.externalId ? (
          <span className={styles.second}>{dataRow.externalId}</span>
        ) : null}
      </span>
      <span role="cell">
        <Badge tone={state === "DONE" ? "ok" : state === "IN_REWORK" ? "warn" : state === "IN_REVIEW" ? "info" : undefined}>
          {stateName.get(state) ?? state}
        </Badge>
      </span>
      <span role="cell" className={styles.muted}>{row.batchName ?? "–"}</span>
      <span role="cell" className={`${styles.right} number`}>{row.labelCount}</span>
      <span role="cell" className={`${styles.right} ${styles.muted}`}>{row.lastActivityAt ? when.format(new Date(row.lastActivityAt)) : "–"}</span>
    </Link>
  );
}
