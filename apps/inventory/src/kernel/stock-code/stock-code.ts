// Codes as the services see them; no I/O.

export type StockCodeKind = 'TAG' | 'BARCODE' | 'RFID' | 'LEGACY';

/** What a code names: an item, or one unit of it. */
export type CodeTarget = { stockItemId: string; serialUnitId: string | null };

/** A code with what it names now; a retired one names nothing. */
export type StockCodeRow = {
  code: string;
  kind: StockCodeKind;
  stockItemId: string | null;
  serialUnitId: string | null;
  since: Date;
};

export type StockCodeChangeRow = {
  position: string;
  code: string;
  change: 'ASSIGNED' | 'MOVED' | 'RETIRED';
  kind: StockCodeKind;
  fromStockItemId: string | null;
  fromSerialUnitId: string | null;
  toStockItemId: string | null;
  toSerialUnitId: string | null;
  note: string | null;
  actor: string;
  occurredAt: Date;
};

/** What a scan found. */
export type ScanRow = CodeTarget & { text: string };
