// JSON is YAML, but people read this document: block style for objects and arrays, scalars as JSON.
// Enough for a document of our own making; no anchors, no multi-line strings, no need for a parser.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Block-style YAML 1.2 of plain JSON data. */
export function toYaml(document: object): string {
  return `${blockOf(document as Json, 0)}\n`;
}

function blockOf(value: Json, depth: number): string {
  if (Array.isArray(value)) {
    return value.map((item) => `${indent(depth)}- ${inlineStart(item, depth)}`).join('\n');
  }
  return Object.entries(value as { [key: string]: Json })
    .map(([key, item]) => `${indent(depth)}${keyOf(key)}:${tail(item, depth)}`)
    .join('\n');
}

const indent = (depth: number) => '  '.repeat(depth);
const isBlock = (value: Json) =>
  value !== null && typeof value === 'object' && Object.keys(value).length > 0;
const keyOf = (key: string) =>
  /^[A-Za-z_$][\w$-]*$/.test(key) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key)
    ? key
    : JSON.stringify(key);

function tail(value: Json, depth: number): string {
  return isBlock(value) ? `\n${blockOf(value, depth + 1)}` : ` ${JSON.stringify(value)}`;
}

/** An item starts on the line of its dash, so the indentation of its first line is cut off. */
function inlineStart(item: Json, depth: number): string {
  return isBlock(item) ? blockOf(item, depth + 1).trimStart() : JSON.stringify(item);
}
