import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
} from 'graphql';
import { wordsOfPeople } from './isolation-customers.ts';
import { namesOfDiscounts, wordsOfDiscounts } from './isolation-discounts.ts';
import { namesOfTaxes, wordsOfTaxes } from './isolation-taxes.ts';
import { recipes } from './isolation-recipes.ts';
import { wordsOfLayBys } from './isolation-lay-bys.ts';
import { wordsOfCredit } from './isolation-credit.ts';
import { wordsOfLeases } from './isolation-leases.ts';
import type { Pools } from './isolation-evidence.ts';

export type Variables = Record<string, unknown>;

/** Whose things a request names: theirs is the other tenant. */
export type RequestSources = {
  theirs: Pools;
  ours: Pools;
  /** Cursor of the other tenant's page of this list. */
  cursorOf(list: string): string | undefined;
  newKey(): string;
  webhookUrl: string;
};

type Input = GraphQLArgument | GraphQLInputField;
type Place = { operation: string; owner: string; path: string };
type Plan = {
  /** Optional fields that are given. */
  given: ReadonlySet<string> | 'all';
  /** Fields that name the other tenant's things; the rest names one's own. */
  foreign: ReadonlySet<string> | 'all';
  index: number;
};

const text = (value: unknown) => () => value;
const literals: Record<string, (sources: RequestSources) => unknown> = {
  // Paging and searching.
  first: text(100),
  // Words for people: one's own.
  ...Object.fromEntries(
    [
      ...['title', 'name', 'note', 'descriptionHtml', 'productType', 'tags', 'category'],
      'productTypes',
      ...['alt', 'key', 'value', 'values', 'optionValues', 'grade', 'lab', 'number', 'reference'],
      'condition',
      ...['productGroup', 'seoTitle', 'seoDescription', 'styleNumber'],
      ...['option', 'options', 'valueOfVariants', 'step'],
      ...['customerName', 'customerPhone', 'pieceDescription', 'workRequested', 'registerName'],
    ].map((name) => [name, text('of the other tenant')]),
  ),
  reason: text('of the other tenant'),
  document: text('{"title":"of the other tenant"}'),
  filename: text('other.csv'),
  column: text('Other column'),
  mappingName: text('of the other tenant'),
  onHand: text(1),
  optionName: text('of the other tenant'),
  skuPattern: text('{STYLE}[-{OPTION1}]'),
  abbreviation: text('OT'),
  ...Object.fromEntries(
    ['price', 'compareAtPrice', 'cost', 'set', 'percent', 'step'].map((name) => [
      name,
      text('1.00'),
    ]),
  ),
  ending: text('0.00'),
  option: text('of the other tenant'),
  position: text(1),
  timeZone: text('Europe/Berlin'),
  startsAtLocal: text('2026-01-01T00:00'),
  endsAtLocal: text('2100-01-01T00:00'),
  variantsMax: text(1),
  optionPosition: text(1),
  newSku: text('of-the-other-tenant'),
  sheet: text('SKU,Price\nof-the-other-tenant,1.00'),
  ...Object.fromEntries(
    ['pageWidthMm', 'pageHeightMm', 'pitchXMm', 'pitchYMm'].map((name) => [name, text(200)]),
  ),
  widthMm: text(60),
  heightMm: text(40),
  tailMm: text(0),
  ...{ marginLeftMm: text(0), marginTopMm: text(0), columns: text(1), rows: text(1) },
  link: text('https://shop.example/{sku}'),
  locale: text('en'),
  ...{ shopName: text('of the other tenant'), addressLines: text('of the other tenant') },
  ...{ taxNumber: text('of the other tenant'), header: text('H'), footer: text('F') },
  copies: text(1),
  attempt: text(1),
  skip: text(0),
  channel: text('WEB'),
  referenceKind: text('SALE'),
  subject: text('other-owner'),
  url: ({ webhookUrl }) => webhookUrl,
  reportUrl: text('https://lab.example/other'),
  imageUrl: ({ webhookUrl }) => webhookUrl,
  photos: text('https://img.example/other.jpg'),
  quantity: text(1),
  unitsMax: text(1),
  lineVersion: text(1),
  backorderLimit: text(0),
  lowStockThreshold: text(1),
  point: text(1),
  overReceiptPercent: text(1),
  stockNumberPattern: text('{YY}-{SEQ:4}'),
  holdSeconds: text(60),
  paymentSeconds: text(86_400),
  secret: text('of-the-other-tenant'),
  holdSecret: text('of-the-other-tenant'),
  basketSecret: text('of-the-other-tenant'),
  holdReason: text('of the other tenant'),
  sizeBytes: text(100),
  weightGrams: text(10),
  taxCode: text('P0000000'),
  amount: text('1.00'),
  // What is refused of one's own, so that it stays what the other requests name.
  version: text(0),
  productVersion: text(0),
  reading: text('1.5'),
  what: text('of the other tenant'),
  provider: text('of the other tenant'),
  from: text('2026-01-01T00:00:00.000Z'),
  to: text('2100-01-01T00:00:00.000Z'),
  at: () => new Date(Date.now() - 1_000).toISOString(),
  occurredAt: text('2026-01-02T00:00:00.000Z'),
  nextDueAt: text('2026-02-01T00:00:00.000Z'),
  // Neither before a count began nor in the future.
  scannedAt: () => new Date().toISOString(),
  currencyCode: text('USD'),
  ...{ fromDate: text('2026-01-01'), toDate: text('2027-01-31'), settledSeconds: text(0) },
  salesperson: text('other-owner'),
  openedFrom: text('2026-01-01T00:00:00.000Z'),
  openedTo: text('2100-01-01T00:00:00.000Z'),
  closedFrom: text('2026-01-01T00:00:00.000Z'),
  closedTo: text('2100-01-01T00:00:00.000Z'),
  denomination: text('1.00'),
  count: text(1),
  tenderIndex: text(0),
  cashier: text('other-owner'),
  ...Object.fromEntries(
    Object.entries({
      ...wordsOfPeople,
      ...wordsOfLeases,
      ...wordsOfLayBys,
      ...wordsOfDiscounts,
      ...wordsOfCredit,
      ...wordsOfTaxes,
    }).map(([name, word]) => [name, text(word)]),
  ),
  receiptNumber: text('HQ-000001'),
};

