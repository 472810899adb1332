import { setTimeout as delay } from 'node:timers/promises';
import { launchService } from '@onecount/local-stack';
import type { Bench } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { rssMb } from './cpu.ts';

/** Resident memory of every process: idle after the start, after sales, and again at rest. */
export const memoryBench: Bench = {
  help: 'resident memory of every process: idle, after sales, at rest again [--sales 300 --settle 10]',
  async run(options) {
    const sales = options.number('sales', 300);
    const settle = (): Promise<void> => delay(options.number('settle', 10) * 1000);
    return withSystem(
      async (bench) => {
        await settle();
        const idle = residentMb(bench);
        options.say(`idle: ${JSON.stringify(idle)}`);
        await sell(bench, sales);
        const afterSales = residentMb(bench);
        options.say(`after ${sales} sales: ${JSON.stringify(afterSales)}`);
        await bench.assertSound();
        await settle();
        const atRest = residentMb(bench);
        options.say(`at rest again: ${JSON.stringify(atRest)}`);
        return { sales, rssMbIdle: idle, rssMbAfterSales: afterSales, rssMbAtRest: atRest };
      },
      {},
      launchService,
    );
  },
};

function residentMb({ system }: BenchSystem): Record<string, number> {
  const entries = Object.entries(system.pids());
  return Object.fromEntries(entries.map(([name, pid]) => [name, Math.round(rssMb(pid))]));
}

async function sell({ shop }: BenchSystem, sales: number): Promise<void> {
  const [sku = ''] = await createSkus(shop, 1);
  const registerId = await shop.openRegister();
  let left = sales;
  const clerk = async (): Promise<void> => {
    while (left-- > 0) {
      const sold = await shop.buy({ channel: 'COUNTER', registerId, sku });
      if (sold.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(sold));
    }
  };
  await Promise.all(Array.from({ length: 8 }, clerk));
}
