import { buildSchema, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { createRowsRequested } from './rows-requested.ts';

const schema = buildSchema(`
  type Query { products(first: Int = 20): Connection node: Node name: String }
  type Connection { edges: [Edge!]! } type Edge { node: Product! }
  interface Node { children(first: Int!): [Node!]! }
  type Product implements Node { units(first: Int = 10): [Unit!]! children(first: Int!): [Node!]! }
  type Unit { id: ID }`);

const rows = (text: string, variables: Record<string, unknown> = {}): number => {
  const document = parse(text);
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  return createRowsRequested(schema)(document, operation as OperationDefinitionNode, variables);
};

it.each<[string, number, Record<string, unknown>?]>([
  ['{ name }', 0],
  ['{ products { edges { node { __typename } } } }', 20],
  ['{ products(first: 3) { edges { node { units { id } } } } }', 3 + 3 * 10],
  ['{ products(first: 3) { edges { node { units(first: 100) { id } } } } }', 3 + 3 * 100],
  ['query ($n: Int) { products(first: $n) { edges { node { __typename } } } }', 7, { n: 7 }],
  ['query ($n: Int) { products(first: $n) { edges { node { __typename } } } }', 20],
  ['query ($n: Int = 9) { products(first: $n) { edges { node { __typename } } } }', 9],
  [
    '{ a: products(first: 2) { edges { __typename } } b: products(first: 3) { edges { __typename } } }',
    5,
  ],
  [
    '{ products(first: 2) { ...P } } fragment P on Connection { edges { node { ...Q } } } fragment Q on Product { units { id } }',
    22,
  ],
  [
    '{ node { ... on Product { units(first: 4) { id } } children(first: 2) { children(first: 2) { __typename } } } }',
    4 + 2 + 4,
  ],
  ['query ($n: Int) { products(first: $n) { edges { __typename } } }', 20, { n: -5 }],
  ['{ missing { products { name } } }', 0],
])('%s asks for %i rows', (...[text, expected, variables]) => {
  expect(rows(text, variables)).toBe(expected);
});
