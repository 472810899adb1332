import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { currentConsents } from './consent.sql.ts';
import type { Consent, Customer } from './customer.ts';
import { customersByIds, duplicatesOf } from './customer.sql.ts';

export function customerLoader(db: Database, context: SubgraphContext) {
  const { tenantId } = context.caller;
  return context.loader<string, Customer | null>('customer', async (ids) => {
    const rows = await db.read(tenantId, (tx) => customersByIds(tx, ids));
    const byId = new Map(rows.map(({ askedId, ...customer }) => [askedId, customer]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export function consentLoader(db: Database, context: SubgraphContext) {
  const { tenantId } = context.caller;
  return context.loader<string, Consent[]>('customer-consents', async (ids) => {
    const rows = await db.read(tenantId, (tx) => currentConsents(tx, ids));
    const byCustomer = Map.groupBy(rows, ({ customerId }) => customerId);
    return ids.map((id) => byCustomer.get(id) ?? []);
  });
}

/** Ids of those who may be the same person. */
export function duplicatesLoader(db: Database, context: SubgraphContext) {
  const { tenantId } = context.caller;
  return context.loader<string, string[]>('customer-duplicates', async (ids) => {
    const rows = await db.read(tenantId, (tx) => duplicatesOf(tx, ids));
    const byCustomer = Map.groupBy(rows, ({ id }) => id);
    return ids.map((id) => (byCustomer.get(id) ?? []).map(({ other }) => other));
  });
}
