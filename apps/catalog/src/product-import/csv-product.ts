import { isRefusal } from '@onecount/refusal';
import { planProduct } from '../product/product.plan.ts';
import {
  slugOf,
  type ProductDraft,
  type ProductPlan,
  type ProductStatus,
} from '../product/product.ts';
import type { Columns, Field } from './csv-columns.ts';
import { refusedRow } from './csv-refusal.ts';
import { factsIn } from './csv-facts.ts';
import { optionNames, optionsOf, optionValueFields } from './csv-options.ts';
import { picturesOf } from './csv-pictures.ts';
import { flagOf, rowReader, type CsvRow, type RowError, type RowReader } from './csv-row.ts';
import { dropRepeatedCodes, numberRepeatedSkus, reportTwins } from './csv-twins.ts';
import { variantOf } from './csv-variant.ts';

/** All rows of one handle, in the order of the file. */
export type RowGroup = { handle: string; rows: readonly CsvRow[] };

/** What is made of a SKU that stands on several variants of a product. */
export type RepeatedSku = 'NUMBER' | 'REFUSE';

export type GroupContext = {
  columns: Columns;
  currencyCode: string;
  locationCode: string;
  repeatedSku: RepeatedSku;
  /** Codes of warnings that refuse the product. */
  warningsRefused?: readonly string[];
};

/**
 * `rowOfVariant[i]` is the file's row of the plan's i-th variant, `countOfVariant[i]` what that row says is on hand.
 */
export type GroupPlan =
  | { errors: RowError[] }
  | {
      errors?: undefined;
      plan: ProductPlan;
      firstRow: number;
      rowOfVariant: number[];
      countOfVariant: (number | undefined)[];
      warnings: RowError[];
    };
export type Planned = Extract<GroupPlan, { errors?: undefined }>;

// What makes a further row a variant and not only a picture. Weight, tracker and flags do not: some
// exports fill them on every row.
const variantFields: Field[] = [
  ...optionValueFields,
  'sku',
  'barcode',
  'price',
  'compareAtPrice',
  'cost',
  'quantity',
  'serials',
  'stockNumbers',
];

/**
 * One product out of its rows: the first carries the product, each row with a variant field a
 * variant, each row with a picture a picture. Every error of the group is found at once. Never throws.
 */
export function planGroup(group: RowGroup, context: GroupContext): GroupPlan {
  const errors: RowError[] = [];
  const warnings: RowError[] = [];
  const report = (error: RowError) => void errors.push({ ...error, handle: group.handle });
  const warning = (of: RowError) => void warnings.push({ ...of, handle: group.handle });
  const readers = group.rows.map((row) =>
    rowReader(context.columns, row, { error: report, warning }),
  );
  for (const reader of readers) reportDamage(reader, context.columns, report);
  const [first] = readers;
  if (first === undefined || errors.length > 0) return { errors };

  const { draft, variantReaders } = draftOf({ group, readers, first, context });
  if (errors.length > 0) return { errors };
  const plan = planProduct(draft);
  const rowOfVariant = variantReaders.map((reader) => reader.row.number);
  if (isRefusal(plan)) {
    report(refusedRow(plan, { first: first.row.number, rowOfVariant, columns: context.columns }));
    return { errors };
  }
  const removed = plan.warnings.find(({ code }) => code === 'HTML_REMOVED');
  if (removed) first.warn('description', 'HTML_REMOVED', removed.message);
  const refused = warnings.filter(({ code }) => context.warningsRefused?.includes(code));
  if (refused.length > 0) return { errors: refused };
  const countOfVariant = variantReaders.map(countOf);
  return { plan, firstRow: first.row.number, rowOfVariant, countOfVariant, warnings };
}

type Source = {
  group: RowGroup;
  readers: RowReader[];
  first: RowReader;
  context: GroupContext;
};

function draftOf({ group, readers, first, context }: Source) {
  const variantReaders = variantReadersOf(readers, first);
  const names = optionNames(variantReaders[0]!);
  const variants = variantReaders.map((reader) => variantOf(reader, names, context));
  if (context.repeatedSku === 'NUMBER') numberRepeatedSkus(variantReaders, variants);
  dropRepeatedCodes(variantReaders, variants);
  reportTwins(variantReaders, variants);
  reportOtherTitles(readers, first);
  if (flagOf(first.text('giftCard'), false) === true) {
    const message =
      'A gift card is money owed, not a product in stock; this system sells none yet.';
    first.wrong('giftCard', 'GIFT_CARD', message);
  }
  if (!first.filled('title')) {
    first.wrong('title', 'MISSING_TITLE', 'The first row of a product must carry its title.');
  }
  const draft: ProductDraft = {
    title: first.text('title'),
    handle: group.handle,
    descriptionHtml: first.raw('description'),
    vendor: first.optional('vendor'),
    category: first.optional('category'),
    productType: first.optional('productType'),
    tags: tagsOf(first.text('tags')),
    ...statusOf(first),
    statusDefault: 'ACTIVE',
    options: optionsOf(
      names,
      variants.map((variant) => variant.optionValues),
    ),
    media: picturesOf(readers, { variants, variantReaders }),
    facts: factsIn(first, context.columns),
    variants,
    defaults: {
      tracking: 'NONE',
      isActive: true,
      isTaxable: true,
      requiresShipping: true,
      openingStock: [],
    },
  };
  return { draft, variantReaders };
}

