import { invalidInput, type InvalidInput } from '@onecount/refusal';
import type { ProductImportColumnInput, ProductImportField } from '../generated/resolver-types.ts';
import type { Field } from './csv-columns.ts';
import type { MappingRow } from './import-mapping.sql.ts';
import type { MappedColumn } from './product-import.ts';

const columnsMax = 100;

/** COMPARE_AT_PRICE is compareAtPrice: the graph and the reader have the same fields. */
export function fieldOfName(name: ProductImportField): Field {
  return name.toLowerCase().replace(/_(.)/gu, (_, letter: string) => letter.toUpperCase()) as Field;
}

export function nameOfMapped(field: Field): ProductImportField {
  return field.replace(/[A-Z]/gu, (letter) => `_${letter}`).toUpperCase() as ProductImportField;
}

/** The columns as they are kept; refuses a column, or a field, that is named twice. */
export function mappedColumns(
  at: string,
  given: readonly ProductImportColumnInput[],
): MappedColumn[] | InvalidInput {
  if (given.length === 0 || given.length > columnsMax) {
    return invalidInput(at, `A mapping has 1 to ${columnsMax} columns.`, String(given.length));
  }
  const seen = new Set<string>();
  for (const [index, { column, field }] of given.entries()) {
    const name = column.trim();
    if (name === '' || name.length > 255) {
      return invalidInput(`${at}.${index}.column`, 'A column has 1 to 255 characters.', column);
    }
    for (const key of [`column ${name.toLowerCase()}`, `field ${field}`]) {
      if (seen.has(key)) return invalidInput(`${at}.${index}`, `Two times the ${key}.`, column);
      seen.add(key);
    }
  }
  return given.map(({ column, field }) => ({ column: column.trim(), field: fieldOfName(field) }));
}

export const mappingView = ({ name, columns, savedAt }: MappingRow) => ({
  ...{ name, savedAt },
  columns: columns.map(({ column, field }) => ({ column, field: nameOfMapped(field) })),
});
