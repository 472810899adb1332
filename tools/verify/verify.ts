import { consignments } from './checks/consignments.ts';
import { discounts } from './checks/discounts.ts';
import { exactlyOnce } from './checks/exactly-once.ts';
import { layBys } from './checks/lay-bys.ts';
import { neverSoldTwice } from './checks/never-sold-twice.ts';
import { awaitsPayment, noHalfSale } from './checks/no-half-sale.ts';
import { noSaleLost } from './checks/no-sale-lost.ts';
import { oneCount } from './checks/one-count.ts';
import { rentals } from './checks/rentals.ts';
import { exchanges, returns } from './checks/returns.ts';
import { storedValue } from './checks/stored-value.ts';
import { taxes } from './checks/taxes.ts';
import { tenantWalls } from './checks/tenant-walls.ts';
import { verifiedServices, type Sources, type VerifiedService } from './sources.ts';
import type { Check, Violation } from './violation.ts';

export const checks: Check[] = [
  ...neverSoldTwice,
  ...noSaleLost,
  ...noHalfSale,
  ...oneCount,
  ...exactlyOnce,
  ...returns,
  ...exchanges,
  ...consignments,
  ...discounts,
  ...rentals,
  ...layBys,
  ...storedValue,
  ...taxes,
  ...tenantWalls,
];

/**
 * Holds the promises I1 to I6 against what stands in the databases and the topics. It shares no code
 * with the services: it knows the tables, not how they are written. Run it on a drained system, as
 * events under way look like copies that differ.
 */
export async function findViolations(sources: Sources, only = checks): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const check of only) {
    const found = await check.find(sources);
    violations.push(
      ...found.map((detail) => ({ promise: check.promise, check: check.name, detail })),
    );
  }
  return violations;
}

/** One kind of thing that may be under way. */
export type Unfinished = { what: string; count(): Promise<number> };

const inventoryWaits = [
  ['levels to publish', 'level_dirty'],
  ['units to publish', 'unit_dirty'],
  ['low stock to look at', 'low_stock_due'],
  ['republications', 'republish WHERE finished_at IS NULL'],
] as const;

/** What may be under way in the tables of the services. */
export function unfinishedIn(sources: Sources): Unfinished[] {
  const counted = (service: VerifiedService, what: string, text: string): Unfinished => ({
    what,
    count: async () => Number((await sources.rows<{ n: number }>(service, text))[0]?.n ?? 0),
  });
  return [
    counted(
      'pos',
      'unsettled sales',
      `SELECT count(*) AS n FROM sale WHERE (status = 'PENDING' AND NOT ${awaitsPayment})
         OR (status = 'VOIDED' AND release_confirmed_at IS NULL)`,
    ),
    counted(
      'pos',
      'pieces on their way back to owners',
      `SELECT count(*) AS n FROM consignment_return WHERE status = 'PENDING'`,
    ),
    counted(
      'pos',
      'units that are kept for a rental which is not out',
      'SELECT count(*) AS n FROM rental WHERE settle_after IS NOT NULL',
    ),
    { what: 'claims without an outcome', count: () => claimsUnderWay(sources) },
    ...inventoryWaits.map(([what, table]) =>
      counted('inventory', what, `SELECT count(*) AS n FROM ${table}`),
    ),
    ...verifiedServices.map((service) =>
      counted(
        service,
        `outbox rows of ${service}`,
        `SELECT count(*) AS n FROM outbox WHERE published_at IS NULL AND refused_reason IS NULL`,
      ),
    ),
  ];
}

// The claim of a checkout that awaits its payment stays until that comes, or until its time is over.
async function claimsUnderWay(sources: Sources): Promise<number> {
  const awaited = await sources.rows<{ id: string }>(
    'pos',
    `SELECT id FROM sale WHERE status = 'PENDING' AND ${awaitsPayment}`,
  );
  const [claims] = await sources.rows<{ n: number }>(
    'inventory',
    `SELECT count(*) AS n FROM sale_claim WHERE status = 'CLAIMED' AND sale_id <> ALL ($1)`,
    [awaited.map(({ id }) => id)],
  );
  return claims!.n;
}

/** What is still under way, as text; null when everything has drained. */
export async function underWay(sources: Sources): Promise<string | null> {
  return asText(unfinishedIn(sources));
}

export async function asText(unfinished: Unfinished[]): Promise<string | null> {
  const parts = await Promise.all(
    unfinished.map(async ({ what, count }) => ({ what, n: await count() })),
  );
  const left = parts.filter(({ n }) => n > 0).map(({ what, n }) => `${n} ${what}`);
  return left.length === 0 ? null : left.join(', ');
}
