import type { Database } from '@onecount/db';
import { createDownload, sdlIn, type Module } from '@onecount/service';
import { signingOf } from '../config.ts';
import { contentTypeOf, filenameOf } from '../receipt/receipt.ts';
import { createUnitNumberClient, unitNumbersTimeoutMs } from '../receipt/unit-number.client.ts';
import type { PosDeps } from '../shared.ts';
import { returnReceiptResolvers } from './return-receipt.resolvers.ts';
import {
  createReturnReceiptService,
  returnReceiptOf,
  type AskedReturn,
} from './return-receipt.service.ts';
import { returnRows } from './return-receipt.ts';

export const returnReceiptModule: Module<PosDeps> = {
  name: 'return-receipt',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, client, log }) => {
    const download = createDownload<AskedReturn>(
      signingOf(config),
      '/returns',
      (tenantId, asked) => ({
        filename: filenameOf(asked.number, asked.format, 'return'),
        type: contentTypeOf(asked.format),
        pieces: piecesOf(db, tenantId, asked),
      }),
    );
    const units = createUnitNumberClient(client('inventory', { timeoutMs: unitNumbersTimeoutMs }));
    const { address } = download;
    const receipts = createReturnReceiptService({ db, units, log, address });
    return { resolvers: returnReceiptResolvers({ db, receipts }), routes: download.routes };
  },
};

/** Drawn while it is read: there is no file to keep. */
async function* piecesOf(
  db: Database,
  tenantId: string,
  { printId, number, format }: AskedReturn,
): AsyncGenerator<string | Uint8Array> {
  const receipt = await db.read(tenantId, (tx) => returnReceiptOf(tx, printId));
  const { documentFile } = await import('../receipt/receipt-file.ts');
  const { returnedAt: createdAt } = receipt.back;
  const locale = receipt.shop?.locale ?? 'en';
  yield* documentFile({ rows: returnRows(receipt), number, locale, createdAt }, format);
}
