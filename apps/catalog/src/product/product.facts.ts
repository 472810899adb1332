import { invalidInput, isGiven, isWebAddress, type InvalidInput } from '@onecount/refusal';

export type MetadataType = 'TEXT' | 'INTEGER' | 'DECIMAL' | 'BOOLEAN' | 'DATE' | 'URL' | 'JSON';
export type MetadataEntry = { key: string; type: MetadataType; value: string };

/** What may be said of a product beside its name; left out stays as it is, null empties. */
export type ProductFacts = {
  productGroup?: string | null;
  seoTitle?: string | null;
  seoDescription?: string | null;
  styleNumber?: string | null;
  metadata?: MetadataEntry[];
};

const lengthsMax = {
  productGroup: 255,
  seoTitle: 255,
  seoDescription: 1000,
  styleNumber: 100,
} as const;
type TextFact = keyof typeof lengthsMax;

const entriesMax = 250;
// The column's limit is 64 KB of JSON as PostgreSQL writes it, which puts a blank behind each colon and comma.
const bytesMax = 60_000;

type FactsInput = { [Fact in TextFact]?: string | null } & {
  metadata?: readonly { key: string; type?: MetadataType | null; value: string }[] | null;
};

/** The facts that the input names; refuses the first that is too long or is not what its type says. */
export function factsOf(input: FactsInput): ProductFacts | InvalidInput {
  const facts: ProductFacts = {};
  for (const [name, lengthMax] of Object.entries(lengthsMax) as [TextFact, number][]) {
    const given = input[name];
    if (given === undefined) continue;
    const text = given?.trim() || null;
    if (text !== null && text.length > lengthMax) {
      return invalidInput(name, `${name} has at most ${lengthMax} characters.`, text);
    }
    facts[name] = text;
  }
  if (!isGiven(input.metadata)) return facts;
  const metadata = input.metadata.map(({ key, type, value }) => ({
    ...{ key: key.trim(), type: type ?? ('TEXT' as const), value },
  }));
  return metadataRefusal(metadata) ?? { ...facts, metadata };
}

function metadataRefusal(metadata: readonly MetadataEntry[]): InvalidInput | undefined {
  if (metadata.length > entriesMax) {
    const message = `A product has at most ${entriesMax} facts, not ${metadata.length}.`;
    return invalidInput('metadata', message, String(metadata.length));
  }
  const seen = new Set<string>();
  for (const [index, { key, type, value }] of metadata.entries()) {
    const field = `metadata.${index}`;
    if (!/^[\p{L}\p{N}._:-]{1,128}$/u.test(key)) {
      const rule = 'is 1–128 letters, digits, `.`, `_`, `-` or `:`';
      return invalidInput(`${field}.key`, `The name of a fact ${rule}.`, key);
    }
    if (seen.has(key)) return invalidInput(`${field}.key`, `Two facts are named ${key}.`, key);
    seen.add(key);
    if (!isOfType[type](value)) {
      return invalidInput(`${field}.value`, `The value of ${key} is no ${type}.`, value);
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes <= bytesMax) return undefined;
  return invalidInput('metadata', `The facts have ${bytes} bytes, more than ${bytesMax}.`);
}

const isOfType: Record<MetadataType, (value: string) => boolean> = {
  TEXT: () => true,
  INTEGER: (value) => /^-?\d{1,18}$/.test(value),
  DECIMAL: (value) => /^-?\d{1,18}(\.\d{1,18})?$/.test(value),
  BOOLEAN: (value) => value === 'true' || value === 'false',
  DATE: isDay,
  URL: isWebAddress,
  JSON: isJson,
};

// Date turns 30 February into March: a day is one that comes back as it was written.
function isDay(value: string): boolean {
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
