import fc from 'fast-check';
import { amountMinorMax } from '@onecount/money';
import { shareOfPieces } from './return-share.ts';

test('whatever parts a line comes back in, they come to what was paid for it', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: amountMinorMax }), parts, (totalMinor, counts) => {
      const quantity = counts.reduce((sum, count) => sum + count, 0);
      let from = 0;
      let sum = 0n;
      for (const count of counts) {
        const share = shareOfPieces(totalMinor, quantity, { from, count });
        // No part is more than a minor unit a piece from its exact proportion.
        const exact = (totalMinor / quantity) * count;
        expect(Math.abs(share - exact)).toBeLessThanOrEqual(count + 1);
        sum += BigInt(share);
        from += count;
      }
      expect(sum).toBe(BigInt(totalMinor));
    }),
  );
});

test.each([
  [1000, 3, 0, 1, 334],
  [1000, 3, 1, 1, 333],
  [1000, 3, 1, 2, 666],
  [0, 3, 0, 2, 0],
  [2, 3, 2, 1, 0],
])('of %i for %i, %i returned, %i come to %i', (total, quantity, from, count, share) => {
  expect(shareOfPieces(total, quantity, { from, count })).toBe(share);
});
