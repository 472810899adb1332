import { composeServices } from '@apollo/composition';
import { badInput, createSubgraphServer, type SubgraphServer } from '@onecount/graphql';
import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  generateSigningKey,
  TokenExpired,
  TokenInvalid,
  TokenKeysUnavailable,
  TokenMissing,
  type AccessIdentity,
  type Caller,
} from '@onecount/identity';
import { createLogger } from '@onecount/telemetry';
import { parse } from 'graphql';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import {
  createGatewayServer,
  type GatewayServer,
  type GatewayServerOptions,
} from '../src/gateway-server.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@inaccessible", "@external"])`;
const catalogSdl = `${link}
  type Query {
    variants(first: Int = 20): [Variant!]! @scopes(anyOf: ["catalog:read"])
    variant(id: ID!): Variant @scopes(anyOf: ["catalog:read"])
    whoAmI: String! @scopes(anyOf: ["catalog:read"])
    repriced(input: RepriceInput!): String @scopes(anyOf: ["catalog:read"])
    onlyForPos: String @scopes(anyOf: ["service:pos"])
  }
  type Mutation {
    variantRename(id: ID!, title: String!): VariantRenameResult! @scopes(anyOf: ["catalog:write"])
  }
  input RepriceInput { at: DateTime amount: Decimal currencyCode: CurrencyCode grade: Grade }
  enum Grade { ANTIQUE MODERN }
  type Variant @key(fields: "id") { id: ID! title: String! price: Money }
  union VariantRenameResult = VariantRenameSuccess | NotFound
  type VariantRenameSuccess { variant: Variant! }`;
const inventorySdl = `${link}
  type Query {
    stockTotal: Int @scopes(anyOf: ["stock:read"])
    received: Int! @scopes(anyOf: ["catalog:read"])
  }
  type Mutation { stockReceive(id: ID!, quantity: Int!): StockReceived! @scopes(anyOf: ["stock:write", "shop:hold"]) }
  type StockReceived { variant: Variant! quantity: Int! }
  type Variant @key(fields: "id") {
    id: ID!
    stock: Stock
    reserved: Int
    mustBeThere: Int!
  }
  type Stock { available: Int! onHand: Int @scopes(anyOf: ["stock:read"]) levels(first: Int = 10): [Level!]! }
  type Level { locationCode: String! onHand: Int! }`;

// As `npm run schema` would write it.
const fieldScopes = {
  'Mutation.variantRename': ['catalog:write'],
  'Mutation.stockReceive': ['stock:write', 'shop:hold'],
  'Stock.onHand': ['stock:read'],
};

type Row = { id: string; title: string };
type Seen = { subgraph: string; headers: IncomingHttpHeaders; representations: number };

export const seen: Seen[] = [];
const titles = new Map<string, string>();
const stock = new Map<string, number>();

const row = (id: string): Row => ({ id, title: titles.get(id) ?? `Brooch ${id}` });
const fail = (): never => {
  throw new Error('SELECT * FROM level WHERE tenant_id = $1 failed at 10.0.0.7:5432');
};

const catalogResolvers = {
  Query: {
    variants: (_: unknown, { first }: { first: number }) =>
      Array.from({ length: first }, (_item, index) => row(`v${index}`)),
    variant: (_: unknown, { id }: { id: string }) => {
      if (id === 'bug') return fail();
      if (id === 'bad') throw badInput('The id is not one of ours.', { field: 'id', value: id });
      return id === 'gone' ? null : row(id);
    },
    whoAmI: (_: unknown, _args: unknown, { caller }: { caller: Caller }) =>
      `${caller.tenantId} ${caller.subject} ${caller.issuer} ${[...caller.scopes].sort().join(',')}`,
    repriced: (_: unknown, { input }: { input: object }) => Object.values(input).join(' '),
    onlyForPos: () => 'secret',
  },
  Mutation: {
    variantRename: (_: unknown, { id, title }: Row) => {
      if (id === 'gone') {
        return {
          __typename: 'NotFound',
          code: 'NOT_FOUND',
          message: 'No such variant.',
          kind: 'Variant',
          id,
        };
      }
      titles.set(id, title);
      return { __typename: 'VariantRenameSuccess', variant: row(id) };
    },
  },
  Variant: {
    __resolveReference: ({ id }: { id: string }) => row(id),
    price: () => ({ amount: '12.50', currencyCode: 'EUR' }),
  },
};
const inventoryResolvers = {
  Query: { stockTotal: () => 42, received: () => [...stock.values()].reduce((a, b) => a + b, 0) },
  Mutation: {
    stockReceive: (_: unknown, { id, quantity }: { id: string; quantity: number }) => {
      stock.set(id, (stock.get(id) ?? 0) + quantity);
      return { variant: { id }, quantity };
    },
  },
  Variant: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    stock: ({ id }: { id: string }) =>
      id === 'stock-bug' ? fail() : { available: stock.get(id) ?? 1 },
    reserved: ({ id }: { id: string }) => {
      if (id === 'v510') throw badInput('This one fails.', { field: 'id' });
      return Number(id.replace(/\D/g, ''));
    },
    mustBeThere: () => 1,
  },
  Stock: { onHand: () => 1, levels: () => [{ locationCode: 'HQ', onHand: 1 }] },
};

