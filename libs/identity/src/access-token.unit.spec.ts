import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, exportSPKI, generateKeyPair, importSPKI, SignJWT, UnsecuredJWT } from 'jose';
import {
  createAccessTokenVerifier,
  createDevelopmentIssuer,
  createDevelopmentMint,
  DevelopmentIssuerRefused,
  generateSigningKey,
  TokenExpired,
  TokenInvalid,
  TokenKeysUnavailable,
  TokenMissing,
  type DevelopmentIssuer,
} from './index.ts';
import { importEd25519 } from './signing-key.ts';

const tenantId = '01900000-0000-7000-8000-00000000000a';
let folder: string;
let issuer: DevelopmentIssuer;
const verifier = (changes: object = {}) =>
  createAccessTokenVerifier({
    issuer: issuer.issuer,
    audience: issuer.audience,
    jwksUrl: issuer.jwksUrl,
    ...changes,
  });
const request = (changes: object = {}) => ({
  tenantId,
  subject: 'cashier-1',
  scopes: ['sale:write'],
  ...changes,
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'onecount-identity-'));
  const keyFile = path.join(folder, 'issuer.json');
  issuer = await createDevelopmentIssuer({ keyFile, port: 0, nodeEnv: 'test' });
});
afterAll(async () => {
  await issuer.close();
  await rm(folder, { recursive: true });
});

