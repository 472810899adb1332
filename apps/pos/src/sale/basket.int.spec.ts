import { randomUUID } from 'node:crypto';
import { startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'BROOCH', title: 'Estate brooch', tracking: 'SERIAL' });
});
afterAll(() => pos?.stop());

it('opens', async () => {
  const saleId = await pos.basket('BROOCH');
  expect(pos.inventory.heldFor(saleId)).toBe(1);
});
