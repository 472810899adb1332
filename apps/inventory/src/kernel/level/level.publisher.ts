import { sql, type Database } from '@onecount/db';
import { createWorker } from '@onecount/service';

// Held locks end soon: what a transaction publishes is little, and it waits for nobody meanwhile.
const levelsMax = 100;
const unitsMax = 500;
// Levels that change without a pause are waited for, one at a time and not for ever.
const busyWaitMs = 200;
// Our own changes wake us; the poll is for what a process left behind that died before it published.
const idlePollMs = 5_000;
const freeStatement = sql(
  'inventory.level-publish-free',
  'SELECT published, seen, busy FROM level_publish_free($1)',
);
type FreeStep = { published: number; seen: number; busy: object[] };
const busyStatement = sql(
  'inventory.level-publish-busy',
  'SELECT level_publish_busy($1, $2) AS published',
);
const unitStatement = sql(
  'inventory.unit-publish-changed',
  'SELECT unit_publish_changed($1) AS published',
);

/**
 * Moves the newest state of changed levels and units to the outbox; answers how many. `onLevels` is called
 * as soon as the levels' events may leave.
 */
export async function publishChanges(db: Database, onLevels = () => {}): Promise<number> {
  const levels = await publishLevels(db);
  if (levels > 0) onLevels();
  return levels + (await publishAll(db, unitStatement, unitsMax));
}

async function publishLevels(db: Database): Promise<number> {
  let total = 0;
  let step: FreeStep;
  do {
    step = await db.asSystem('relay', async (tx) => {
      const rows = await tx.query<FreeStep>(freeStatement, [levelsMax]);
      return rows[0]!;
    });
    total += step.published;
  } while (step.seen === levelsMax && step.published > 0);
  for (const level of step.busy)
    total += await publish(db, busyStatement, [JSON.stringify(level), busyWaitMs]);
  return total;
}

async function publishAll(
  db: Database,
  statement: typeof unitStatement,
  most: number,
): Promise<number> {
  let total = 0;
  for (;;) {
    const published = await publish(db, statement, [most]);
    total += published;
    if (published < most) return total;
  }
}

function publish(
  db: Database,
  statement: typeof unitStatement,
  values: unknown[],
): Promise<number> {
  return db.asSystem('relay', async (tx) => {
    const [row] = await tx.query<{ published: number }>(statement, values);
    return row!.published;
  });
}

/**
 * A hot item changes hundreds of times a second; what a consumer wants is its newest count, a few times
 * a second. Woken by every change, it runs at most once per `intervalMs`.
 */
export function createLevelPublisher(options: {
  db: Database;
  intervalMs: number;
  onPublished(): void;
  onError(err: unknown): void;
}) {
  return createWorker({
    name: 'level-publisher',
    intervalMs: options.intervalMs,
    idleMs: Math.max(options.intervalMs, idlePollMs),
    onError: options.onError,
    async run() {
      const published = await publishChanges(options.db, options.onPublished);
      if (published > 0) options.onPublished();
    },
  });
}
