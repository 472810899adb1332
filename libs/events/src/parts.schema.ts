import { Type, type TSchema, type TUnsafe } from '@sinclair/typebox';

// Building blocks that several payloads share. Objects stay open in the published schema: a consumer
// must accept fields it does not know, otherwise no field could ever be added (see additive rule in
// docs/adr/0020). The publisher's side closes them, so that a misspelt field never leaves.

export const uuid = (description: string) => Type.String({ format: 'uuid', description });
export const text = (description: string) => Type.String({ description });
export const name = (description: string) => Type.String({ minLength: 1, description });
export const instant = (description: string) => Type.String({ format: 'date-time', description });
export const count = (description: string) => Type.Integer({ description });
export const version = Type.Integer({
  minimum: 0,
  description: 'Version of the aggregate after the change; a lower one is stale and is skipped.',
});
export const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);

/** One of a closed set. A new value is a breaking change, because consumers switch over the set. */
export function oneOf<const V extends readonly string[]>(
  values: V,
  description: string,
): TUnsafe<V[number]> {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description });
}

/** One of an open set: consumers must carry values they do not know. */
export const token = (description: string) =>
  Type.String({ pattern: '^[A-Z][A-Z0-9_]*$', description });

export const currencyCode = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217 code.',
});

export const money = (description: string) =>
  Type.Object(
    {
      amountMinor: Type.Integer({ description: 'Amount in the minor unit of the currency.' }),
      currencyCode,
    },
    { description },
  );

export const tracking = oneOf(
  ['NONE', 'QUANTITY', 'SERIAL'],
  'How the item is counted: not at all, by quantity, or unit by unit.',
);
