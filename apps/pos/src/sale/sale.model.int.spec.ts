import { randomUUID } from 'node:crypto';
import { sample } from '@onecount/testing';
import fc from 'fast-check';
import { cash, startPos, type Pos, type Result } from '../../test/pos.harness.ts';
import { canMove, isFinal, totalOf, type SaleStatus } from './sale.ts';

// Any sequence of what callers, lost answers and the sweeper can do to one sale, against a model that
// knows only the state machine. What it checks after every step is what must hold whatever happened.

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100_000 });
});
afterAll(() => pos?.stop());

const losable = ['saleClaim', 'saleRelease', 'saleHoldResize'] as const;

type Step =
  | { do: 'add'; quantity: number }
  | { do: 'update'; nth: number; quantity: number }
  | { do: 'remove'; nth: number }
  | { do: 'commit'; key: number; pays: boolean }
  | { do: 'void' }
  | { do: 'sweep' }
  | { do: 'lose'; operation: (typeof losable)[number]; fault: 'lost' | 'down' }
  | { do: 'repair' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), quantity: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    do: fc.constant('update' as const),
    nth: fc.nat(3),
    quantity: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ do: fc.constant('remove' as const), nth: fc.nat(3) }),
  fc.record({ do: fc.constant('commit' as const), key: fc.nat(1), pays: fc.boolean() }),
  fc.record({ do: fc.constant('void' as const) }),
  fc.record({ do: fc.constant('sweep' as const) }),
  fc.record({
    do: fc.constant('lose' as const),
    operation: fc.constantFrom(...losable),
    fault: fc.constantFrom('lost' as const, 'down' as const),
  }),
  fc.record({ do: fc.constant('repair' as const) }),
);

async function lineAt(saleId: string, nth: number) {
  const lines = await pos.rows('SELECT id FROM sale_line WHERE sale_id = $1 ORDER BY position', [
    saleId,
  ]);
  return lines[nth]?.['id'];
}

type Seen = { status: SaleStatus; row: Record<string, any>; answers: Map<string, string> };

async function run(saleId: string, keys: string[], action: Step): Promise<Result | undefined> {
  const [sale] = await pos.rows('SELECT total_minor FROM sale WHERE id = $1', [saleId]);
  const due = (Number(sale!['total_minor']) / 100).toFixed(2);
  switch (action.do) {
    case 'add':
      return pos.saleLineAdd({ saleId, sku: 'CHAIN', quantity: action.quantity });
    case 'update': {
      const lineId = await lineAt(saleId, action.nth);
      const { quantity } = action;
      // An answer of inventory that is lost is an error to the caller: what became of it is checked below.
      return lineId && pos.saleLineUpdate({ saleId, lineId, quantity }).catch(() => undefined);
    }
    case 'remove': {
      const lineId = await lineAt(saleId, action.nth);
      return lineId && pos.saleLineRemove({ saleId, lineId });
    }
    case 'commit': {
      const tenders = action.pays ? [cash(due)].filter(() => due !== '0.00') : [cash('0.01')];
      return pos.saleCommit({ saleId, tenders, idempotencyKey: keys[action.key] });
    }
    case 'void':
      return pos.saleVoid({ saleId, reason: 'model' });
    case 'sweep':
      await pos.rows(
        `UPDATE sale SET settle_after = now() WHERE id = $1 AND settle_after IS NOT NULL`,
        [saleId],
      );
      await pos.sweeper.sweep();
      return undefined;
    case 'lose':
      pos.inventory.fail(action.operation, action.fault);
      return undefined;
    case 'repair':
      return void pos.inventory.repair();
  }
}

