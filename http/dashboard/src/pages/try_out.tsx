// A document to try: what is wrong with it, beside the line where it is.
import { useEffect, useRef, useState } from "preact/hooks";
import { registerDocument, validateDocument } from "../api/calls";
import { problemOf } from "../api/client";
import type { Finding, Problem } from "../api/types";
import { CurlLine } from "../parts/copy";
import { Icon } from "../parts/icon";
import { ProblemFindings } from "../parts/notice";
import { say } from "../parts/toast";
import { definitionHref, go } from "../router";

const example = `{
  "saga": "greeting",
  "version": 1,
  "input": {
    "type": "object",
    "required": ["name"],
    "properties": { "name": { "type": "string" } }
  },
  "signals": { "answered": {} },
  "steps": [
    { "id": "wait-for-answer", "wait": { "signal": "answered" } }
  ]
}
`;

/** Milliseconds without a key before the document is checked. */
const patience = 350;

interface Verdict {
  findings: Finding[];
  problem?: Problem;
  checked: boolean;
}

/** "12:5 /steps/0" is in line 12, column 5. */
function placeOf(finding: Finding): { line: number; column: number } | undefined {
  const found = /^(\d+):(\d+)/.exec(finding.pointer);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : undefined;
}

function useVerdict(text: string): Verdict {
  const [verdict, setVerdict] = useState<Verdict>({ findings: [], checked: false });
  useEffect(() => {
    const stop = new AbortController();
    setVerdict((old) => ({ ...old, checked: false }));
    const timer = setTimeout(() => {
      validateDocument(text, stop.signal).then(
        ({ findings }) => setVerdict({ findings, checked: true }),
        (error: unknown) => {
          if (!stop.signal.aborted)
            setVerdict({ findings: [], problem: problemOf(error), checked: true });
        },
      );
    }, patience);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return verdict;
}

interface EditorProps {
  text: string;
  change: (text: string) => void;
  findings: Finding[];
  area: { current: HTMLTextAreaElement | null };
}

/** A text area with numbered lines; lines with findings are marked. */
function Editor({ text, change, findings, area }: EditorProps) {
  const gutter = useRef<HTMLOListElement>(null);
  const wrong = new Set(findings.map((finding) => placeOf(finding)?.line));
  const lines = text.split("\n");
  return (
    <div class="editor">
      <ol class="editor__lines" ref={gutter} aria-hidden="true">
        {lines.map((_, index) => (
          <li key={index} class={wrong.has(index + 1) ? "editor__wrong" : ""}>
            {index + 1}
          </li>
        ))}
      </ol>
      <textarea
        ref={area}
        class="code"
        aria-label="Document"
        wrap="off"
        spellcheck={false}
        value={text}
        rows={Math.min(Math.max(lines.length + 1, 18), 40)}
        onInput={(event) => change(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

function jump(area: HTMLTextAreaElement | null, finding: Finding): void {
  const at = placeOf(finding);
  if (!area || !at) return;
  const before = area.value.split("\n").slice(0, at.line - 1);
  const offset = before.reduce((sum, line) => sum + line.length + 1, 0) + at.column - 1;
  area.focus();
  area.setSelectionRange(offset, offset + 1);
}

interface FindingsProps {
  verdict: Verdict;
  jumpTo: (finding: Finding) => void;
}

const Findings = ({ verdict, jumpTo }: FindingsProps) => (
  <div class="verdict" role="status">
    {!verdict.checked && <p class="muted">Checking …</p>}
    {verdict.problem && (
      <div class="form__problem">
        <strong>{verdict.problem.detail}</strong>
        {verdict.problem.hint && <p>{verdict.problem.hint}</p>}
        <ProblemFindings problem={verdict.problem} />
      </div>
    )}
    {verdict.checked && !verdict.problem && verdict.findings.length === 0 && (
      <p class="good">
        <Icon name="done" /> Nothing is wrong with it.
      </p>
    )}
    {verdict.findings.length > 0 && (
      <ol class="lint">
        {verdict.findings.map((finding, index) => (
          <li key={index}>
            <button type="button" class="lint__place" onClick={() => jumpTo(finding)}>
              {finding.pointer}
            </button>
            <span>
              {finding.detail} <code>{finding.code}</code>
            </span>
          </li>
        ))}
      </ol>
    )}
  </div>
);

export function TryOut() {
  const [text, setText] = useState(example);
  const verdict = useVerdict(text);
  const area = useRef<HTMLTextAreaElement>(null);
  const good = verdict.checked && !verdict.problem && verdict.findings.length === 0;
  const register = async () => {
    try {
      const { name, version } = await registerDocument(text);
      say(`${name}@${version} is registered.`);
      go(definitionHref(name, version));
    } catch (error) {
      say(problemOf(error).detail, { bad: true });
    }
  };
  return (
    <>
      <div class="page-head">
        <h1>Try a document</h1>
        <button type="button" class="primary" disabled={!good} onClick={() => void register()}>
          Register it
        </button>
      </div>
      <p class="muted">
        It is checked as you type, as registering would, and nothing is kept until you register it.
        The language is described by{" "}
        <a href="/v1/schemas/definition.json" target="_blank" rel="noopener">
          its JSON Schema
        </a>
        .
      </p>
      <div class="try">
        <Editor text={text} change={setText} findings={verdict.findings} area={area} />
        <Findings verdict={verdict} jumpTo={(finding) => jump(area.current, finding)} />
      </div>
      <CurlLine command={checkCommand()} />
    </>
  );
}

const checkCommand = (): string =>
  `curl -s -X POST '${window.location.origin}/v1/definitions/validate' ` +
  "-H 'Content-Type: application/json' --data-binary @document.json";
