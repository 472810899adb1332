import { isRefusal, refuse } from '@onecount/refusal';
import { addBrooch, createBrooch, names } from '../test/brooch.ts';
import { gate } from '../test/gate.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';
import type { Command } from './index.ts';
import type { KeyHolder } from './idempotency.ts';

const tenantA = '01900000-0000-7000-8000-00000000000a';
const tenantB = '01900000-0000-7000-8000-00000000000b';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await scratchDatabase([createBrooch]);
});
afterAll(() => scratch.drop());
beforeEach(() => scratch.admin('TRUNCATE brooch, idempotency_record'));

const no = refuse('No', 'NO', 'no');
const asked = (idempotencyKey: string, name = 'Swallow') => ({
  operation: 'broochAdd',
  input: { idempotencyKey, name },
});

/** Adds the brooch that is asked for; `during` happens in the transaction. */
function add(
  request: Command & { input: { name: string } },
  {
    tenantId = tenantA,
    caller = {} as Partial<KeyHolder>,
    during = async (): Promise<unknown> => undefined,
  } = {},
) {
  const { name } = request.input;
  return scratch.db.command({ tenantId, ...caller }, request, async (tx) => {
    const refusal = await during();
    await addBrooch(tx, name);
    return isRefusal(refusal) ? refusal : { name };
  });
}
const stored = () => scratch.db.read(tenantA, names);
const keysKept = async () => (await scratch.admin('SELECT key FROM idempotency_record')).rowCount;

describe('a command', () => {
  test('runs once per key: the same input gives the stored answer', async () => {
    expect(await add(asked('k1'))).toEqual({ name: 'Swallow' });
    expect(await add(asked('k1'))).toEqual({ name: 'Swallow' });
    expect(await stored()).toEqual(['Swallow']);
  });

  test('with other input or another operation under its key is refused', async () => {
    await add(asked('k1'));
    const reused = { __typename: 'IdempotencyKeyReused', idempotencyKey: 'k1' };
    expect(await add(asked('k1', 'Robin'))).toMatchObject(reused);
    expect(await add({ ...asked('k1'), operation: 'broochGild' })).toMatchObject(reused);
    expect(await stored()).toEqual(['Swallow']);
  });

  test('waits for its twin of the same moment and gets its answer', async () => {
    const twinRan = jest.fn(async () => undefined);
    const answers: Promise<unknown>[] = [];
    const during = async () => {
      answers.push(add(asked('k1'), { during: twinRan }));
      await waitingBackend();
    };
    answers.push(add(asked('k1'), { during }));
    await answers[0];
    expect(await Promise.all(answers)).toEqual([{ name: 'Swallow' }, { name: 'Swallow' }]);
    expect(twinRan).not.toHaveBeenCalled();
    expect(await stored()).toEqual(['Swallow']);
  });

  test('runs itself when its twin of the same moment was refused', async () => {
    let twin: Promise<unknown> = Promise.resolve();
    const during = async () => {
      twin = add(asked('k1'));
      await waitingBackend();
      return no;
    };
    expect(await add(asked('k1'), { during })).toBe(no);
    expect(await twin).toEqual({ name: 'Swallow' });
    expect(await stored()).toEqual(['Swallow']);
  });

  test('that is refused writes nothing and keeps no key: asked again it runs again', async () => {
    expect(await add(asked('k1'), { during: async () => no })).toBe(no);
    expect([await stored(), await keysKept()]).toEqual([[], 0]);
    expect(await add(asked('k1'))).toEqual({ name: 'Swallow' });
  });

  test('that fails writes nothing and throws what was thrown', async () => {
    const bug = new Error('bug');
    const failing = add(asked('k1'), { during: () => Promise.reject(bug) });
    await expect(failing).rejects.toBe(bug);
    expect([await stored(), await keysKept()]).toEqual([[], 0]);
  });

  test('shares no key with another tenant', async () => {
    await add(asked('k1'));
    const other = await add(asked('k1', 'Robin'), { tenantId: tenantB });
    expect(other).toEqual({ name: 'Robin' });
  });

  test('sets up its transaction before it waits for a twin', async () => {
    const begin = jest.fn(async (tx) => void (await tx.query("SET LOCAL lock_timeout = '1ms'")));
    const during = async () => {
      const twin = add({ ...asked('k1'), begin });
      await expect(twin).rejects.toMatchObject({ code: '55P03' });
    };
    expect(await add(asked('k1'), { during })).toEqual({ name: 'Swallow' });
    expect(begin).toHaveBeenCalledTimes(1);
  });
});

