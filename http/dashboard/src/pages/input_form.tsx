// A form for an input schema that is simple: an object of texts, numbers, choices and yes or no.
import type { Json } from "../api/types";

export interface InputField {
  name: string;
  kind: "text" | "integer" | "number" | "boolean" | "choice";
  required: boolean;
  description: string;
  choices: string[];
}

type Schema = { [name: string]: Json };

const isObject = (value: Json | undefined): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const kinds: Record<string, InputField["kind"]> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
};

function fieldOf(
  name: string,
  schema: Json | undefined,
  required: boolean,
): InputField | undefined {
  if (!isObject(schema)) return undefined;
  const choices = Array.isArray(schema.enum) ? schema.enum : [];
  const texts = choices.filter((one) => typeof one === "string");
  if (texts.length !== choices.length) return undefined;
  const kind = texts.length ? "choice" : kinds[String(schema.type)];
  if (!kind) return undefined;
  const description = typeof schema.description === "string" ? schema.description : "";
  return { name, kind, required, description, choices: texts };
}

/** The fields of the form; undefined when the schema is not simple enough for one. */
export function fieldsOf(schema: Json | undefined): InputField[] | undefined {
  if (!isObject(schema) || !isObject(schema.properties)) return undefined;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries(schema.properties).map(([name, one]) =>
    fieldOf(name, one, required.includes(name)),
  );
  const all = fields.filter((field) => field !== undefined);
  return all.length === fields.length && all.length > 0 ? all : undefined;
}

/** What was typed into one field, as JSON; undefined when it is left out. */
function valueOf(field: InputField, text: string): Json | undefined {
  if (field.kind === "boolean") return text === "" ? undefined : text === "true";
  const isNumber = field.kind === "integer" || field.kind === "number";
  if (text === "" && (isNumber || !field.required)) return undefined;
  if (!isNumber) return text;
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}

export function inputOf(fields: InputField[], texts: Record<string, string>): Json {
  const input: { [name: string]: Json } = {};
  for (const field of fields) {
    const value = valueOf(field, texts[field.name] ?? "");
    if (value !== undefined) input[field.name] = value;
  }
  return input;
}

/** The texts that show an input in the form. */
export function textsOf(input: Json): Record<string, string> {
  if (!isObject(input)) return {};
  const text = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, text(value)]));
}

/** An input to begin with, for the editor. */
export function skeletonOf(schema: Json | undefined): Json {
  if (!isObject(schema)) return {};
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  switch (schema.type) {
    case "string":
      return "";
    case "integer":
    case "number":
      return typeof schema.minimum === "number" ? schema.minimum : 0;
    case "boolean":
      return false;
    case "array":
      return [skeletonOf(schema.items)];
  }
  const required = Array.isArray(schema.required) ? schema.required : [];
  const members = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return Object.fromEntries(
    members.flatMap(([name, one]) => (required.includes(name) ? [[name, skeletonOf(one)]] : [])),
  );
}

interface Props {
  fields: InputField[];
  texts: Record<string, string>;
  change: (name: string, text: string) => void;
}

function Control({
  field,
  text,
  change,
}: {
  field: InputField;
  text: string;
  change: (text: string) => void;
}) {
  if (field.kind === "choice" || field.kind === "boolean")
    return (
      <select
        value={text}
        required={field.required}
        onChange={(event) => change(event.currentTarget.value)}
      >
        <option value="">–</option>
        {(field.kind === "boolean" ? ["true", "false"] : field.choices).map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    );
  const isNumber = field.kind !== "text";
  return (
    <input
      dir="auto"
      inputMode={isNumber ? "decimal" : "text"}
      value={text}
      required={field.required && isNumber}
      onInput={(event) => change(event.currentTarget.value)}
    />
  );
}

export const InputForm = ({ fields, texts, change }: Props) => (
  <div class="input-form">
    {fields.map((field) => (
      <label key={field.name} class="field">
        <span>
          {field.name}
          {field.required && <span class="muted"> (required)</span>}
        </span>
        <Control
          field={field}
          text={texts[field.name] ?? ""}
          change={(text) => change(field.name, text)}
        />
        {field.description && <span class="muted">{field.description}</span>}
      </label>
    ))}
  </div>
);
