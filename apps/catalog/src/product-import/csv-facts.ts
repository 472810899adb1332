import { isRefusal } from '@onecount/refusal';
import { factsOf, type MetadataEntry, type ProductFacts } from '../product/product.facts.ts';
import type { Columns, Field } from './csv-columns.ts';
import type { RowReader } from './csv-row.ts';

const texts = ['seoTitle', 'seoDescription', 'styleNumber', 'productGroup'] as const;

/** What a row says of its product beside its name; what cannot be kept is left out with a warning. */
export function factsIn(first: RowReader, columns: Columns): ProductFacts {
  const facts: ProductFacts = {};
  for (const field of texts) {
    if (!first.filled(field)) continue;
    Object.assign(facts, kept(first, field, { [field]: first.text(field) }));
  }
  const metadata = [...metadataOf(first), ...metafieldsOf(first, columns)];
  return metadata.length === 0 ? facts : { ...facts, ...kept(first, 'metadata', { metadata }) };
}

function kept(first: RowReader, field: Field, input: Parameters<typeof factsOf>[0]): ProductFacts {
  const facts = factsOf(input);
  if (!isRefusal(facts)) return facts;
  first.warn(field, 'FACT_NOT_KEPT', `${facts.message} It is left out.`);
  return {};
}

function metadataOf(first: RowReader): MetadataEntry[] {
  const shown = first.text('metadata');
  if (shown === '') return [];
  try {
    const entries: unknown = JSON.parse(shown);
    if (Array.isArray(entries) && entries.every(isEntry)) return entries;
  } catch {
    // Said below.
  }
  first.warn('metadata', 'FACT_NOT_KEPT', 'The facts are no list of key, type and value.');
  return [];
}

const types = ['TEXT', 'INTEGER', 'DECIMAL', 'BOOLEAN', 'DATE', 'URL', 'JSON'];

function isEntry(entry: unknown): entry is MetadataEntry {
  const { key, type, value } = (entry ?? {}) as Record<string, unknown>;
  return typeof key === 'string' && types.includes(String(type)) && typeof value === 'string';
}

function metafieldsOf(first: RowReader, { metafields }: Columns): MetadataEntry[] {
  return metafields.flatMap(({ index, key }) => {
    const value = (first.row.cells[index] ?? '').trim();
    return value === '' ? [] : [{ key, type: 'TEXT' as const, value }];
  });
}
