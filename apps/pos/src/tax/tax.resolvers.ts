import { entity } from '../entity.ts';
import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf, sumMinor } from '@onecount/money';
import { isRefusal } from '@onecount/refusal';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { LocationService } from '../location/location.service.ts';
import { isShown, owedTotal, taxesNow } from './sale-tax.ts';
import type { SaleTaxService } from './sale-tax.service.ts';
import { rulePage } from './tax-rule.sql.ts';
import { taxSettingsNow } from './tax-settings.sql.ts';
import { placeOf, type TaxService } from './tax.service.ts';
import { addedMinor, componentsOf, type LineTax } from './tax.ts';

type Deps = {
  db: Database;
  locations: LocationService;
  taxes: TaxService;
  saleTaxes: SaleTaxService;
};

export function taxResolvers({ db, locations, taxes, saleTaxes }: Deps) {
  return {
    Query: {
      async taxRules(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args, 50);
        const cursor = decodeCursor(after, ['uuid']);
        const includesCancelled = args.includesCancelled ?? false;
        const rows = await db.read(caller.tenantId, (tx) =>
          rulePage(tx, { after: cursor, limit, includesCancelled }),
        );
        return connectionFrom(rows, { first, after, cursorOf: ({ id }) => [id] });
      },
      async taxSettings(_, place, { caller }) {
        const location = await placeOf(locations, caller, place);
        if (isRefusal(location)) return null;
        return db.read(caller.tenantId, (tx) => taxSettingsNow(tx, location?.id ?? null));
      },
    },
    Mutation: {
      taxRuleAdd: (_, { input }, { caller }) => taxes.addRule(caller, input),
      taxRuleCancel: (_, { input }, { caller }) => taxes.cancelRule(caller, input),
      taxSettingsUpdate: (_, { input }, { caller }) => taxes.updateSettings(caller, input),
      saleTaxExempt: (_, { input }, { caller }) => saleTaxes.exempt(caller, input),
      saleLineMarginSet: (_, { input }, { caller }) => saleTaxes.setMargin(caller, input),
    },
    TaxRule: { location: ({ locationId }) => entity(locationId) },
    TaxSettings: {
      location: ({ locationId }) => entity(locationId),
      cashRounding: ({ cashSteps }) =>
        Object.entries(cashSteps).map(([currencyCode, amountMinor]) => ({
          currencyCode,
          step: moneyOf({ amountMinor, currencyCode }),
        })),
    },
    Sale: {
      tax: (sale) =>
        summaryOf(taxesNow(sale), {
          dueMinor: owedTotal(sale) - sale.roundingMinor,
          currencyCode: sale.currencyCode,
        }),
      marginTax: (sale) =>
        componentsIn(
          taxesNow(sale).filter((tax) => !isShown(tax)),
          sale.currencyCode,
        ),
      roundingAdjustment: ({ roundingMinor, currencyCode }) =>
        moneyOf({ amountMinor: roundingMinor, currencyCode }),
    },
    SaleReturn: {
      tax: ({ taxes: back, totalMinor, currencyCode }) =>
        summaryOf(back, { dueMinor: totalMinor, currencyCode }),
    },
    SaleLine: {
      tax: ({ taxes: own, totalMinor, currencyCode }) =>
        summaryOf(own, { dueMinor: totalMinor + addedMinor(own), currencyCode }),
    },
  } satisfies Resolvers;
}

/** Of an amount that is due with its tax. */
function summaryOf(
  all: readonly Omit<LineTax, 'addedMinor'>[],
  { dueMinor, currencyCode }: { dueMinor: number; currencyCode: string },
) {
  const shown = all.filter(isShown);
  const taxMinor = sumMinor(shown.map((tax) => tax.taxMinor));
  return {
    total: moneyOf({ amountMinor: taxMinor, currencyCode }),
    net: moneyOf({ amountMinor: dueMinor - taxMinor, currencyCode }),
    components: componentsIn(shown, currencyCode),
  };
}

function componentsIn(taxes: readonly Omit<LineTax, 'addedMinor'>[], currencyCode: string) {
  return componentsOf(taxes).map(({ component, rate, scheme, baseMinor, taxMinor }) => ({
    ...{ name: component, rate, scheme },
    net: moneyOf({ amountMinor: baseMinor, currencyCode }),
    amount: moneyOf({ amountMinor: taxMinor, currencyCode }),
  }));
}