// Called otherwise than the kind is.
const kinds: Record<string, string> = {
  ...namesOfDiscounts,
  ...namesOfTaxes,
  lineId: 'saleLine',
  returnedSaleId: 'sale',
  duplicateId: 'customer',
  creditCustomerId: 'customer',
  variantIds: 'variant',
  mediaIds: 'media',
  serialUnitIds: 'serialUnit',
  contentHash: 'contentHash',
  productIds: 'product',
  referenceId: 'sale',
  query: 'title',
  text: 'title',
  vendor: 'vendorName',
  vendors: 'vendorName',
  categoryIds: 'category',
  sku: 'sku',
  skus: 'sku',
  wrongSku: 'sku',
  rightSku: 'sku',
  serial: 'serial',
  serials: 'serial',
  fromLocationId: 'location',
  toLocationId: 'location',
  fromLocationCode: 'locationCode',
  toLocationCode: 'locationCode',
  stockNumber: 'stockNumber',
  handle: 'handle',
  barcode: 'barcode',
  stockCode: 'code',
  externalId: 'externalId',
  ticketNumber: 'ticketNumber',
  draftId: 'productDraft',
  parentId: 'category',
  targetId: 'category',
  path: 'categoryPath',
  locationCode: 'locationCode',
  place: 'locationCode',
  locationCodes: 'locationCode',
  code: 'code',
  codes: 'code',
  codeList: 'code',
  scopeValue: 'sku',
  supplier: 'supplier',
  documentNumber: 'documentNumber',
  device: 'device',
  batchKey: 'batchKey',
  excludeStockItemIds: 'stockItem',
  stockItemIds: 'stockItem',
  idempotencyKey: 'idempotencyKey',
};

/** The kind of thing that a field names, if it names one. */
export function kindOf(
  input: Input,
  { operation, owner, path }: Place,
  pools: Pools,
): string | undefined {
  if (`${owner}.${input.name}` in literals) return undefined;
  if (input.name === 'code' && owner.startsWith('Location')) return 'locationCode';
  if (input.name === 'code' && /^(promotion$|SalePromotion)/.test(owner)) return 'promotionCode';
  if (input.name === 'vendor' && path.startsWith('input.')) return undefined;
  if (input.name === 'query' && operation.startsWith('customer')) return 'customerName';
  if (kinds[input.name]) return kinds[input.name];
  if (input.name.endsWith('Id')) return input.name.slice(0, -2);
  if (input.name !== 'id') return undefined;
  const kindsKnown = [...pools.keys()].sort((a, b) => b.length - a.length);
  return kindsKnown.find((kind) => operation.startsWith(kind));
}

const chosen: Record<string, string> = {
  // A product that is put away would end what the other requests can reach.
  ProductStatus: 'ACTIVE',
  // Of days and channels a report has no word of anybody's.
  SalesGrouping: 'SKU',
};

