import type { EntityTx } from '@onecount/db';
import { checkText, firstOf, invalidInput, type InvalidInput } from '@onecount/refusal';
import { mergeMedia } from '../product/product.overwrite.ts';
import { insertMediaFile } from './media-file.sql.ts';
import { mediaLimitExceeded } from './media.errors.ts';
import { picturesWith } from './media-limit.ts';
import { altLengthMax, mediaMax } from './media.ts';
import type { Sourced } from './picture-source.ts';

/** Fetched and written anew in one request, which the gateway waits 10 s for. */
const picturesMax = 10;

export function picturesProblem(
  pictures: readonly { alt?: string | null }[],
): InvalidInput | undefined {
  if (pictures.length < 1 || pictures.length > picturesMax) {
    return invalidInput('pictures', `Give 1 to ${picturesMax} pictures.`, pictures.length);
  }
  return firstOf(
    ...pictures.map(({ alt }, index) =>
      checkText(`pictures.${index}.alt`, alt, { max: altLengthMax }),
    ),
  );
}

/** The ids of the pictures in the order given; one whose address the product has is that one. */
export async function attachPictures(
  tx: EntityTx,
  productId: string,
  { sources, alts }: { sources: readonly Sourced[]; alts: readonly (string | undefined)[] },
): Promise<string[] | ReturnType<typeof mediaLimitExceeded>> {
  const byUrl = new Map(sources.map(({ url }, index) => [url, { url, alt: alts[index] }]));
  const requested = await picturesWith(tx, productId, byUrl.keys());
  if (requested > mediaMax) return mediaLimitExceeded({ requested, limit: mediaMax });
  for (const { picture } of sources) if (picture !== undefined) await insertMediaFile(tx, picture);
  const ids = await mergeMedia(tx, productId, { media: [...byUrl.values()] });
  return sources.map(({ url }) => ids.get(url) ?? '');
}
