import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { Resolvers } from '../generated/resolver-types.ts';
import { returnLoader } from '../return/return.loaders.ts';
import type { ReturnReceiptService } from './return-receipt.service.ts';
import { returnPrintPage } from './return-receipt.sql.ts';

type Deps = { db: Database; receipts: ReturnReceiptService };

export function returnReceiptResolvers({ db, receipts }: Deps) {
  return {
    Mutation: {
      returnPrint: (_, { input }, { caller }) => receipts.print(caller, input),
    },
    ReturnPrint: {
      saleReturn: async ({ returnId }, _, context) =>
        (await returnLoader(db, context).load(returnId))!,
    },
    SaleReturn: {
      async prints({ id }, args, { caller }) {
        const { first, limit, after } = pageArgs(args, 20);
        const cursor = decodeCursor(after, ['uuid']);
        const rows = await db.read(caller.tenantId, (tx) =>
          returnPrintPage(tx, id, { after: cursor, limit }),
        );
        return connectionFrom(rows, { first, after, cursorOf: (print) => [print.id] });
      },
    },
  } satisfies Resolvers;
}
