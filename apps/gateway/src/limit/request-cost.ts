/**
 * Shares are counted in requests of a sale: one costs 1, and so do 250 rows, which take about as long. A text that
 * is new here is parsed, validated and planned first, which costs as much as eight of those.
 */
export const newTextCost = 8;

export function costOfRows(rows: number): number {
  return rows / 250;
}

/**
 * A sale at the counter takes two to four requests; the busiest shop that was measured sent 480 a second with
 * eight cashiers under one token. The richest page of front ends (2,425 rows) costs 10.7, the largest that is
 * allowed 41: one of a caller runs at a time, beside 4 of the richest pages of its tenant.
 */
export const defaultFairLimits = {
  caller: { runningMax: 32, perSecond: 500, burst: 2_500 },
  tenant: { runningMax: 64, perSecond: 1_000, burst: 5_000 },
  waitingMax: 500,
  waitMsMax: 10_000,
};
