import { SignJWT, UnsecuredJWT, type JWK } from 'jose';
import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  generateSigningKey,
  TokenExpired,
  TokenInvalid,
  TokenMissing,
  type SigningKey,
} from './index.ts';
import { importEd25519 } from './signing-key.ts';

const tenantId = '01900000-0000-7000-8000-00000000000a';
const type = 'onecount-internal+jwt';
let gateway: SigningKey;
let pos: SigningKey;
let stranger: SigningKey;
const verifier = (audience = 'inventory') =>
  createInternalTokenVerifier({
    audience,
    trustedJwks: { keys: [gateway.publicJwk, pos.publicJwk] },
  });
const request = (changes: object = {}) => ({
  audience: 'inventory',
  tenantId,
  subject: 'cashier-1',
  scopes: ['stock:read'] as Iterable<string>,
  ...changes,
});
const signer = (service: 'gateway' | 'pos') =>
  createInternalTokenSigner({
    service,
    privateJwk: (service === 'gateway' ? gateway : pos).privateJwk,
  });

beforeAll(async () => {
  [gateway, pos, stranger] = await Promise.all([
    generateSigningKey('gateway'),
    generateSigningKey('pos'),
    generateSigningKey('stranger'),
  ]);
});

describe('an internal token', () => {
  it('carries the caller of the gateway', async () => {
    const caller = await verifier()(await signer('gateway').tokenFor(request()));
    expect(caller).toEqual({
      tenantId,
      subject: 'cashier-1',
      issuer: 'gateway',
      scopes: new Set(['stock:read']),
    });
  });

  it('names the calling service by its key', async () => {
    const caller = await verifier()(await signer('pos').tokenFor(request({ scopes: [] })));
    expect(caller.scopes).toEqual(new Set(['service:pos']));
  });

  it("opens the operator's doors with the operator's key, and nothing of a tenant", async () => {
    const operator = await generateSigningKey('operator');
    const verify = createInternalTokenVerifier({
      audience: 'inventory',
      trustedJwks: { keys: [operator.publicJwk] },
    });
    const { privateJwk } = operator;
    const signing = createInternalTokenSigner({ service: 'operator', privateJwk });
    const caller = await verify(await signing.tokenFor(request({ scopes: ['admin'] })));
    expect(caller.scopes).toEqual(new Set(['service:operator']));
  });

  it('keeps no service scope that was only claimed', async () => {
    const scopes = ['service:pos', 'service:inventory', 'sale:read'];
    const outside = await verifier()(await signer('gateway').tokenFor(request({ scopes })));
    expect(outside.scopes).toEqual(new Set(['sale:read']));
    const inside = await verifier()(await signer('pos').tokenFor(request({ scopes })));
    expect(inside.scopes).toEqual(new Set(['sale:read', 'service:pos']));
  });

  it('implies reading by writing, and all of the tenant by admin but no shop and no service', async () => {
    const writing = request({ scopes: new Set(['stock:write']) });
    const writer = await verifier()(await signer('gateway').tokenFor(writing));
    expect(writer.scopes).toEqual(new Set(['stock:write', 'stock:read']));
    const ruling = request({ scopes: new Set(['admin']) });
    const admin = await verifier()(await signer('gateway').tokenFor(ruling));
    expect(admin.scopes).toContain('connection:write');
    expect(admin.scopes).toContain('repair:read');
    expect([...admin.scopes].filter((scope) => /^(shop|service):/.test(scope))).toEqual([]);
  });

  it('is signed once for equal requests and again for any difference', async () => {
    const { tokenFor } = signer('gateway');
    const first = await tokenFor(request({ scopes: ['a', 'b'] }));
    expect(await tokenFor(request({ scopes: new Set(['b', 'a']) }))).toBe(first);
    const others = [
      { audience: 'pos' },
      { tenantId: 'other' },
      { subject: 'b' },
      { scopes: ['a'] },
    ];
    for (const change of others) {
      expect(await tokenFor(request({ scopes: ['a', 'b'], ...change }))).not.toBe(first);
    }
  });

  it('is not shared beyond half of its life', async () => {
    const { tokenFor } = signer('gateway');
    const first = await tokenFor(request());
    await after(29_000, async () => expect(await tokenFor(request())).toBe(first));
    await after(31_000, async () => expect(await tokenFor(request())).not.toBe(first));
  });

  it('is refused once expired, also when it was seen before', async () => {
    const verify = verifier();
    const token = await signer('gateway').tokenFor(request());
    await verify(token);
    await after(66_000, async () => {
      await expect(verify(token)).rejects.toThrow(TokenExpired);
    });
  });

  it('is refused by another audience', async () => {
    const token = await signer('gateway').tokenFor(request());
    await expect(verifier('passport')(token)).rejects.toThrow(TokenInvalid);
  });

  it('must be there', async () => {
    await expect(verifier()(undefined)).rejects.toThrow(TokenMissing);
    await expect(verifier()('')).rejects.toThrow(TokenMissing);
    await expect(verifier()('brooch')).rejects.toThrow(TokenInvalid);
  });

  it.each<[string, () => SigningKey, object, object]>([
    ['a foreign key under a trusted kid', () => stranger, { kid: 'gateway' }, { iss: 'gateway' }],
    ['a foreign key under its own kid', () => stranger, { kid: 'stranger' }, { iss: 'stranger' }],
    [
      'another service under the kid of the gateway',
      () => pos,
      { kid: 'gateway' },
      { iss: 'gateway' },
    ],
    ['its own kid but the name of the gateway', () => pos, { kid: 'pos' }, { iss: 'gateway' }],
    ['its own kid but another service as issuer', () => pos, { kid: 'pos' }, { iss: 'catalog' }],
    ['no kid', () => gateway, {}, { iss: 'gateway' }],
    ['a kid that is a property of every object', () => gateway, { kid: '__proto__' }, {}],
    ['another type', () => gateway, { kid: 'gateway', typ: 'at+jwt' }, { iss: 'gateway' }],
    ['no tenant', () => gateway, { kid: 'gateway' }, { iss: 'gateway', tenant_id: '' }],
    ['no subject', () => gateway, { kid: 'gateway' }, { iss: 'gateway', sub: '' }],
    ['a longer life than ours', () => gateway, { kid: 'gateway' }, { iss: 'gateway', iat: -120 }],
  ])('is refused with %s', async (_case, key, header, claims) => {
    await expect(verifier()(await forged(key().privateJwk, header, claims))).rejects.toThrow(
      /Token|token/,
    );
  });

  it('is kept no longer than a minute, whatever life it claims', async () => {
    const token = await new SignJWT({ tenant_id: tenantId, sub: 'x', iss: 'gateway' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'gateway', typ: type })
      .setAudience('inventory')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await importEd25519(gateway.privateJwk));
    const verify = verifier();
    expect(await verify(token)).toMatchObject({ subject: 'x' });
    await after(70_000, () => expect(verify(token)).rejects.toThrow(/Token|token/));
  });

  it('is refused with alg none', async () => {
    const token = new UnsecuredJWT({ tenant_id: tenantId, sub: 'x', iss: 'gateway' })
      .setAudience('inventory')
      .setIssuedAt()
      .setExpirationTime('60s')
      .encode();
    await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
  });

  it('is refused with HS256 keyed by the public key', async () => {
    const token = await new SignJWT({ tenant_id: tenantId, sub: 'x', iss: 'gateway' })
      .setProtectedHeader({ alg: 'HS256', kid: 'gateway', typ: type })
      .setAudience('inventory')
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(Buffer.from(gateway.publicJwk.x ?? '', 'base64url'));
    await expect(verifier()(token)).rejects.toThrow(TokenInvalid);
  });
});

