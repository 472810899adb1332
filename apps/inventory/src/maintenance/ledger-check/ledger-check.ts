export type LedgerDifferenceKind =
  | 'ON_HAND'
  | 'RUNNING_ON_HAND'
  | 'COMMITTED'
  | 'UNIT_COUNT'
  | 'UNIT_CLAIMS'
  | 'UNIT_PLACE'
  | 'UNIT_SALE'
  | 'UNIT_STATUS';

export type LedgerDifferenceRow = {
  kind: LedgerDifferenceKind;
  stockItemId: string;
  locationId: string | null;
  serialUnitId: string | null;
  /** What the rows behind it make. */
  expected: string;
  found: string;
};

export type LedgerFindingRow = LedgerDifferenceRow & {
  id: string;
  foundAt: Date;
  seenAt: Date;
  goneAt: Date | null;
};
