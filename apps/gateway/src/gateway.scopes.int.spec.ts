import { ask, seen, startGraph } from '../test/graph.ts';

let graph: Awaited<ReturnType<typeof startGraph>>;
beforeAll(async () => void (graph = await startGraph()));
afterAll(() => graph.close());
beforeEach(() => seen.splice(0));

const shop = 'a|shop:hold,catalog:read';
const send = (query: string, variables: object = {}, token = shop) =>
  ask(graph.graphqlUrl, query, { variables, token });
const receivedInAll = async () => (await send('{ received }')).body.data?.['received'];
const needsStockRead = { message: 'This needs the scope stock:read.' };
const onHand = 'variant { stock { available onHand } }';

describe('a mutation whose answer has a field that the caller may not see', () => {
  it.each<[string, string, object, unknown[]]>([
    [
      'at once',
      `mutation { stockReceive(id: "s", quantity: 1) { ${onHand} } }`,
      {},
      ['stockReceive'],
    ],
    [
      'in a fragment, under another name',
      `mutation { got: stockReceive(id: "s", quantity: 1) { ...F } } fragment F on StockReceived { ${onHand} }`,
      {},
      ['got'],
    ],
    [
      'by a condition that holds',
      'mutation ($yes: Boolean = true) { stockReceive(id: "s", quantity: 1) { variant { stock { onHand @include(if: $yes) } } } }',
      {},
      ['stockReceive'],
    ],
    [
      'in the second of two',
      `mutation { a: stockReceive(id: "s", quantity: 1) { quantity } b: stockReceive(id: "s", quantity: 1) { ${onHand} } }`,
      {},
      ['b'],
    ],
  ])(
    '(%s) is refused whole, and nothing has happened',
    async (_where, query, variables, [root]) => {
      const before = await receivedInAll();
      // The first time through ApolloServer, then as a known operation.
      for (let round = 0; round < 3; round += 1) {
        seen.splice(0);
        const { status, body } = await send(query, variables);
        expect([status, body]).toMatchObject([
          200,
          {
            data: null,
            errors: [
              {
                ...needsStockRead,
                path: [root, 'variant', 'stock', 'onHand'],
                extensions: { code: 'FORBIDDEN', scopes: ['stock:read'] },
              },
            ],
          },
        ]);
        expect(seen).toEqual([]);
      }
      expect(await receivedInAll()).toBe(before);
    },
  );

  it('runs when a condition leaves that field out, and when the scope is implied', async () => {
    const query =
      'mutation ($no: Boolean!) { stockReceive(id: "s", quantity: 1) { quantity variant { stock { onHand @include(if: $no) } } } }';
    for (let round = 0; round < 2; round += 1) {
      const left = await send(query, { no: false });
      expect(left.body).toEqual({
        data: { stockReceive: { quantity: 1, variant: { stock: {} } } },
      });
    }
    const all = await send(query, { no: true }, 'a|stock:write,catalog:read');
    expect(all.body.data).toEqual({
      stockReceive: { quantity: 1, variant: { stock: { onHand: 1 } } },
    });
  });

  it('is refused although a caller who may has made the operation known', async () => {
    const query = `mutation { stockReceive(id: "s", quantity: 2) { ${onHand} } }`;
    for (let round = 0; round < 2; round += 1) await send(query, {}, 'a|stock:write');
    const before = await receivedInAll();
    expect((await send(query)).body).toMatchObject({ data: null, errors: [needsStockRead] });
    expect(await receivedInAll()).toBe(before);
  });
});

it('in a query a field that the caller may not see is null with its error, and the others are answered', async () => {
  const query = '{ stockTotal variant(id: "v1") { title stock { available onHand } } }';
  for (let round = 0; round < 3; round += 1) {
    const { body } = await send(query);
    expect(body.data).toEqual({
      stockTotal: null,
      variant: { title: 'Brooch v1', stock: { available: 1, onHand: null } },
    });
    expect(body.errors).toHaveLength(2);
    expect(body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: ['stockTotal'], ...needsStockRead }),
        expect.objectContaining({ path: ['variant', 'stock', 'onHand'], ...needsStockRead }),
      ]),
    );
  }
});
