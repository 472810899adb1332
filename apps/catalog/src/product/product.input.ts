import { minorOf, MoneyError } from '@onecount/money';
import {
  checkKey,
  identifierOf,
  invalidInput,
  isGiven,
  isLinkAddress,
  isRefusal,
  isStorable,
  isWebAddress,
  type InvalidInput,
} from '@onecount/refusal';
import type {
  MoneyInput,
  OpeningStockInput,
  ProductCreateInput,
  ProductUpdateInput,
  VariantDefaultsInput,
  VariantInput,
} from '../generated/resolver-types.ts';
import { pathProblem } from '../category/category.ts';
import {
  taxCodeProblem,
  type OpeningStockDraft,
  type SerialDraft,
  type VariantDraft,
} from '../variant/variant.ts';
import { sanitisedDescription, type Description } from './description.ts';
import { factsOf, type ProductFacts } from './product.facts.ts';
import { slugOf, titleLengthMax, type ProductDraft } from './product.ts';

/** The input as a draft; refuses only what a draft cannot say: bad amounts, addresses and text. */
export function draftOf(input: ProductCreateInput): ProductDraft | InvalidInput {
  const refusal = textRefusal(input) ?? categoryRefusal(input) ?? addressRefusal(input);
  if (refusal) return refusal;
  const variants = variantDraftsOf(input.variants ?? []);
  if (isRefusal(variants)) return variants;
  const defaults = commonOf('defaults', input.defaults ?? {});
  if (isRefusal(defaults)) return defaults;
  const facts = factsOf(input);
  if (isRefusal(facts)) return facts;
  return {
    title: input.title,
    handle: input.handle ?? undefined,
    descriptionHtml: input.descriptionHtml ?? undefined,
    vendor: input.vendor ?? undefined,
    category: input.category ?? undefined,
    productType: input.productType ?? undefined,
    tags: input.tags ?? [],
    status: input.status ?? undefined,
    statusDefault: 'DRAFT',
    isUnlisted: input.isUnlisted ?? undefined,
    facts,
    options: input.options ?? [],
    media: (input.media ?? []).map(({ url, alt }) => ({ url, alt: alt ?? undefined })),
    variants: input.variants ? variants : undefined,
    defaults: { ...defaults, isActive: true },
    skuPattern: input.skuPattern ?? undefined,
  };
}

/** Variants to make, as drafts; refuses bad amounts. */
export function variantDraftsOf(inputs: readonly VariantInput[]): VariantDraft[] | InvalidInput {
  const variants: VariantDraft[] = [];
  for (const [index, variant] of inputs.entries()) {
    const common = commonOf(`variants.${index}`, variant);
    if (isRefusal(common)) return common;
    variants.push({
      ...common,
      sku: keptName(variant.sku),
      barcode: keptName(variant.barcode),
      optionValues: variant.optionValues ?? [],
      isActive: variant.isActive ?? true,
      mediaUrl: variant.imageUrl ?? undefined,
    });
  }
  return variants;
}

/** What may change about a product's basics; undefined stays, null empties. */
export type ProductChange = {
  title?: string;
  handle?: string;
  description?: Description;
  isUnlisted?: boolean;
  vendor?: string | null;
  category?: string | null;
  categoryId?: string | null;
  productType?: string | null;
  tags?: string[];
  facts: ProductFacts;
};

export function changeOf(input: ProductUpdateInput): ProductChange | InvalidInput {
  const { title, handle, descriptionHtml, tags, vendor, category, productType } = input;
  const facts = factsOf(input);
  if (isRefusal(facts)) return facts;
  const change = {
    title: title ?? undefined,
    handle: handle ?? undefined,
    description: isGiven(descriptionHtml) ? sanitisedDescription(descriptionHtml) : undefined,
    isUnlisted: input.isUnlisted ?? undefined,
    tags: tags ?? undefined,
    ...{ vendor, category, productType, facts, categoryId: input.categoryId },
  };
  return textRefusal(input) ?? categoryRefusal(input) ?? changeRefusal(change) ?? change;
}

function categoryRefusal(input: {
  category?: string | null;
  categoryId?: string | null;
}): InvalidInput | undefined {
  const { category, categoryId } = input;
  if (isGiven(category) && isGiven(categoryId)) {
    return invalidInput('categoryId', 'Give category or categoryId, not both.', categoryId);
  }
  const problem = isGiven(category) ? pathProblem(category) : null;
  return problem === null ? undefined : invalidInput('category', problem, category);
}

function changeRefusal({ title, handle }: ProductChange): InvalidInput | undefined {
  if (title !== undefined && title.trim() === '') {
    return invalidInput('title', 'A product needs a title.', title);
  }
  if (title !== undefined && title.trim().length > titleLengthMax) {
    return invalidInput('title', `A title has at most ${titleLengthMax} characters.`, title);
  }
  if (handle !== undefined && slugOf(handle) === '') {
    return invalidInput('handle', 'A handle needs a letter or a digit.', handle);
  }
  return undefined;
}

const keptName = (text: string | null | undefined): string | undefined =>
  isGiven(text) ? identifierOf(text) : undefined;

type Common = Omit<VariantDraft, 'sku' | 'barcode' | 'optionValues' | 'isActive' | 'mediaUrl'>;