export function createRequests(sources: RequestSources) {
  const problems = new Set<string>();

  function valueOf(input: Input, type: GraphQLInputType, place: Place, plan: Plan): unknown {
    if (isNonNullType(type)) return valueOf(input, type.ofType, place, plan);
    if (isListType(type)) return [valueOf(input, type.ofType, place, plan)];
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      return valuesOf(fields, { ...place, owner: type.name }, plan);
    }
    if (isEnumType(type)) {
      const values = type.getValues();
      return chosen[type.name] ?? values[plan.index % values.length]!.name;
    }
    if (type.name === 'Boolean') return true;
    return leafOf(input, place, plan);
  }

  function leafOf(input: Input, place: Place, plan: Plan): unknown {
    if (input.name === 'after') return sources.cursorOf(place.owner);
    if (input.name === 'idempotencyKey' && place.path.startsWith('input.')) return sources.newKey();
    const kind = kindOf(input, place, sources.theirs);
    const isForeign = plan.foreign === 'all' || plan.foreign.has(place.path);
    const pool = kind && (isForeign ? sources.theirs : sources.ours).get(kind);
    if (pool?.length) return pool[plan.index % pool.length];
    const named = literals[`${place.owner}.${input.name}`] ?? literals[input.name];
    const literal = named ?? (input.name === 'vendor' ? text('other') : undefined);
    if (literal && !kind) return literal(sources);
    problems.add(`nothing fills ${place.owner}.${input.name}`);
    return undefined;
  }

  function valuesOf(inputs: readonly Input[], place: Place, plan: Plan): Variables {
    const values: Variables = {};
    for (const input of inputs) {
      const path = place.path === '' ? input.name : `${place.path}.${input.name}`;
      const isGiven = isRequired(input) || plan.given === 'all' || plan.given.has(path);
      if (isGiven) values[input.name] = valueOf(input, input.type, { ...place, path }, plan);
    }
    return values;
  }

  return {
    problems,
    /** Every way to call a root field that could reach what is not one's own. */
    of(field: GraphQLField<unknown, unknown>): Variables[] {
      const operation = operationOf(field);
      const place: Place = { operation, owner: field.name, path: '' };
      const leaves = leavesOf(field.args, place, sources.theirs);
      const made = new Map<string, Variables>();
      const add = (plan: Plan) => {
        const values = valuesOf(field.args, place, plan);
        made.set(JSON.stringify(values, withoutKey), values);
      };
      for (const given of selectionsOf(field, leaves)) {
        const named = leaves.filter(
          ({ path, isOptional, kind }) =>
            kind && (!isOptional || given === 'all' || given.has(path)),
        );
        const sizes = named.map(({ kind }) => sources.theirs.get(kind!)?.length ?? 0);
        for (let index = 0; index < Math.min(4, Math.max(1, ...sizes)); index += 1) {
          add({ given, foreign: 'all', index });
        }
        // Own baskets with another's piece, own pieces at another's location.
        if (named.length > 1) {
          for (const { path } of named) {
            for (const index of [0, 1]) add({ given, foreign: new Set([path]), index });
          }
        }
      }
      return [...made.values()];
    },
  };
}

const withoutKey = (name: string, value: unknown) => (name === 'idempotencyKey' ? '' : value);
const isRequired = (input: Input) => isNonNullType(input.type) && input.defaultValue === undefined;

// A mutation is called after its thing; a query gives the thing.
function operationOf(field: GraphQLField<unknown, unknown>): string {
  const isCommand = field.args.some(({ name }) => name === 'input');
  if (isCommand) return field.name;
  const answer = getNamedType(field.type).name;
  return answer[0]!.toLowerCase() + answer.slice(1).replace(/(ForSale|Connection)$/, '');
}

type Leaf = { path: string; isOptional: boolean; kind: string | undefined };

function leavesOf(inputs: readonly Input[], place: Place, pools: Pools): Leaf[] {
  return inputs.flatMap((input) => {
    const path = place.path === '' ? input.name : `${place.path}.${input.name}`;
    const type = getNamedType(input.type);
    const isOptional = !isRequired(input);
    if (!isInputObjectType(type)) {
      const isKey = input.name === 'idempotencyKey' && place.path !== '';
      const kind = isKey ? undefined : kindOf(input, { ...place, path }, pools);
      return [{ path, isOptional, kind: kind && pools.get(kind)?.length ? kind : undefined }];
    }
    const below = leavesOf(
      Object.values(type.getFields()),
      { ...place, owner: type.name, path },
      pools,
    );
    return [{ path, isOptional, kind: undefined }, ...below];
  });
}

function selectionsOf(
  field: GraphQLField<unknown, unknown>,
  leaves: Leaf[],
): (ReadonlySet<string> | 'all')[] {
  const prefix = field.args.some(({ name }) => name === 'input') ? 'input.' : '';
  const isTop = ({ path }: Leaf) => !path.slice(prefix.length).includes('.');
  const optional = leaves.filter((leaf) => leaf.isOptional && isTop(leaf));
  const named = optional.filter(({ kind }) => kind);
  const pairs = named.flatMap((one, index) =>
    named.slice(index + 1).map((other) => new Set([one.path, other.path])),
  );
  const own = (recipes[field.name] ?? []).map(
    (recipe) => new Set(recipe.split(' ').map((path) => `${prefix}${path}`)),
  );
  return [
    new Set<string>(),
    ...optional.map(({ path }) => new Set([path])),
    ...pairs,
    ...own,
    'all',
  ];
}
