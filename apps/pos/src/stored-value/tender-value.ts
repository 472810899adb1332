import type { Database, Tx } from '@onecount/db';
import type { TenderInput } from '../sale/sale.input.ts';
import type { Tender } from '../sale/sale.ts';
import { storedValueRefused, type StoredValueRefused } from './stored-value.errors.ts';
import { namedValue } from './stored-value.queries.ts';
import { isStoredKind, type StoredValue } from './stored-value.ts';

// What a tender of a gift card or a store credit is taken from.

/** As it was found; null: there is none. */
export type FoundTender = TenderInput & { storedValue?: StoredValue | null };

/** Looks cards and credits up by what the tenders name them; without such tenders nothing is asked. */
export async function withStoredValues(
  db: Database,
  { tenantId }: { tenantId: string },
  tenders: readonly TenderInput[],
): Promise<readonly FoundTender[]> {
  return tenders.some(({ kind }) => isStoredKind(kind))
    ? db.read(tenantId, (tx) => storedValuesIn(tx, tenders))
    : tenders;
}

/** The same within a transaction. */
export async function storedValuesIn(
  tx: Tx,
  tenders: readonly TenderInput[],
): Promise<readonly FoundTender[]> {
  const found: FoundTender[] = [];
  for (const tender of tenders) {
    const isStored = isStoredKind(tender.kind);
    found.push(isStored ? { ...tender, storedValue: await namedValue(tx, tender) } : tender);
  }
  return found;
}

/** Why nothing at all can be spent of it in this currency; undefined for other tenders. */
export function unusable(
  { kind, storedValue, index }: Pick<FoundTender, 'kind' | 'storedValue'> & { index?: number },
  currencyCode: string,
): StoredValueRefused | undefined {
  if (!isStoredKind(kind)) return undefined;
  const problem = problemOf(storedValue, currencyCode);
  if (problem === undefined) return undefined;
  const place = index === undefined ? {} : { tenderIndex: index };
  return storedValueRefused({ kind, problem, currencyCode, ...place });
}

function problemOf(value: StoredValue | null | undefined, currencyCode: string) {
  if (!value) return 'UNKNOWN';
  if (value.status !== 'ACTIVE') return value.status;
  return value.currencyCode === currencyCode ? undefined : 'OTHER_CURRENCY';
}

/** The first tender with which more is asked of a card or credit than it has: one that is named twice gives the sum. */
export function overspent(
  inputs: readonly FoundTender[],
  tenders: readonly Tender[],
): StoredValueRefused | undefined {
  const asked = new Map<string, number>();
  for (const [index, { storedValue: value }] of inputs.entries()) {
    if (!value) continue;
    const requestedMinor = (asked.get(value.id) ?? 0) + tenders[index]!.amountMinor;
    asked.set(value.id, requestedMinor);
    const { kind, currencyCode, balanceMinor: availableMinor } = value;
    if (requestedMinor > availableMinor)
      return storedValueRefused({
        ...{ kind, problem: 'INSUFFICIENT', tenderIndex: index, currencyCode },
        ...{ requestedMinor, availableMinor },
      });
  }
  return undefined;
}
