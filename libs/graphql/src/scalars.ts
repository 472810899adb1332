import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { errorCodes } from './error-codes.ts';
import { shownValue } from './graphql.errors.ts';

// One scalar: what a string must look like, what it becomes, and what the message says otherwise.
type ScalarRule = {
  name: string;
  expectation: string;
  parse(text: string): string | undefined;
  serialize(value: unknown): string | undefined;
};

const dateTimeShape =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const decimalShape = /^-?(0|[1-9]\d{0,17})(\.\d{1,12})?$/;
const currencyShape = /^[A-Z]{3}$/;

// A day such as 31 February has the shape and is still none: JavaScript would move it into March.
export function isCalendarDay(text: string): boolean {
  const day = text.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

// PostgreSQL knows no year 0, and a zone can lead there or behind 9999.
function dateTimeOf(text: string): string | undefined {
  if (!dateTimeShape.test(text) || !isCalendarDay(text)) return undefined;
  const instant = new Date(text).toISOString();
  return /^(?!0000)\d{4}-/.test(instant) ? instant : undefined;
}

function textMatching(shape: RegExp): (value: unknown) => string | undefined {
  return (value) => (typeof value === 'string' && shape.test(value) ? value : undefined);
}

const rules: ScalarRule[] = [
  {
    name: 'DateTime',
    expectation: 'a date and time with a zone such as "2026-11-22T08:30:00Z"',
    parse: dateTimeOf,
    serialize: (value) =>
      value instanceof Date
        ? value.toISOString()
        : typeof value === 'string'
          ? dateTimeOf(value)
          : undefined,
  },
  {
    name: 'Decimal',
    expectation: 'a string with an exact decimal number such as "12.50"',
    parse: textMatching(decimalShape),
    serialize: textMatching(decimalShape),
  },
  {
    name: 'CurrencyCode',
    expectation: 'three capital letters of ISO 4217 such as "EUR"',
    parse: textMatching(currencyShape),
    serialize: textMatching(currencyShape),
  },
];

function scalarOf(rule: ScalarRule): GraphQLScalarType {
  const parsed = (value: unknown, shown: string, nodes?: ValueNode): string => {
    const result = typeof value === 'string' ? rule.parse(value) : undefined;
    if (result !== undefined) return result;
    throw new GraphQLError(`${rule.name} must be ${rule.expectation}, not ${shown}.`, {
      nodes,
      extensions: { code: errorCodes.badUserInput },
    });
  };
  return new GraphQLScalarType({
    name: rule.name,
    parseValue: (value) => parsed(value, shownValue(value)),
    parseLiteral: (node) =>
      parsed(node.kind === Kind.STRING ? node.value : undefined, literalText(node), node),
    // A value that we would send out malformed is a bug of ours: no code, so it is masked and logged.
    serialize: (value) => {
      const result = rule.serialize(value);
      if (result === undefined)
        throw new TypeError(`${rule.name} cannot carry ${shownValue(value)}`);
      return result;
    },
  });
}

function literalText(node: ValueNode): string {
  return 'value' in node ? shownValue(node.value) : node.kind;
}

export const scalarResolvers: Record<string, GraphQLScalarType> = Object.fromEntries(
  rules.map((rule) => [rule.name, scalarOf(rule)]),
);
