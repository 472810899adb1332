import type { Database } from '@onecount/db';
import { errorCodes, graphqlError } from '@onecount/graphql';
import type { Caller } from '../sale/idempotency.ts';
import { cardByCode } from './stored-value.queries.ts';
import { attemptsNow, countAttempt } from './stored-value.sql.ts';

const attemptsMax = 30;

/**
 * What is on a card, for whoever has its whole code. A code is 85 bits, so nobody finds one by trying; the limit keeps those
 * who try from loading the database. It counts for all visitors of a shop together, and only codes that nothing has.
 */
export async function giftCardBalance(db: Database, caller: Caller, code: string) {
  const { tenantId } = caller;
  const isPublic = !(caller.scopes?.has('sale:read') ?? false);
  const found = await db.read(tenantId, async (tx) =>
    isPublic && (await attemptsNow(tx)) >= attemptsMax
      ? 'TOO_MANY'
      : ((await cardByCode(tx, code)) ?? 'NONE'),
  );
  if (found === 'TOO_MANY')
    throw graphqlError(errorCodes.rateLimited, 'Too many codes that no gift card has: try later.');
  if (found !== 'NONE') return found;
  if (isPublic) await db.inTransaction(tenantId, countAttempt);
  return null;
}