describe('a violated constraint', () => {
  const taken = refuse('NameTaken', 'NAME_TAKEN', 'There is such a brooch.');

  test('is the refusal that stands for it, looked up after the transaction; nothing is kept', async () => {
    await add(asked('k1'));
    const found: string[][] = [];
    const constraints = {
      brooch_name_unique: async () => {
        found.push(await stored());
        return taken;
      },
    };
    const answer = await scratch.db.command(
      { tenantId: tenantA },
      { ...asked('k2'), constraints },
      (tx) => addBrooch(tx, 'Swallow'),
    );
    expect(answer).toBe(taken);
    expect(found).toEqual([['Swallow']]);
    expect(await keysKept()).toBe(1);
  });

  test('that stands for nothing stays an error', async () => {
    await add(asked('k1'));
    await expect(add(asked('k2'))).rejects.toMatchObject({ constraint: 'brooch_name_unique' });
  });
});

describe('what is answered', () => {
  test('is read in the transaction from what is kept, first and repeated alike', async () => {
    const addOne = () =>
      scratch.db.command(
        { tenantId: tenantA },
        asked('k1'),
        async (tx) => {
          await addBrooch(tx, 'Swallow');
          return { kept: 1 };
        },
        async (tx, { kept }) => ({ kept, names: await names(tx) }),
      );
    expect(await addOne()).toEqual({ kept: 1, names: ['Swallow'] });
    await add(asked('k2', 'Robin'));
    expect(await addOne()).toEqual({ kept: 1, names: ['Robin', 'Swallow'] });
    const { rows } = await scratch.admin(
      "SELECT response FROM idempotency_record WHERE key = 'k1'",
    );
    expect(rows).toEqual([{ response: { answer: { kept: 1 } } }]);
  });

  test('is not read after a refusal', async () => {
    const answer = jest.fn(async () => 'read');
    const run = async () => no;
    expect(await scratch.db.command({ tenantId: tenantA }, asked('k1'), run, answer)).toBe(no);
    expect(answer).not.toHaveBeenCalled();
  });
});

describe('hooks', () => {
  test('run after the commit, and again with the stored answer', async () => {
    const seen: Promise<string[]>[] = [];
    const afterCommit = [() => void seen.push(stored())];
    const during = async () => expect(seen).toEqual([]);
    await add({ ...asked('k1'), afterCommit }, { during });
    expect(await Promise.all(seen)).toEqual([['Swallow']]);
    await add({ ...asked('k1'), afterCommit });
    expect(seen).toHaveLength(2);
  });

  test('do not run after a refusal, a violated constraint or an error', async () => {
    await add(asked('k1'));
    const hook = jest.fn();
    const hooked = (name: string) => ({ ...asked('k2', name), afterCommit: [hook] });
    await add(hooked('Robin'), { during: async () => no });
    await expect(add(hooked('Swallow'))).rejects.toMatchObject({ code: '23505' });
    const bug = new Error('bug');
    await expect(add(hooked('Robin'), { during: () => Promise.reject(bug) })).rejects.toBe(bug);
    expect(hook).not.toHaveBeenCalled();
  });
});

