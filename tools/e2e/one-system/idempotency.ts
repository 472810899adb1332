import { randomUUID } from 'node:crypto';
import type { Tenant } from '../support/test-system.ts';

const tenders = [{ kind: 'CARD', amount: { amount: '4200.00', currencyCode: 'USD' } }];

export function idempotencyTests(tenant: () => Tenant): void {
  let registerId: string;
  beforeAll(async () => {
    registerId = await tenant().shop.openRegister();
  });

  async function basket(): Promise<{ saleId: string; sku: string }> {
    const { sku } = await tenant().shop.createPiece({});
    const opened = await tenant().shop.expecting('saleOpen', {
      channel: 'COUNTER',
      registerId,
      currencyCode: 'USD',
    });
    const saleId = opened['sale'].id as string;
    await tenant().shop.expecting('saleLineAdd', { saleId, sku });
    return { saleId, sku };
  }

  const countOf = async (saleId: string): Promise<unknown> => {
    await tenant().host.drained();
    const events = await tenant().host.sources.rows(
      'pos',
      `SELECT count(*) AS events FROM outbox WHERE aggregate_id = $1 AND type = 'pos.sale-committed'`,
      [saleId],
    );
    const movements = await tenant().host.sources.rows(
      'inventory',
      `SELECT count(*) AS movements FROM movement WHERE reference_id = $1`,
      [saleId],
    );
    return { ...events[0], ...movements[0] };
  };

  test('same key and input: the same answer, one effect', async () => {
    const { saleId } = await basket();
    const input = { saleId, tenders, idempotencyKey: randomUUID() };
    const first = await tenant().shop.expecting('saleCommit', input);
    expect(await tenant().shop.call('saleCommit', input)).toEqual(first);
    expect(await countOf(saleId)).toEqual({ events: 1, movements: 1 });
  });

  test('two at once: one runs, the other gets its answer', async () => {
    const { saleId } = await basket();
    const input = { saleId, tenders, idempotencyKey: randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => tenant().shop.call('saleCommit', input)),
    );
    expect(answers[0]!.__typename).toBe('SaleCommitSuccess');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await countOf(saleId)).toEqual({ events: 1, movements: 1 });
  });

  test('same key and other input: IdempotencyKeyReused, nothing changes', async () => {
    const { saleId } = await basket();
    const other = await basket();
    const idempotencyKey = randomUUID();
    const first = await tenant().shop.expecting('saleCommit', { saleId, tenders, idempotencyKey });
    const cash = [{ ...tenders[0], kind: 'CASH' }];
    for (const input of [
      { saleId, tenders: cash, idempotencyKey },
      { saleId: other.saleId, tenders, idempotencyKey },
    ]) {
      const refused = await tenant().shop.call('saleCommit', input);
      expect(refused.__typename).toBe('IdempotencyKeyReused');
    }
    expect(await tenant().shop.call('saleCommit', { saleId, tenders, idempotencyKey })).toEqual(
      first,
    );
    expect(await countOf(other.saleId)).toEqual({ events: 0, movements: 0 });
  });
}
