import type { Refusal } from '@onecount/refusal';
import type { PlanRefusal, SaveRefusal } from '../product/product.errors.ts';
import type { ProductPlan } from '../product/product.ts';
import { columnName, type Columns, type Field } from './csv-columns.ts';
import type { RowError } from './csv-row.ts';

export type ImportRefusal =
  PlanRefusal | SaveRefusal | (Refusal<'HandleExists'> & { handle: string });

type Place = { first: number; rowOfVariant: readonly number[]; columns: Columns };

/** A refusal of the product as an error of the row and column where a person would mend it. */
export function refusedRow(refusal: ImportRefusal, place: Place, plan?: ProductPlan): RowError {
  const { message } = refusal;
  const rowOf = (index: number) => place.rowOfVariant[index] ?? place.first;
  const variants = plan?.variants ?? [];
  switch (refusal.__typename) {
    case 'OptionLimitExceeded':
      return { row: place.first, code: 'TOO_MANY_OPTIONS', message };
    case 'VariantLimitExceeded':
      return { row: place.first, code: 'TOO_MANY_VARIANTS', message };
    case 'HandleExists':
    case 'HandleTaken': {
      const { handle: value } = refusal;
      const column = columnName(place.columns, 'handle');
      return { row: place.first, column, value, code: 'HANDLE_EXISTS', message };
    }
    case 'SkuTaken': {
      const { sku: value } = refusal;
      const column = columnName(place.columns, 'sku');
      const row = rowOf(variants.findIndex(({ sku }) => sku === value));
      return { row, column, value, code: 'SKU_TAKEN', message };
    }
    case 'BarcodeTaken': {
      const { barcode: value } = refusal;
      const column = columnName(place.columns, 'barcode');
      const row = rowOf(variants.findIndex(({ barcode }) => barcode === value));
      return { row, column, value, code: 'BARCODE_TAKEN', message };
    }
    case 'InvalidInput':
      return invalidRow(refusal, place);
  }
}

type Invalid = Extract<PlanRefusal, { __typename: 'InvalidInput' }>;

function invalidRow({ field, value, message }: Invalid, place: Place): RowError {
  const [head = '', index = '', leaf = ''] = field.split('.');
  const row = head === 'variants' ? place.rowOfVariant[Number(index)] : undefined;
  const known = head === 'options' ? 'option1Name' : fieldOfPlan[leaf || head];
  return {
    row: row ?? place.first,
    column: known === undefined ? undefined : columnName(place.columns, known),
    value: value ?? undefined,
    code: codeOf(head, leaf),
    message,
  };
}

function codeOf(head: string, leaf: string): RowError['code'] {
  if (head !== 'options') return 'INVALID';
  return leaf === 'name' ? 'DUPLICATE_OPTION' : leaf === '' ? 'OPTIONS_DIFFER' : 'INVALID';
}

const fieldOfPlan: Record<string, Field> = {
  title: 'title',
  vendor: 'vendor',
  category: 'category',
  productType: 'productType',
  sku: 'sku',
  barcode: 'barcode',
  optionValues: 'option1Value',
  openingStock: 'quantity',
  weightGrams: 'grams',
};
