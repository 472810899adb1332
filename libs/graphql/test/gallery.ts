import {
  generateSigningKey,
  createInternalTokenSigner,
  createInternalTokenVerifier,
} from '@onecount/identity';
import { createLogger } from '@onecount/telemetry';
import {
  badInput,
  connectionFrom,
  createSubgraphServer,
  decodeCursor,
  pageArgs,
} from '../src/index.ts';
import type { SubgraphContext } from '../src/index.ts';

/** A small subgraph with one of everything: a union mutation, an entity, a connection, a field of another service. */
export const typeDefs = /* GraphQL */ `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@key", "@shareable", "@inaccessible", "@external"]
    )
  type Query {
    piece(id: ID!): Piece @scopes(anyOf: ["catalog:read", "shop:read"])
    pieces(first: Int, after: String, since: DateTime): PieceConnection!
      @scopes(anyOf: ["catalog:read"])
    broken: String @scopes(anyOf: ["catalog:read"])
    brokenMust: String! @scopes(anyOf: ["catalog:read"])
    sized(size: Size = SMALL, filter: PieceFilter): String! @scopes(anyOf: ["catalog:read"])
    whoAmI: String! @scopes(anyOf: ["catalog:read"])
    shown: Shown @scopes(anyOf: ["catalog:read"])
    chain: Link! @scopes(anyOf: ["catalog:read"])
  }
  type Mutation {
    pieceSell(input: PieceSellInput!): PieceSellResult! @scopes(anyOf: ["sale:write"])
    stockTake: Boolean! @inaccessible @scopes(anyOf: ["service:pos"])
  }
  enum Size {
    SMALL
    LARGE
  }
  input PieceFilter {
    sizes: [Size!] = [LARGE]
    priceMax: Decimal
    at: DateTime
  }
  input PieceSellInput {
    idempotencyKey: String!
    id: ID!
    price: MoneyInput!
  }
  union PieceSellResult = PieceSellSuccess | NotFound | InvalidInput
  type PieceSellSuccess {
    piece: Piece!
  }
  interface Shown {
    title: String!
  }
  type Link {
    next: Link!
    name: String!
  }
  type Piece implements Shown @key(fields: "id") {
    id: ID!
    title: String!
    price: Money
    madeAt: DateTime
    size: Size!
    stock: Int
    cost: Decimal @scopes(anyOf: ["catalog:write"])
  }
  type PieceConnection {
    edges: [PieceEdge!]!
    nodes: [Piece!]!
    pageInfo: PageInfo!
  }
  type PieceEdge {
    cursor: String!
    node: Piece!
  }
`;

type PieceRow = { id: string; title: string };

const rows: PieceRow[] = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, title: `Piece ${id}` }));
export const batches: string[][] = [];

const pieceOf = (row: PieceRow) => ({
  ...row,
  __typename: 'Piece',
  price: { amount: '12.50', currencyCode: 'EUR' },
  madeAt: new Date('2026-01-02T03:04:05.678Z'),
  size: 'SMALL',
  cost: '3.00',
});

function pieceLoader(context: SubgraphContext) {
  return context.loader<string, ReturnType<typeof pieceOf> | undefined>('piece', async (ids) => {
    batches.push([...ids]);
    return ids.map((id) => rows.filter((row) => row.id === id).map(pieceOf)[0]);
  });
}

export const resolvers = {
  Query: {
    piece: (_: unknown, args: { id: string }, context: SubgraphContext) =>
      pieceLoader(context).load(args.id),
    pieces(_: unknown, args: { first?: number; after?: string }) {
      const { first, limit, after } = pageArgs(args);
      const [last] = decodeCursor(after, ['text']) ?? [''];
      const page = rows.filter((row) => row.id > last!).slice(0, limit);
      return connectionFrom(page.map(pieceOf), { first, after, cursorOf: (piece) => piece.id });
    },
    broken: async () => {
      throw Object.assign(new Error('relation "piece" does not exist: SELECT * FROM piece'), {
        code: '42P01',
      });
    },
    brokenMust: () => null,
    sized(_: unknown, args: object) {
      return JSON.stringify(args);
    },
    whoAmI: (_: unknown, __: unknown, { caller }: SubgraphContext) => caller.tenantId,
    shown: () => pieceOf(rows[0]!),
    chain: () => ({ name: 'first' }),
  },
  Link: { next: () => ({ name: 'next' }) },
  Mutation: {
    async pieceSell(_: unknown, { input }: { input: { id: string } }, context: SubgraphContext) {
      if (input.id === '')
        throw badInput('id must not be empty.', { field: 'input.id', value: '' });
      const piece = await pieceLoader(context).load(input.id);
      if (piece) return { __typename: 'PieceSellSuccess', piece };
      const message = `There is no piece ${input.id}.`;
      return { __typename: 'NotFound', code: 'NOT_FOUND', message, kind: 'Piece', id: input.id };
    },
    stockTake: () => true,
  },
  Piece: {
    __resolveReference: (reference: { id: string }, context: SubgraphContext) =>
      pieceLoader(context).load(reference.id),
    // As a field of another service: the page stands although this one part fails.
    stock(piece: PieceRow) {
      if (piece.id === 'c') throw new Error('the stock of c is away');
      return 1;
    },
  },
};

export type GalleryToken = {
  service?: 'gateway' | 'pos';
  audience?: string;
  tenantId?: string;
  scopes?: string[];
};

export async function startGallery() {
  const lines: Record<string, unknown>[] = [];
  const keys = { gateway: await generateSigningKey(), pos: await generateSigningKey() };
  const log = createLogger({
    service: 'gallery',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const server = await createSubgraphServer({
    name: 'gallery',
    typeDefs: [typeDefs],
    resolvers,
    log,
    verifyInternalToken: createInternalTokenVerifier({
      audience: 'gallery',
      trustedJwks: {
        keys: Object.entries(keys).map(([kid, key]) => ({ ...key.publicJwk, kid })),
      },
    }),
    routes: (app) => void app.get('/open', async () => ({ isOpen: true })),
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const signers = {
    gateway: createInternalTokenSigner({ service: 'gateway', privateJwk: keys.gateway.privateJwk }),
    pos: createInternalTokenSigner({ service: 'pos', privateJwk: keys.pos.privateJwk }),
  };
  const token = (of: GalleryToken = {}) =>
    signers[of.service ?? 'gateway'].tokenFor({
      audience: of.audience ?? 'gallery',
      tenantId: of.tenantId ?? 'tenant-a',
      subject: 'somebody',
      scopes: of.scopes ?? ['catalog:read', 'sale:write'],
    });
  return { url, server, lines, signers, token, close: () => server.close() };
}

export type Answer = { status: number; body: { data?: any; errors?: any[] } };

/** One request over HTTP; `body` as a string goes out as it is. */
export async function post(
  url: string,
  body: string | { query: string; variables?: object; operationName?: string },
  headers: Record<string, string | undefined>,
): Promise<Answer> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...Object.fromEntries(given) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
