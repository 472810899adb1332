import fc from 'fast-check';
import { combinationsTotal, type OptionDraft } from './product.ts';
import { splitPlan } from './split-plan.ts';

const option = (name: string, total: number): OptionDraft => ({
  name,
  values: Array.from({ length: total }, (_, n) => `${name} ${n + 1}`),
});

describe('a plan to split', () => {
  it('divides the option that takes the fewest products, into even groups', () => {
    const plan = splitPlan([option('Color', 50), option('Size', 60)], 2048)!;
    expect(plan.productsTotal).toBe(2);
    const [first, second] = plan.products;
    expect(first).toMatchObject({ choices: [{ option: 'Color' }], variantsTotal: 1500 });
    expect(second!.choices[0]!.values).toHaveLength(25);
  });

  it('divides further where one value has too many', () => {
    const options = [option('Color', 60), option('Size', 60), option('Length', 60)];
    const plan = splitPlan(options, 2048)!;
    expect(plan.productsTotal).toBe(120);
    expect(plan.products).toHaveLength(100);
    expect(plan.products[0]).toMatchObject({
      choices: [
        { option: 'Color', values: ['Color 1'] },
        { option: 'Size', values: Array.from({ length: 30 }, (_, n) => `Size ${n + 1}`) },
      ],
      variantsTotal: 1800,
    });
  });

  it('covers every combination once, none of the products above the limit', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 40 }), (totals, limit) => {
        const options = totals.map((total, index) => option(`O${index}`, total));
        const plan = splitPlan(options, limit)!;
        for (const { choices, variantsTotal } of plan.products) {
          const reduced = options.map(
            (one) => choices.find((choice) => choice.option === one.name) ?? one,
          );
          const total = reduced.reduce((product, { values }) => product * values.length, 1);
          expect(variantsTotal).toBe(total);
          expect(total).toBeLessThanOrEqual(limit);
        }
        if (plan.productsTotal > 100) return;
        const sum = plan.products.reduce((all, { variantsTotal }) => all + variantsTotal, 0);
        expect(sum).toBe(combinationsTotal(options));
      }),
    );
  });

  it('has nothing to divide where there are no combinations', () => {
    expect(splitPlan([option('Color', 0)], 10)).toBeNull();
  });
});
