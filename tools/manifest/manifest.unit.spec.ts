import { hash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSchema, Source } from 'graphql';
import { documentsIn } from './documents.ts';
import { manifestOf } from './manifest.ts';

const schema = buildSchema(`
  type Query { item(id: ID!): Item, items(first: Int = 20): [Item!]! }
  type Item { id: ID!, title: String!, parts: [Item!]! }`);
const made = (texts: string[], options?: { hasTypenames: boolean }) =>
  manifestOf(
    texts.map((text) => new Source(text)),
    schema,
    options,
  );

describe('a manifest', () => {
  it('has each operation once, by name, with the fragments it uses and the hash of its text', () => {
    const { manifest, problems } = made([
      'query Two { items { ...Card } }',
      'fragment Card on Item { id parts { ...Name } } query One { item(id: "1") { id } }',
      'fragment Name on Item { title } fragment Unused on Item { id }',
      '# repeated as it is\nquery One { item(id: "1") { id } }',
    ]);
    expect(problems).toEqual([]);
    const two =
      'query Two {\n  items {\n    ...Card\n  }\n}\n\nfragment Card on Item {\n  id\n  parts {\n    ...Name\n  }\n}\n\nfragment Name on Item {\n  title\n}';
    const one = 'query One {\n  item(id: "1") {\n    id\n  }\n}';
    expect(manifest).toEqual({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [
        { id: hash('sha256', one), name: 'One', type: 'query', body: one },
        { id: hash('sha256', two), name: 'Two', type: 'query', body: two },
      ],
    });
  });

  it('asks for type names where a normalised cache does', () => {
    const text = 'query Q { items { id parts { ... on Item { title } __typename } } }';
    const [listed] = made([text], { hasTypenames: true }).manifest.operations;
    expect(listed?.body.replaceAll(/\s+/g, ' ')).toBe(
      'query Q { items { id parts { ... on Item { title __typename } __typename } __typename } }',
    );
  });

  it.each([
    ['no name', ['{ items { id } }'], ['An operation needs a name to be listed.']],
    [
      'the name of another',
      ['query Q { items { id } }', 'query Q { items { title } }'],
      ['Another definition is named Q too.'],
    ],
    ['a type in it', ['type Q { id: ID }'], ['Only operations and fragments can be listed.']],
    ['no GraphQL in it', ['query Q {'], ['Syntax Error: Expected Name, found <EOF>.']],
    [
      'an unknown field, told once for all that use it',
      [
        'fragment Card on Item { colour }',
        'query A { items { ...Card } }',
        'query B { items { ...Card } }',
      ],
      ['Cannot query field "colour" on type "Item".'],
    ],
    ['a fragment that is nowhere', ['query Q { items { ...X } }'], ['Unknown fragment "X".']],
    [
      'more aliases than the gateway takes',
      [`query Q { ${Array.from({ length: 31 }, (_, n) => `a${n}: items { id }`).join(' ')} }`],
      ['Aliases limit of 30 exceeded, found 31.'],
    ],
  ])('refuses %s', (_what, texts, messages) => {
    expect(made(texts).problems.map(({ message }) => message)).toEqual(messages);
  });
});

describe('documents', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifest-'));
    const write = async (name: string, text: string) => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    };
    await write('a.graphql', 'query A { items { id } }');
    await write(
      'deep/b.tsx',
      [
        'import { gql } from "x"; // gql`query No { x }`',
        'const sql = `query No { x }`;',
        'const B = gql`',
        '  query B { items { ...F } }',
        '  ${F}',
        '`;',
        'const C = graphql(`query C { items { title(x: "\\`") } }`);',
        'const D = /* GraphQL */ "query D { items { id } }";',
        'export const View = () => <p title={`query No`}>{B}</p>;',
      ].join('\n'),
    );
    await write('node_modules/x/e.graphql', 'query No { items { id } }');
    await write('notes.md', 'gql`query No { x }`');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are whole files and what code marks, with their places, nothing else', async () => {
    const found = await documentsIn([folder]);
    expect(
      found.map(({ name, body, locationOffset }) => [
        name.slice(folder.length + 1),
        locationOffset.line,
        body.trim(),
      ]),
    ).toEqual([
      ['a.graphql', 1, 'query A { items { id } }'],
      ['deep/b.tsx', 3, 'query B { items { ...F } }'],
      ['deep/b.tsx', 7, 'query C { items { title(x: "`") } }'],
      ['deep/b.tsx', 8, 'query D { items { id } }'],
    ]);
  });
});
