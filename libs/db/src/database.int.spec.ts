import pg from 'pg';
import { EntitySchema } from 'typeorm';
import { isRefusal, refuse } from '@onecount/refusal';
import {
  acrossTenants,
  createDatabase,
  migration,
  refusalFromConstraint,
  runMigrations,
  sql,
  TransactionAbortedError,
  uuidv7,
} from './index.ts';
import { addBrooch, createBrooch, insertBrooch, names } from '../test/brooch.ts';
import { gate } from '../test/gate.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';

const tenantA = '01900000-0000-7000-8000-00000000000a';
const tenantB = '01900000-0000-7000-8000-00000000000b';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await scratchDatabase([createBrooch]);
});
afterAll(() => scratch.drop());
beforeEach(() => scratch.admin('TRUNCATE brooch'));

test('what needs a session of its own has it where a pooler lends connections per transaction', async () => {
  const db = await createDatabase({
    ...{ url: scratch.url, sessionUrl: scratch.ownerUrl, applicationName: 'pooled', poolMax: 1 },
    onPoolError: () => undefined,
  });
  const client = await db.dedicatedClient();
  const { rows } = await client.query<{ current_user: string }>('SELECT current_user');
  expect(rows[0]?.current_user).toBe(new URL(scratch.ownerUrl).username);
  await client.end();
  await db.close();
});

