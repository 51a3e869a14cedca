// Copies a text.
import { useState } from "preact/hooks";
import { Icon } from "./icon";
import { say } from "./toast";

/** Pages over plain HTTP have no clipboard; an old command does it there. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

interface Props {
  text: string | (() => string);
  label: string;
  /** Shown beside the icon. */
  word?: string;
}

export function CopyButton({ text, label, word }: Props) {
  const [copied, setCopied] = useState(false);
  const act = async () => {
    if (!(await copy(typeof text === "string" ? text : text())))
      return say("This browser does not let the page copy.", { bad: true });
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      class={word ? "small" : "plain"}
      aria-label={label}
      title={label}
      onClick={() => void act()}
    >
      <Icon name={copied ? "done" : "copy"} />
      {word && (copied ? "Copied" : word)}
    </button>
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command line that does the same as the page. */
export function curl(method: string, path: string, body?: unknown): string {
  const url = quoted(window.location.origin + path);
  if (method === "GET") return `curl -s ${url}`;
  const data = body === undefined ? "" : ` -d ${quoted(JSON.stringify(body))}`;
  return `curl -s -X ${method} ${url} -H 'Content-Type: application/json'${data}`;
}

/** The command, to read and to copy. */
export const CurlLine = ({ command }: { command: string }) => (
  <div class="curl">
    <code tabIndex={0}>{command}</code>
    <CopyButton text={command} label="Copy the command" />
  </div>
);
