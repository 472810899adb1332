import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isGiven, isStorable, isUuid } from '@onecount/refusal';
import { customerLoader } from '../customer/customer.loaders.ts';
import type {
  CustomerResolvers,
  GiftCardBalanceResolvers,
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleLineResolvers,
  StoredValueEntryResolvers,
  StoredValueResolvers,
  TenderResolvers,
} from '../generated/resolver-types.ts';
import { rowLoader } from '../row-loader.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import { giftCardBalance } from './gift-card-balance.ts';
import type { GiftCardLineService } from './gift-card-line.service.ts';
import {
  cardByCode,
  creditByNumber,
  creditsOf,
  entryPage,
  storedValuePage,
  storedValuesByIds,
} from './stored-value.queries.ts';
import type { StoredValueService } from './stored-value.service.ts';
import { settingsNow } from './stored-value.sql.ts';
import { maskedNumber, type StoredValue, type StoredValueEntry } from './stored-value.ts';

type Deps = { db: Database; values: StoredValueService; lines: GiftCardLineService };

export const storedValueLoader = rowLoader('stored-value', storedValuesByIds, ({ id }) => id);

export function storedValueResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    Mutation: {
      storedValueIssue: (_, { input }, { caller }) => deps.values.issue(caller, input),
      storedValueBlock: (_, { input }, { caller }) => deps.values.block(caller, input),
      giftCardReplace: (_, { input }, { caller }) => deps.values.replace(caller, input),
      storedValueSettingsSet: (_, { input }, { caller }) => deps.values.setSettings(caller, input),
      giftCardLineAdd: (_, { input }, { caller }) => deps.lines.add(caller, input),
    } satisfies MutationResolvers,
    StoredValue: valueFields(deps),
    StoredValueEntry: entryFields(deps),
    GiftCardBalance: { balance: balanceOf, maskedNumber } satisfies GiftCardBalanceResolvers,
    Customer: {
      storeCredits: ({ id }, _, { caller }) =>
        deps.db.read(caller.tenantId, (tx) => creditsOf(tx, id)),
    } satisfies CustomerResolvers,
    SaleLine: {
      giftCard: ({ giftCardId }, _, context) =>
        giftCardId ? storedValueLoader(deps.db, context).load(giftCardId) : null,
    } satisfies SaleLineResolvers,
    Tender: tenderFields(deps),
  } satisfies Resolvers;
}

const balanceOf = ({ balanceMinor, currencyCode }: StoredValue | StoredValueEntry) =>
  moneyOf({ amountMinor: balanceMinor, currencyCode });

function queries({ db }: Deps) {
  return {
    async storedValue(_, names, { caller }) {
      const given = Object.values(names).filter(isGiven);
      if (given.length !== 1)
        throw badInput('Give exactly one of id, giftCardCode and storeCreditNumber.', {
          field: 'id',
        });
      const { id, giftCardCode, storeCreditNumber } = names;
      if (!given.every(isStorable) || (id && !isUuid(id))) return null;
      return db.read(caller.tenantId, async (tx) => {
        if (id) return (await storedValuesByIds(tx, [id]))[0] ?? null;
        return giftCardCode ? cardByCode(tx, giftCardCode) : creditByNumber(tx, storeCreditNumber!);
      });
    },
    async storedValues(_, { filter, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const asked = filter ?? {};
      if (isGiven(asked.customerId) && !isUuid(asked.customerId))
        throw badInput('customerId is no id of ours.', { field: 'customerId' });
      if (isGiven(asked.lastFour) && !/^[0-9A-Za-z]{4}$/.test(asked.lastFour))
        throw badInput('lastFour has four signs.', { field: 'lastFour' });
      const wanted = { ...asked, lastFour: asked.lastFour?.toUpperCase() };
      const rows = await db.read(caller.tenantId, (tx) =>
        storedValuePage(tx, wanted, { after: cursor, limit }),
      );
      const cursorOf = ({ position, id }: StoredValue) => [position, id];
      return connectionFrom(rows, { first, after, cursorOf });
    },
    giftCardBalance: (_, { code }, { caller }) => giftCardBalance(db, caller, code),
    storedValueSettings: (_, __, { caller }) => db.read(caller.tenantId, settingsNow),
  } satisfies QueryResolvers;
}

function valueFields({ db }: Deps) {
  return {
    __resolveReference: ({ id }, context) =>
      isUuid(id) ? storedValueLoader(db, context).load(id.toLowerCase()) : null,
    maskedNumber,
    balance: balanceOf,
    customer: ({ customerId }, _, context) =>
      customerId === null ? null : customerLoader(db, context).load(customerId),
    replacedBy: ({ replacedBy }, _, context) =>
      replacedBy === null ? null : storedValueLoader(db, context).load(replacedBy),
    async entries({ id }, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['integer']);
      const rows = await db.read(caller.tenantId, (tx) =>
        entryPage(tx, id, { after: cursor, limit }),
      );
      const cursorOf = ({ number }: StoredValueEntry) => [number];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies StoredValueResolvers;
}

function entryFields({ db }: Deps) {
  return {
    amount: moneyOf,
    balance: balanceOf,
    sale: ({ saleId }, _, context) =>
      saleId === null ? null : saleLoader(db, context).load(saleId),
    other: ({ otherId }, _, context) =>
      otherId === null ? null : storedValueLoader(db, context).load(otherId),
  } satisfies StoredValueEntryResolvers;
}

function tenderFields({ db }: Deps) {
  return {
    storedValue: ({ storedValue }, _, context) =>
      storedValue ? storedValueLoader(db, context).load(storedValue.id) : null,
    maskedNumber: ({ kind, storedValue }) =>
      storedValue ? maskedNumber({ kind, number: storedValue.number }) : null,
    left({ storedValue, currencyCode }) {
      const amountMinor = storedValue?.leftMinor ?? null;
      return amountMinor === null ? null : moneyOf({ amountMinor, currencyCode });
    },
  } satisfies TenderResolvers;
}