/** The rows that are variants: the first, unless it says that it only carries the product, and each that says more. */
function variantReadersOf(readers: readonly RowReader[], first: RowReader): RowReader[] {
  const kindOf = (reader: RowReader) => reader.text('rowKind');
  const found = readers.filter((reader) =>
    kindOf(reader) === ''
      ? reader === first || reader.filled(...variantFields)
      : kindOf(reader) === 'VARIANT',
  );
  return found.length === 0 ? [first] : found;
}

/** A comma inside a tag stands behind a backslash. */
const tagsOf = (text: string): string[] =>
  text.split(/(?<!\\),/u).map((tag) => tag.replaceAll('\\,', ','));

/** What the row says is on hand, where it says a plain number. */
function countOf(reader: RowReader): number | undefined {
  const shown = reader.text('quantity');
  return /^[0-9]{1,7}$/u.test(shown) ? Number(shown) : undefined;
}

/** Damage that makes the other cells of a row worthless. */
function reportDamage(
  { row, wrong }: RowReader,
  columns: Columns,
  report: (error: RowError) => void,
): void {
  const at = { row: row.number };
  if (row.problem !== undefined) {
    report({ ...at, code: 'INVALID', message: row.problem });
    return;
  }
  if (row.isTorn) {
    const value = row.cells.find((cell) => cell.startsWith('"'))?.slice(0, 200);
    const message = `A quotation mark in line ${row.line} is not closed; the file was read on from the next line.`;
    report({ ...at, value, code: 'QUOTE_NOT_CLOSED', message });
    return;
  }
  const surplus = row.cells.slice(columns.header.length).find((cell) => cell.trim() !== '');
  if (surplus !== undefined) {
    const message = `The row has ${row.cells.length} cells, the header ${columns.header.length}; perhaps a quotation mark is not closed.`;
    report({ ...at, value: surplus.slice(0, 200), code: 'TOO_MANY_CELLS', message });
  }
  // U+FFFD is what bytes become that are not UTF-8; a NUL no text column can hold.
  // Half of a pair, which only JSON can write, is no character either.
  const isDamaged = (cell: string) => /[\u0000\uFFFD]/u.test(cell) || !cell.isWellFormed();
  const damaged = row.cells.findIndex(isDamaged);
  if (damaged >= 0) {
    const column = columns.header[damaged]?.trim();
    const message = 'The cell is not readable text; save the file as UTF-8.';
    report({ ...at, column, code: 'BAD_CHARACTER', message });
  }
  const fourth = columns.surplusOptions.find((index) => (row.cells[index] ?? '').trim() !== '');
  if (fourth !== undefined) {
    const column = columns.header[fourth]?.trim();
    const message = 'A product has at most 3 options; split it into sibling products.';
    report({
      ...at,
      column,
      value: row.cells[fourth]?.slice(0, 200),
      code: 'TOO_MANY_OPTIONS',
      message,
    });
  }
  const name = columns.indexOf.has('handle') ? 'handle' : 'title';
  if (slugOf(row.cells[columns.indexOf.get(name) ?? -1] ?? '') === '') {
    wrong(name, 'MISSING_HANDLE', 'The row has no handle: it belongs to no product.');
  }
}

/** A second title under one handle is a second product whose rows would melt into the first. */
function reportOtherTitles(readers: readonly RowReader[], first: RowReader): void {
  for (const reader of readers) {
    if (reader === first || !reader.filled('title')) continue;
    if (reader.text('title') === first.text('title')) continue;
    const message = `The product of this handle is "${first.text('title')}" in row ${first.row.number}.`;
    reader.wrong('title', 'TITLES_DIFFER', message);
  }
}

// Status is the newer column and says more; Published alone is how older files hide a product.
function statusOf(first: RowReader): { status?: ProductStatus; isUnlisted?: boolean } {
  const shown = first.text('status').toUpperCase();
  if (shown === 'UNLISTED') return { status: 'ACTIVE', isUnlisted: true };
  if (shown === 'ACTIVE' || shown === 'DRAFT' || shown === 'ARCHIVED') {
    return { status: shown, isUnlisted: first.flag('unlisted', false) ?? false };
  }
  if (shown !== '') {
    first.wrong(
      'status',
      'BAD_STATUS',
      `"${shown}" is none of active, unlisted, draft and archived.`,
    );
  }
  if (!first.filled('published')) return {};
  const isPublished = flagOf(first.text('published'), true);
  if (isPublished === undefined) {
    first.wrong('published', 'BAD_FLAG', `"${first.text('published')}" is neither TRUE nor FALSE.`);
  }
  return { status: isPublished === false ? 'DRAFT' : 'ACTIVE' };
}
