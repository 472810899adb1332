export type Tally = {
  act(step: string, isDone: boolean): void;
  struck(fault: string, detail: string, met: string[]): void;
  /** What the rounds so far have taken, the starts of their systems in it; PostgreSQL and Kafka are not. */
  pace(rounds: number): string;
  text(): string;
};

const failpoint = /^(\S+) dies at (\S+)$/;

/** How often each fault met each step, and where services died. */
export function createTally(): Tally {
  const steps = new Map<string, { done: number; refused: number }>();
  const faults = new Map<string, { times: number; met: Map<string, number> }>();
  const points = new Map<string, number>();
  const begun = { at: performance.now(), cpu: process.cpuUsage() };
  return {
    act(step, isDone) {
      const counts = entry(steps, step, () => ({ done: 0, refused: 0 }));
      counts[isDone ? 'done' : 'refused'] += 1;
    },
    struck(fault, detail, met) {
      const counts = entry(faults, fault, () => ({ times: 0, met: new Map<string, number>() }));
      counts.times += 1;
      for (const step of met) counts.met.set(step, (counts.met.get(step) ?? 0) + 1);
      const [, service, point] = failpoint.exec(detail) ?? [];
      if (service) points.set(`${service} ${point}`, (points.get(`${service} ${point}`) ?? 0) + 1);
    },
    pace(rounds) {
      const seconds = (performance.now() - begun.at) / 1_000;
      const { user, system } = process.cpuUsage(begun.cpu);
      const cpu = (user + system) / 1_000_000 / rounds;
      return `${rounds} rounds in ${seconds.toFixed(0)} s: ${(rounds / seconds).toFixed(2)} a second, ${cpu.toFixed(2)} CPU-s each`;
    },
    text() {
      const names = [...steps.keys()].sort();
      const rows = [...faults].map(([fault, { times, met }]) => [
        ...[fault, times],
        ...names.map((name) => met.get(name) ?? 0),
      ]);
      const total = (of: 'done' | 'refused') => [
        '',
        '',
        ...names.map((name) => steps.get(name)![of]),
      ];
      const table = [
        ['', 'struck', ...names],
        ...rows,
        ['done', ...total('done').slice(1)],
        ['refused', ...total('refused').slice(1)],
      ];
      const died = [...points]
        .sort()
        .map(([point, times]) => `${String(times).padStart(6)}  ${point}`);
      return [aligned(table), 'died at a failpoint:', ...died].join('\n');
    },
  };
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

function aligned(table: (string | number)[][]): string {
  const widths = table[0]!.map((_, column) =>
    Math.max(...table.map((row) => String(row[column]).length)),
  );
  return table
    .map((row) =>
      row.map((cell, at) => String(cell)[at === 0 ? 'padEnd' : 'padStart'](widths[at]!)).join('  '),
    )
    .join('\n');
}
