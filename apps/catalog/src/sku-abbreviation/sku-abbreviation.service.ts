import type { Database, KeyHolder, Tx } from '@onecount/db';
import { identifierOf, invalidInput, isGiven, type InvalidInput } from '@onecount/refusal';
import type { SkuAbbreviationsSetInput } from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import { optionLengthMax } from '../product/product.ts';
import { abbreviationKey } from '../variant/abbreviation.ts';
import { removeAbbreviations, saveAbbreviations } from './sku-abbreviation.sql.ts';

const abbreviationsMax = 500;

export type SkuAbbreviationService = ReturnType<typeof createSkuAbbreviationService>;

export function createSkuAbbreviationService({ db }: { db: Database }) {
  return {
    async set(caller: KeyHolder, input: SkuAbbreviationsSetInput) {
      const refusal = textRefusal(input) ?? abbreviationsRefusal(input.abbreviations);
      if (refusal) return refusal;
      return db.command(caller, { operation: 'skuAbbreviationsSet', input }, (tx) =>
        store(tx, input.abbreviations),
      );
    },
  };
}

async function store(tx: Tx, inputs: SkuAbbreviationsSetInput['abbreviations']) {
  const abbreviations = inputs.flatMap(({ value, abbreviation }) =>
    isGiven(abbreviation)
      ? { value: value.trim(), abbreviation: identifierOf(abbreviation).toUpperCase() }
      : [],
  );
  await saveAbbreviations(tx, abbreviations);
  const gone = inputs.filter(({ abbreviation }) => !isGiven(abbreviation));
  const removed = await removeAbbreviations(
    tx,
    gone.map(({ value }) => value),
  );
  return { __typename: 'SkuAbbreviationsSetSuccess' as const, abbreviations, removed };
}

function abbreviationsRefusal(
  inputs: SkuAbbreviationsSetInput['abbreviations'],
): InvalidInput | undefined {
  if (inputs.length < 1 || inputs.length > abbreviationsMax) {
    const message = `Give 1–${abbreviationsMax} abbreviations.`;
    return invalidInput('abbreviations', message, inputs.length);
  }
  const seen = new Set<string>();
  for (const [index, { value, abbreviation }] of inputs.entries()) {
    const field = `abbreviations.${index}`;
    const key = abbreviationKey(value);
    if (key === '' || value.length > optionLengthMax) {
      return invalidInput(`${field}.value`, `A value has 1–${optionLengthMax} characters.`, value);
    }
    if (seen.has(key)) {
      return invalidInput(`${field}.value`, `${value} is given twice.`, value);
    }
    seen.add(key);
    if (isGiven(abbreviation) && !/^[A-Za-z0-9.]{1,20}$/.test(identifierOf(abbreviation))) {
      const message = 'An abbreviation has 1–20 letters, digits and points of ASCII.';
      return invalidInput(`${field}.abbreviation`, message, abbreviation);
    }
  }
  return undefined;
}