describe('an access token', () => {
  it('says tenant, subject and scopes', async () => {
    const identity = await verifier()(await issuer.mint(request()));
    expect(identity).toMatchObject({ tenantId, subject: 'cashier-1' });
    expect([...identity.scopes]).toEqual(['sale:write']);
  });

  it('gives one identity object as long as it is cached', async () => {
    const verify = verifier();
    const token = await issuer.mint(request());
    expect(await verify(token)).toBe(await verify(token));
  });

  it('cannot smuggle in a service scope', async () => {
    const token = await issuer.mint(request({ scopes: ['service:pos', 'stock:read', 'service:'] }));
    expect([...(await verifier()(token)).scopes]).toEqual(['stock:read']);
  });

  it.each([[undefined], ['']])('is missing when it is %p', async (token) => {
    await expect(verifier()(token)).rejects.toThrow(TokenMissing);
  });

  it('is refused once expired', async () => {
    const token = await issuer.mint(request({ expiresInSeconds: -10 }));
    await expect(verifier()(token)).rejects.toThrow(TokenExpired);
  });

  it('is not answered from the cache once expired', async () => {
    const verify = verifier();
    const token = await issuer.mint(request({ expiresInSeconds: 60 }));
    await verify(token);
    jest.useFakeTimers({ now: Date.now() + 70_000, doNotFake: ['nextTick', 'setImmediate'] });
    try {
      await expect(verify(token)).rejects.toThrow(TokenExpired);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is refused for another audience or from another issuer', async () => {
    const token = await issuer.mint(request());
    await expect(verifier({ audience: 'someone-else' })(token)).rejects.toThrow(TokenInvalid);
    await expect(verifier({ issuer: 'https://elsewhere' })(token)).rejects.toThrow(TokenInvalid);
  });

  it.each([['brooch'], ['a.b.c'], [`${'x'.repeat(9_000)}`], ['Bearer x']])(
    'is refused when it is no token (%#)',
    async (token) => {
      await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
    },
  );

  it.each([[undefined], [''], ['tenant-a'], ["' OR 1=1"], [42]])(
    'is refused with the tenant %p',
    async (tenant) => {
      const token = await issuer.mint(request({ tenantId: tenant }));
      await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
    },
  );

  it('is refused when its signature was changed', async () => {
    const token = await issuer.mint(request());
    const [header, , signature] = token.split('.');
    const other = (await issuer.mint(request({ subject: 'owner' }))).split('.')[1];
    await expect(verifier()(`${header}.${other}.${signature}`)).rejects.toThrow(TokenInvalid);
  });

  it('is refused when signed by a foreign key, with and without the right kid', async () => {
    const foreign = await generateSigningKey();
    const key = await importEd25519(foreign.privateJwk);
    const kid = await publishedKid();
    for (const header of [{ alg: 'EdDSA', kid }, { alg: 'EdDSA' }, { alg: 'EdDSA', kid: 'x' }]) {
      const token = await claims().setProtectedHeader(header).sign(key);
      await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
    }
  });

  it('is refused when it brings its own key in the header', async () => {
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const token = await claims().setProtectedHeader({ alg: 'EdDSA', jwk }).sign(pair.privateKey);
    await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
  });

  it('is refused with alg none', async () => {
    const token = new UnsecuredJWT({ tenant_id: tenantId, sub: 'x' })
      .setIssuer(issuer.issuer)
      .setAudience(issuer.audience)
      .setExpirationTime('1h')
      .encode();
    await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
  });

  it('is refused with HS256 keyed by the public key', async () => {
    const published = await publishedKey();
    const secrets = [published.x ?? '', await pemOf(published), JSON.stringify(published)];
    for (const secret of secrets) {
      const token = await claims()
        .setProtectedHeader({ alg: 'HS256', kid: published.kid ?? '' })
        .sign(new TextEncoder().encode(secret));
      await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
    }
  });

  it('is undecided when the keys cannot be read', async () => {
    const verify = verifier({ jwksUrl: 'http://127.0.0.1:1/jwks.json' });
    await expect(verify(await issuer.mint(request()))).rejects.toThrow(TokenKeysUnavailable);
  });
});

describe('the development issuer', () => {
  it.each([['production'], ['staging'], ['']])('refuses NODE_ENV=%s', async (nodeEnv) => {
    const keyFile = path.join(folder, 'never.json');
    const refused = createDevelopmentIssuer({ keyFile, port: 0, nodeEnv });
    await expect(refused).rejects.toThrow(DevelopmentIssuerRefused);
    const mint = createDevelopmentMint({ keyFile, issuer: 'http://x', nodeEnv });
    await expect(mint).rejects.toThrow(DevelopmentIssuerRefused);
    await expect(stat(keyFile)).rejects.toThrow('ENOENT');
  });

  it('publishes no private part and keeps its key to itself', async () => {
    expect(await publishedKey()).not.toHaveProperty('d');
    expect((await stat(path.join(folder, 'issuer.json'))).mode & 0o777).toBe(0o600);
  });

  it('uses one key when two start at once, and mints elsewhere with the same one', async () => {
    const keyFile = path.join(folder, 'both.json');
    const start = () => createDevelopmentIssuer({ keyFile, port: 0, nodeEnv: 'test' });
    const both = await Promise.all([start(), start()]);
    const kids = await Promise.all(both.map(async (one) => (await publishedKey(one)).kid));
    expect(kids[0]).toBe(kids[1]);
    const mint = await createDevelopmentMint({ keyFile, issuer: both[0].issuer, nodeEnv: 'test' });
    const verify = verifier({ issuer: both[0].issuer, jwksUrl: both[1].jwksUrl });
    expect((await verify(await mint(request()))).subject).toBe('cashier-1');
    await Promise.all(both.map((one) => one.close()));
  });

  it('describes itself to OIDC clients', async () => {
    const answer = await fetch(`${issuer.issuer}/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({ issuer: issuer.issuer, jwks_uri: issuer.jwksUrl });
    expect((await fetch(`${issuer.issuer}/mint`)).status).toBe(404);
  });
});

function claims(): SignJWT {
  return new SignJWT({ tenant_id: tenantId, scope: 'admin' })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setSubject('x')
    .setIssuedAt()
    .setExpirationTime('1h');
}
async function publishedKey(one: DevelopmentIssuer = issuer) {
  const jwks = (await (await fetch(one.jwksUrl)).json()) as {
    keys: { kid?: string; x?: string }[];
  };
  return jwks.keys[0]!;
}
async function publishedKid(): Promise<string> {
  return (await publishedKey()).kid ?? '';
}
async function pemOf(jwk: object): Promise<string> {
  const pem = await exportSPKI(await importEd25519(jwk));
  await importSPKI(pem, 'EdDSA');
  return pem;
}
