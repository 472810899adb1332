import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planFile } from '../../test/csv.ts';

describe('examples/products.csv', () => {
  it('is what examples/README.md says: five products, 15 variants, 66 units, no error', async () => {
    const path = join(import.meta.dirname, '../../../../examples/products.csv');
    const groups = await planFile(await readFile(path));
    expect(groups.flatMap(({ planned: { errors } }) => errors ?? [])).toEqual([]);
    const plans = groups.flatMap(({ planned }) => ('plan' in planned ? planned.plan : []));
    const variants = plans.flatMap((plan) => plan.variants);
    const units = variants.flatMap((one) => one.openingStock).map((line) => line.quantity);
    expect([plans.length, variants.length, units.reduce((sum, one) => sum + one, 0)]).toEqual([
      5, 15, 66,
    ]);
    expect(variants.map(({ tracking }) => tracking).sort()).toEqual([
      'NONE',
      ...Array.from({ length: 13 }, () => 'QUANTITY'),
      'SERIAL',
    ]);
    expect(variants[0]?.openingStock[0]?.serials).toEqual([
      {
        serial: 'EB-1890-001',
        stockNumber: 'HQ-2026-0117',
        certificate: { number: 'GR-4471820', lab: 'GIA', grade: 'Old mine cut, VS2' },
      },
    ]);
  });
});
