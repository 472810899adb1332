import { uuidv7, type Database, type Tx } from '@onecount/db';
import { checkKey, isUuid, notFound } from '@onecount/refusal';
import type { ReturnPrintInput } from '../generated/resolver-types.ts';
import { exchangeLinks } from '../exchange/exchange.sql.ts';
import { unitNumbersOf } from '../receipt/receipt.service.ts';
import { settingsAt } from '../receipt/receipt-settings.sql.ts';
import { contentTypeOf, type ReceiptFormat } from '../receipt/receipt.ts';
import type { UnitNumberClient } from '../receipt/unit-number.client.ts';
import { returnsByIds } from '../return/return.queries.ts';
import type { Caller } from '../sale/idempotency.ts';
import { salesByIds } from '../sale/sale.queries.ts';
import { correctionsOf } from '../size-correction/size-correction.sql.ts';
import { insertReturnPrint, returnPrintById } from './return-receipt.sql.ts';
import type { ReturnReceipt } from './return-receipt.ts';

export type ReturnReceiptService = ReturnType<typeof createReturnReceiptService>;

/** What is signed into the address of a document. */
export type AskedReturn = { printId: string; number: string; format: ReceiptFormat };
type Deps = {
  db: Database;
  units: UnitNumberClient;
  log: { warn(data: object, message: string): void };
  address(tenantId: string, asked: AskedReturn): { url: string; expiresAt: Date };
};

export function createReturnReceiptService(deps: Deps) {
  return {
    print: (caller: Caller, input: ReturnPrintInput) => print(deps, caller, input),
  };
}

async function print(deps: Deps, caller: Caller, input: ReturnPrintInput) {
  const { db, address } = deps;
  const { saleReturnId: returnId, format } = input;
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(returnId)) return notFound('SaleReturn', returnId);
  const [back] = await db.read(caller.tenantId, (tx) => returnsByIds(tx, [returnId]));
  if (!back) return notFound('SaleReturn', returnId);
  const unitNumbers = await unitNumbersOf(deps, caller, back.saleId);
  return db.command(
    caller,
    { operation: 'returnPrint', input },
    async (tx) => {
      const id = uuidv7();
      await insertReturnPrint(tx, {
        ...{ id, returnId, format, printedBy: caller.subject, unitNumbers },
      });
      return { id };
    },
    async (tx, { id }) => ({
      __typename: 'ReturnPrintSuccess' as const,
      print: await returnPrintById(tx, id),
      file: address(caller.tenantId, { printId: id, number: back.number, format }),
      contentType: contentTypeOf(format),
    }),
  );
}

/** All that a document says: the return and its sale, which nobody changes, and the settings that held then. */
export async function returnReceiptOf(tx: Tx, printId: string): Promise<ReturnReceipt> {
  const { copyNumber, originalBy, originalAt, ...printed } = await returnPrintById(tx, printId);
  const [back] = await returnsByIds(tx, [printed.returnId]);
  const { saleId, locationId, returnedAt, returnedBy } = back!;
  const link = back!.kind === 'EXCHANGE' ? (await exchangeLinks(tx, [back!.id]))[0] : undefined;
  const sales = await salesByIds(tx, [saleId, ...(link ? [link.saleId] : [])]);
  const byId = new Map(sales.map((sale) => [sale.id, sale]));
  return {
    ...{ back: back!, sale: byId.get(saleId)!, instead: (link && byId.get(link.saleId)) ?? null },
    ...{ cashier: returnedBy, registerName: printed.registerName },
    corrections: await correctionsOf(tx, { saleIds: [saleId], at: printed.printedAt }),
    shop: await settingsAt(tx, { locationId, at: returnedAt }),
    copy: copyNumber === 0 ? null : { number: copyNumber, by: originalBy, at: originalAt },
    unitNumbers: printed.unitNumbers,
  };
}
