import type { Tx } from '@onecount/db';
import {
  checkWhole,
  firstOf,
  foldedIdentifier,
  invalidInput,
  isGiven,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { LabelItemInput } from '../generated/resolver-types.ts';
import { productsById } from '../product/product.sql.ts';
import type { UnitForLabel } from '../stock-command/inventory.client.ts';
import { variantsBySku } from '../variant/variant.sql.ts';
import { contentOf } from './label-facts.ts';
import type { LabelContent, LabelSpec } from './label.ts';

// A second or two of drawing codes, well within what a gateway waits.
const itemsMax = 200;
const copiesMax = 1_000;
const labelsMax = 2_000;

type Item = Pick<LabelItemInput, 'sku' | 'serialUnitId'>;

export function itemsProblem(items: readonly LabelItemInput[]): InvalidInput | undefined {
  if (items.length < 1 || items.length > itemsMax) {
    return invalidInput('items', `Give 1 to ${itemsMax} variants and units.`, items.length);
  }
  const problem = firstOf(
    ...items.map((item, index) => itemProblem(item, `items.${index}`)),
    ...items.map(({ copies }, index) =>
      checkWhole(`items.${index}.copies`, copies ?? 1, { min: 1, max: copiesMax }),
    ),
  );
  if (problem) return problem;
  const total = items.reduce((sum, { copies }) => sum + (copies ?? 1), 0);
  if (total <= labelsMax) return undefined;
  return invalidInput('items', `A batch has at most ${labelsMax} labels.`, total);
}

export function itemProblem({ sku, serialUnitId }: Item, at: string): InvalidInput | undefined {
  if (isGiven(sku) !== isGiven(serialUnitId)) return undefined;
  return invalidInput(at, `Give ${at}.sku or ${at}.serialUnitId.`);
}

export const unitIdsOf = (items: readonly Item[]): string[] => [
  ...new Set(items.flatMap(({ serialUnitId }) => (isUuid(serialUnitId) ? serialUnitId : []))),
];

/** What the label of each item says, in their order. */
export async function contentsOf(
  tx: Tx,
  {
    spec,
    items,
    units,
  }: { spec: LabelSpec; items: readonly Item[]; units: readonly UnitForLabel[] },
): Promise<LabelContent[] | NotFound> {
  const unitsById = new Map(units.map((unit) => [unit.id, unit]));
  const named = items.map(({ sku, serialUnitId }) => {
    const unit = unitsById.get(serialUnitId?.toLowerCase() ?? '');
    return { unit, unitId: serialUnitId, sku: sku ?? unit?.sku ?? '' };
  });
  const sold = await soldBySku(tx, named);
  const contents: LabelContent[] = [];
  for (const { unit, unitId, sku } of named) {
    if (isGiven(unitId) && unit === undefined) return notFound('SerialUnit', unitId);
    const found = sold.get(foldedIdentifier(sku));
    if (found === undefined) return notFound('Variant', sku);
    contents.push(contentOf(spec, { ...found, unit }));
  }
  return contents;
}

async function soldBySku(tx: Tx, named: readonly { sku: string }[]) {
  const skus = [...new Set(named.map(({ sku }) => sku))];
  const variants = (await variantsBySku(tx, false, skus)).filter((one) => one.removedAt === null);
  const productIds = [...new Set(variants.map(({ productId }) => productId))];
  const products = await productsById(tx, false, productIds);
  const handles = new Map(products.map(({ id, handle }) => [id, handle]));
  return new Map(
    variants.map((variant) => [
      foldedIdentifier(variant.sku),
      { variant, handle: handles.get(variant.productId) ?? '' },
    ]),
  );
}
