export { exponentOf, isCurrencyCode } from './currency.ts';
export { MoneyError, type MoneyProblem } from './money.errors.ts';
export {
  amountMinorMax,
  decimalOf,
  minorMoneyOf,
  minorOf,
  moneyOf,
  sumMinor,
  timesQuantity,
  type MinorMoney,
  type Money,
} from './money.ts';
export { moneyText } from './money-text.ts';
