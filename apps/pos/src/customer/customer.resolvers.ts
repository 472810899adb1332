import type { Database } from '@onecount/db';
import {
  badInput,
  connectionFrom,
  decodeCursor,
  pageArgs,
  type SubgraphContext,
} from '@onecount/graphql';
import { isGiven, isStorable, isUuid } from '@onecount/refusal';
import type {
  CustomerDuplicatesResolvers,
  CustomerResolvers,
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleResolvers,
} from '../generated/resolver-types.ts';
import { salePage } from '../sale/sale.queries.ts';
import type { CustomerPrivacyService } from './customer-privacy.service.ts';
import { consentLoader, customerLoader, duplicatesLoader } from './customer.loaders.ts';
import type { CustomerService } from './customer.service.ts';
import { customerPage, idsOf, sharedContacts } from './customer.sql.ts';
import type { Customer } from './customer.ts';
import type { SaleCustomerService } from './sale-customer.service.ts';
import { contactOf, prefixesOf } from './term.ts';

type Context = SubgraphContext;
type Deps = {
  db: Database;
  customers: CustomerService;
  privacy: CustomerPrivacyService;
  buyers: SaleCustomerService;
};

export function customerResolvers(deps: Deps) {
  return {
    Query: customerQueries(deps),
    Mutation: customerMutations(deps),
    Customer: customerFields(deps),
    CustomerDuplicates: {
      contact: ({ contact }) => contactOf(contact),
      customers: ({ customerIds }, _, context) => loadedAll(deps.db, context, customerIds),
    } satisfies CustomerDuplicatesResolvers,
    Sale: {
      customer: ({ customerId }, _, context) =>
        customerId === null ? null : customerLoader(deps.db, context).load(customerId),
    } satisfies SaleResolvers,
  } satisfies Resolvers;
}

function customerMutations({ customers, privacy, buyers }: Deps) {
  return {
    customerCreate: (_, { input }, { caller }) => customers.create(caller, input),
    customerUpdate: (_, { input }, { caller }) => customers.update(caller, input),
    customerConsentRecord: (_, { input }, { caller }) => customers.recordConsent(caller, input),
    customersMerge: (_, { input }, { caller }) => customers.merge(caller, input),
    customerErase: (_, { input }, { caller }) => privacy.erase(caller, input),
    saleCustomerSet: (_, { input }, { caller }) => buyers.set(caller, input),
    customerExport: (_, { input }, { caller }) => privacy.exportAll(caller, input),
  } satisfies MutationResolvers;
}

function customerQueries({ db }: Deps) {
  return {
    customer: (_, { id }, context) =>
      isUuid(id) ? customerLoader(db, context).load(id.toLowerCase()) : null,
    async customers(_, { query, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['text', 'uuid']);
      const prefixes = wanted(query);
      const rows = await db.read(caller.tenantId, (tx) =>
        customerPage(tx, prefixes, { after: cursor, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ sortName, id }) => [sortName, id] });
    },
    async customerDuplicates(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['text']);
      const rows = await db.read(caller.tenantId, (tx) =>
        sharedContacts(tx, { after: cursor, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ contact }) => contact });
    },
  } satisfies QueryResolvers;
}

const queryLengthMax = 100;
const prefixesMax = 8;

// What was asked stays out of the error: it is a name or a number.
function wanted(query: string | null | undefined): string[] {
  if (!isGiven(query) || query.trim() === '') return [];
  const prefixes = query.length <= queryLengthMax && isStorable(query) ? prefixesOf(query) : [];
  if (prefixes.length > 0 && prefixes.length <= prefixesMax) return prefixes;
  throw badInput(`query must be 1 to ${prefixesMax} words, 1–${queryLengthMax} characters.`, {
    field: 'query',
  });
}

function customerFields({ db }: Deps) {
  const listOf =
    <Name extends 'emails' | 'phones' | 'addresses' | 'sizes'>(name: Name) =>
    ({ profile }: Customer) =>
      profile?.[name] ?? [];
  return {
    isErased: ({ erasedAt }) => erasedAt !== null,
    name: ({ profile }) => profile?.name ?? null,
    note: ({ profile }) => profile?.note ?? null,
    emails: listOf('emails'),
    phones: listOf('phones'),
    addresses: listOf('addresses'),
    sizes: listOf('sizes'),
    consents: ({ id }, _, context) => consentLoader(db, context).load(id),
    duplicates: async ({ id }, _, context) =>
      loadedAll(db, context, await duplicatesLoader(db, context).load(id)),
    async sales({ id }, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const rows = await db.read(caller.tenantId, async (tx) =>
        salePage(
          tx,
          { customerIds: await idsOf(tx, id) },
          { after: cursor, limit, includesEmpty: false },
        ),
      );
      const cursorOf = ({ sale, openedAt }: (typeof rows)[number]) => [openedAt, sale.id];
      const page = connectionFrom(rows, { first, after, cursorOf });
      const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: node.sale }));
      return { ...page, edges, nodes: edges.map(({ node }) => node) };
    },
  } satisfies CustomerResolvers;
}

async function loadedAll(db: Database, context: Context, ids: string[]): Promise<Customer[]> {
  const found = await Promise.all(ids.map((id) => customerLoader(db, context).load(id)));
  return found.filter((customer) => customer !== null);
}
