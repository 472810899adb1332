import { checkKey, isUuid, notFound, type InvalidInput, type NotFound } from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import type { Sale, SaleLine } from '../sale/sale.ts';

export type Parking = { since: string; by: string; heldUntil: string | null };

/** That a basket is parked; what ended while it was is no parked basket any more. */
export function parkingOf({ status, parkedAt, parkedBy, lines }: Sale): Parking | null {
  if (status !== 'OPEN' || parkedAt === null) return null;
  const ends = lines.flatMap(({ heldUntil }) => heldUntil ?? []);
  const heldUntil = ends.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
  return { since: parkedAt, by: parkedBy!, heldUntil };
}

/** Lines whose holds have ended; an untracked line has none, and a hold without an end does not end. */
export function lostLines({ lines }: Pick<Sale, 'lines'>, now: Date): SaleLine[] {
  return lines.filter(
    ({ heldUntil }) => heldUntil !== null && Date.parse(heldUntil) <= now.getTime(),
  );
}

/**
 * For how many seconds from `now` a parked basket's holds are to last: counted from when it was parked, so that an attempt
 * that is made again extends nothing further.
 */
export function parkedHoldSecondsLeft(
  { parkedAt }: Pick<Sale, 'parkedAt'>,
  { now, holdSeconds }: { now: Date; holdSeconds: number },
): number {
  if (parkedAt === null) return 0;
  const until = Date.parse(parkedAt) + holdSeconds * 1000;
  return Math.max(0, Math.ceil((until - now.getTime()) / 1000));
}

type Named = {
  saleId: string;
  idempotencyKey: string;
  name?: string | null;
  registerId?: string | null;
};

export function checkBasket(input: Named): InvalidInput | NotFound | undefined {
  const { saleId, idempotencyKey, name, registerId } = input;
  const invalid = checkKey(idempotencyKey) ?? checkFreeText('name', name, { min: 0, max: 100 });
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  return registerId && !isUuid(registerId) ? notFound('Register', registerId) : undefined;
}
