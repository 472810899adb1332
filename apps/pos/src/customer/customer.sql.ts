import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Customer, ListedCustomer, Profile, SharedContact } from './customer.ts';
import { foldedName, termsOf } from './term.ts';

const columns = `c.id, c.version, c.erased_at AS "erasedAt", c.created_at AS "createdAt", c.updated_at AS "updatedAt",
  CASE WHEN p.customer_id IS NOT NULL THEN json_build_object('name', p.name, 'note', p.note, 'emails', p.emails,
    'phones', p.phones, 'addresses', p.addresses, 'sizes', p.sizes) END AS profile`;
const profileOfCustomer = `LEFT JOIN customer_profile p ON p.tenant_id = c.tenant_id AND p.customer_id = c.id`;

const byIdsStatement = sql(
  'pos.customers-by-ids',
  `SELECT a.id AS "askedId", ${columns} FROM customer a
     JOIN customer c ON c.tenant_id = a.tenant_id AND c.id = coalesce(a.merged_into, a.id) ${profileOfCustomer}
    WHERE a.tenant_id = $1 AND a.id = ANY ($2)`,
);

/** The id of a customer who was merged gives the one that was kept. */
export function customersByIds(
  tx: Tx,
  ids: readonly string[],
): Promise<(Customer & { askedId: string })[]> {
  return tx.query(byIdsStatement, [tx.tenantId, ids]);
}

export async function customerById(tx: Tx, id: string): Promise<Customer> {
  return exactlyOne(await customersByIds(tx, [id]));
}

// Not FOR UPDATE: a sale that names the customer refers to its key, and must not wait.
const lockStatement = sql(
  'pos.customer-lock',
  `SELECT merged_into AS "mergedInto" FROM customer WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`,
);

/** The customer, or the one that it was merged into; locked. */
export async function lockCustomer(tx: Tx, id: string): Promise<Customer | undefined> {
  const [row] = await tx.query<{ mergedInto: string | null }>(lockStatement, [tx.tenantId, id]);
  if (!row) return undefined;
  // Read after the lock, not with it: a statement that has waited sees the profile as it was before.
  return row.mergedInto ? lockCustomer(tx, row.mergedInto) : customerById(tx, id);
}

const insertStatement = sql(
  'pos.customer-insert',
  'INSERT INTO customer (tenant_id, id) VALUES ($1, $2)',
);

export async function insertCustomer(tx: Tx, id: string, profile: Profile): Promise<void> {
  await tx.query(insertStatement, [tx.tenantId, id]);
  await saveProfile(tx, id, profile);
}