describe('tenant walls', () => {
  test('a tenant sees and changes its own rows only', async () => {
    await scratch.db.inTransaction(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    await scratch.db.inTransaction(tenantB, async (tx) => {
      expect(await names(tx)).toEqual([]);
      expect(await tx.query("UPDATE brooch SET name = 'stolen' RETURNING id")).toEqual([]);
    });
    expect(await scratch.db.read(tenantA, names)).toEqual(['Swallow']);
  });

  test('writing a row of another tenant is refused by the policy', async () => {
    const write = scratch.db.inTransaction(tenantA, (tx) =>
      tx.query(insertBrooch, [tenantB, uuidv7(), 'Swallow']),
    );
    await expect(write).rejects.toMatchObject({ code: '42501' });
    expect((await scratch.admin('SELECT 1 FROM brooch')).rowCount).toBe(0);
  });

  test('without a tenant nothing is visible, to the service and to the owner (forced)', async () => {
    await scratch.db.inTransaction(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    expect(await scratch.db.statement(sql('test.all', 'SELECT name FROM brooch'))).toEqual([]);
    const owner = new pg.Client({ connectionString: scratch.ownerUrl });
    await owner.connect();
    expect((await owner.query('SELECT name FROM brooch')).rows).toEqual([]);
    await owner.end();
  });

  test('a tenant id that is no UUID never reaches SQL', async () => {
    const attempt = async () => scratch.db.read(`${tenantA}'; DROP TABLE brooch; --`, names);
    await expect(attempt()).rejects.toThrow('tenant id is not a UUID');
  });

  test('the tenant of one transaction does not outlive it on the pooled connection', async () => {
    await scratch.db.inTransaction(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    const settings = await scratch.db.statement<{ tenant: string }>(
      sql('test.tenant', "SELECT coalesce(current_setting('app.tenant', true), '') AS tenant"),
    );
    expect(settings).toEqual([{ tenant: '' }]);
  });

  test('a system role sees every tenant on the tables that name it, and has no tenant', async () => {
    await scratch.db.inTransaction(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    await scratch.db.inTransaction(tenantB, (tx) => addBrooch(tx, 'Robin'));
    expect(await scratch.db.asSystem('sweeper', names)).toEqual(['Robin', 'Swallow']);
    expect(await scratch.db.asSystem('relay', names)).toEqual([]);
    const asked = scratch.db.asSystem('sweeper', async (tx) => tx.tenantId);
    await expect(asked).rejects.toThrow('has no tenant');
  });

  test('a role that row-level security does not bind is refused', async () => {
    const connecting = createDatabase({
      url: scratch.adminUrl,
      applicationName: 'unbound',
      poolMax: 1,
      onPoolError: () => undefined,
    });
    await expect(connecting).rejects.toThrow('neither superuser nor BYPASSRLS');
  });
});

describe('transactions', () => {
  test('a returned refusal rolls back and runs no hook', async () => {
    const hook = jest.fn();
    const result = await scratch.db.inTransaction(tenantA, async (tx) => {
      tx.afterCommit(hook);
      await addBrooch(tx, 'Swallow');
      return refuse('UnitNotAvailable', 'UNIT_NOT_AVAILABLE', 'Swallow is sold.');
    });
    expect(isRefusal(result)).toBe(true);
    expect(hook).not.toHaveBeenCalled();
    expect(await scratch.db.read(tenantA, names)).toEqual([]);
  });

  test('a thrown error rolls back and is thrown unchanged', async () => {
    const bug = new Error('bug');
    const work = scratch.db.inTransaction(tenantA, async (tx) => {
      await addBrooch(tx, 'Swallow');
      throw bug;
    });
    await expect(work).rejects.toBe(bug);
    expect(await scratch.db.read(tenantA, names)).toEqual([]);
  });

  test('hooks run after commit; one that throws is reported and does not fail the caller', async () => {
    const seen: string[][] = [];
    await scratch.db.inTransaction(tenantA, async (tx) => {
      tx.afterCommit(() => {
        throw new Error('hook');
      });
      tx.afterCommit(() => void seen.push(['ran']));
      await addBrooch(tx, 'Swallow');
    });
    expect(seen).toEqual([['ran']]);
    expect(await scratch.db.read(tenantA, names)).toEqual(['Swallow']);
  });

  test('a swallowed SQL error is not reported as committed', async () => {
    const work = scratch.db.inTransaction(tenantA, async (tx) => {
      await addBrooch(tx, 'Swallow');
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toBeInstanceOf(TransactionAbortedError);
    expect(await scratch.db.read(tenantA, names)).toEqual([]);
  });

  test('a unique violation becomes a refusal by its constraint; other violations stay errors', async () => {
    const add = (name: string | null) =>
      scratch.db
        .inTransaction(tenantA, (tx) => tx.query(insertBrooch, [tenantA, uuidv7(), name]))
        .catch((err: unknown) =>
          refusalFromConstraint(err, {
            brooch_name_unique: () => refuse('NameTaken', 'NAME_TAKEN', 'There is such a brooch.'),
          }),
        );
    await add('Swallow');
    expect(await add('Swallow')).toMatchObject({ __typename: 'NameTaken', code: 'NAME_TAKEN' });
    await expect(add(null)).rejects.toMatchObject({ code: '23502' });
  });

  test('a read transaction refuses to write', async () => {
    const write = scratch.db.read(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    await expect(write).rejects.toMatchObject({ code: '25006' });
  });

  test('two transactions that deadlock both end committed: the victim runs again, whole', async () => {
    const [first, second] = [uuidv7(), uuidv7()];
    await scratch.db.inTransaction(tenantA, async (tx) => {
      await tx.query(insertBrooch, [tenantA, first, 'first']);
      await tx.query(insertBrooch, [tenantA, second, 'second']);
    });
    let runs = 0;
    const bothHoldOne = gate(2);
    const firstCommit = gate(2);
    const work = (order: string[]) =>
      scratch.db.inTransaction(tenantA, async (tx) => {
        runs += 1;
        tx.afterCommit(() => void firstCommit());
        // The victim's second run waits for the other, so that the two cannot meet a second time.
        if (runs > 2) await firstCommit();
        const weigh = 'UPDATE brooch SET weight_milligrams = weight_milligrams + 1 WHERE id = $1';
        await tx.query(weigh, [order[0]]);
        await bothHoldOne();
        await tx.query(weigh, [order[1]]);
      });
    await Promise.all([work([first, second]), work([second, first])]);
    expect(runs).toBe(3);
    const { rows } = await scratch.admin('SELECT weight_milligrams::int AS w FROM brooch');
    expect(rows).toEqual([{ w: 2 }, { w: 2 }]);
  });

  test('a serialization failure that stays is tried three times, then thrown', async () => {
    let runs = 0;
    const work = scratch.db.inTransaction(tenantA, async (tx) => {
      runs += 1;
      await tx.query("DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END $$");
    });
    await expect(work).rejects.toMatchObject({ code: '40001' });
    expect(runs).toBe(3);
  });

  test('bigint comes as number, and one beyond 2^53 is an error', async () => {
    const read = (value: string) =>
      scratch.db.read(tenantA, (tx) => tx.query<{ n: number }>(`SELECT ${value}::bigint AS n`));
    expect(await read('9007199254740991')).toEqual([{ n: 9007199254740991 }]);
    await expect(read('9007199254740993')).rejects.toThrow('exceeds 2^53');
  });
});

describe('entity transactions', () => {
  const Brooch = new EntitySchema<{ tenantId: string; id: string; name: string }>({
    name: 'Brooch',
    tableName: 'brooch',
    columns: {
      tenantId: { type: 'uuid', name: 'tenant_id', primary: true },
      id: { type: 'uuid', primary: true },
      name: { type: 'text' },
    },
  });
  const withEntities = async <T>(work: (db: ScratchDatabase['db']) => Promise<T>) => {
    const db = await createDatabase({
      url: scratch.url,
      applicationName: 'entities',
      poolMax: 2,
      entities: [Brooch],
      onPoolError: () => undefined,
    });
    return work(db).finally(() => db.close());
  };

  test('entities and raw statements share one transaction, and a refusal undoes both', () =>
    withEntities(async (db) => {
      const result = await db.inEntityTransaction(tenantA, async (tx) => {
        await tx.manager.save(Brooch, { tenantId: tenantA, id: uuidv7(), name: 'Swallow' });
        await addBrooch(tx, 'Robin');
        expect(await names(tx)).toEqual(['Robin', 'Swallow']);
        return refuse('No', 'NO', 'no');
      });
      expect(isRefusal(result)).toBe(true);
      expect(await scratch.db.read(tenantA, names)).toEqual([]);
    }));

  test('a database opened without entities says so', async () => {
    const work = scratch.db.inEntityTransaction(tenantA, async () => undefined);
    await expect(work).rejects.toThrow('opened without entities');
  });

  test('what was saved is committed, and another tenant does not find it', () =>
    withEntities(async (db) => {
      const brooch = { tenantId: tenantA, id: uuidv7(), name: 'Swallow' };
      await db.inEntityTransaction(tenantA, (tx) => tx.manager.save(Brooch, { ...brooch }));
      const found = (tenantId: string) =>
        db.inEntityTransaction(tenantId, (tx) => tx.manager.findBy(Brooch, { id: brooch.id }));
      expect(await found(tenantA)).toEqual([brooch]);
      expect(await found(tenantB)).toEqual([]);
    }));
});

describe('append-only tables', () => {
  test('UPDATE, DELETE and TRUNCATE are refused, to the owner too', async () => {
    await scratch.admin('INSERT INTO entry VALUES ($1, $2)', [tenantA, uuidv7()]);
    const changes = ['UPDATE entry SET id = id', 'DELETE FROM entry', 'TRUNCATE entry'];
    for (const change of changes)
      await expect(scratch.admin(change)).rejects.toThrow(/entry is append-only/);
    const asService = scratch.db.inTransaction(tenantA, (tx) => tx.query('DELETE FROM entry'));
    await expect(asService).rejects.toMatchObject({ code: '42501' });
    expect((await scratch.admin('SELECT 1 FROM entry')).rowCount).toBe(1);
  });
});

describe('migrations', () => {
  test('run once, also when two processes start together', async () => {
    expect(scratch.applied).toEqual([
      ...['identifier_key', 'code_key', 'refuse_change'],
      'CreateBrooch1762000000001',
    ]);
    const more = migration('AddColour1762000000002', 'ALTER TABLE brooch ADD COLUMN colour text');
    const run = () =>
      runMigrations({
        url: scratch.ownerUrl,
        migrations: [createBrooch, more],
        serviceRole: scratch.role,
      });
    const both = await Promise.all([run(), run()]);
    expect(both.flat()).toEqual(['AddColour1762000000002']);
  });

  test('a data migration reaches every tenant and leaves the wall standing', async () => {
    await scratch.db.inTransaction(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    await scratch.db.inTransaction(tenantB, (tx) => addBrooch(tx, 'Robin'));
    const data = migration(
      'WeighBrooch1762000000003',
      acrossTenants('brooch', 'UPDATE brooch SET weight_milligrams = 7;'),
    );
    await runMigrations({
      url: scratch.ownerUrl,
      migrations: [createBrooch, data],
      serviceRole: scratch.role,
    });
    const { rows } = await scratch.admin('SELECT weight_milligrams::int AS w FROM brooch');
    expect(rows).toEqual([{ w: 7 }, { w: 7 }]);
    const forced = "SELECT relforcerowsecurity AS forced FROM pg_class WHERE relname = 'brooch'";
    expect((await scratch.admin(forced)).rows).toEqual([{ forced: true }]);
  });
});

describe('lost connections', () => {
  const terminateAll = () =>
    scratch.admin(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );

  test('idle connections that die are replaced', async () => {
    await Promise.all(Array.from({ length: 4 }, () => scratch.db.ready()));
    await terminateAll();
    await answersAgain();
    expect(await scratch.db.read(tenantA, names)).toEqual([]);
  });

  test('a transaction whose connection dies rejects, and the next one works', async () => {
    const work = scratch.db.inTransaction(tenantA, async (tx) => {
      await addBrooch(tx, 'Swallow');
      await terminateAll();
      await tx.query('SELECT 1');
    });
    await expect(work).rejects.toThrow();
    await answersAgain();
    expect(await scratch.db.read(tenantA, names)).toEqual([]);
  });

  async function answersAgain(): Promise<void> {
    const up = () =>
      Promise.all(Array.from({ length: 8 }, () => scratch.db.ready())).then(() => true);
    while (!(await up().catch(() => false)));
  }
});
