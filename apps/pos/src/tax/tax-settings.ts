import { invalidInput, type InvalidInput } from '@onecount/refusal';
import type { Money } from '@onecount/money';
import { amountOf } from '../sale/sale.input.ts';

const currenciesMax = 20;

/** The smallest coins by currency, in minor units. */
export function cashStepsOf(coins: readonly Money[]): Record<string, number> | InvalidInput {
  if (coins.length > currenciesMax)
    return invalidInput('cashRounding', `At most ${currenciesMax} currencies.`, coins.length);
  const steps: Record<string, number> = {};
  for (const [index, coin] of coins.entries()) {
    const field = `cashRounding.${index}`;
    const parsed = amountOf(`${field}.amount`, coin);
    if (!parsed.ok) return parsed.refusal;
    if (parsed.minor === 0)
      return invalidInput(`${field}.amount`, 'A coin is worth something.', coin.amount);
    if (coin.currencyCode in steps)
      return invalidInput(field, 'A currency has one smallest coin.', coin.currencyCode);
    steps[coin.currencyCode] = parsed.minor;
  }
  return steps;
}
