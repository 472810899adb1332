import { refuse, shown } from '@onecount/refusal';
import type { FetchProblem } from './picture-fetch.ts';
import type { PictureProblem } from './picture.ts';

export type PictureReason = PictureProblem | FetchProblem;

const sentences: Record<PictureReason, string> = {
  NOT_A_PICTURE: 'it is no picture',
  TYPE_NOT_SUPPORTED: 'only JPEG, PNG, WebP, GIF and AVIF are taken',
  TOO_MANY_PIXELS: 'it has more than 100 megapixels',
  PICTURE_BROKEN: 'it cannot be decoded to its end',
  TOO_LARGE: 'it has more than 20 MB',
  ADDRESS_REFUSED: 'its address is not allowed',
  NOT_FETCHED: 'it could not be fetched',
};

/** `field` is the source in the input, `value` what stands there. */
export function pictureRefused(
  reason: PictureReason,
  at: { field: string; value: string; detail?: string },
) {
  const { field, value, detail } = at;
  const message = `${field} (${shown(value)}) is refused: ${sentences[reason]}${detail ? `, ${detail}` : ''}.`;
  return refuse('PictureRefused', 'PICTURE_REFUSED', message, { reason, field, value });
}
export type PictureRefused = ReturnType<typeof pictureRefused>;

export function mediaLimitExceeded(data: { requested: number; limit: number }) {
  const message = `A product has at most ${data.limit} pictures, not ${data.requested}.`;
  return refuse('MediaLimitExceeded', 'MEDIA_LIMIT_EXCEEDED', message, data);
}
