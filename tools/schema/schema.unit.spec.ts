import path from 'node:path';
import { parse } from 'graphql';
import { breakingApiChanges } from './api-changes.ts';
import { undescribed } from './descriptions.ts';
import { breakingEventChanges } from './event-changes.ts';
import { resolverTypes } from './resolver-types.ts';
import { intendedBy } from './intended-breaks.ts';
import { fieldScopes, refusableButRequired } from './scopes.ts';
import { readSubgraphs } from './subgraphs.ts';
import { composeSupergraph } from './supergraph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@inaccessible", "@external"])`;
const catalog = {
  name: 'catalog',
  folder: 'apps/none',
  document: parse(`${link}
    type Query { "One variant." variant(id: ID!): Variant }
    "What is sold." type Variant @key(fields: "id") { "Its id." id: ID! "Its name." title: String! }
    type Mutation { "Public." open: Boolean "For services." register(input: RegisterInput!): Boolean @inaccessible }
    "For services." input RegisterInput @inaccessible { "Which." sku: String! }`),
};
const inventory = {
  name: 'storefront-sync',
  folder: 'apps/none',
  document: parse(`${link}
    type Query { "The total." total: Int }
    type Variant @key(fields: "id") { id: ID! "Its count." stock: Int }`),
};

describe('composition', () => {
  it('keeps what is inaccessible out of the public schema and in the supergraph', () => {
    const { apiSdl, supergraphSdl } = composeSupergraph([catalog, inventory]);
    expect(apiSdl).toContain('stock: Int');
    expect(apiSdl).not.toMatch(/register|RegisterInput|join__/i);
    expect(supergraphSdl).toContain('register(input: RegisterInput!)');
    expect(supergraphSdl).toContain(
      'STOREFRONT_SYNC @join__graph(name: "storefront-sync", url: "http://storefront-sync/graphql")',
    );
  });

  it('says in which subgraph it failed', () => {
    const wrong = { ...inventory, document: parse(`${link} type Query { a: Missing }`) };
    expect(() => composeSupergraph([catalog, wrong])).toThrow(/\[storefront-sync\].*Missing/s);
  });
});

it('types resolvers with the context of libs/graphql, unions by __typename, enums as types', async () => {
  const document = parse(`${link} enum Status { A B } type A { status: Status } type B { b: ID }
    union AOrB = A | B type Query { aOrB: AOrB }`);
  const code = await resolverTypes('/nowhere', { ...catalog, document });
  expect(code).toContain("import type { SubgraphContext } from '@onecount/graphql'");
  expect(code).toMatch(/export type Status =\s*\| 'A'\s*\| 'B'/);
  expect(code).toContain("__typename: 'A'");
  expect(code).not.toMatch(/^\s*(export )?(const|enum|function|class) /m);
});

it('names what nobody describes, but asks only the owner of an entity', () => {
  expect(undescribed([catalog, inventory])).toEqual([]);
  const document =
    parse(`${link} type Query { a: Thing } type Thing { b: Kind } enum Kind { C } extend enum Kind { E }
    input In { d: Int } union U = Thing scalar S`);
  expect(undescribed([{ name: 'pos', document }])).toEqual(
    ['Query.a', 'Thing', 'Thing.b', 'Kind', 'Kind.C', 'Kind.E', 'In', 'In.d', 'U', 'S'].map(
      (name) => `${name} (pos)`,
    ),
  );
});

describe('a change of the public schema', () => {
  const base = 'type Query { a(first: Int): String! } enum E { A B }';
  it.each([
    ['type Query { a(first: Int): String! b: Int } enum E { A B }', []],
    [
      'type Query { b: String! } enum E { A B }',
      ["Field 'a' was removed from object type 'Query'"],
    ],
    ['type Query { a(first: Int!): String! } enum E { A B }', [expect.stringContaining('first')]],
    ['type Query { a(first: Int): String } enum E { A B }', [expect.stringContaining('String!')]],
    ['type Query { a(first: Int): String! } enum E { A }', [expect.stringContaining("'B'")]],
  ])('%s', async (sdl, breaking) => {
    expect(await breakingApiChanges(base, sdl)).toEqual(breaking);
  });
});

