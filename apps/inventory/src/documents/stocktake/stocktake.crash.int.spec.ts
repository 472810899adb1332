import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { openCounting } from '../../../test/counting.ts';

// A process of its own posts and dies by SIGKILL; what it left behind is what the next one finds.

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'onecount-stocktake-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

function postAndDie(room: StockRoom, input: object) {
  const program = `
    import { createDatabase } from '@onecount/db';
    import { configureFailpoints } from '@onecount/failpoint';
    import { createStocktakeService } from ${JSON.stringify(join(__dirname, 'stocktake.service.ts'))};
    configureFailpoints({ service: 'inventory', dir: ${JSON.stringify(folder)} });
    const db = await createDatabase({ url: ${JSON.stringify(database.url)}, applicationName: 'dies', poolMax: 2, onPoolError: () => {} });
    const caller = { tenantId: ${JSON.stringify(room.tenantId)}, subject: 'tester', scopes: new Set(['stock:write']) };
    await createStocktakeService({ db }).post(caller, ${JSON.stringify(input)});
    console.log('survived');
    process.exit(0);`;
  return spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: __dirname,
    encoding: 'utf8',
  });
}

it.each([
  ['stocktake.before-commit', 0],
  ['stocktake.after-commit', 1],
])(
  'dies at %s: nothing or all of it is posted, and the same key posts it once',
  async (point, postedThen) => {
    const room = await openStockRoom(database);
    const counting = openCounting(room);
    for (const n of [1, 2, 3]) await room.stocked(`RING-${n}`, 5);
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    const id = await counting.begin();
    expectDone(await counting.scan(id, { 'RING-1': 4, 'RING-2': 6, 'RING-3': 5 }));
    await counting.review(id);
    const input = { stocktakeId: id, idempotencyKey: randomUUID() };
    const before = await room.footprint();

    await writeFile(join(folder, `inventory.${point}`), '');
    const died = postAndDie(room, input);
    expect(died.stderr).toBe('');
    expect(died).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    const movements = () => room.rows("SELECT 1 FROM movement WHERE reference_kind = 'STOCKTAKE'");
    expect((await movements()).length).toBe(postedThen * 3);
    if (postedThen === 0) expect(await room.footprint()).toEqual(before);

    const answer = expectDone(await counting.stocktakes.post(room.caller, input));
    expect(answer.movements).toBe(3);
    expect(await counting.stocktakes.post(room.caller, input)).toEqual(answer);
    expect((await movements()).length).toBe(3);
    expect((await room.level('RING-1')).onHand).toBe(4);
    expect((await room.level('RING-2')).onHand).toBe(6);
    expect(await room.unitStatus(unitIds[0]!)).toBe('LOST');
    await room.assertSums();
  },
);