test('two commands that deadlock are both done once: the victim runs again, whole', async () => {
  await add(asked('k1', 'Swallow'));
  await add(asked('k2', 'Robin'));
  let runs = 0;
  const hook = jest.fn();
  const bothHoldOne = gate(2);
  const firstCommit = gate(2);
  const weigh = (idempotencyKey: string, order: string[]) => {
    // The victim's second run waits for the other, so that the two cannot meet a second time.
    const afterCommit = [hook, () => void firstCommit()];
    const request = { operation: 'broochWeigh', input: { idempotencyKey }, afterCommit };
    return scratch.db.command({ tenantId: tenantA }, request, async (tx) => {
      runs += 1;
      if (runs > 2) await firstCommit();
      const update = 'UPDATE brooch SET weight_milligrams = weight_milligrams + 1 WHERE name = $1';
      await tx.query(update, [order[0]]);
      await bothHoldOne();
      await tx.query(update, [order[1]]);
      return order;
    });
  };
  const orders = [
    ['Swallow', 'Robin'],
    ['Robin', 'Swallow'],
  ];
  const answers = await Promise.all(orders.map((order, n) => weigh(`w${n}`, order)));
  expect(answers).toEqual(orders);
  expect([runs, hook.mock.calls.length]).toEqual([3, 2]);
  const { rows } = await scratch.admin('SELECT weight_milligrams::int AS w FROM brooch');
  expect(rows).toEqual([{ w: 2 }, { w: 2 }]);
});

async function waitingBackend(): Promise<void> {
  const waiting =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  while ((await scratch.admin(waiting)).rowCount === 0);
}

describe('whose key it is', () => {
  const staff = { subject: 'clerk', scopes: new Set(['stock:write']) };
  const page = { subject: 'page', scopes: new Set(['shop:read', 'shop:hold']) };
  const service = { subject: 'catalog', scopes: new Set(['service:catalog']) };
  const refused = async () => no;

  test.each([
    ['the staff', staff],
    ['a public shop', page],
  ])('a refusal is what %s hears under the key from then on', async (_, caller) => {
    expect(await add(asked('k1'), { caller, during: refused })).toEqual(no);
    const again = await add(asked('k1'), { caller });
    expect(again).toEqual(no);
    expect(isRefusal(again)).toBe(true);
    const other = await add(asked('k1', 'Robin'), { caller });
    expect(other).toMatchObject({ __typename: 'IdempotencyKeyReused', idempotencyKey: 'k1' });
    expect(await stored()).toEqual([]);
  });

  test('a service and a worker ask until it is done', async () => {
    for (const caller of [service, {}]) {
      expect(await add(asked('k1'), { caller, during: refused })).toEqual(no);
      expect(await keysKept()).toBe(0);
    }
    expect(await add(asked('k1'), { caller: service })).toEqual({ name: 'Swallow' });
  });

  test('input that is wrong is not kept', async () => {
    const wrong = async () => refuse('InvalidInput', 'INVALID_INPUT', 'no', { field: 'name' });
    await add(asked('k1'), { caller: staff, during: wrong });
    expect(await keysKept()).toBe(0);
  });

  test("a public shop's key never meets another's: it blocks none and learns of none", async () => {
    const kept = { name: 'Swallow' };
    expect(await add(asked('k1'), { caller: staff })).toEqual(kept);
    const otherPage = { ...page, subject: 'other page' };
    expect(await add(asked('k1', 'Robin'), { caller: page })).toEqual({ name: 'Robin' });
    expect(await add(asked('k1', 'Wren'), { caller: otherPage })).toEqual({ name: 'Wren' });
    expect(await add(asked('k1'), { caller: { ...staff, subject: 'a colleague' } })).toEqual(kept);
    const { rows } = await scratch.admin(`SELECT key FROM idempotency_record WHERE key <> 'k1'`);
    for (const { key } of rows as { key: string }[])
      expect(await add(asked(key, key.slice(0, 20)), { caller: staff })).toEqual({
        name: key.slice(0, 20),
      });
  });

  test('of twins of which one is refused and one does it, both hear the same from then on', async () => {
    const answers: Promise<unknown>[] = [];
    const during = async () => {
      answers.push(add(asked('k1'), { caller: staff }));
      await waitingBackend();
      return no;
    };
    answers.push(add(asked('k1'), { caller: staff, during }));
    await answers[0];
    const first = await Promise.all(answers);
    const again = await add(asked('k1'), { caller: staff });
    expect(new Set([...first, again].map((one) => JSON.stringify(one))).size).toBe(1);
  });
});
