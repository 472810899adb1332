import { entity } from '../entity.ts';
import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { Resolvers } from '../generated/resolver-types.ts';
import { locationOf, type LocationService } from '../location/location.service.ts';
import { isRefusal } from '@onecount/refusal';
import { saleLoader } from '../sale/sale.loaders.ts';
import { printPage } from './receipt.sql.ts';
import { settingsAt } from './receipt-settings.sql.ts';
import type { ReceiptMailService } from './receipt-mail.service.ts';
import type { ReceiptService } from './receipt.service.ts';

export function receiptResolvers(deps: {
  db: Database;
  locations: LocationService;
  receipts: ReceiptService;
  mail: ReceiptMailService;
}) {
  const { db, locations, receipts, mail } = deps;
  return {
    Query: {
      async receiptSettings(_, place, { caller }) {
        const isOfOne = Boolean(place.locationId ?? place.locationCode);
        const location = isOfOne ? await locationOf(locations, caller, place) : null;
        if (isRefusal(location)) return null;
        const now = { locationId: location?.id ?? null, at: new Date() };
        return db.read(caller.tenantId, (tx) => settingsAt(tx, now));
      },
      receiptMailDelivery: (_, { printId }, { caller }) => mail.delivery(caller, printId),
    },
    Mutation: {
      receiptMail: (_, { input }, { caller }) => mail.request(caller, input),
      receiptPrint: (_, { input }, { caller }) => receipts.print(caller, input),
      receiptSettingsSet: (_, { input }, { caller }) => receipts.setSettings(caller, input),
    },
    ReceiptSettings: {
      location: ({ locationId }) => entity(locationId),
    },
    ReceiptPrint: {
      sale: async ({ saleId }, _, context) => (await saleLoader(db, context).load(saleId))!,
    },
    Sale: {
      async receiptPrints({ id }, args, { caller }) {
        const { first, limit, after } = pageArgs(args, 20);
        const cursor = decodeCursor(after, ['uuid']);
        const rows = await db.read(caller.tenantId, (tx) =>
          printPage(tx, id, { after: cursor, limit }),
        );
        return connectionFrom(rows, { first, after, cursorOf: (print) => [print.id] });
      },
    },
  } satisfies Resolvers;
}
