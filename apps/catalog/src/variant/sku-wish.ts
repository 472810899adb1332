import type { Tx } from '@onecount/db';
import { foldedIdentifier } from '@onecount/refusal';
import type { OptionDraft } from '../product/product.ts';
import { abbreviationsOf } from '../sku-abbreviation/sku-abbreviation.sql.ts';
import { vendorsByName } from '../vendor/vendor.sql.ts';
import { defaultSkuPattern, skuFromPattern } from './sku-pattern.ts';
import { skusBeginning } from './variant.sql.ts';

export type SkuCollision = 'IN_BATCH' | 'EXISTING';

export type SkuWish = {
  /** As it was given, or as the pattern makes it. */
  wished: string;
  /** The same where nobody has it, else numbered. */
  free: string;
  collision: SkuCollision | null;
};

type Source = {
  title: string;
  vendor: string | null;
  options: readonly OptionDraft[];
  skuPattern: string | undefined;
  facts: { styleNumber?: string | null };
};

type Wanted = {
  product: Source;
  variants: readonly { sku: string | null; optionValues: readonly string[] }[];
};
type Freedom = { released?: readonly string[]; others?: readonly string[] };

/**
 * What each variant's SKU would be, before anything is saved. Those that are given come first to their names,
 * wherever they stand; a SKU that a removed variant had is not free either. Those that are `released` are free, whatever
 * is stored, and those of `others` are not.
 */
export async function skuWishes(
  tx: Tx,
  product: Source,
  variants: Wanted['variants'],
  freedom: Freedom = {},
): Promise<SkuWish[]> {
  const [wishes = []] = await skuWishesOf(tx, [{ product, variants }], freedom);
  return wishes;
}

/** The same for several products, the earlier ones first. */
export async function skuWishesOf(
  tx: Tx,
  wanted: readonly Wanted[],
  { released = [], others = [] }: Freedom = {},
): Promise<SkuWish[][]> {
  const patterns = await patternSources(tx, wanted.filter(isGenerating));
  const wishedOf = wanted.map(({ product, variants }) => {
    const { skuPattern = defaultSkuPattern } = product;
    const source = patterns(product);
    return variants.map(
      ({ sku, optionValues }) => sku ?? skuFromPattern(skuPattern, { ...source, optionValues }),
    );
  });
  const existing = await skusBeginning(tx, [...new Set(wishedOf.flat())]);
  for (const sku of released) existing.delete(foldedIdentifier(sku));
  for (const sku of others) existing.add(foldedIdentifier(sku));
  return wishedOf.map((wished, at) => {
    const isGiven = (index: number) => wanted[at]?.variants[index]?.sku !== null;
    const wishes = freed(wished, { existing, isGiven });
    for (const { free } of wishes) existing.add(foldedIdentifier(free));
    return wishes;
  });
}

const isGenerating = ({ variants }: Wanted) => variants.some(({ sku }) => sku === null);

/** What patterns put in: short forms of the words and letters of the vendors. */
async function patternSources(tx: Tx, wanted: readonly Wanted[]) {
  const vendors = wanted.flatMap(({ product }) => product.vendor?.trim() ?? []);
  const words = wanted.flatMap(({ product }) => [
    product.vendor ?? '',
    ...product.options.flatMap(({ values }) => values),
  ]);
  const abbreviations = wanted.length === 0 ? undefined : await abbreviationsOf(tx, words);
  const named = await vendorsByName(tx, [...new Set(vendors)]);
  return (product: Source) => ({
    ...product,
    vendorCode: named.get(product.vendor?.trim() ?? '')?.code ?? null,
    styleNumber: product.facts.styleNumber,
    abbreviations,
  });
}

/** Pure: the wishes against the keys that exist and against each other, in their order. */
export function freed(
  wished: readonly string[],
  { existing, isGiven }: { existing: ReadonlySet<string>; isGiven(index: number): boolean },
): SkuWish[] {
  const owners = new Map<string, number>();
  const claim = (sku: string, index: number) => {
    const key = foldedIdentifier(sku);
    if (!existing.has(key) && !owners.has(key)) owners.set(key, index);
  };
  // Where a pattern makes one SKU of 2,048 variants, none of them counts from 2 again.
  const lastNumbers = new Map<string, number>();
  const numbered = (sku: string, key: string): string => {
    let number = (lastNumbers.get(key) ?? 1) + 1;
    const isTaken = (candidate: string) => existing.has(candidate) || owners.has(candidate);
    while (isTaken(foldedIdentifier(`${sku}-${number}`))) number += 1;
    lastNumbers.set(key, number);
    return `${sku}-${number}`;
  };
  for (const [index, sku] of wished.entries()) if (isGiven(index)) claim(sku, index);
  return wished.map((sku, index) => {
    claim(sku, index);
    const key = foldedIdentifier(sku);
    if (owners.get(key) === index) return { wished: sku, free: sku, collision: null };
    const free = numbered(sku, key);
    claim(free, index);
    return { wished: sku, free, collision: existing.has(key) ? 'EXISTING' : 'IN_BATCH' };
  });
}
