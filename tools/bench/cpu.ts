import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** CPU time in ms since the start of each process, by name. */
export type CpuTimes = Record<string, number>;

type Stat = { parent: number; ownMs: number; reapedMs: number };

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const msOf = (ticks: number): number => (ticks * 1000) / ticksPerSecond;

/**
 * Reads /proc/<pid>/stat of every process. PostgreSQL forks one process per connection: its time is that
 * of the postmaster, of its living children, and of those that it has reaped (cutime, cstime), so that a
 * connection which came and went between two readings is counted too. All threads of a JVM or a Node
 * process are in the figures of their process. The bench itself, which makes the load, is left out.
 */
export function readCpu(pids: Record<string, number>): CpuTimes {
  const children = 'postgres' in pids ? childrenOf(pids['postgres']!) : [];
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      const own = statOf(pid);
      if (!own) throw new Error(`${name} (process ${pid}) is gone: the figures would be wrong`);
      const rest = name === 'postgres' ? own.reapedMs + sum(children.map((c) => c.ownMs)) : 0;
      return [name, own.ownMs + rest];
    }),
  );
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]),
  );
}

export function total(times: CpuTimes): number {
  return sum(Object.values(times));
}

export function addTimes(sum: CpuTimes, more: CpuTimes): void {
  for (const [name, ms] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + ms;
}

export function perOperation(times: CpuTimes, operations: number): CpuTimes {
  return Object.fromEntries(
    Object.entries(times).map(([name, ms]) => [name, Math.round((ms * 1000) / operations) / 1000]),
  );
}

/** `gateway 5.1, pos 6.7, …`: the split by process, for people. */
export function inWords(times: CpuTimes): string {
  return Object.entries(times)
    .map(([name, ms]) => `${name} ${ms}`)
    .join(', ');
}

function childrenOf(parent: number): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat): stat is Stat => stat?.parent === parent);
}

// man 5 proc: the name in parentheses may hold spaces; fields are counted from what follows it.
function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    parent: field(4),
    ownMs: msOf(field(14) + field(15)),
    reapedMs: msOf(field(16) + field(17)),
  };
}

function sum(values: number[]): number {
  return values.reduce((whole, value) => whole + value, 0);
}

/** Resident memory in MB. */
export function rssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
