import type { Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import type { LifecycleKind } from '../lifecycle/lifecycle.ts';
import { addRecord } from '../lifecycle/lifecycle.sql.ts';
import { passportChanged } from '../passport/passport.events.ts';
import { touchPassportsOfUnits } from '../passport/passport.sql.ts';

/** What happened to units goes into the history of each, once, and their passports say so. */
export async function addUnitRecords(
  tx: Tx,
  urlOf: (id: string) => string,
  {
    serialUnitIds,
    ...record
  }: { serialUnitIds: string[]; kind: LifecycleKind; occurredAt: string; referenceId: string },
): Promise<void> {
  const news: string[] = [];
  for (const serialUnitId of serialUnitIds)
    if (await addRecord(tx, { serialUnitId, ...record })) news.push(serialUnitId);
  const passports = await touchPassportsOfUnits(tx, news);
  await appendEvents(
    tx,
    passports.map((passport) => passportChanged(passport, urlOf(passport.id))),
  );
}
