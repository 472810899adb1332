// How a tenant's stock numbers are made, for example {YY}{MM}-{LOC}-{SEQ:4}; no I/O.

const tokenForm = /\{([A-Z]+)(?::(\d{1,4}))?\}/g;
const digitsMax = 12;
export const patternLengthMax = 64;

type Part = { text: string } | { token: string; digits: number | null };

/** A number but for its sequence, which the counter of this spelling draws. */
export type Spelling = { before: string; after: string; digits: number };

/** What is wrong with a pattern, in a sentence; undefined when nothing is. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length < 1 || pattern.length > patternLengthMax || pattern !== pattern.trim())
    return `A pattern has 1–${patternLengthMax} characters and no blank at its ends.`;
  const parts = partsOf(pattern);
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  if (texts.some((text) => /[{}\p{C}\p{Surrogate}]/u.test(text)))
    return 'Braces stand around {YY}, {YYYY}, {MM}, {LOC} and {SEQ:n} alone.';
  const tokens = parts.flatMap((part) => ('token' in part ? [part] : []));
  const unknown = tokens.find(({ token, digits }) => !isToken(token, digits));
  if (unknown) return `{${unknown.token}} is none of {YY}, {YYYY}, {MM}, {LOC} and {SEQ:n}.`;
  const [sequence, ...more] = tokens.filter(({ token }) => token === 'SEQ');
  if (!sequence || more.length > 0) return 'A pattern has exactly one {SEQ:n}.';
  return sequence.digits! >= 1 && sequence.digits! <= digitsMax
    ? undefined
    : `{SEQ:n} has 1–${digitsMax} digits.`;
}

/** The pattern for one location and one instant, by the calendar of UTC. */
export function spellingOf(pattern: string, of: { locationCode: string; at: Date }): Spelling {
  const year = String(of.at.getUTCFullYear());
  const values: Record<string, string> = {
    YYYY: year,
    YY: year.slice(-2),
    MM: String(of.at.getUTCMonth() + 1).padStart(2, '0'),
    LOC: of.locationCode,
  };
  const parts = partsOf(pattern);
  const place = parts.findIndex((part) => 'token' in part && part.token === 'SEQ');
  const written = (some: Part[]) =>
    some.map((part) => ('text' in part ? part.text : values[part.token]!)).join('');
  const { digits } = parts[place] as { digits: number };
  return { before: written(parts.slice(0, place)), after: written(parts.slice(place + 1)), digits };
}

const isToken = (token: string, digits: number | null): boolean =>
  token === 'SEQ' ? digits !== null : digits === null && /^(YY|YYYY|MM|LOC)$/.test(token);

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of pattern.matchAll(tokenForm)) {
    if (match.index > from) parts.push({ text: pattern.slice(from, match.index) });
    parts.push({ token: match[1]!, digits: match[2] === undefined ? null : Number(match[2]) });
    from = match.index + match[0].length;
  }
  if (from < pattern.length) parts.push({ text: pattern.slice(from) });
  return parts;
}
