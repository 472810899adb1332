import type { Bench } from './bench.ts';
import { undoOnSignals } from './cleanup.ts';
import { machine } from './machine.ts';
import { parseOptions } from './options.ts';

// Loaded when asked for: a bench may need what another does not.
const benches: Record<string, () => Promise<Bench>> = {
  start: async () => (await import('./start.bench.ts')).startBench,
  memory: async () => (await import('./memory.bench.ts')).memoryBench,
  race: async () => (await import('./race.bench.ts')).raceBench,
  sale: async () => (await import('./sale.bench.ts')).saleBench,
  idle: async () => (await import('./idle.bench.ts')).idleBench,
  hold: async () => (await import('./hold.bench.ts')).holdBench,
  propagate: async () => (await import('./propagate.bench.ts')).propagateBench,
  live: async () => (await import('./live.bench.ts')).liveBench,
  scale: async () => (await import('./scale.bench.ts')).scaleBench,
  'level-page': async () => (await import('./level-page.bench.ts')).levelPageBench,
  stocktake: async () => (await import('./stocktake.bench.ts')).stocktakeBench,
  matrix: async () => (await import('./matrix.bench.ts')).matrixBench,
  'pos-day': async () => (await import('./pos-day.bench.ts')).posDayBench,
  search: async () => (await import('./search.bench.ts')).searchBench,
  query: async () => (await import('./query.bench.ts')).queryBench,
  import: async () => (await import('./import.bench.ts')).importBench,
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const load = benches[name];
  if (!load) return help();
  const at = machine();
  const bench = await load();
  const figures = await bench.run(parseOptions(args, say));
  say(JSON.stringify({ bench: name, machine: at, ...figures }));
}

async function help(): Promise<void> {
  say('npm run bench -- <name> [--option value]');
  for (const [name, load] of Object.entries(benches)) {
    say(`  ${name.padEnd(10)} ${(await load()).help}`);
  }
  process.exitCode = 2;
}

undoOnSignals();
try {
  await run();
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.stack : String(err)}\n`);
  process.exitCode = 1;
}
