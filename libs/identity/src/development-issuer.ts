import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { calculateJwkThumbprint, SignJWT, type JWK } from 'jose';
import {
  assertEd25519,
  generateSigningKey,
  importEd25519,
  signingAlgorithm,
  type SigningKey,
} from './signing-key.ts';

export const developmentAudience = 'onecount';

export type MintRequest = {
  tenantId: string;
  subject: string;
  scopes: Iterable<string>;
  expiresInSeconds?: number;
};
export type Mint = (request: MintRequest) => Promise<string>;
export type DevelopmentIssuer = {
  issuer: string;
  jwksUrl: string;
  audience: string;
  mint: Mint;
  close(): Promise<void>;
};
type MintOptions = { keyFile: string; issuer: string; audience?: string; nodeEnv: string };

export class DevelopmentIssuerRefused extends Error {
  override readonly name = 'DevelopmentIssuerRefused';
}

const hourSeconds = 3_600;

/**
 * An OIDC issuer for one's own machine: publishes its key and signs whatever it is asked to.
 * Starts only when nodeEnv is development or test, since anybody who reaches `mint` is anybody.
 */
export async function createDevelopmentIssuer(options: {
  keyFile: string;
  port: number;
  host?: string;
  audience?: string;
  nodeEnv: string;
}): Promise<DevelopmentIssuer> {
  refuseOutsideDevelopment(options.nodeEnv);
  const host = options.host ?? '127.0.0.1';
  const { publicJwk } = await readOrCreateKey(options.keyFile);
  const server = createServer();
  await listen(server, options.port, host);
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
  answerDiscovery(server, { issuer, publicJwk });
  return {
    issuer,
    jwksUrl: `${issuer}/jwks.json`,
    audience: options.audience ?? developmentAudience,
    mint: await createDevelopmentMint({ ...options, issuer }),
    close: () => close(server),
  };
}

/** Signs as the development issuer that runs elsewhere with the same key file (`npm run token`). */
export async function createDevelopmentMint(options: MintOptions): Promise<Mint> {
  refuseOutsideDevelopment(options.nodeEnv);
  const { privateJwk } = await readOrCreateKey(options.keyFile);
  const key = await importEd25519(privateJwk);
  return ({ tenantId, subject, scopes, expiresInSeconds }) =>
    new SignJWT({ tenant_id: tenantId, scope: [...scopes].join(' ') })
      .setProtectedHeader({ alg: signingAlgorithm, kid: privateJwk.kid ?? '', typ: 'at+jwt' })
      .setIssuer(options.issuer)
      .setAudience(options.audience ?? developmentAudience)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + (expiresInSeconds ?? hourSeconds))
      .sign(key);
}

function refuseOutsideDevelopment(nodeEnv: string): void {
  if (nodeEnv === 'development' || nodeEnv === 'test') return;
  throw new DevelopmentIssuerRefused(
    `The development issuer signs tokens for anybody; it does not run with NODE_ENV=${nodeEnv}.`,
  );
}

async function readOrCreateKey(keyFile: string): Promise<SigningKey> {
  const known = await readKey(keyFile);
  if (known !== undefined) return known;
  const { privateJwk } = await generateSigningKey();
  const kid = await calculateJwkThumbprint(privateJwk);
  await mkdir(path.dirname(keyFile), { recursive: true });
  const draft = `${keyFile}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, JSON.stringify({ ...privateJwk, kid }), { mode: 0o600 });
  try {
    // link() fails if the file exists: of two processes that start at once, both use one key.
    await link(draft, keyFile);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  } finally {
    await rm(draft, { force: true });
  }
  const stored = await readKey(keyFile);
  if (stored === undefined) throw new Error(`The key file ${keyFile} vanished while starting.`);
  return stored;
}

async function readKey(keyFile: string): Promise<SigningKey | undefined> {
  let text: string;
  try {
    text = await readFile(keyFile, 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw err;
  }
  const privateJwk = JSON.parse(text) as JWK;
  assertEd25519(privateJwk, 'private');
  const { d: _private, ...publicJwk } = privateJwk;
  return { privateJwk, publicJwk };
}

function answerDiscovery(
  server: Server,
  { issuer, publicJwk }: { issuer: string; publicJwk: JWK },
) {
  const documents: Record<string, unknown> = {
    '/.well-known/openid-configuration': {
      issuer,
      jwks_uri: `${issuer}/jwks.json`,
      id_token_signing_alg_values_supported: [signingAlgorithm],
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
    },
    '/jwks.json': { keys: [publicJwk] },
  };
  server.on('request', (request, response) => {
    const document = request.method === 'GET' ? documents[request.url ?? ''] : undefined;
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? { error: 'not_found' }));
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((err) => (err === undefined ? resolve() : reject(err)));
    server.closeAllConnections();
  });
}
