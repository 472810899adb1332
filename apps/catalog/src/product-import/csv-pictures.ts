import { mediaMax } from '../media/media.ts';
import type { MediaDraft } from '../product/product.ts';
import type { VariantDraft } from '../variant/variant.ts';
import type { Field } from './csv-columns.ts';
import type { RowReader } from './csv-row.ts';

type Placed = { medium: MediaDraft; place: number; index: number; reader: RowReader; field: Field };
type Variants = { variants: VariantDraft[]; variantReaders: readonly RowReader[] };

/**
 * The pictures of a product in the order of their positions, then of their rows. What is more than a product may have is
 * left out with a warning, and so is the own picture of a variant that would be one more.
 */
export function picturesOf(
  readers: readonly RowReader[],
  { variants, variantReaders }: Variants,
): MediaDraft[] {
  const placed = readers.flatMap(placedPictures);
  placed.sort((a, b) => a.place - b.place || a.index - b.index);
  const kept = new Set<string>();
  const isKept = (url: string, { reader, field }: Pick<Placed, 'reader' | 'field'>) => {
    if (kept.size < mediaMax) kept.add(url);
    if (kept.has(url)) return true;
    reader.warn(field, 'IMAGE_NOT_KEPT', tooMany(url));
    return false;
  };
  const media = placed.filter((one) => isKept(one.medium.url, one)).map(({ medium }) => medium);
  for (const [index, variant] of variants.entries()) {
    const at = { reader: variantReaders[index]!, field: 'variantImageUrl' } as const;
    if (variant.mediaUrl !== undefined && !isKept(variant.mediaUrl, at)) delete variant.mediaUrl;
  }
  return media;
}

export const tooMany = (url: string) =>
  `A product has at most ${mediaMax} pictures; "${url.slice(0, 80)}" is left out.`;

function placedPictures(reader: RowReader, index: number): Placed[] {
  const many = reader
    .urls('imageUrls')
    .map((url): Placed => ({ medium: { url }, place: 0, index, reader, field: 'imageUrls' }));
  const url = reader.url('imageUrl');
  if (url === undefined) return many;
  const alt = reader.optional('imageAlt');
  const medium = { url, ...(alt === undefined ? {} : { alt }) };
  return [...many, { medium, place: imagePlace(reader), index, reader, field: 'imageUrl' }];
}

function imagePlace(reader: RowReader): number {
  const shown = reader.text('imagePosition');
  if (shown === '') return Number.MAX_SAFE_INTEGER;
  if (/^[0-9]{1,6}$/u.test(shown)) return Number(shown);
  reader.wrong('imagePosition', 'BAD_IMAGE_POSITION', `"${shown}" is no place from 1 on.`);
  return Number.MAX_SAFE_INTEGER;
}