const log = createLogger({ service: 'gateway', level: 'silent' });

/** Two real subgraphs and a gateway over HTTP; each subgraph can be replaced by an address of one's own. */
export async function startGraph(
  options: {
    subgraphUrls?: Partial<Record<'catalog' | 'inventory', string>>;
    inventoryTimeoutMs?: number;
    responseBytesMax?: number;
    gateway?: Partial<GatewayServerOptions>;
    signedAs?: string;
    /** The clock by which the gateway signs. */
    signedAt?: () => number;
  } = {},
) {
  const key = await generateSigningKey('gateway');
  const started: SubgraphServer[] = [];
  const start = async (name: string, typeDefs: string, resolvers: object): Promise<string> => {
    const server = await createSubgraphServer({
      name,
      typeDefs: [typeDefs],
      resolvers,
      verifyInternalToken: createInternalTokenVerifier({
        audience: name,
        trustedJwks: { keys: [key.publicJwk] },
      }),
      log,
      routes: (app) => void app.get('/health/ready', async () => ({ status: 'ready' })),
    });
    server.app.addHook('preHandler', async (request) => {
      const body = request.body as { variables?: { representations?: unknown[] } } | undefined;
      const representations = body?.variables?.representations?.length ?? 0;
      if (request.method === 'POST')
        seen.push({ subgraph: name, headers: request.headers, representations });
    });
    started.push(server);
    return server.listen({ host: '127.0.0.1', port: 0 });
  };
  const catalogUrl =
    options.subgraphUrls?.catalog ?? (await start('catalog', catalogSdl, catalogResolvers));
  const inventoryUrl =
    options.subgraphUrls?.inventory ?? (await start('inventory', inventorySdl, inventoryResolvers));
  const { inventoryTimeoutMs = 600_000, responseBytesMax, signedAs = 'gateway' } = options;
  const gateway: GatewayServer = await createGatewayServer({
    supergraphSdl: supergraphSdl(),
    fieldScopes,
    subgraphs: [
      { name: 'catalog', url: catalogUrl, timeoutMs: 600_000, responseBytesMax },
      { name: 'inventory', url: inventoryUrl, timeoutMs: inventoryTimeoutMs, responseBytesMax },
    ],
    signer: createInternalTokenSigner({
      service: signedAs,
      privateJwk: { ...key.privateJwk, kid: signedAs },
      now: options.signedAt,
    }),
    verifyAccessToken: verifyTestToken,
    log,
    ...options.gateway,
  });
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    stopSubgraph: async (name: 'catalog' | 'inventory') =>
      started[name === 'catalog' ? 0 : 1]?.close(),
    close: async () => {
      await gateway.close();
      await Promise.all(started.map((server) => server.close()));
    },
  };
}

// Tokens have their own suite in libs/identity; here each outcome of the verifier has a name.
async function verifyTestToken(token: string | undefined): Promise<AccessIdentity> {
  if (token === undefined || token === '') throw new TokenMissing();
  if (token === 'expired') throw new TokenExpired();
  if (token === 'keys-away') throw new TokenKeysUnavailable();
  const [name, scopes = 'catalog:write,stock:write'] = token.split('|');
  const tenantId = { a: tenantA, b: tenantB }[name ?? ''];
  if (!tenantId) throw new TokenInvalid('The token is not valid.');
  const expiresAt = new Date(Date.now() + 60_000);
  return { tenantId, subject: `user-${name}`, scopes: new Set(scopes.split(',')), expiresAt };
}

export function supergraphSdl(): string {
  const result = composeServices(
    [
      ['catalog', catalogSdl],
      ['inventory', inventorySdl],
    ].map(([name = '', sdl = '']) => ({
      name,
      url: `http://${name}/graphql`,
      typeDefs: parse(`${sdl} ${sharedSdl}`),
    })),
  );
  if (result.errors) throw new Error(result.errors.join('\n'));
  return result.supergraphSdl;
}

const sharedSdl = `directive @scopes(anyOf: [String!]!) on FIELD_DEFINITION
  scalar Decimal scalar CurrencyCode scalar DateTime
  type Money @shareable { amount: Decimal! currencyCode: CurrencyCode! }
  interface UserError { code: String! message: String! }
  type NotFound implements UserError @shareable { code: String! message: String! kind: String! id: String! }`;

export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
  };
};

export async function ask(
  url: string,
  query: unknown,
  options: {
    token?: string | null;
    variables?: object;
    headers?: Record<string, string>;
    raw?: string;
  } = {},
): Promise<Answer> {
  const token = options.token === undefined ? 'a' : options.token;
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    body: options.raw ?? JSON.stringify({ query, variables: options.variables }),
  });
  const text = await answer.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Answer['body'];
  return { status: answer.status, headers: answer.headers, text, body };
}

/** A server that accepts connections and never answers. */
export async function startHangingServer(): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An HTTP server that answers every request the same. */
export async function startAnswering(
  status: number,
  body: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
