import type { Sources } from '../sources.ts';
import { sqlCheck, type Check } from '../violation.ts';

type Claim = { sale_id: string; what: string };
type SaleState = { id: string; status: string };

// A checkout in flight is no violation; one that nobody drives to its end is.
const graceSeconds = 15;

/** Of a PENDING sale: it is a checkout whose payment may still come. */
export const awaitsPayment = '(commit_key IS NULL AND coalesce(payment_due_at > now(), false))';

/** I3: every checkout ends committed or voided, and what it held ends with it. */
export const noHalfSale: Check[] = [
  sqlCheck({
    promise: 'I3',
    name: `no checkout is pending for more than ${graceSeconds} s`,
    service: 'pos',
    text: `SELECT tenant_id, id, pending_at FROM sale
           WHERE status = 'PENDING' AND NOT ${awaitsPayment}
             AND pending_at < now() - interval '${graceSeconds} seconds'`,
  }),
  sqlCheck({
    promise: 'I3',
    name: `no voided sale waits for its release for more than ${graceSeconds} s`,
    service: 'pos',
    text: `SELECT tenant_id, id, voided_at FROM sale WHERE status = 'VOIDED'
             AND release_confirmed_at IS NULL AND voided_at < now() - interval '${graceSeconds} seconds'`,
  }),
  {
    promise: 'I3',
    name: 'an ended sale holds nothing, and a claim belongs to a sale that is under way',
    find: leftovers,
  },
];

async function leftovers(sources: Sources): Promise<string[]> {
  const claims = await sources.rows<Claim>(
    'inventory',
    `SELECT reference_id AS sale_id, 'a live ' || lower(kind) || ' hold' AS what FROM hold
      WHERE status = 'LIVE' AND reference_kind = 'SALE'
        AND (expires_at IS NULL OR expires_at > now())
     UNION ALL
     SELECT sale_id::text, 'a claim that is neither applied nor released' FROM sale_claim
      WHERE status = 'CLAIMED'`,
  );
  const sales = await sources.rows<SaleState>('pos', 'SELECT id, status FROM sale');
  const statusOf = new Map(sales.map((sale) => [sale.id, sale.status]));
  return claims.flatMap(({ sale_id, what }) => {
    const status = statusOf.get(sale_id);
    const isUnderWay = status === 'PENDING' || (status === 'OPEN' && what === 'a live soft hold');
    return isUnderWay ? [] : [`sale ${sale_id} (${status ?? 'unknown to POS'}) has ${what}`];
  });
}
