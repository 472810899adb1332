import { setTimeout as delay } from 'node:timers/promises';
import type { BenchSystem } from '../bench-system.ts';
import { addTimes, cpuBetween, perOperation, total, type CpuTimes } from '../cpu.ts';
import { round, runLoad, type LoadResult } from '../load.ts';
import { salePaths, type SalePathName } from './paths.ts';

export type SaleLoad = { path: SalePathName; skus: string[]; clients: number; seconds: number };
export type SaleRow = LoadResult & {
  path: SalePathName;
  skus: number;
  clients: number;
  cpuMsPerSale: number;
  /** Without what the processes spend at rest in the same time: what one more sale costs. */
  cpuMsAboveIdle: number;
  cpuMsBy: CpuTimes;
};

const registersCount = 32;
const idleSeconds = 5;

/**
 * Sells under load and counts the CPU of all processes until the last event of the last sale was applied
 * by its last consumer, the idle polling of that time included.
 */
export async function createSaleLoad(bench: BenchSystem) {
  const registerIds: string[] = [];
  while (registerIds.length < registersCount) registerIds.push(await bench.shop.openRegister());
  let idleMsPerS = 0;
  return {
    /** CPU-ms a second of the whole stack at rest; the rows that follow say what they cost above it. */
    async measureIdle(): Promise<number> {
      await bench.drained();
      const before = bench.cpu();
      await delay(idleSeconds * 1000);
      idleMsPerS = round(total(cpuBetween(before, bench.cpu())) / idleSeconds);
      return idleMsPerS;
    },
    async run(load: SaleLoad): Promise<SaleRow> {
      await bench.drained();
      const startedAt = performance.now();
      const before = bench.cpu();
      const result = await runLoad(load, (client, turn) =>
        sellOne(bench, load, { client, turn, registerId: registerIds[client % registersCount]! }),
      );
      await bench.drained();
      const spent = cpuBetween(before, bench.cpu());
      const idleMs = (idleMsPerS * (performance.now() - startedAt)) / 1000;
      return {
        path: load.path,
        skus: load.skus.length,
        clients: load.clients,
        ...result,
        cpuMsPerSale: round(total(spent) / result.operations),
        cpuMsAboveIdle: round((total(spent) - idleMs) / result.operations),
        cpuMsBy: perOperation(spent, result.operations),
      };
    },
  };
}

async function sellOne(
  bench: BenchSystem,
  { path, skus }: SaleLoad,
  { client, turn, registerId }: { client: number; turn: number; registerId: string },
): Promise<void> {
  const first = client * 7919 + turn;
  const [sku, ...others] = [0, 1, 2, 3, 4].map((more) => skus[(first + more) % skus.length]!);
  const purchase = { channel: 'COUNTER' as const, registerId, sku: sku! };
  const sold = await salePaths[path].buy(bench.shop, purchase, others);
  if (!sold.__typename.endsWith('Success')) throw new Error(JSON.stringify(sold));
}

/** The row of the median cost; its split is the mean of all rows, whose single ticks are coarse. */
export function medianRow(rows: SaleRow[]): SaleRow {
  const sorted = rows.toSorted((a, b) => a.cpuMsPerSale - b.cpuMsPerSale);
  const sum: CpuTimes = {};
  for (const { cpuMsBy } of rows) addTimes(sum, cpuMsBy);
  return { ...sorted[Math.floor(rows.length / 2)]!, cpuMsBy: perOperation(sum, rows.length) };
}
