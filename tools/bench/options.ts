import type { BenchOptions } from './bench.ts';

/** Reads `--name value` pairs. Throws, naming it, on a value that the bench cannot use: it must not become a default. */
export function parseOptions(args: string[], say: (line: string) => void): BenchOptions {
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 2) {
    const [name = '', value] = args.slice(index, index + 2);
    if (!name.startsWith('--') || value === undefined)
      throw new TypeError(`${name}: expected --<option> <value>`);
    given.set(name.slice(2), value);
  }
  return {
    say,
    number(name, fallback) {
      const value = Number(given.get(name) ?? fallback);
      if (!Number.isFinite(value)) throw new TypeError(`--${name}: expected a number`);
      return value;
    },
    oneOf(name, choices) {
      const value = given.get(name);
      const chosen = choices.find((choice) => choice === value);
      if (value !== undefined && chosen === undefined)
        throw new TypeError(`--${name}: expected one of ${choices.join(', ')}`);
      return chosen;
    },
  };
}
