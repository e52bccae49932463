import styles from "./attachments.module.css";
import type { Attachment } from "./operations";

const players: Readonly<Record<string, "video" | "audio">> = { VIDEO: "video", AUDIO: "audio" };

/** Shown as a link that bears the attachment's name. */
const linksByName: ReadonlySet<string> = new Set(["HTML", "TEXT_URL", "PDF_URL", "FILE"]);

/** What was given along with the data row, to be looked at while labeling (R-AMD-02). */
export function Attachments({ attachments }: { readonly attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <section className={styles.attachments} aria-label="Attachments">
      <h2>Attachments</h2>
      <ul>
        {attachments.map((attachment) => (
          <li key={attachment.id} data-attachment={attachment.type}>
            {attachment.name && !linksByName.has(attachment.type ?? "") ? <h3>{attachment.name}</h3> : null}
            <Piece attachment={attachment} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Piece({ attachment: { type, name, value } }: { readonly attachment: Attachment }) {
  const address = addressOf(value);
  if (!address) return <p className={styles.text}>{value}</p>;
  const player = players[type ?? ""];
  if (player === "video") return <video src={address} controls preload="metadata" />;
  if (player === "audio") return <audio src={address} controls preload="metadata" />;
  const isPicture = type === "IMAGE" || type === "IMAGE_OVERLAY" || type === "CAMERA_IMAGE";
  return (
    <a href={address} target="_blank" rel="noopener noreferrer" className={styles.link}>
      {isPicture ? <img src={address} alt={name ?? "attached picture"} loading="lazy" /> : (name ?? shortened(address))}
    </a>
  );
}

/** The value, if it is an address that a link may lead to: nothing that would run here. */
function addressOf(value: string | null): string | null {
  if (!value || !URL.canParse(value)) return null;
  const { protocol } = new URL(value);
  return protocol === "https:" || protocol === "http:" ? value : null;
}

function shortened(address: string): string {
  const { host, pathname } = new URL(address);
  const last = pathname.split("/").at(-1);
  return last ? `${host}/…/${last}` : host;
}
