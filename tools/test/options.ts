import { randomInt } from 'node:crypto';

export type TestOptions = { campaign?: { runs?: number; seed: number }; jest: string[] };

// Where a run is a round, it may be called so.
const optionOf: Record<string, '--runs' | '--seed'> = {
  ...{ '--runs': '--runs', '--rounds': '--runs', '--seed': '--seed' },
};

/** Takes out what is ours; the rest is jest's. Throws RangeError for a number that is none. */
export function testOptions(args: string[]): TestOptions {
  const own = new Map<string, number>();
  const jest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at]!;
    const option = optionOf[name];
    if (!option) jest.push(name);
    else own.set(option, wholeNumber(name, args[++at]));
  }
  if (!jest.includes('--campaign')) {
    if (own.size > 0) throw new RangeError('--runs and --seed are for npm run test:campaign');
    return { jest };
  }
  const campaign = { runs: own.get('--runs'), seed: own.get('--seed') ?? randomInt(2 ** 31) };
  return { campaign, jest: jest.filter((name) => name !== '--campaign') };
}

function wholeNumber(name: string, text = ''): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`${name} needs a whole number`);
  return Number(text);
}
