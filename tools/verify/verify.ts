import { exactlyOnce } from './checks/exactly-once.ts';
import { neverSoldTwice } from './checks/never-sold-twice.ts';
import { noHalfSale } from './checks/no-half-sale.ts';
import { noSaleLost } from './checks/no-sale-lost.ts';
import { oneCount } from './checks/one-count.ts';
import { tenantWalls } from './checks/tenant-walls.ts';
import { verifiedServices, type Sources } from './sources.ts';
import type { Check, Violation } from './violation.ts';

export const checks: Check[] = [
  ...neverSoldTwice,
  ...noSaleLost,
  ...noHalfSale,
  ...oneCount,
  ...exactlyOnce,
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

/** What is still under way, as text; null when everything has drained. */
export async function underWay(sources: Sources): Promise<string | null> {
  const pending = await sources.rows<{ n: number }>(
    'pos',
    `SELECT count(*) AS n FROM sale
     WHERE status = 'PENDING' OR (status = 'VOIDED' AND release_confirmed_at IS NULL)`,
  );
  const inventory = await sources.rows<{ what: string; n: number }>(
    'inventory',
    `SELECT 'levels to publish' AS what, count(*) AS n FROM level_dirty
     UNION ALL SELECT 'units to publish', count(*) FROM unit_dirty
     UNION ALL SELECT 'low stock to look at', count(*) FROM low_stock_due
     UNION ALL SELECT 'republications', count(*) FROM republish WHERE finished_at IS NULL
     UNION ALL SELECT 'claims without an outcome', count(*) FROM sale_claim WHERE status = 'CLAIMED'`,
  );
  const waiting = await Promise.all(
    verifiedServices.map((service) =>
      sources.rows<{ n: number }>(
        service,
        `SELECT count(*) AS n FROM outbox WHERE published_at IS NULL AND refused_reason IS NULL`,
      ),
    ),
  );
  const parts = [
    `${pending[0]?.n ?? 0} unsettled sales`,
    ...inventory.map(({ what, n }) => `${n} ${what}`),
    `${waiting.reduce((sum, rows) => sum + (rows[0]?.n ?? 0), 0)} outbox rows`,
  ].filter((part) => !part.startsWith('0 '));
  return parts.length === 0 ? null : parts.join(', ');
}
