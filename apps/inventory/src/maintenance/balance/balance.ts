/** The count of a level at a past instant. */
export type StockAtRow = {
  stockItemId: string;
  locationId: string;
  onHand: number;
  committed: number;
};

export type StockTotalRow = { locationId: string; onHand: number };