function commonOf(
  field: string,
  input: VariantInput | VariantDefaultsInput,
): Common | InvalidInput {
  const money = amountsOf(field, input);
  if (isRefusal(money)) return money;
  const { taxCode } = input;
  const problem = isGiven(taxCode) ? taxCodeProblem(taxCode) : null;
  if (problem !== null) {
    return invalidInput(`${field}.taxCode`, `Tax code "${taxCode}" ${problem}.`, taxCode);
  }
  return {
    ...money,
    tracking: input.tracking ?? 'QUANTITY',
    isTaxable: input.isTaxable ?? true,
    taxCode: keptName(taxCode),
    requiresShipping: input.requiresShipping ?? true,
    weightGrams: input.weightGrams ?? undefined,
    weightUnit: input.weightUnit ?? undefined,
    openingStock: (input.openingStock ?? []).map(openingStockOf),
  };
}

type Amounts = Pick<
  VariantDraft,
  'currencyCode' | 'priceMinor' | 'compareAtPriceMinor' | 'costMinor'
>;

/** The amounts that are given, in one currency; `field` is what the input stands in, null where it is the whole. */
export function amountsOf(
  field: string | null,
  input: {
    price?: MoneyInput | null;
    compareAtPrice?: MoneyInput | null;
    cost?: MoneyInput | null;
  },
): Amounts | InvalidInput {
  const amounts: Amounts = {};
  const inside = field === null ? '' : `${field}.`;
  for (const name of ['price', 'compareAtPrice', 'cost'] as const) {
    const money = input[name];
    if (money === null || money === undefined) continue;
    if (amounts.currencyCode !== undefined && amounts.currencyCode !== money.currencyCode) {
      const message = 'The amounts of a variant are in one currency.';
      return invalidInput(`${inside}${name}.currencyCode`, message, money.currencyCode);
    }
    const minor = minorAmount(`${inside}${name}`, money);
    if (typeof minor !== 'number') return minor;
    amounts.currencyCode = money.currencyCode;
    amounts[`${name}Minor`] = minor;
  }
  return amounts;
}

function minorAmount(field: string, money: MoneyInput): number | InvalidInput {
  try {
    return minorOf(money);
  } catch (err) {
    if (!(err instanceof MoneyError)) throw err;
    return invalidInput(field, `${err.message}.`, err.value);
  }
}

export function openingStockOf(input: OpeningStockInput): OpeningStockDraft {
  const serials = (input.serials ?? []).map(
    ({ serial, stockNumber, allowLookAlike, certificate, attributes, photos }): SerialDraft => ({
      ...given({ serial, stockNumber }),
      ...(allowLookAlike ? { allowLookAlike } : {}),
      ...(certificate
        ? { certificate: { ...given(certificate), number: certificate.number } }
        : {}),
      ...(attributes?.length
        ? { attributes: attributes.map(({ key, value }) => ({ key, value })) }
        : {}),
      ...(photos?.length ? { photos } : {}),
    }),
  );
  return {
    locationCode: identifierOf(input.locationCode ?? '').toUpperCase(),
    quantity: input.quantity ?? serials.length,
    serials,
  };
}

function given<T extends Record<string, string | null | undefined>>(members: T) {
  const entries = Object.entries(members).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries) as { [K in keyof T]?: string };
}

/** Addresses that would run, or lead nowhere, of pictures, photos and reports. */
export function addressRefusal(
  input: Pick<ProductCreateInput, 'media' | 'variants' | 'defaults'>,
): InvalidInput | undefined {
  const addresses = [
    ...(input.media ?? []).map(({ url }, index) => ({ field: `media.${index}.url`, url })),
    ...(input.variants ?? []).map(({ imageUrl: url }, index) => ({
      field: `variants.${index}.imageUrl`,
      url,
    })),
  ];
  for (const { field, url } of addresses) {
    if (url === null || url === undefined || isWebAddress(url)) continue;
    return invalidInput(field, 'The address of a picture begins with http or https.', url);
  }
  return stockAddressRefusal(input);
}

// Inventory would refuse these too, but only when the product stands already.
function stockAddressRefusal(
  input: Pick<ProductCreateInput, 'variants' | 'defaults'>,
): InvalidInput | undefined {
  const lines = [input.defaults, ...(input.variants ?? [])].flatMap((of) => of?.openingStock ?? []);
  const addresses = lines
    .flatMap(({ serials }) => serials ?? [])
    .flatMap(({ certificate, photos }) => [certificate?.reportUrl ?? [], photos ?? []].flat());
  const wrong = addresses.find((address) => !isLinkAddress(address));
  if (wrong === undefined) return undefined;
  const message = 'The address of a photo or report begins with http or https, or is relative.';
  return invalidInput('variants.openingStock.serials', message, wrong);
}

/** What no column can hold wherever it stands in an input, and a key that is no key. */
export function textRefusal(input: { idempotencyKey: string }): InvalidInput | undefined {
  return checkKey(input.idempotencyKey) ?? unstorableText(input);
}

export function unstorableText(input: object): InvalidInput | undefined {
  const field = unstorableField(input, []);
  return field === null
    ? undefined
    : invalidInput(field, 'The text contains a character that cannot be stored.');
}

function unstorableField(value: unknown, path: string[]): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : path.join('.');
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, member] of Object.entries(value)) {
    const found = unstorableField(member, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}
