import type { Database } from '@onecount/db';
import {
  badInput,
  connectionFrom,
  decodeCursor,
  pageArgs,
  type SubgraphContext,
} from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { RepairService } from './repair.service.ts';
import { repairByTicket, repairPagesOfUnits, repairsByIds, repairsPage } from './repair.sql.ts';
import { nextStages, stages, type RepairRow, type RepairStage } from './repair.ts';

export type SerialUnitParent = { id: string };

type PageArgs = { first?: number | null; after?: string | null };
type Deps = { db: Database; service: RepairService };

export function repairResolvers({ db, service }: Deps): Resolvers {
  const byId = repairLoader(db);
  const repairOf = async (answer: { repairId: string }, _args: unknown, context: SubgraphContext) =>
    found(await byId(context, answer.repairId));
  return {
    Query: {
      repair(_parent, { id, ticketNumber }, context) {
        if (id && !ticketNumber) return byId(context, id);
        if (ticketNumber && !id)
          return db.read(context.caller.tenantId, (tx) => repairByTicket(tx, ticketNumber));
        throw badInput('Give either id or ticketNumber.', { field: 'id' });
      },
      repairs: (_parent, args, { caller }) => repairsList(db, caller.tenantId, args),
    },
    Mutation: {
      repairOpen: (_parent, { input }, { caller }) => service.open(caller, input),
      repairStageSet: (_parent, { input }, { caller }) => service.setStage(caller, input),
    },
    RepairOpenSuccess: { repair: repairOf },
    RepairStageSetSuccess: { repair: repairOf },
    Repair: {
      __resolveReference: ({ id }, context) => byId(context, id),
      serialUnit: ({ serialUnitId }) => (serialUnitId ? { id: serialUnitId } : null),
      nextStages: ({ stage }) => [...nextStages[stage]],
    },
    SerialUnit: {
      // Whether the unit exists is inventory's to say; another tenant's id simply has no repairs here.
      __resolveReference: ({ id }) => ({ id }),
      repairs: ({ id }, args, context) => repairsOfUnit(db, id, args, context),
    },
  };
}

/** One statement for all repairs that a request asks for; an id that is none finds nothing. */
function repairLoader(db: Database) {
  return async (context: SubgraphContext, id: string): Promise<RepairRow | undefined> => {
    if (!isUuid(id)) return undefined;
    const loader = context.loader<string, RepairRow | undefined>('repair', async (ids) => {
      const rows = await db.read(context.caller.tenantId, (tx) => repairsByIds(tx, ids));
      const rowOf = new Map(rows.map((row) => [row.id, row]));
      return ids.map((one) => rowOf.get(one));
    });
    return loader.load(id.toLowerCase());
  };
}

const cursorOf = (repair: RepairRow) => [repair.id];

async function repairsList(
  db: Database,
  tenantId: string,
  args: PageArgs & { stage?: RepairStage | null },
) {
  const { first, limit, after } = pageArgs(args);
  const cursor = decodeCursor(after, ['uuid']);
  const page = { after: cursor?.[0], stages: args.stage ? [args.stage] : stages, limit };
  const rows = await db.read(tenantId, (tx) => repairsPage(tx, page));
  return connectionFrom(rows, { first, after, cursorOf });
}

async function repairsOfUnit(
  db: Database,
  unitId: string,
  args: PageArgs,
  context: SubgraphContext,
) {
  const { first, limit, after } = pageArgs(args);
  const cursor = decodeCursor(after, ['uuid']);
  if (!isUuid(unitId)) return connectionFrom<RepairRow>([], { first, after, cursorOf });
  // Units of one request mostly ask for the same page: they share one statement.
  const loader = context.loader<string, RepairRow[]>(
    `repairs ${limit} ${after ?? ''}`,
    async (serialUnitIds) => {
      const page = { serialUnitIds, after: cursor?.[0], limit };
      const rows = await db.read(context.caller.tenantId, (tx) => repairPagesOfUnits(tx, page));
      const rowsOf = Map.groupBy(rows, (row) => row.serialUnitId);
      return serialUnitIds.map((id) => rowsOf.get(id) ?? []);
    },
  );
  return connectionFrom(await loader.load(unitId.toLowerCase()), { first, after, cursorOf });
}

function found(repair: RepairRow | undefined): RepairRow {
  if (!repair) throw new Error('the repair that was answered is not there');
  return repair;
}
