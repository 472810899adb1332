import { execute, parse, validate, type ExecutionResult } from 'graphql';
import { createLogger } from '@onecount/telemetry';
import { resolvers, typeDefs } from '../test/gallery.ts';
import { createContext } from './context.ts';
import { createExecutor } from './executor.ts';
import { buildSubgraph } from './subgraph-schema.ts';

const schema = buildSubgraph({ typeDefs: [typeDefs], resolvers });
const log = createLogger({ service: 'gallery', level: 'silent' });
const newContext = () =>
  createContext({
    caller: {
      tenantId: 'tenant-a',
      subject: 'somebody',
      scopes: new Set(['catalog:read', 'sale:write']),
      issuer: 'gateway',
    },
    requestId: 'r-1',
    log,
  });

const sell = `mutation Sell($input: PieceSellInput!) { first: pieceSell(input: $input) { ...result }
  second: pieceSell(input: { idempotencyKey: "l", id: "b", price: { amount: "1", currencyCode: "EUR" } }) { ...result } }
  fragment result on PieceSellResult { __typename ... on PieceSellSuccess { piece { ...piece } } ... on UserError { code message } ... on NotFound { kind } }
  fragment piece on Piece { id title size }`;
const input = { idempotencyKey: 'k', id: 'a', price: { amount: '12.50', currencyCode: 'EUR' } };

const cases: [what: string, query: string, variables?: object][] = [
  [
    'scalars, enums and nulls',
    '{ piece(id: "a") { id title price { amount currencyCode } madeAt size stock } }',
  ],
  ['an unknown piece', '{ piece(id: "x") { id } }'],
  ['aliases of one field', '{ a: piece(id: "a") { id } b: piece(id: "b") { name: title title } }'],
  [
    'a connection with a failing part',
    '{ pieces(first: 4) { edges { cursor node { id stock } } pageInfo { hasNextPage endCursor } } }',
  ],
  ['a missing scope', '{ pieces { nodes { id cost } } }'],
  ['a thrown error', '{ broken whoAmI }'],
  ['null for a non-null root field', '{ brokenMust }'],
  ['an interface', '{ shown { __typename title ... on Piece { id } } }'],
  ['a union mutation', sell, { input }],
  ['a union mutation that refuses', sell, { input: { ...input, id: 'x' } }],
  ['a mutation whose first field fails', sell, { input: { ...input, id: '' } }],
  [
    '@include and @skip, yes',
    'query($yes: Boolean!) { piece(id: "a") { id @include(if: $yes) title @skip(if: $yes) } }',
    { yes: true },
  ],
  [
    '@include and @skip, no',
    'query($yes: Boolean!) { piece(id: "a") { id @include(if: $yes) title @skip(if: $yes) } }',
    { yes: false },
  ],
  [
    '@skip on a fragment',
    'query($no: Boolean = false) { piece(id: "a") { id ... @skip(if: $no) { title } ... @include(if: $no) { size } } }',
  ],
  ['argument defaults', '{ sized }'],
  [
    'variable defaults',
    'query($size: Size = LARGE, $f: PieceFilter = { priceMax: "5" }) { sized(size: $size, filter: $f) }',
  ],
  ['variables left out', 'query($size: Size, $f: PieceFilter) { sized(size: $size, filter: $f) }'],
  [
    'null variables',
    'query($size: Size, $f: PieceFilter) { sized(size: $size, filter: $f) }',
    { size: null, f: null },
  ],
  [
    'nested input with custom scalars',
    'query($f: PieceFilter) { sized(filter: $f) }',
    { f: { sizes: ['SMALL'], priceMax: '9.99', at: '2026-01-01T00:00:00+02:00' } },
  ],
  [
    'a single value for a list',
    'query($f: PieceFilter) { sized(filter: $f) }',
    { f: { sizes: 'SMALL' } },
  ],
  ['a literal date', '{ sized(filter: { at: "2026-01-01T00:00:00Z" }) }'],
  [
    'a variable of another type',
    'query($f: Int) { pieces(first: $f) { nodes { id } } }',
    { f: 'x' },
  ],
  ['a float for an int', 'query($f: Int) { pieces(first: $f) { nodes { id } } }', { f: 1.5 }],
  ['a value that is no enum value', 'query($size: Size) { sized(size: $size) }', { size: 'HUGE' }],
  ['an unknown input field', 'query($f: PieceFilter) { sized(filter: $f) }', { f: { nope: 1 } }],
  [
    'a malformed date',
    'query($d: DateTime) { pieces(since: $d) { nodes { id } } }',
    { d: 'yesterday' },
  ],
  [
    'a malformed decimal in an input',
    'query($f: PieceFilter) { sized(filter: $f) }',
    { f: { priceMax: 9.99 } },
  ],
  ['a required variable left out', 'query($id: ID!) { piece(id: $id) { id } }'],
  ['null for a required variable', 'query($id: ID!) { piece(id: $id) { id } }', { id: null }],
  ['a resolver that refuses its arguments', '{ pieces(first: 0) { nodes { id } } }'],
  [
    'entities',
    'query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Piece { id stock cost } } }',
    {
      r: [
        { __typename: 'Piece', id: 'a' },
        { __typename: 'Piece', id: 'c' },
        { __typename: 'Piece', id: 'x' },
      ],
    },
  ],
  ['the SDL', '{ _service { sdl } }'],
  ['type names', '{ __typename piece(id: "a") { __typename } }'],
  ['introspection', '{ __type(name: "Piece") { name fields { name type { kind name } } } }'],
];

// Order of errors from sibling fields is not promised by either executor.
function comparable(result: ExecutionResult): object {
  const errors = (result.errors ?? []).map((error) =>
    JSON.stringify({ ...error.toJSON(), code: error.extensions }),
  );
  return { data: JSON.parse(JSON.stringify(result.data ?? null)), errors: errors.sort() };
}

describe('the compiled executor answers like the plain one', () => {
  test.each(cases)('%s', async (_what, query, variables = {}) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const plain = await execute({
      schema,
      document,
      variableValues: variables as Record<string, unknown>,
      contextValue: newContext(),
    });
    const { run } = createExecutor(schema);
    for (let round = 0; round < 3; round += 1) {
      const result = await run({
        document,
        text: query,
        operationName: undefined,
        variables: variables as Record<string, unknown>,
        context: newContext(),
      });
      expect(comparable(result)).toEqual(comparable(plain));
    }
  });

  test('one operation of several, by its name', async () => {
    const document = parse('query A { whoAmI } query B { sized }');
    const { run } = createExecutor(schema);
    const ask = (operationName: string) =>
      run({ document, text: 'h', operationName, variables: {}, context: newContext() });
    for (let round = 0; round < 3; round += 1) {
      expect(await ask('A')).toMatchObject({ data: { whoAmI: 'tenant-a' } });
      expect(await ask('B')).toMatchObject({ data: { sized: '{"size":"SMALL"}' } });
    }
  });

  test('a cache that is full forgets the query unused for longest and goes on', async () => {
    const { run } = createExecutor(schema, 2);
    for (let round = 0; round < 3; round += 1) {
      for (const id of ['a', 'b', 'c', 'd']) {
        const query = `{ piece(id: "${id}") { id } }`;
        const request = { document: parse(query), text: query, operationName: undefined };
        expect(await run({ ...request, variables: {}, context: newContext() })).toMatchObject({
          data: { piece: { id } },
        });
      }
    }
  });
});
