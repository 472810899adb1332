import type { Bench, BenchOptions } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { summary } from './load.ts';

const sizes = 32;

/** Every variant of one product changes by a pasted sheet, through the gateway, so many times. */
export const matrixBench: Bench = {
  help: 'a sheet changes price, cost and weight of each variant of a product [--variants 2048 --rounds 10]',
  run: (options) => withSystem((bench) => measure(bench, options)),
};

async function measure({ shop, drained }: BenchSystem, options: BenchOptions) {
  const colors = Math.ceil(options.number('variants', 2048) / sizes);
  const numbered = (word: string, total: number) =>
    Array.from({ length: total }, (_, index) => `${word}${index + 1}`);
  const created = await shop.expecting('productCreate', {
    ...{ title: 'Bench matrix', status: 'ACTIVE', skuPattern: 'BM-{Color:4}-{Size:4}' },
    options: [
      { name: 'Color', values: numbered('C', colors) },
      { name: 'Size', values: numbered('S', sizes) },
    ],
    defaults: { price: { amount: '10.00', currencyCode: 'USD' } },
  });
  await drained();
  const skus = numbered('C', colors).flatMap((color) =>
    numbered('S', sizes).map((size) => `BM-${color}-${size}`),
  );
  const milliseconds: number[] = [];
  for (let n = 1; n <= options.number('rounds', 10); n += 1) {
    const cells = skus.map((sku, index) => `${sku}\t${n}.${10 + (index % 90)}\t0.${10 + n}\t${n}`);
    const input = {
      ...{ productId: created['product'].id as string, productVersion: n, currencyCode: 'USD' },
      sheet: ['SKU\tPrice\tCost\tWeight (g)', ...cells].join('\n'),
    };
    const from = performance.now();
    await shop.expecting('variantsUpdate', input);
    milliseconds.push(performance.now() - from);
    await drained();
  }
  const { operations, p50Ms, p99Ms } = summary(milliseconds);
  return { variants: skus.length, rounds: operations, p50Ms, maxMs: p99Ms };
}
