import { randomUUID } from 'node:crypto';
import { card, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100 });
  await pos.product({ sku: 'RESIZE', tracking: 'NONE' });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const secondsFromNow = (instant: string) => (Date.parse(instant) - Date.now()) / 1000;
const versionOf = async (saleId: string) =>
  (await pos.rows('SELECT version FROM sale WHERE id = $1', [saleId]))[0]!['version'];

describe('saleHoldsRenew', () => {
  it('keeps all lines for as long as asked and says until when; the same key asks once', async () => {
    const saleId = await pos.basket('CHAIN', 'CHAIN', 'RESIZE');
    const version = await versionOf(saleId);
    const input = { saleId, holdSeconds: 3600, idempotencyKey: randomUUID() };
    const answer = await pos.saleHoldsRenew(input);
    expect(answer).toMatchObject({ __typename: 'SaleHoldsRenewSuccess', lost: [] });
    expect(secondsFromNow(answer['heldUntil'])).toBeGreaterThan(3500);
    const [one, two, service] = answer['sale'].lines;
    for (const line of [one, two]) expect(secondsFromNow(line.heldUntil)).toBeGreaterThan(3500);
    expect(service.heldUntil).toBeNull();
    const renewals = () =>
      pos.inventory.calls.filter((call) => call === 'saleLineHoldsRenew').length;
    const before = renewals();
    expect(await pos.saleHoldsRenew(input)).toEqual(answer);
    expect(renewals()).toBe(before);
    expect((await pos.saleHoldsRenew({ ...input, holdSeconds: 60 })).__typename).toBe(
      'IdempotencyKeyReused',
    );
    expect(await versionOf(saleId)).toBe(version);
    const usual = await pos.saleHoldsRenew({ saleId });
    expect(usual['heldUntil']).not.toBeNull();
  });

  it('says which lines have lost their stock, and says the same again under its key', async () => {
    const saleId = await pos.basket('CHAIN');
    pos.inventory.dropHolds(saleId);
    const { line } = await pos.saleLineAdd({ saleId, sku: 'CHAIN' });
    const input = { saleId, idempotencyKey: randomUUID() };
    const answer = await pos.saleHoldsRenew(input);
    const [gone] = answer['sale'].lines;
    expect(answer['lost']).toEqual([{ id: gone.id, sku: 'CHAIN' }]);
    expect(gone.id).not.toBe(line.id);
    expect(secondsFromNow(answer['heldUntil'])).toBeGreaterThan(800);
    expect(await pos.saleHoldsRenew(input)).toEqual(answer);
  });

  it('of a basket without stock nothing ends and nothing is lost', async () => {
    const answer = await pos.saleHoldsRenew({ saleId: await pos.basket('RESIZE') });
    expect(answer).toMatchObject({ heldUntil: null, lost: [] });
  });

  it('a lost answer of inventory is asked for again under the same key, by twins too', async () => {
    const saleId = await pos.basket('CHAIN');
    const input = { saleId, holdSeconds: 1800, idempotencyKey: randomUUID() };
    pos.inventory.fail('saleLineHoldsRenew', 'lost', 1);
    await expect(pos.saleHoldsRenew(input)).rejects.toThrow('INTERNAL_SERVER_ERROR');
    const twins = await Promise.all([1, 2, 3].map(() => pos.saleHoldsRenew(input)));
    for (const twin of twins) expect(twin).toEqual(twins[0]);
  });

  it('beside a checkout it never undoes the payment', async () => {
    const rounds = Array.from({ length: 8 }, async () => {
      const saleId = await pos.basket('CHAIN');
      const [renewed, paid] = await Promise.all([
        pos.saleHoldsRenew({ saleId }),
        pos.saleCommit({ saleId, tenders: [card('100')] }),
      ]);
      expect(paid.__typename).toBe('SaleCommitSuccess');
      expect(['SaleHoldsRenewSuccess', 'SaleNotOpen']).toContain(renewed.__typename);
    });
    await Promise.all(rounds);
  });

  it.each([
    ['no time', { holdSeconds: 0 }, 'InvalidInput', { field: 'holdSeconds' }],
    ['more than an hour', { holdSeconds: 3601 }, 'InvalidInput', { field: 'holdSeconds' }],
    ['an unknown sale', { saleId: randomUUID() }, 'NotFound', { kind: 'Sale' }],
    ['an id that is none', { saleId: 'x' }, 'NotFound', { kind: 'Sale' }],
  ])('refuses %s', async (_, part, typename, data) => {
    const saleId = await pos.basket('CHAIN');
    const calls = pos.inventory.calls.length;
    const answer = await pos.saleHoldsRenew({ saleId, ...part });
    expect(answer).toMatchObject({ __typename: typename, ...data });
    expect(pos.inventory.calls).toHaveLength(calls);
  });

  it("refuses a void sale, and another tenant's is unknown", async () => {
    const saleId = await pos.basket('CHAIN');
    const theirs = await pos.saleHoldsRenew({ saleId }, { tenantId: tenantB });
    expect(theirs).toMatchObject({ __typename: 'NotFound', kind: 'Sale', id: saleId });
    await pos.saleVoid({ saleId, reason: 'left' });
    const answer = await pos.saleHoldsRenew({ saleId });
    expect(answer).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'VOIDED' } });
  });
});
