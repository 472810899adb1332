import { uuidv7, type Database, type Tx } from '@onecount/db';
import { checkKey, isRefusal, isUuid, notFound } from '@onecount/refusal';
import type { ReceiptPrintInput, ReceiptSettingsSetInput } from '../generated/resolver-types.ts';
import { locationOf, type LocationService } from '../location/location.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { salesByIds } from '../sale/sale.queries.ts';
import { unitsOf, type Sale } from '../sale/sale.ts';
import { saleNotCommitted } from './receipt.errors.ts';
import { insertPrint, printById } from './receipt.sql.ts';
import { shopOf } from './receipt-settings.ts';
import { insertSettings, settingsById } from './receipt-settings.sql.ts';
import { contentTypeOf, type ReceiptFormat } from './receipt.ts';
import type { UnitNumberClient } from './unit-number.client.ts';

export type ReceiptService = ReturnType<typeof createReceiptService>;

/** What is signed into the address of a receipt. */
export type AskedReceipt = { printId: string; receiptNumber: string; format: ReceiptFormat };
type Deps = {
  db: Database;
  locations: LocationService;
  units: UnitNumberClient;
  log: { warn(data: object, message: string): void };
  address(tenantId: string, asked: AskedReceipt): { url: string; expiresAt: Date };
};

export function createReceiptService(deps: Deps) {
  return {
    print: (caller: Caller, input: ReceiptPrintInput) => print(deps, caller, input),
    /** What inventory calls the pieces that pos knows no serial value of. */
    unitNumbersOf: (caller: Caller, saleId: string) => unitNumbersOf(deps, caller, saleId),
    setSettings: (caller: Caller, input: ReceiptSettingsSetInput) =>
      setSettings(deps, caller, input),
  };
}

async function print(deps: Deps, caller: Caller, input: ReceiptPrintInput) {
  const { db, address } = deps;
  const { saleId, format } = input;
  const kind = input.kind ?? 'RECEIPT';
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  const unitNumbers = await unitNumbersOf(deps, caller, saleId);
  return db.command(
    caller,
    { operation: 'receiptPrint', input },
    async (tx) => {
      const sale = await committedSale(tx, saleId);
      if (isRefusal(sale)) return sale;
      const id = uuidv7();
      await insertPrint(tx, { id, saleId, kind, format, printedBy: caller.subject, unitNumbers });
      return { id, receiptNumber: sale.receiptNumber! };
    },
    async (tx, { id, receiptNumber }) => ({
      __typename: 'ReceiptPrintSuccess' as const,
      print: await printById(tx, id),
      file: address(caller.tenantId, { printId: id, receiptNumber, format }),
      contentType: contentTypeOf(format),
    }),
  );
}

/** Only what is sold has a receipt. */
export async function committedSale(tx: Tx, saleId: string) {
  const [sale] = await salesByIds(tx, [saleId]);
  if (!sale) return notFound('Sale', saleId);
  return sale.status === 'COMMITTED' ? sale : saleNotCommitted(sale);
}

/** A buyer waits for the document: where inventory does not answer it goes out without the numbers of unnamed pieces. */
export async function unitNumbersOf(
  { db, units, log }: Pick<Deps, 'db' | 'units' | 'log'>,
  caller: Caller,
  saleId: string,
) {
  const [sale] = await db.read(caller.tenantId, (tx) => salesByIds(tx, [saleId]));
  const ids = sale?.status === 'COMMITTED' ? unnamedUnits(sale) : [];
  if (ids.length === 0) return {};
  try {
    return await units.numbersOf(caller, ids);
  } catch (err) {
    log.warn({ err }, 'a receipt is printed without the stock numbers of its pieces');
    return {};
  }
}

const unnamedUnits = ({ lines }: Sale): string[] =>
  lines
    .flatMap(unitsOf)
    .filter(({ serial }) => serial === null)
    .map(({ serialUnitId }) => serialUnitId);

async function setSettings(
  { db, locations }: Deps,
  caller: Caller,
  input: ReceiptSettingsSetInput,
) {
  const shop = shopOf(input);
  if (isRefusal(shop)) return shop;
  const isOfOne = Boolean(input.locationId ?? input.locationCode);
  const location = isOfOne ? await locationOf(locations, caller, input) : null;
  if (isRefusal(location)) return location;
  return db.command(
    caller,
    { operation: 'receiptSettingsSet', input },
    async (tx) => {
      const id = uuidv7();
      await insertSettings(tx, id, {
        ...shop,
        ...{ locationId: location?.id ?? null, setBy: caller.subject },
      });
      return { id };
    },
    async (tx, { id }) => ({
      __typename: 'ReceiptSettingsSetSuccess' as const,
      settings: await settingsById(tx, id),
    }),
  );
}
