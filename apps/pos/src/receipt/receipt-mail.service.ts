import { uuidv7, type Database, type Tx } from '@onecount/db';
import { newEvent } from '@onecount/events';
import { appendEvents } from '@onecount/messaging';
import { checkKey, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { customersByIds } from '../customer/customer.sql.ts';
import type { ReceiptMailInput } from '../generated/resolver-types.ts';
import type { Caller } from '../sale/idempotency.ts';
import type { Sale } from '../sale/sale.ts';
import { customerHasNoEmail } from './receipt.errors.ts';
import { committedSale, type AskedReceipt, type ReceiptService } from './receipt.service.ts';
import { settingsOf } from './receipt-settings.sql.ts';
import { insertPrint, printById, printedSale } from './receipt.sql.ts';

export type ReceiptMailService = ReturnType<typeof createReceiptMailService>;
type Deps = {
  db: Database;
  receipts: ReceiptService;
  address(tenantId: string, asked: AskedReceipt): { url: string; expiresAt: Date };
  wakeRelay: () => void;
};

/**
 * A receipt that goes out by mail. The event carries ids alone; the address is looked up when the mailer asks, so that it is
 * in no log of events, and nowhere once the customer is erased (ADR 0342).
 */
export function createReceiptMailService({ db, receipts, address, wakeRelay }: Deps) {
  return {
    async request(caller: Caller, input: ReceiptMailInput) {
      const { saleId } = input;
      const kind = input.kind ?? 'RECEIPT';
      const invalid = checkKey(input.idempotencyKey);
      if (invalid) return invalid;
      if (!isUuid(saleId)) return notFound('Sale', saleId);
      const unitNumbers = await receipts.unitNumbersOf(caller, saleId);
      return db.command(
        caller,
        { operation: 'receiptMail', input, afterCommit: [wakeRelay] },
        async (tx) => {
          const sale = await committedSale(tx, saleId);
          if (isRefusal(sale)) return sale;
          if ((await emailOf(tx, sale)) === null) return customerHasNoEmail(saleId);
          const printId = uuidv7();
          const print = { id: printId, saleId, kind, format: 'PDF' as const };
          await insertPrint(tx, { ...print, printedBy: caller.subject, unitNumbers });
          await appendEvents(tx, [mailRequested(tx.tenantId, { printId, saleId, kind })]);
          return { printId };
        },
        async (tx, { printId }) => ({
          __typename: 'ReceiptMailSuccess' as const,
          print: await printById(tx, printId),
        }),
      );
    },

    /** Null when there is nothing to deliver, or nobody to deliver it to any more. */
    async delivery({ tenantId }: Caller, printId: string) {
      if (!isUuid(printId)) return null;
      const found = await db.read(tenantId, async (tx) => {
        const printed = await printedSale(tx, printId);
        const to = printed && (await emailOf(tx, printed.sale));
        return to ? { to, sale: printed.sale, shop: await settingsOf(tx, printed.sale) } : null;
      });
      if (found === null) return null;
      const { to, sale, shop } = found;
      const receiptNumber = sale.receiptNumber!;
      const as = (format: 'HTML' | 'PDF') => address(tenantId, { printId, receiptNumber, format });
      return {
        to,
        receiptNumber,
        locale: shop?.locale ?? 'en-GB',
        html: as('HTML'),
        pdf: as('PDF'),
      };
    },
  };
}

/** The preferred address of the customer of a sale. */
async function emailOf(tx: Tx, { customerId }: Sale): Promise<string | null> {
  if (customerId === null) return null;
  const [customer] = await customersByIds(tx, [customerId]);
  return customer?.profile?.emails[0]?.address ?? null;
}

const mailRequested = (tenantId: string, of: { printId: string; saleId: string; kind: string }) =>
  newEvent('pos.receipt-mail-requested', {
    ...{ tenantId, aggregateId: of.printId, sequence: 1 },
    data: { ...of, version: 1 },
  });
