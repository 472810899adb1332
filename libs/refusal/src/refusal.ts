import { visible } from './visible.ts';

// Symbol.for, so that two copies of this module (a test runner resets modules) agree on the brand.
const brand = Symbol.for('onecount.refusal');

/**
 * An expected no, as a value: `__typename` is its name in the SDL, the rest is its data. In the message what
 * cannot be seen is spelt out, because it quotes callers; the data is as it was given.
 * Returned from a transaction it rolls the transaction back.
 */
export type Refusal<N extends string = string, C extends string = CodeOf<N>> = {
  __typename: N;
  code: C;
  message: string;
  [data: string]: unknown;
};

/** What a refusal is called by programs unless it says otherwise: `SaleEmpty` is SALE_EMPTY. */
type CodeOf<N extends string> = string extends N ? string : Words<Uncapitalize<N>>;
type Words<T extends string> = T extends `${infer Letter}${infer Rest}`
  ? `${Letter extends Lowercase<Letter> ? '' : '_'}${Uppercase<Letter>}${Words<Rest>}`
  : '';

export function refuse<N extends string, C extends string, D extends object = object>(
  typename: N,
  code: C,
  message: string,
  data?: D,
): Refusal<N, C> & D {
  const refusal = { ...data, __typename: typename, code, message: visible(message) };
  // Not enumerable: the brand stays out of JSON, of answers and of comparisons in tests.
  Object.defineProperty(refusal, brand, { value: true });
  return refusal as unknown as Refusal<N, C> & D;
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && brand in value;
}

export type InvalidInput = Refusal<'InvalidInput'> & { field: string; value: string | null };
export type NotFound = Refusal<'NotFound'> & { kind: string; id: string };

/** `value` is left out where it may be personal: clients log refusals. */
export function invalidInput(field: string, message: string, value?: unknown): InvalidInput {
  const given = value === undefined || value === null ? null : shown(String(value));
  return refuse('InvalidInput', 'INVALID_INPUT', message, { field, value: given });
}

/** `kind` is the type in the SDL; the message says it as words: `SerialUnit` is a serial unit. */
export function notFound(kind: string, id: string): NotFound {
  const words = kind.replaceAll(/(?<=.)[A-Z]/g, ' $&').toLowerCase();
  return refuse('NotFound', 'NOT_FOUND', `There is no ${words} ${shown(id)}.`, { kind, id });
}

const lengthShownMax = 80;

/** As much of what was given as an answer repeats. */
export function shown(text: string): string {
  return text.length > lengthShownMax ? `${text.slice(0, lengthShownMax)}…` : text;
}
