import { decimalOf } from '@onecount/money';

type Amount = { amountMinor: number; currencyCode: string };

// What the SDL calls otherwise than the column.
const renamed: Record<string, string> = {
  vendor_id: 'vendor',
  category_id: 'category',
  product_group_id: 'productGroup',
  media_id: 'image',
  product_id: 'product',
  price_minor: 'price',
  compare_at_price_minor: 'compareAtPrice',
  cost_minor: 'cost',
};

/** The column as the schema calls the field. */
export function fieldName(column: string): string {
  return (
    renamed[column] ?? column.replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase())
  );
}

/** A value of the history as text. */
export function changeText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return isAmount(value) ? `${decimalOf(value)} ${value.currencyCode}` : JSON.stringify(value);
}

function isAmount(value: unknown): value is Amount {
  return typeof value === 'object' && value !== null && 'amountMinor' in value;
}
