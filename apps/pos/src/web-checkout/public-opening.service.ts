import { idempotencyKeyReused, sql, type Database } from '@onecount/db';
import { keyUseOf, refusedBefore, type Caller } from '../sale/idempotency.ts';
import type { BasketDeps } from '../sale/line.service.ts';
import { atKnownLocation, unknownPlace } from '../sale/opening.service.ts';
import { openingOf, placeRefusal } from '../sale/opening.ts';
import type { PlaceOutcome, SaleOpening } from '../sale/opening.sql.ts';
import type { SaleOpenRefusal } from '../sale/sale.errors.ts';
import { checkOpen, type SaleOpenInput } from '../sale/sale.input.ts';
import { resultOf, type KeyUse, type Step } from '../sale/sale.sql.ts';
import type { Sale } from '../sale/sale.ts';
import { checkBuyerOpens, newSecret, secretHashOf } from './public-basket.ts';

type Opened = { __typename: 'SaleOpenSuccess'; sale: Sale; basketSecret: string };

/**
 * The secret is told once. Whoever lost the answer opens another basket with another key: in the one that is lost nothing is
 * held. The same key is refused, for visitors share the token, and two may have chosen one key.
 */
export async function openPublic(
  deps: BasketDeps,
  caller: Caller,
  input: SaleOpenInput,
): Promise<Opened | SaleOpenRefusal> {
  const invalid = checkOpen(input) ?? checkBuyerOpens(input) ?? unknownPlace(input);
  if (invalid) return invalid;
  const use = keyUseOf(caller, input);
  const basketSecret = newSecret();
  return atKnownLocation(deps, caller, input, async () => {
    const step = await insertPublic(deps.db, use, openingOf(caller, input), basketSecret);
    switch (step.outcome) {
      case 'OPENED':
        return { __typename: 'SaleOpenSuccess', sale: step.sale!, basketSecret };
      case 'KEY_USED':
        return (
          refusedBefore<SaleOpenRefusal>(step.record!, use, 'saleOpen') ??
          idempotencyKeyReused(input.idempotencyKey)
        );
      case 'LOCATION_UNKNOWN':
        return step.outcome;
      default:
        return placeRefusal(step.outcome, { input, sale: step.sale });
    }
  });
}

const openStatement = sql(
  'pos.sale-open-public',
  'SELECT sale_open_public($1, $2, $3, $4, $5) AS result',
);

function insertPublic(db: Database, use: KeyUse, sale: SaleOpening, secret: string) {
  type Result = Step<'OPENED' | 'KEY_USED' | PlaceOutcome>;
  const values = [use.tenantId, use.key, use.hash, JSON.stringify(sale), secretHashOf(secret)];
  return resultOf<Result>(db, openStatement, values);
}
