import { EntitySchema } from 'typeorm';
import type { MetadataEntry } from './product.facts.ts';
import type { ProductStatus } from './product.ts';

export type ProductRow = {
  tenantId: string;
  id: string;
  version: number;
  handle: string;
  title: string;
  descriptionHtml: string;
  vendorId: string | null;
  categoryId: string | null;
  productType: string | null;
  tags: string[];
  status: ProductStatus;
  isUnlisted: boolean;
  /** Whether it goes to web shops at all. */
  isListedOnWebsite: boolean;
  productGroupId: string | null;
  seoTitle: string | null;
  seoDescription: string | null;
  styleNumber: string | null;
  metadata: MetadataEntry[];
  /** Subject of the token; null where nobody's token did it. */
  createdBy: string | null;
  updatedBy: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  /** The product that it has become part of; null for one that has not. */
  mergedIntoId: string | null;
};

export const ProductEntity = new EntitySchema<ProductRow>({
  name: 'product',
  tableName: 'product',
  columns: {
    tenantId: { name: 'tenant_id', type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    version: { type: 'integer' },
    handle: { type: 'text' },
    title: { type: 'text' },
    descriptionHtml: { name: 'description_html', type: 'text' },
    vendorId: { name: 'vendor_id', type: 'uuid', nullable: true },
    categoryId: { name: 'category_id', type: 'uuid', nullable: true },
    productType: { name: 'product_type', type: 'text', nullable: true },
    tags: { type: 'text', array: true },
    status: { type: 'text' },
    isUnlisted: { name: 'is_unlisted', type: 'boolean' },
    isListedOnWebsite: { name: 'is_listed_on_website', type: 'boolean' },
    productGroupId: { name: 'product_group_id', type: 'uuid', nullable: true },
    seoTitle: { name: 'seo_title', type: 'text', nullable: true },
    seoDescription: { name: 'seo_description', type: 'text', nullable: true },
    styleNumber: { name: 'style_number', type: 'text', nullable: true },
    metadata: { type: 'jsonb' },
    createdBy: { name: 'created_by', type: 'text', default: "current_setting('app.actor')" },
    updatedBy: { name: 'updated_by', type: 'text', default: "current_setting('app.actor')" },
    createdAt: { name: 'created_at', type: 'timestamptz', default: () => 'now()' },
    updatedAt: { name: 'updated_at', type: 'timestamptz', default: () => 'now()' },
    deletedAt: { name: 'deleted_at', type: 'timestamptz', nullable: true },
    mergedIntoId: { name: 'merged_into_id', type: 'uuid', nullable: true },
  },
});

export type ProductOptionRow = {
  tenantId: string;
  productId: string;
  position: number;
  name: string;
  values: string[];
};

export const ProductOptionEntity = new EntitySchema<ProductOptionRow>({
  name: 'product_option',
  tableName: 'product_option',
  columns: {
    tenantId: { name: 'tenant_id', type: 'uuid', primary: true },
    productId: { name: 'product_id', type: 'uuid', primary: true },
    position: { type: 'smallint', primary: true },
    name: { type: 'text' },
    values: { name: 'option_values', type: 'text', array: true },
  },
});

export type MediaRow = {
  tenantId: string;
  id: string;
  productId: string;
  position: number;
  url: string;
  alt: string | null;
};

export const MediaEntity = new EntitySchema<MediaRow>({
  name: 'media',
  tableName: 'media',
  columns: {
    tenantId: { name: 'tenant_id', type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    productId: { name: 'product_id', type: 'uuid' },
    position: { type: 'integer' },
    url: { type: 'text' },
    alt: { type: 'text', nullable: true },
  },
});
