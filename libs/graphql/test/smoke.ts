import { createSubgraphServer } from '../src/index.ts';
import { createLogger } from '@onecount/telemetry';
import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  generateSigningKey,
} from '@onecount/identity';
const key = await generateSigningKey();
const signer = createInternalTokenSigner({ service: 'gateway', privateJwk: key.privateJwk });
const verify = createInternalTokenVerifier({
  audience: 'demo',
  trustedJwks: { keys: [{ ...key.publicJwk, kid: 'gateway' }] },
});
const typeDefs = [
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key","@shareable","@inaccessible","@external"])
type Query { hello(at: DateTime): String @scopes(anyOf: ["catalog:read"]) boom: String @scopes(anyOf: ["catalog:read"]) }
type Thing @key(fields: "id") { id: ID! name: String secret: String @scopes(anyOf: ["sale:read"]) }
`,
];
const server = await createSubgraphServer({
  name: 'demo',
  typeDefs,
  log: createLogger({ service: 'demo', level: 'debug' }),
  verifyInternalToken: verify,
  resolvers: {
    Query: {
      hello: (_: unknown, a: any) => `hi ${a.at}`,
      boom() {
        throw new Error('SELECT secret');
      },
    },
    Thing: { __resolveReference: (r: any) => ({ id: r.id, name: 'n', secret: 's' }) },
  },
});
const url = await server.listen({ host: '127.0.0.1', port: 0 });
const token = await signer.tokenFor({
  audience: 'demo',
  tenantId: 't1',
  subject: 'x',
  scopes: ['catalog:write'],
});
async function ask(query: string, variables = {}, t = token) {
  const r = await fetch(url + '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ' + t },
    body: JSON.stringify({ query, variables }),
  });
  console.log(r.status, await r.text());
}
for (let i = 0; i < 3; i++) {
  await ask('query($a:DateTime){hello(at:$a)}', { a: '2026-01-01T00:00:00+02:00' });
}
for (let i = 0; i < 2; i++) {
  await ask('query($a:DateTime){hello(at:$a)}', { a: 'x' });
  await ask('{hello(at:"x")}');
  await ask('{boom hello}');
  await ask(
    'query($r:[_Any!]!){_entities(representations:$r){__typename ...on Thing{id name secret}}}',
    {
      r: [
        { __typename: 'Thing', id: 1 },
        { __typename: 'Thing', id: 2 },
      ],
    },
  );
  await ask('query($r:[_Any!]!){_entities(representations:$r){__typename ...on Thing{id name}}}', {
    r: Array(501).fill({ __typename: 'Thing', id: 1 }),
  });
  await ask('query($r:[_Any!]!){_entities(representations:$r){__typename ...on Thing{id name}}}', {
    r: [{ __typename: 'Query' }],
  });
}
await ask('{_service{sdl}}');
await ask('{nope}');
await ask('{', {}, token);
await ask('{hello}', {}, 'bad');
await ask('{__schema{types{name}}}');
console.log(process.memoryUsage().rss / 1e6);
await server.close();
