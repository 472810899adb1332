import type { Database } from '@onecount/db';
import {
  badInput,
  connectionFrom,
  decodeCursor,
  pageArgs,
  type SubgraphContext,
} from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { LifecycleRecord } from '../lifecycle/lifecycle.ts';
import { pagesOfRecords } from '../lifecycle/lifecycle.sql.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { activePassportsOfUnits, passportsByIds } from './passport.sql.ts';
import type { PassportService } from './passport.service.ts';
import type { PassportRow } from './passport.ts';

export type SerialUnitParent = { id: string };
export type AlreadyIssuedParent = { code: string; message: string; serialUnitId: string };

type Deps = { db: Database; issuer: Issuer; service: PassportService };

export function passportResolvers({ db, issuer, service }: Deps): Resolvers {
  const byId = passportLoader(db, 'passport', passportsByIds, (row) => row.id);
  const ofUnit = passportLoader(db, 'unit', activePassportsOfUnits, (row) => row.serialUnitId);
  return {
    Query: {
      passport(_parent, { id, serialUnitId }, context) {
        if (id && !serialUnitId) return byId(context, id);
        if (serialUnitId && !id) return ofUnit(context, serialUnitId);
        throw badInput('Give either id or serialUnitId.', { field: 'id' });
      },
    },
    Mutation: {
      passportIssue: (_parent, { input }, { caller }) => service.issue(caller, input),
    },
    PassportIssueSuccess: {
      passport: async (issued, _args, context) => found(await byId(context, issued.passportId)),
    },
    PassportAlreadyIssued: {
      activePassport: (refusal, _args, context) => ofUnit(context, refusal.serialUnitId),
    },
    Passport: {
      __resolveReference: ({ id }, context) => byId(context, id),
      url: ({ id }) => issuer.urlOf(id),
      serialUnit: ({ serialUnitId }) => ({ id: serialUnitId }),
      lifecycle: (passport, args, context) => lifecyclePage(db, passport, args, context),
    },
    SerialUnit: {
      // Nothing is looked up: whether the unit exists is inventory's to say, and another tenant's id
      // simply has no passport here.
      __resolveReference: ({ id }) => ({ id }),
      passport: ({ id }, _args, context) => ofUnit(context, id),
    },
  };
}

type Find = typeof passportsByIds;

/** One statement for all passports that a request asks for; an id that is none finds nothing. */
function passportLoader(
  db: Database,
  name: string,
  find: Find,
  keyOf: (row: PassportRow) => string,
) {
  return async (context: SubgraphContext, key: string): Promise<PassportRow | undefined> => {
    if (!isUuid(key)) return undefined;
    const loader = context.loader<string, PassportRow | undefined>(name, async (keys) => {
      const rows = await db.read(context.caller.tenantId, (tx) => find(tx, keys));
      const rowOf = new Map(rows.map((row) => [keyOf(row), row]));
      return keys.map((one) => rowOf.get(one));
    });
    return loader.load(key.toLowerCase());
  };
}

function lifecyclePage(
  db: Database,
  passport: PassportRow,
  args: { first?: number | null; after?: string | null },
  context: SubgraphContext,
) {
  const { first, limit, after } = pageArgs(args);
  const cursor = decodeCursor(after, ['time', 'uuid']);
  // Passports of one request mostly ask for the same page: they share one statement.
  const loader = context.loader<string, LifecycleRecord[]>(
    `lifecycle ${limit} ${after ?? ''}`,
    async (serialUnitIds) => {
      const page = { serialUnitIds, after: cursor, limit };
      const rows = await db.read(context.caller.tenantId, (tx) => pagesOfRecords(tx, page));
      const rowsOf = Map.groupBy(rows, (row) => row.serialUnitId);
      return serialUnitIds.map((id) => rowsOf.get(id) ?? []);
    },
  );
  const cursorOf = (record: LifecycleRecord) => [record.occurredAt.toISOString(), record.id];
  return loader
    .load(passport.serialUnitId)
    .then((rows) => connectionFrom(rows, { first, after, cursorOf }));
}

function found(passport: PassportRow | undefined): PassportRow {
  if (!passport) throw new Error('the passport that was issued is not there');
  return passport;
}
