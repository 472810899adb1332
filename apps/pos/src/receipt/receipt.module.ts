import type { Database } from '@onecount/db';
import { createDownload, sdlIn, type Module } from '@onecount/service';
import { signingOf } from '../config.ts';
import { correctionsOf } from '../size-correction/size-correction.sql.ts';
import type { PosDeps } from '../shared.ts';
import { receiptResolvers } from './receipt.resolvers.ts';
import { createReceiptMailService } from './receipt-mail.service.ts';
import { createReceiptService, type AskedReceipt } from './receipt.service.ts';
import { settingsOf } from './receipt-settings.sql.ts';
import { printedSale } from './receipt.sql.ts';
import { contentTypeOf, filenameOf, type Receipt } from './receipt.ts';
import { createUnitNumberClient, unitNumbersTimeoutMs } from './unit-number.client.ts';

export const receiptModule: Module<PosDeps> = {
  name: 'receipt',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, locations, client, log, wakeRelay }) => {
    const download = createDownload<AskedReceipt>(
      signingOf(config),
      '/receipts',
      (tenantId, asked) => ({
        filename: filenameOf(asked.receiptNumber, asked.format),
        type: contentTypeOf(asked.format),
        pieces: piecesOf(db, tenantId, asked),
      }),
    );
    const units = createUnitNumberClient(client('inventory', { timeoutMs: unitNumbersTimeoutMs }));
    const { address } = download;
    const receipts = createReceiptService({ db, locations, units, log, address });
    const mail = createReceiptMailService({ db, receipts, address, wakeRelay });
    return {
      resolvers: receiptResolvers({ db, locations, receipts, mail }),
      routes: download.routes,
    };
  },
};

/** Drawn while it is read, from the sale and the settings that held then: there is no file to keep. */
async function* piecesOf(db: Database, tenantId: string, { printId, format }: AskedReceipt) {
  const receipt = await receiptOf(db, tenantId, printId);
  // Fonts and printers are memory that a process without receipts does not need.
  const { receiptFile } = await import('./receipt-file.ts');
  yield* receiptFile(receipt, format);
}

function receiptOf(db: Database, tenantId: string, printId: string): Promise<Receipt> {
  return db.read(tenantId, async (tx) => {
    const found = await printedSale(tx, printId);
    if (!found) throw new Error(`print ${printId} of a signed address is gone`);
    const { copyNumber, originalBy, originalAt, ...printed } = found;
    return {
      ...printed,
      shop: await settingsOf(tx, printed.sale),
      corrections: await correctionsOf(tx, { saleIds: [printed.sale.id], at: printed.printedAt }),
      copy: copyNumber === 0 ? null : { number: copyNumber, by: originalBy, at: originalAt },
    };
  });
}
