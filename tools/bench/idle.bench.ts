import { setTimeout as delay } from 'node:timers/promises';
import { launchService } from '@onecount/local-stack';
import type { Bench } from './bench.ts';
import { withSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { cpuBetween, inWords, perOperation, total } from './cpu.ts';
import { round } from './load.ts';
import { createSaleLoad } from './sale/sale-load.ts';

/**
 * What the whole stack burns when nobody asks it for anything. It sells first, so that every connection
 * and consumer is there as in a shop at night, then settles, and only then is measured.
 */
export const idleBench: Bench = {
  help: 'CPU a second of the whole stack at rest, split by process [--settle 20 --seconds 30]',
  async run(options) {
    const settleSeconds = options.number('settle', 20);
    const seconds = options.number('seconds', 30);
    return withSystem(
      async (bench) => {
        const skus = await createSkus(bench.shop, 100);
        const sales = await createSaleLoad(bench);
        await sales.run({ path: 'basket', skus, clients: 8, seconds: 3 });
        await delay(settleSeconds * 1000);
        const before = bench.cpu();
        await delay(seconds * 1000);
        const spent = cpuBetween(before, bench.cpu());
        const cpuMsPerSBy = perOperation(spent, seconds);
        options.say(`at rest for ${seconds} s, CPU-ms a second: ${inWords(cpuMsPerSBy)}`);
        await bench.assertSound();
        return { cpuMsPerS: round(total(spent) / seconds), seconds, settleSeconds, cpuMsPerSBy };
      },
      {},
      launchService,
    );
  },
};
