import type { Tx } from '@onecount/db';
import { foldedIdentifier } from '@onecount/refusal';
import type { OptionDraft } from '../product/product.ts';
import { abbreviationsOf } from '../sku-abbreviation/sku-abbreviation.sql.ts';
import { vendorCodeOf } from '../vendor/vendor.sql.ts';
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

/**
 * What each variant's SKU would be, before anything is saved. Those that are given come first to their names,
 * wherever they stand; a SKU that a removed variant had is not free either. Those that are `released` are free, whatever
 * is stored, and those of `others` are not.
 */
export async function skuWishes(
  tx: Tx,
  product: Source,
  variants: readonly { sku: string | null; optionValues: readonly string[] }[],
  { released = [], others = [] }: { released?: readonly string[]; others?: readonly string[] } = {},
): Promise<SkuWish[]> {
  const { vendor, facts, skuPattern = defaultSkuPattern } = product;
  const isGenerating = variants.some(({ sku }) => sku === null);
  const words = [vendor ?? '', ...product.options.flatMap(({ values }) => values)];
  const abbreviations = isGenerating ? await abbreviationsOf(tx, words) : undefined;
  const vendorCode = isGenerating && vendor !== null ? await vendorCodeOf(tx, vendor) : null;
  const source = { ...product, vendorCode, styleNumber: facts.styleNumber, abbreviations };
  const wished = variants.map(
    ({ sku, optionValues }) => sku ?? skuFromPattern(skuPattern, { ...source, optionValues }),
  );
  const existing = await skusBeginning(tx, [...new Set(wished)]);
  for (const sku of released) existing.delete(foldedIdentifier(sku));
  for (const sku of others) existing.add(foldedIdentifier(sku));
  return freed(wished, { existing, isGiven: (index) => variants[index]?.sku !== null });
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
