import type { BenchOptions } from './bench.ts';

/** Reads `--name number` pairs. Throws, naming it, on anything else: a misspelt option must not be a default. */
export function parseOptions(args: string[], say: (line: string) => void): BenchOptions {
  const given = new Map<string, number>();
  for (let index = 0; index < args.length; index += 2) {
    const name = args[index]!;
    const value = Number(args[index + 1]);
    if (!name.startsWith('--') || args[index + 1] === undefined || !Number.isFinite(value)) {
      throw new TypeError(`${name}: expected --<option> <number>`);
    }
    given.set(name.slice(2), value);
  }
  const used = new Set<string>();
  return {
    say,
    number(name, fallback) {
      used.add(name);
      return given.get(name) ?? fallback;
    },
  };
}