describe('keys', () => {
  const verifierWith = (keys: JWK[]) => () =>
    createInternalTokenVerifier({ audience: 'inventory', trustedJwks: { keys } });

  it('are two of one service at most, told apart by their ids', async () => {
    const next = await generateSigningKey('pos.2');
    const both = [pos.publicJwk, next.publicJwk];
    const verify = createInternalTokenVerifier({
      audience: 'inventory',
      trustedJwks: { keys: both },
    });
    for (const { privateJwk } of [pos, next]) {
      const token = await createInternalTokenSigner({ service: 'pos', privateJwk }).tokenFor(
        request(),
      );
      expect(await verify(token)).toMatchObject({ issuer: 'pos' });
    }
    const third = (await generateSigningKey('pos.3')).publicJwk;
    const trusting = (keys: JWK[]) => () =>
      createInternalTokenVerifier({ audience: 'inventory', trustedJwks: { keys } });
    expect(trusting([...both, third])).toThrow('More than 2 trusted keys are of pos.');
    expect(trusting([...both, gateway.publicJwk])).not.toThrow();
  });

  it('sign for the service in their id and for no other', async () => {
    const { privateJwk } = await generateSigningKey('pos.2');
    expect(() => createInternalTokenSigner({ service: 'gateway', privateJwk })).toThrow(
      /must be gateway/,
    );
    const forged = await new SignJWT({ tenant_id: tenantId })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'pos', typ: type })
      .setIssuer('pos.2')
      .setAudience('inventory')
      .setSubject('s')
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(await importEd25519(pos.privateJwk));
    await expect(verifier()(forged)).rejects.toThrow(
      'The token names another issuer than its key.',
    );
  });

  it('are refused when a trusted one is private, unnamed, doubled or no Ed25519', () => {
    expect(verifierWith([gateway.privateJwk])).toThrow('contains its private part');
    expect(verifierWith([{ ...gateway.publicJwk, kid: undefined }])).toThrow('has no kid');
    expect(verifierWith([gateway.publicJwk, gateway.publicJwk])).toThrow('Two trusted keys');
    expect(verifierWith([{ kty: 'oct', k: 'c2VjcmV0', kid: 'x' }])).toThrow('not an Ed25519');
  });

  it('cannot sign without their private part', () => {
    expect(() => createInternalTokenSigner({ service: 'pos', privateJwk: pos.publicJwk })).toThrow(
      'has no private part',
    );
  });
});

async function forged(key: JWK, header: object, claims: object): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const given = claims as { iat?: number };
  const iat = now + (given.iat ?? 0);
  return new SignJWT({
    aud: 'inventory',
    sub: 'x',
    tenant_id: tenantId,
    ...claims,
    iat,
    exp: now + 60,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: type, ...header })
    .sign(await importEd25519(key));
}

async function after(ms: number, check: () => Promise<void>): Promise<void> {
  jest.useFakeTimers({ now: Date.now() + ms, doNotFake: ['nextTick', 'setImmediate'] });
  try {
    await check();
  } finally {
    jest.useRealTimers();
  }
}
