import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../generated/resolver-types.ts';
import { listingsOfConnection } from '../listing/listing.sql.ts';
import type { ListingRow } from '../listing/listing.ts';
import { seenLocationCodes } from '../stock-copy/level.sql.ts';
import type { ConnectionService } from './connection.service.ts';
import { allConnections, connectionsByIds, secretOf } from './connection.sql.ts';
import { statusOf, type ConnectionRow } from './connection.ts';

type Deps = { db: Database; service: ConnectionService };
type PageArgs = { first?: number | null; after?: string | null };

export function connectionResolvers({ db, service }: Deps): Resolvers {
  const answered = async (
    { connectionId }: { connectionId: string },
    _args: unknown,
    context: SubgraphContext,
  ) => found(await loadConnection(db, context, connectionId));
  return {
    Query: {
      connection: (_parent, { id }, context) => loadConnection(db, context, id),
      connections: (_parent, _args, { caller }) => db.read(caller.tenantId, allConnections),
    },
    Mutation: {
      connectionCreate: (_parent, { input }, { caller }) => service.create(caller, input),
      connectionPause: (_parent, { input }, { caller }) => service.pause(caller, input),
      connectionResume: (_parent, { input }, { caller }) => service.resume(caller, input),
    },
    ConnectionCreateSuccess: {
      connection: answered,
      webhookSecret: ({ connectionId }, _args, { caller }) =>
        db.read(caller.tenantId, (tx) => secretOf(tx, connectionId)),
    },
    ConnectionPauseSuccess: { connection: answered },
    ConnectionResumeSuccess: { connection: answered },
    Connection: {
      __resolveReference: ({ id }, context) => loadConnection(db, context, id),
      status: statusOf,
      locationCodesUnseen: (connection, _args, { caller }) =>
        unseenCodes(db, caller.tenantId, connection),
      listings: ({ id }, args, { caller }) => listingsPage(db, caller.tenantId, { id, args }),
    },
  };
}

/** One statement for all connections that a request asks for; an id that is none finds nothing. */
export async function loadConnection(
  db: Database,
  context: SubgraphContext,
  id: string,
): Promise<ConnectionRow | undefined> {
  if (!isUuid(id)) return undefined;
  const loader = context.loader<string, ConnectionRow | undefined>('connection', async (ids) => {
    const rows = await db.read(context.caller.tenantId, (tx) => connectionsByIds(tx, ids));
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    return ids.map((one) => rowOf.get(one));
  });
  return loader.load(id.toLowerCase());
}

export function found(connection: ConnectionRow | undefined): ConnectionRow {
  if (!connection) throw new Error('the connection that was answered is not there');
  return connection;
}

async function unseenCodes(
  db: Database,
  tenantId: string,
  { locationCodes }: ConnectionRow,
): Promise<string[]> {
  if (!locationCodes) return [];
  const seen = new Set(await db.read(tenantId, (tx) => seenLocationCodes(tx, locationCodes)));
  return locationCodes.filter((code) => !seen.has(code));
}

async function listingsPage(
  db: Database,
  tenantId: string,
  { id, args }: { id: string; args: PageArgs },
) {
  const { first, limit, after } = pageArgs(args);
  const cursor = decodeCursor(after, ['uuid']);
  const page = { connectionId: id, after: cursor?.[0], limit };
  const rows = await db.read(tenantId, (tx) => listingsOfConnection(tx, page));
  return connectionFrom(rows, { first, after, cursorOf: (row: ListingRow) => [row.id] });
}