async function check(saleId: string, before: Seen | undefined): Promise<Seen> {
  const [row] = await pos.rows('SELECT * FROM sale WHERE id = $1', [saleId]);
  const lines = await pos.rows(
    'SELECT id, quantity, unit_price_minor::float8 AS "unitPriceMinor" FROM sale_line WHERE sale_id = $1',
    [saleId],
  );
  const events = await pos.rows('SELECT type FROM outbox WHERE aggregate_id = $1', [saleId]);
  const status = row!['status'] as SaleStatus;
  expect(Number(row!['total_minor'])).toBe(totalOf(lines as any));
  // A hold is never smaller than its line.
  if (status === 'OPEN')
    for (const { id, quantity } of lines)
      expect(pos.inventory.piecesHeldFor(saleId, id)).toBeGreaterThanOrEqual(quantity);
  if (before && before.status !== status) {
    // Two moves may lie in one step (a commit goes through PENDING), never a move back.
    const isOneMove = canMove(before.status, status);
    const isTwoMoves = before.status === 'OPEN' && isFinal(status);
    expect(isOneMove || isTwoMoves).toBe(true);
  }
  if (before && isFinal(before.status)) {
    expect(status).toBe(before.status);
    expect(row!['receipt_number']).toBe(before.row['receipt_number']);
  }
  expect(events).toHaveLength(isFinal(status) ? 1 : 0);
  if (status === 'COMMITTED') expect(pos.inventory.claimedFor(saleId)).toBe(lines.length);
  if (status === 'VOIDED' && row!['release_confirmed_at'])
    expect([pos.inventory.claimedFor(saleId), pos.inventory.heldFor(saleId)]).toEqual([0, 0]);
  return { status, row: row!, answers: before?.answers ?? new Map() };
}

const isLasting = ({ __typename }: Result) =>
  __typename === 'SaleCommitSuccess' || __typename === 'SaleClaimLost';

const isRecorded = ({ __typename }: Result) =>
  __typename === 'SaleRecordSuccess' || __typename === 'SaleClaimLost';

/** What can happen to a sale that came in one call: it is asked again, its answers are lost, it is swept. */
it('a sale that is paid already keeps them too', async () => {
  const later = step.filter((one) => ['commit', 'sweep', 'lose', 'repair'].includes(one.do));
  const begun = fc.record({
    first: fc.constantFrom('lost' as const, 'down' as const, undefined),
    quantity: fc.constantFrom(1, 3, 9_999),
    withBasket: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(begun, fc.array(later, { maxLength: 8 }), async (start, steps) => {
      pos.inventory.repair();
      const sku = `SCARCE-${randomUUID()}`;
      await pos.product({ sku, tracking: 'QUANTITY', onHand: 9 });
      if (start.withBasket) await pos.basket(sku);
      if (start.first) pos.inventory.fail('saleClaim', start.first);
      const input = {
        ...{ channel: 'WEB', currencyCode: 'EUR', idempotencyKey: randomUUID() },
        lines: [{ sku, quantity: start.quantity }],
        tenders: [cash((start.quantity * 100).toFixed(2))],
      };
      let known = await pos.saleRecord(input);
      const [row] = await pos.rows('SELECT id FROM sale WHERE commit_key = $1', [
        input.idempotencyKey,
      ]);
      const saleId = row!['id'] as string;
      let seen = await check(saleId, undefined);
      for (const action of steps) {
        const answer =
          action.do === 'commit' ? await pos.saleRecord(input) : await run(saleId, [], action);
        seen = await check(saleId, seen);
        if (!answer || !isRecorded(answer)) continue;
        if (isRecorded(known)) expect(answer).toEqual(known);
        known = answer;
      }
      pos.inventory.repair();
      await run(saleId, [], { do: 'sweep' });
      await run(saleId, [], { do: 'sweep' });
      seen = await check(saleId, seen);
      expect(seen.row['settle_after']).toBeNull();
      expect(seen.status).toBe(start.quantity < 9 ? 'COMMITTED' : 'VOIDED');
      expect(await pos.saleRecord(input)).toMatchObject({ sale: { id: saleId } });
    }),
    sample({ runs: 40, full: 600 }),
  );
});

it('keeps every promise in any order of events, and always comes to an end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      pos.inventory.repair();
      const saleId = await pos.basket();
      const keys = [randomUUID(), randomUUID()];
      let seen = await check(saleId, undefined);
      for (const action of steps) {
        const answer = await run(saleId, keys, action);
        seen = await check(saleId, seen);
        if (action.do !== 'commit' || !answer || !isLasting(answer)) continue;
        // An answer that was given is given for ever.
        const request = `${action.key} ${action.pays}`;
        const known = seen.answers.get(request);
        if (known) expect(JSON.stringify(answer)).toBe(known);
        seen.answers.set(request, JSON.stringify(answer));
      }
      pos.inventory.repair();
      await run(saleId, keys, { do: 'sweep' });
      await run(saleId, keys, { do: 'sweep' });
      seen = await check(saleId, seen);
      expect(seen.row['settle_after']).toBeNull();
      expect(seen.status).not.toBe('PENDING');
    }),
    sample({ runs: 40, full: 600 }),
  );
});
