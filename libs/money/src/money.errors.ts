export type MoneyProblem = 'CURRENCY_UNKNOWN' | 'FORMAT' | 'PRECISION' | 'RANGE';

const messages: Record<MoneyProblem, string> = {
  CURRENCY_UNKNOWN: 'is not an ISO 4217 currency code',
  FORMAT: 'is not a decimal number like 4200.00',
  PRECISION: 'has more decimals than its currency',
  RANGE: 'is out of range',
};

/** An amount or currency that cannot be money; `problem` says why, for the caller to map. */
export class MoneyError extends Error {
  readonly problem: MoneyProblem;
  readonly value: string;
  constructor(problem: MoneyProblem, value: string) {
    super(`${value.slice(0, 40)} ${messages[problem]}`);
    this.name = 'MoneyError';
    this.problem = problem;
    this.value = value;
  }
}
