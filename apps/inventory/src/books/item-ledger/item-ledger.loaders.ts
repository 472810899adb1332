import type { Database, Tx } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import {
  noTotals,
  type EntryRow,
  type LedgerOf,
  type Period,
  type Totals,
  type ReadingRow,
} from './item-ledger.ts';
import {
  selectLatestReadings,
  selectMaintenanceDue,
  selectTotals,
  type Due,
  type LedgerScope,
} from './item-ledger.reads.sql.ts';
import { selectEntries } from './item-ledger.sql.ts';

/** Per request: the ledgers of a page of items or units are read together. */
export function createItemLedgerLoaders(db: Database) {
  const load = <Row>(
    context: SubgraphContext,
    { name, id }: { name: string; id: string },
    select: (tx: Tx, ids: readonly string[]) => Promise<(ids: readonly string[]) => Row[]>,
  ): Promise<Row> =>
    context
      .loader<string, Row>(name, async (ids) => {
        const inOrder = await db.read(context.caller.tenantId, (tx) => select(tx, ids));
        return inOrder(ids);
      })
      .load(id);

  return {
    entry: async (context: SubgraphContext, id: string): Promise<EntryRow | null> =>
      isUuid(id)
        ? load(context, { name: 'item-ledger-entry', id }, async (tx, all) =>
            oneOf(await selectEntries(tx, all), (row) => row.id),
          )
        : null,

    totals: (context: SubgraphContext, of: LedgerOf, given: Period): Promise<Totals> => {
      const { scope, id } = subjectOf(of);
      const period = { from: instantOf(given.from), to: instantOf(given.to) };
      const name = `item-ledger-totals/${scope}/${period.from}/${period.to}`;
      return load(context, { name, id }, async (tx, ids) => {
        const rows = await selectTotals(tx, { scope, ids, period });
        const byId = new Map(rows.map((row) => [row.id, row.totals]));
        return (asked) => asked.map((each) => byId.get(each) ?? noTotals);
      });
    },

    latestReadings: (context: SubgraphContext, of: LedgerOf): Promise<ReadingRow[]> => {
      const { id } = subjectOf(of);
      return load(context, { name: 'item-ledger-latest', id }, async (tx, ids) =>
        allOf(await selectLatestReadings(tx, ids), (row) => row.id),
      );
    },

    maintenanceDue: (context: SubgraphContext, of: LedgerOf): Promise<Due[]> => {
      const { scope, id } = subjectOf(of);
      return load(context, { name: `item-ledger-due/${scope}`, id }, async (tx, ids) =>
        allOf(await selectMaintenanceDue(tx, { scope, ids }), (row) => row.of),
      );
    },
  };
}

function subjectOf({ stockItemId, serialUnitId }: LedgerOf): { scope: LedgerScope; id: string } {
  return serialUnitId ? { scope: 'unit', id: serialUnitId } : { scope: 'item', id: stockItemId };
}

function oneOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string) {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return (keys: readonly string[]): (Row | null)[] => keys.map((key) => byKey.get(key) ?? null);
}

function allOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string) {
  const byKey = Map.groupBy(rows, keyOf);
  return (keys: readonly string[]): Row[][] => keys.map((key) => byKey.get(key) ?? []);
}

function instantOf(instant: string | Date | null | undefined): string | null {
  return instant ? new Date(instant).toISOString() : null;
}
