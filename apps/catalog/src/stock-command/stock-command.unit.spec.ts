import fc from 'fast-check';
import { bundlesOf, type StockItemLine, type StockLine } from './stock-command.ts';

const itemsOf = (count: number): StockItemLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ variantId: 'v', sku: `SKU-${index}`, title: 'x'.repeat(80), tracking: 'QUANTITY' },
  }));
const linesOf = (count: number): StockLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ sku: `SKU-${index}`, locationCode: 'HQ', quantity: 1, serials: [] },
  }));

it('bundles hold every command once, in order, and fit into a request unless one alone does not', () => {
  const command = fc
    .tuple(fc.integer({ min: 1, max: 1_500 }), fc.integer({ min: 0, max: 2_500 }))
    .map(([items, lines]) => ({ items: itemsOf(items), lines: linesOf(lines) }));
  fc.assert(
    fc.property(fc.array(command, { maxLength: 6 }), (commands) => {
      const bundles = bundlesOf(commands);
      expect(bundles.flat()).toEqual(commands);
      for (const bundle of bundles.filter(({ length }) => length > 1)) {
        for (const part of ['items', 'lines'] as const) {
          const bytes = Buffer.byteLength(
            JSON.stringify(bundle.flatMap((one): object[] => one[part])),
          );
          expect(bytes).toBeLessThanOrEqual(150_000);
        }
      }
    }),
    { numRuns: 20 },
  );
});
