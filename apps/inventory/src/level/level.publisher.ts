import { sql, type Database } from '@onecount/db';
import { createTicker } from '../ticker.ts';

const levelsMax = 500;
// Our own changes wake us; the poll is for what a process left behind that died before it published.
const idlePollMs = 1_000;
const levelStatement = sql(
  'inventory.level-publish',
  'SELECT level_publish_changed($1) AS published',
);
const unitStatement = sql('inventory.unit-publish', 'SELECT unit_publish_changed($1) AS published');

/** Moves the newest state of changed levels and units to the outbox; answers how many events. */
export async function publishChanges(db: Database): Promise<number> {
  // Two transactions: levels are locked in one order with everybody, units are never waited for.
  const levels = await publish(db, levelStatement);
  return levels + (await publish(db, unitStatement));
}

async function publish(db: Database, statement: typeof levelStatement): Promise<number> {
  return db.asSystem('relay', async (tx) => {
    const [row] = await tx.query<{ published: number }>(statement, [levelsMax]);
    return row!.published;
  });
}

/**
 * A hot item changes hundreds of times a second; what a consumer wants is its newest count, a few times
 * a second (DESIGN 5). Woken by every change, it runs at most once per `intervalMs`.
 */
export function createLevelPublisher(options: {
  db: Database;
  intervalMs: number;
  onPublished(): void;
  onError(err: unknown): void;
}) {
  return createTicker({
    name: 'level-publisher',
    intervalMs: options.intervalMs,
    idleMs: Math.max(options.intervalMs, idlePollMs),
    onError: options.onError,
    async run() {
      let published: number;
      do {
        published = await publishChanges(options.db);
        if (published > 0) options.onPublished();
      } while (published >= levelsMax);
    },
  });
}
