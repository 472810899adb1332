import type { Database } from '@onecount/db';
import {
  badInput,
  connectionFrom,
  decodeCursor,
  pageArgs,
  type SubgraphContext,
} from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import { customerLoader } from '../customer/customer.loaders.ts';
import { customersByIds, idsOf } from '../customer/customer.sql.ts';
import { entity } from '../entity.ts';
import type {
  ConsignmentAgreementResolvers,
  ConsignmentEntryResolvers,
  ConsignmentPieceResolvers,
  ConsignmentReturnResolvers,
  ConsignmentStatementResolvers,
  MutationResolvers,
  QueryResolvers,
  Resolvers,
} from '../generated/resolver-types.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import { agreementLoader, pieceLoader } from './consignment.loaders.ts';
import type { ConsignmentService } from './consignment.service.ts';
import {
  accountsOf,
  agreementPage,
  entryPage,
  piecePage,
  statementSums,
  type Account,
  type Period,
  type Sums,
} from './consignment.sql.ts';
import { percentOf } from './consignment.ts';
import type { PieceReturnService } from './piece-return.service.ts';

type Deps = { db: Database; consignments: ConsignmentService; returns: PieceReturnService };
type Context = SubgraphContext;

export type Statement = Period & Sums & { ownerId: string };

export function consignmentResolvers(deps: Deps) {
  const { consignments, returns } = deps;
  return {
    Query: queries(deps),
    Mutation: {
      consignmentOpen: (_, { input }, { caller }) => consignments.open(caller, input),
      consignmentPieceAdd: (_, { input }, { caller }) => consignments.add(caller, input),
      consignmentPieceReturn: (_, { input }, { caller }) => returns.giveBack(caller, input),
      consignmentEnd: (_, { input }, { caller }) => consignments.end(caller, input),
      consignmentPay: (_, { input }, { caller }) => consignments.pay(caller, input),
    } satisfies MutationResolvers,
    ConsignmentAgreement: agreementFields(deps),
    ConsignmentPiece: pieceFields(deps),
    ConsignmentEntry: entryFields(deps),
    ConsignmentReturn: {
      piece: async ({ pieceId }, _, context) =>
        (await pieceLoader(deps.db, context).load(pieceId))!,
    } satisfies ConsignmentReturnResolvers,
    ConsignmentStatement: statementFields(deps),
  } satisfies Resolvers;
}

const money = (amountMinor: number, { currencyCode }: { currencyCode: string }) =>
  moneyOf({ amountMinor, currencyCode });
const moneyIf = (amountMinor: number | null, of: { currencyCode: string }) =>
  amountMinor === null ? null : money(amountMinor, of);

function queries({ db }: Deps) {
  return {
    consignmentAgreement: (_, { id }, context) =>
      isUuid(id) ? agreementLoader(db, context).load(id.toLowerCase()) : null,
    async consignmentAgreements(_, { ownerId = null, isOpen = null, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      if (ownerId !== null && !isUuid(ownerId))
        throw badInput('ownerId is no id of ours.', { field: 'ownerId', value: ownerId });
      const rows = await db.read(caller.tenantId, async (tx) => {
        const ownerIds = ownerId === null ? null : await idsOf(tx, ownerId);
        return agreementPage(tx, { ownerIds, isOpen }, { after: cursor, limit });
      });
      return connectionFrom(rows, { first, after, cursorOf: ({ position, id }) => [position, id] });
    },
    async consignmentStatement(_, { ownerId, currencyCode, ...period }, { caller }) {
      const [from, to] = [new Date(period.from), new Date(period.to)];
      if (to <= from) throw badInput('to is after from.', { field: 'to', value: to.toISOString() });
      if (!isUuid(ownerId)) return null;
      return db.read(caller.tenantId, async (tx) => {
        const [owner] = await customersByIds(tx, [ownerId]);
        if (!owner) return null;
        const of: Period = { ownerIds: await idsOf(tx, owner.id), currencyCode, from, to };
        return { ...of, ...(await statementSums(tx, of)), ownerId: owner.id };
      });
    },
  } satisfies QueryResolvers;
}

function accountsLoader(db: Database, context: Context) {
  return context.loader<string, Account[]>('consignment-accounts', async (ids) => {
    const rows = await db.read(context.caller.tenantId, (tx) => accountsOf(tx, ids));
    const byAgreement = Map.groupBy(rows, ({ agreementId }) => agreementId);
    return ids.map((id) => byAgreement.get(id) ?? []);
  });
}

function agreementFields({ db }: Deps) {
  return {
    owner: async ({ ownerId }, _, context) => (await customerLoader(db, context).load(ownerId))!,
    ownerSharePercent: ({ shareBasisPoints }) =>
      shareBasisPoints === null ? null : percentOf(shareBasisPoints),
    amountOwed: (of) => moneyIf(of.owedMinor, of),
    minimumPrice: (of) => moneyIf(of.minimumMinor, of),
    owed: async ({ id }, _, context) =>
      (await accountsLoader(db, context).load(id)).map((of) => money(of.balanceMinor, of)),
    async pieces({ id }, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const rows = await db.read(caller.tenantId, (tx) =>
        piecePage(tx, id, { after: cursor, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: (row) => [row.position, row.id] });
    },
  } satisfies ConsignmentAgreementResolvers;
}

function pieceFields({ db }: Deps) {
  return {
    agreement: async ({ agreementId }, _, context) =>
      (await agreementLoader(db, context).load(agreementId))!,
    serialUnit: ({ serialUnitId }) => entity(serialUnitId),
    returnedQuantity: ({ returningQuantity, returnedQuantity }) =>
      returningQuantity + returnedQuantity,
    amountOwed: (of) => moneyIf(of.owedMinor, of),
    minimumPrice: (of) => moneyIf(of.minimumMinor, of),
  } satisfies ConsignmentPieceResolvers;
}

function entryFields({ db }: Deps) {
  return {
    agreement: async ({ agreementId }, _, context) =>
      (await agreementLoader(db, context).load(agreementId))!,
    amount: (of) => money(of.amountMinor, of),
    balance: (of) => money(of.balanceMinor, of),
    piece: ({ pieceId }, _, context) =>
      pieceId === null ? null : pieceLoader(db, context).load(pieceId),
    async paid({ paidMinor, saleId }, _, context) {
      if (paidMinor === null) return null;
      // What a buyer paid is in the currency of the sale; a fixed amount that is owed may be in another.
      return money(paidMinor, (await saleLoader(db, context).load(saleId!))!);
    },
    sale: ({ saleId }, _, context) =>
      saleId === null ? null : saleLoader(db, context).load(saleId),
  } satisfies ConsignmentEntryResolvers;
}

function statementFields({ db }: Deps) {
  return {
    owner: async ({ ownerId }, _, context) => (await customerLoader(db, context).load(ownerId))!,
    opening: (of) => money(of.openingMinor, of),
    sold: (of) => money(of.soldMinor, of),
    takenBack: (of) => money(of.takenBackMinor, of),
    paid: (of) => money(of.paidMinor, of),
    closing: (of) => money(of.openingMinor + of.soldMinor - of.takenBackMinor - of.paidMinor, of),
    async entries(of, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const rows = await db.read(caller.tenantId, (tx) =>
        entryPage(tx, of, { after: cursor, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: (row) => [row.position, row.id] });
    },
  } satisfies ConsignmentStatementResolvers;
}
