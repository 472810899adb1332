import { graphqlClient } from '@onecount/testing';
import { sumOfBooks } from '../pos-day/book.ts';
import { workADay } from '../pos-day/day.ts';
import { ledgerOf } from '../pos-day/ledger.ts';
import type { Bench } from './bench.ts';
import { withSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { cpuBetween, inWords, perOperation, total } from './cpu.ts';
import { round } from './load.ts';

/**
 * A simulated day of a shop. Each till's Z report is held against what was written down beside it, and all of them against the
 * database's documents; a cent of difference ends the bench.
 */
export const posDayBench: Bench = {
  help: 'a day of a shop, its Z reports added up to the cent [--documents 10000 --registers 20 --seed 1]',
  async run(options) {
    const documents = options.number('documents', 10_000);
    const registers = options.number('registers', 20);
    const seed = options.number('seed', 1);
    return withSystem(async (bench) => {
      const skus = await createSkus(bench.shop, 200);
      await bench.drained();
      const before = bench.cpu();
      const startedAt = performance.now();
      const client = graphqlClient(bench.system.graphqlUrl, bench.system.tokens.owner);
      const { tills, web } = await workADay(client, { documents, registers, skus, seed });
      const seconds = (performance.now() - startedAt) / 1000;
      await bench.assertSound();
      const spent = cpuBetween(before, bench.cpu());
      const all = sumOfBooks([tills, web]);
      const ledger = await ledgerOf(bench.sources);
      for (const name of Object.keys(ledger) as (keyof typeof ledger)[])
        if (ledger[name] !== all[name])
          throw new Error(`${name}: the ledger has ${ledger[name]}, the day ${all[name]}`);
      options.say(`CPU-ms a document: ${inWords(perOperation(spent, all.documents))}`);
      return {
        documents: all.documents,
        registers,
        seconds: round(seconds),
        documentsPerS: round(all.documents / seconds),
        cpuMsPerDocument: round(total(spent) / all.documents),
        ...{ soldMinor: all.soldMinor, returnedMinor: all.returnedMinor },
      };
    });
  },
};
