import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = [
  'schema',
  'vendor/vendor',
  'category/category',
  'product/product',
  'variant/variant',
  'upload/upload',
  'product-import/product-import',
];

/** The app's own SDL: one file per noun. */
export function typeDefs(): string {
  return files
    .map((file) => readFileSync(join(import.meta.dirname, `${file}.graphql`), 'utf8'))
    .join('\n');
}
