// A guide is a page of docs/ whose ```graphql blocks are asked one after the other, each with the ```json
// block of variables in front of it, if there is one, and whose ```json block behind is what was answered.

export type Step = {
  /** The query as the page has it. */
  query: string;
  variables: Json;
  /** What the page says was answered; null where no answer stands there yet. */
  answer: Json;
  /** Where the variables and the answer stand in the page, to be replaced. */
  variablesAt: Span | null;
  answerAt: Span | null;
};
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Span = { start: number; end: number };
type Block = Span & { language: string; text: string };

const fence = /^```(\w+)\n([\s\S]*?)^```$/gm;

function blocksOf(page: string): Block[] {
  return [...page.matchAll(fence)].map((match) => {
    const start = match.index + 4 + match[1]!.length;
    return { language: match[1]!, text: match[2]!, start, end: start + match[2]!.length };
  });
}

const isVariables = (block: Block | undefined): block is Block =>
  block?.language === 'json' && /^\{\s*"(input|id)"/.test(block.text);

/** The steps of a page in their order. A block of variables begins with `"input"` or `"id"`. */
export function stepsOf(page: string): Step[] {
  const blocks = blocksOf(page);
  return blocks.flatMap((block, index) => {
    if (block.language !== 'graphql') return [];
    const variables = isVariables(blocks[index + 1]) ? blocks[index + 1]! : null;
    const behind = blocks[index + (variables ? 2 : 1)];
    const answer = behind?.language === 'json' ? behind : null;
    return [
      {
        query: block.text,
        variables: variables ? (JSON.parse(variables.text) as Json) : {},
        answer: answer && answer.text.trim() !== '' ? (JSON.parse(answer.text) as Json) : null,
        variablesAt: variables,
        answerAt: answer,
      },
    ];
  });
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

// Every text in a document, replaced.
export function mapTexts(value: Json, replace: (text: string) => Json): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, replace));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapTexts(each, replace)]),
  );
}

/** Variables as they are asked: an id of this run for the page's, and now for an instant. */
export function asAsked(variables: Json, ids: ReadonlyMap<string, string>): Json {
  return mapTexts(variables, (text) =>
    instant.test(text) ? new Date().toISOString() : (ids.get(text) ?? text),
  );
}

/**
 * Where the answer differs from the page's, as a path with both values; null when it is the same. Ids and
 * instants are another run's: an id must stand where an id stands, and the same one for the same one.
 */
export function difference(
  page: Json,
  answer: Json,
  ids: Map<string, string>,
  path = 'data',
): string | null {
  if (typeof page === 'string' && typeof answer === 'string')
    return textDiffers(page, answer, ids, path);
  if (page === null || answer === null || typeof page !== 'object' || typeof answer !== 'object')
    return page === answer ? null : differs(path, page, answer);
  const keys = new Set([...Object.keys(page), ...Object.keys(answer)]);
  if (Array.isArray(page) !== Array.isArray(answer)) return differs(path, page, answer);
  for (const key of keys) {
    const at = `${path}.${key}`;
    const own = (page as Record<string, Json>)[key];
    const other = (answer as Record<string, Json>)[key];
    if (own === undefined || other === undefined) return differs(at, own, other);
    const found = difference(own, other, ids, at);
    if (found) return found;
  }
  return null;
}

function textDiffers(page: string, answer: string, ids: Map<string, string>, path: string) {
  if (uuid.test(page) && uuid.test(answer)) {
    const known = ids.get(page);
    if (known !== undefined && known !== answer) return differs(path, known, answer);
    ids.set(page, answer);
    return null;
  }
  if (instant.test(page) && instant.test(answer)) return null;
  return withoutRun(page) === withoutRun(answer) ? null : differs(path, page, answer);
}

// Sentences carry ids and instants too.
const inText =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const withoutRun = (text: string): string => text.replace(inText, '…');

function differs(path: string, page: Json | undefined, answer: Json | undefined): string {
  return `${path}: the page says ${JSON.stringify(page)}, answered ${JSON.stringify(answer)}`;
}
