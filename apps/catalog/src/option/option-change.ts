import type { EntityTx } from '@onecount/db';
import { isRefusal, type NotFound, type Refusal } from '@onecount/refusal';
import { noteChange } from '../product-history/product-history.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { versionConflict, type VersionConflict } from '../product/product.errors.ts';
import { publishChange } from '../product/product.events.ts';
import { lockAt } from '../product/product.lock.ts';
import { optionsOfProducts } from '../product/product.sql.ts';
import { variantTitle, type OptionDraft } from '../product/product.ts';
import { lastVariant, variantsWouldCoincide } from '../variant/variant.errors.ts';
import { variantsInUse, type UsesById } from '../variant/variant-uses.ts';
import { removeVariantRow } from '../variant/variant.sql.ts';
import { coinciding, removeOption, removeValue, type OptionsPlan } from './option.ts';
import {
  keepValueImages,
  replaceOptions,
  setVariantValues,
  valuesOfVariants,
  type VariantValues,
} from './option.sql.ts';

type Place = { productId: string; productVersion: number };

/** Reads the options under the product's lock, plans and writes. Answers the product's id. */
export async function changeOptions<Refused extends Refusal>(
  tx: EntityTx,
  place: Place,
  plan: (options: OptionDraft[], variants: VariantValues[]) => OptionsPlan | Refused,
): Promise<string | NotFound | VersionConflict | Refused> {
  const read = await readOptions(tx, place);
  if (isRefusal(read)) return read;
  const planned = plan(read.options, read.variants);
  if (isRefusal(planned)) return planned;
  await write(tx, read, planned);
  return read.product.id;
}

/** Refused where variants would become alike. */
export function removeOptionOf(tx: EntityTx, input: Place & { option: string }) {
  return changeOptions(tx, input, (options, variants) => {
    const plan = removeOption(options, input.option);
    if (isRefusal(plan)) return plan;
    const twins = coinciding(variants.filter(isThere), plan);
    return twins.length > 0 ? variantsWouldCoincide(twins) : plan;
  });
}

/** Takes a value with its variants; `uses` is what inventory said of them before. */
export async function removeValueOf(
  tx: EntityTx,
  input: Place & { option: string; value: string },
  uses: PromiseSettledResult<UsesById>,
) {
  const read = await readOptions(tx, input);
  if (isRefusal(read)) return read;
  const planned = removeValue(read.options, input);
  if (isRefusal(planned)) return planned;
  const there = read.variants.filter(isThere);
  const gone = there.filter(({ optionValues }) => planned.isGone(optionValues));
  if (gone.length > 0 && gone.length === there.length) return lastVariant(read.product);
  if (gone.length > 0 && uses.status === 'rejected') throw uses.reason;
  const known: UsesById = uses.status === 'fulfilled' ? uses.value : new Map();
  // Made after inventory was asked: the caller cannot have seen it.
  if (gone.some(({ id }) => !known.has(id))) {
    return versionConflict(input.productVersion, read.product);
  }
  const inUse = variantsInUse(gone, known);
  if (inUse !== null) return inUse;
  for (const { id } of gone) await removeVariantRow(tx, id);
  await write(tx, read, planned);
  return read.product.id;
}

const isThere = ({ isRemoved }: VariantValues) => !isRemoved;

type Read = { product: ProductRow; options: OptionDraft[]; variants: VariantValues[] };

async function readOptions(
  tx: EntityTx,
  { productId, productVersion }: Place,
): Promise<Read | NotFound | VersionConflict> {
  const product = await lockAt(tx, productId, productVersion);
  if (isRefusal(product)) return product;
  const rows = await optionsOfProducts(tx, [productId]);
  const options = rows.map(({ name, values }) => ({ name, values }));
  return { product, options, variants: await valuesOfVariants(tx, productId) };
}

async function write(tx: EntityTx, { product, options, variants }: Read, plan: OptionsPlan) {
  const productId = product.id;
  await replaceOptions(tx, productId, plan.options);
  await keepValueImages(tx, productId, plan.renamed);
  const changed = variants.flatMap(({ id, optionValues }) => {
    const values = plan.valuesOf(optionValues);
    const isSame = JSON.stringify(values) === JSON.stringify(optionValues);
    return isSame ? [] : [{ id, values, title: variantTitle(product.title, values) }];
  });
  await setVariantValues(tx, changed);
  await noteChange(tx, { productId, field: 'options', before: options, after: plan.options });
  await publishChange(tx, productId);
}