it('lets a break pass only if it is declared, with its record', async () => {
  const was = 'type Query { a: A } type A { code: String! }';
  const is = 'enum UserErrorCode { X } type Query { a: A } type A { code: UserErrorCode! }';
  const [change = ''] = await breakingApiChanges(was, is);
  expect(change).toContain("'UserErrorCode!'");
  expect(intendedBy(change)).toBe('0211');
  for (const other of await breakingApiChanges(is, was)) expect(intendedBy(other)).toBeUndefined();
});

describe('a change of an event schema', () => {
  const base = {
    type: 'object',
    required: ['sku'],
    properties: {
      sku: { type: 'string', maxLength: 10 },
      reason: { anyOf: [{ const: 'SALE' }, { const: 'LOSS' }] },
      lines: {
        type: 'array',
        items: { type: 'object', properties: { quantity: { type: 'integer' } } },
      },
    },
  };
  const changed = (properties: object, rest: object = {}) => ({
    ...base,
    ...rest,
    properties: { ...base.properties, ...properties },
  });
  const without = (name: 'sku' | 'reason') => {
    const { [name]: _gone, ...properties } = base.properties;
    return { ...base, properties };
  };
  const lines = (quantity: object) => ({ type: 'array', items: { type: 'object', ...quantity } });
  it.each<[string, object, string[]]>([
    ['nothing', base, []],
    ['a further property', changed({ note: { type: 'string' } }), []],
    [
      'a further reason',
      changed({ reason: { anyOf: [{ const: 'A' }, ...base.properties.reason.anyOf] } }),
      [],
    ],
    ['a longer string', changed({ sku: { type: 'string', maxLength: 20 } }), []],
    ['a removed property', without('reason'), ['data.reason: removed']],
    [
      'a newly required property',
      { ...base, required: ['sku', 'reason'] },
      ['data.reason: newly required'],
    ],
    [
      'a property no longer required',
      { ...base, required: [] },
      ['data.sku: no longer always there'],
    ],
    [
      'another type',
      changed({ sku: { type: 'integer', maxLength: 10 } }),
      ['data.sku: type changed from string to integer'],
    ],
    [
      'a shorter string',
      changed({ sku: { type: 'string', maxLength: 9 } }),
      ['data.sku: maxLength narrowed to 9'],
    ],
    [
      'a lost reason',
      changed({ reason: { anyOf: [{ const: 'SALE' }] } }),
      ['data.reason: anyOf lost {"const":"LOSS"}'],
    ],
    [
      'a closed object',
      { ...base, additionalProperties: false },
      ['data: closed to further properties'],
    ],
    [
      'a change inside a list',
      changed({ lines: lines({ properties: {} }) }),
      ['data.lines[].quantity: removed'],
    ],
  ])('%s', (_case, next, breaking) => {
    expect(breakingEventChanges(base, next)).toEqual(breaking);
  });
});

describe('fields that name scopes', () => {
  const scoped = (text: string) => [{ document: parse(text) }];

  it('are listed with them, those for services left out', () => {
    const listed = fieldScopes(
      scoped(`type Query { b: Int @scopes(anyOf: ["x", "y"]) a: Int c: Int @scopes(anyOf: ["z"]) @inaccessible }
        extend type Mutation { a: Int! @scopes(anyOf: ["w"]) }`),
    );
    expect(listed).toEqual({ 'Mutation.a': ['w'], 'Query.b': ['x', 'y'] });
  });

  it('are nullable in queries, so that a refusal takes no other answer with it', async () => {
    expect(
      refusableButRequired(scoped('type Query { a: Int! @scopes(anyOf: ["x"]) b: Int! }')),
    ).toEqual(['Query.a']);
    expect(
      refusableButRequired(await readSubgraphs(path.resolve(import.meta.dirname, '../..'))),
    ).toEqual([]);
  });

  it('may become nullable, and nothing else may', async () => {
    const changed = (refusable: string[]) =>
      breakingApiChanges('type Query { a: Int! }', 'type Query { a: Int }', new Set(refusable));
    expect(await changed(['Query.a'])).toEqual([]);
    expect(await changed([])).toHaveLength(1);
    expect(
      await breakingApiChanges(
        'type Query { a: Int! }',
        'type Query { a: String }',
        new Set(['Query.a']),
      ),
    ).toHaveLength(1);
  });
});
