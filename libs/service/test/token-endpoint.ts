import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const oauthClient = { id: 'till client', secret: 'till:secret' };

/** An OAuth server that gives tokens for the client's own credentials, and publishes its key. */
export async function startTokenEndpoint(audience: string) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const jwks = { keys: [{ ...jwk, kid: 'one', alg: 'RS256', use: 'sig' }] };
  const expected = [oauthClient.id, oauthClient.secret].map(encodeURIComponent).join(':');
  let tokens = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/jwks') return void answer(200, jwks);
    const given = request.headers.authorization?.replace('Basic ', '') ?? '';
    if (Buffer.from(given, 'base64').toString() !== expected)
      return void answer(401, { error: 'invalid_client' });
    tokens += 1;
    answer(200, { access_token: tokenFor(audience, privateKey), expires_in: 300 });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    jwksUrl: `${url}/jwks`,
    tokenUrl: `${url}/token`,
    tokensGiven: () => tokens,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function tokenFor(aud: string, key: KeyObject): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (of: object) => Buffer.from(JSON.stringify(of)).toString('base64url');
  const claims = { scope: 'kafka', sub: 'till', aud, iat: now, exp: now + 300 };
  const signed = `${part({ alg: 'RS256', kid: 'one' })}.${part(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}