const bumpStatement = sql(
  'pos.customer-bump',
  `UPDATE customer SET version = version + 1, updated_at = now() WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** Of a customer that is locked. */
export async function bumpVersion(tx: Tx, id: string): Promise<void> {
  exactlyOne(await tx.query(bumpStatement, [tx.tenantId, id]));
}

const profileStatement = sql(
  'pos.customer-profile-save',
  `INSERT INTO customer_profile (tenant_id, customer_id, name, sort_name, note, emails, phones, addresses, sizes)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   ON CONFLICT ON CONSTRAINT customer_profile_pkey DO UPDATE SET name = EXCLUDED.name, sort_name = EXCLUDED.sort_name,
     note = EXCLUDED.note, emails = EXCLUDED.emails, phones = EXCLUDED.phones, addresses = EXCLUDED.addresses,
     sizes = EXCLUDED.sizes`,
);
const termsDeleteStatement = sql(
  'pos.customer-terms-delete',
  'DELETE FROM customer_term WHERE tenant_id = $1 AND customer_id = $2',
);
const termsInsertStatement = sql(
  'pos.customer-terms-insert',
  'INSERT INTO customer_term (tenant_id, customer_id, term) SELECT $1, $2, unnest($3::text[])',
);

/** The profile, and what it is found by. */
export async function saveProfile(tx: Tx, id: string, profile: Profile): Promise<void> {
  const { name, note, emails, phones, addresses, sizes } = profile;
  const lists = [emails, phones, addresses, sizes].map((list) => JSON.stringify(list));
  const values = [tx.tenantId, id, name, foldedName(name), note, ...lists];
  await tx.query(profileStatement, values);
  await tx.query(termsDeleteStatement, [tx.tenantId, id]);
  await tx.query(termsInsertStatement, [tx.tenantId, id, termsOf(profile)]);
}

const profileDeleteStatement = sql(
  'pos.customer-profile-delete',
  'DELETE FROM customer_profile WHERE tenant_id = $1 AND customer_id = $2',
);

export async function deleteProfile(tx: Tx, id: string): Promise<void> {
  await tx.query(profileDeleteStatement, [tx.tenantId, id]);
  await tx.query(termsDeleteStatement, [tx.tenantId, id]);
}

const mergeStatement = sql(
  'pos.customer-merge',
  `UPDATE customer SET merged_into = $3, version = version + 1, updated_at = now()
    WHERE tenant_id = $1 AND (id = $2 OR merged_into = $2)`,
);

/** What was merged into the duplicate before goes with it: an id is never more than one step away. */
export async function mergeInto(tx: Tx, duplicateId: string, keptId: string): Promise<void> {
  await tx.query(mergeStatement, [tx.tenantId, duplicateId, keptId]);
}

const idsStatement = sql(
  'pos.customer-ids',
  'SELECT id FROM customer WHERE tenant_id = $1 AND (id = $2 OR merged_into = $2)',
);

/** Every id that means this customer. */
export async function idsOf(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(idsStatement, [tx.tenantId, id]);
  return rows.map((row) => row.id);
}

/** Everybody who has a term with each of the prefixes, by name. */
export function customerPage(
  tx: Tx,
  prefixes: readonly string[],
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<ListedCustomer[]> {
  const values: unknown[] = [tx.tenantId, limit];
  const bound = (value: unknown) => `$${values.push(value)}`;
  // A range of the primary key of terms: = and < on "C" text may stand beside the policy in one index condition (ADR 0270).
  const having = prefixes.map(
    (prefix) => `p.customer_id IN (SELECT t.customer_id FROM customer_term t
      WHERE t.tenant_id = $1 AND t.term >= ${bound(prefix)} AND t.term < ${bound(`${prefix}\u{10ffff}`)})`,
  );
  if (after)
    having.push(`(p.sort_name, p.customer_id) > (${bound(after[0])}, ${bound(after[1])}::uuid)`);
  const text = `SELECT ${columns}, p.sort_name AS "sortName" FROM customer_profile p
     JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id
    WHERE ${['p.tenant_id = $1', ...having].join(' AND ')} ORDER BY p.sort_name, p.customer_id LIMIT $2`;
  return tx.query<ListedCustomer>(text, values);
}

// A LIMIT in each half: thousands may have one name.
const duplicatesStatement = sql(
  'pos.customer-duplicates',
  `SELECT k.id, o.other FROM unnest($2::uuid[]) AS k(id) CROSS JOIN LATERAL (
     (SELECT b.customer_id FROM customer_term a JOIN customer_term b ON b.tenant_id = a.tenant_id AND b.term = a.term
       WHERE a.tenant_id = $1 AND a.customer_id = k.id AND left(a.term, 2) IN ('e:', 'p:') AND b.customer_id <> k.id LIMIT 20)
     UNION
     (SELECT b.customer_id FROM customer_profile a
        JOIN customer_profile b ON b.tenant_id = a.tenant_id AND b.sort_name = a.sort_name
       WHERE a.tenant_id = $1 AND a.customer_id = k.id AND b.customer_id <> k.id LIMIT 20)
     LIMIT 20) AS o(other)`,
);

export function duplicatesOf(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; other: string }[]> {
  return tx.query(duplicatesStatement, [tx.tenantId, ids]);
}

const sharedStatement = sql(
  'pos.customer-shared-contacts',
  `SELECT term AS contact, (array_agg(customer_id ORDER BY customer_id))[1:20] AS "customerIds" FROM customer_term
    WHERE tenant_id = $1 AND term > $2 AND (term >= 'e:' AND term < 'e;' OR term >= 'p:' AND term < 'p;')
    GROUP BY term HAVING count(*) > 1 ORDER BY term LIMIT $3`,
);

/** `contact` is the term: e:… or p:…. */
export function sharedContacts(
  tx: Tx,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<SharedContact[]> {
  return tx.query<SharedContact>(sharedStatement, [tx.tenantId, after?.[0] ?? '', limit]);
}
