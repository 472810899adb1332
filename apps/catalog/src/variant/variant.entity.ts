import { EntitySchema } from 'typeorm';
import type { Tracking, WeightUnit } from './variant.ts';

export type VariantRow = {
  tenantId: string;
  id: string;
  productId: string;
  position: number;
  sku: string;
  barcode: string | null;
  title: string;
  optionValues: string[];
  currencyCode: string | null;
  priceMinor: number | null;
  compareAtPriceMinor: number | null;
  costMinor: number | null;
  tracking: Tracking;
  isActive: boolean;
  isTaxable: boolean;
  taxCode: string | null;
  requiresShipping: boolean;
  weightGrams: number | null;
  weightUnit: WeightUnit;
  mediaId: string | null;
};

export const VariantEntity = new EntitySchema<VariantRow>({
  name: 'variant',
  tableName: 'variant',
  columns: {
    tenantId: { name: 'tenant_id', type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    productId: { name: 'product_id', type: 'uuid' },
    position: { type: 'integer' },
    sku: { type: 'text' },
    barcode: { type: 'text', nullable: true },
    title: { type: 'text' },
    optionValues: { name: 'option_values', type: 'text', array: true },
    currencyCode: { name: 'currency_code', type: 'char', length: 3, nullable: true },
    priceMinor: { name: 'price_minor', type: 'bigint', nullable: true },
    compareAtPriceMinor: { name: 'compare_at_price_minor', type: 'bigint', nullable: true },
    costMinor: { name: 'cost_minor', type: 'bigint', nullable: true },
    tracking: { type: 'text' },
    isActive: { name: 'is_active', type: 'boolean' },
    isTaxable: { name: 'is_taxable', type: 'boolean' },
    taxCode: { name: 'tax_code', type: 'text', nullable: true },
    requiresShipping: { name: 'requires_shipping', type: 'boolean' },
    weightGrams: { name: 'weight_grams', type: 'integer', nullable: true },
    weightUnit: { name: 'weight_unit', type: 'text' },
    mediaId: { name: 'media_id', type: 'uuid', nullable: true },
  },
});
