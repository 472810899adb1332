import { createHash } from 'node:crypto';
import { uuidv7 } from '@onecount/db';
import { variantMove, variantMoveOrders } from '@onecount/testing';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose';
import {
  brooch,
  publicUrl,
  returnOf,
  saleOf,
  startPassport,
  tenantA,
  tenantB,
  type Fixture,
} from '../../test/fixture.ts';

let passport: Fixture;
beforeAll(async () => {
  passport = await startPassport();
});
afterAll(() => passport?.stop());
beforeEach(async () => {
  await passport.run('ALTER TABLE lifecycle_record DISABLE TRIGGER USER');
  await passport.run(
    'TRUNCATE known_unit, known_product, known_variant, passport, lifecycle_record, outbox, idempotency_record',
  );
  await passport.run('ALTER TABLE lifecycle_record ENABLE TRIGGER USER');
});

const issueMutation = `mutation ($input: PassportIssueInput!) {
  passportIssue(input: $input) {
    __typename
    ... on PassportIssueSuccess { passport { id version status url credential serialUnit { id } } }
    ... on PassportAlreadyIssued { code message activePassport { id } }
    ... on UnitNotEligible { code unitStatus serialUnitId }
    ... on NotFound { code kind id }
    ... on InvalidInput { code field }
    ... on IdempotencyKeyReused { code idempotencyKey }
  }
}`;

async function issue(input: Record<string, unknown>, as?: { tenantId?: string; scopes?: string }) {
  const answer = await passport.graphql(
    issueMutation,
    { input: { idempotencyKey: uuidv7(), ...input } },
    as,
  );
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data['passportIssue'];
}

async function known(change?: Parameters<typeof brooch>[0], tenantId = tenantA) {
  const { unit, product } = brooch(change);
  await passport.deliver('catalog.product-changed', product.productId, product, tenantId);
  await passport.deliver('inventory.serial-unit-changed', unit.serialUnitId, unit, tenantId);
  return unit;
}

const count = async (table: string) =>
  (await passport.rows(`SELECT count(*)::int AS n FROM ${table}`))[0].n;
async function get(path: string, accept?: string) {
  const asked = { headers: accept ? { accept } : {}, redirect: 'manual' } as const;
  const answer = await fetch(passport.url + path, asked);
  const body = await answer.text();
  const headers = Object.fromEntries(answer.headers);
  return { statusCode: answer.status, headers, body, json: () => JSON.parse(body) };
}
const pathOf = (url: string) => url.replace(publicUrl, '');

describe('passportIssue', () => {
  test('by id: signed, public, one event, one lifecycle record more', async () => {
    const unit = await known();
    const answer = await issue({ serialUnitId: unit.serialUnitId });
    expect(answer).toMatchObject({
      __typename: 'PassportIssueSuccess',
      passport: { version: 1, status: 'ACTIVE', serialUnit: { id: unit.serialUnitId } },
    });
    const { id, url } = answer.passport;
    expect(url).toBe(`${publicUrl}/p/${id}`);
    expect(id).toMatch(/^.{14}4/);
    const events = await passport.rows(
      'SELECT type, aggregate_id, sequence::int, data FROM outbox',
    );
    expect(events).toEqual([
      {
        ...{ type: 'passport.passport-changed', aggregate_id: id, sequence: 1 },
        data: {
          passportId: id,
          version: 1,
          serialUnitId: unit.serialUnitId,
          status: 'ACTIVE',
          url,
        },
      },
    ]);
    const kinds = await passport.rows('SELECT kind FROM lifecycle_record ORDER BY occurred_at');
    expect(kinds.map((row) => row.kind)).toEqual(['RECEIVED', 'PASSPORT_ISSUED']);
  });

  test('by SKU and serial value, and by SKU and stock number', async () => {
    const unit = await known();
    const bySerial = await issue({ sku: unit.sku, serial: 'S-100' });
    expect(bySerial.passport.serialUnit.id).toBe(unit.serialUnitId);
    const byNumber = await issue({ sku: unit.sku.toLowerCase(), serial: ' e-0042' });
    expect(byNumber.activePassport.id).toBe(bySerial.passport.id);
    expect(byNumber.__typename).toBe('PassportAlreadyIssued');
  });

  test('a second passport for the unit is refused, also in the same instant, and nothing is written', async () => {
    const unit = await known();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => issue({ serialUnitId: unit.serialUnitId })),
    );
    const names = answers.map((answer) => answer.__typename).sort();
    expect(names).toEqual([...Array(5).fill('PassportAlreadyIssued'), 'PassportIssueSuccess']);
    expect(
      new Set(answers.map((answer) => (answer.passport ?? answer.activePassport).id)).size,
    ).toBe(1);
    expect([
      await count('passport'),
      await count('outbox'),
      await count("idempotency_record WHERE NOT response ? 'refusal'"),
    ]).toEqual([1, 1, 1]);
  });

  test('the same key and input give the same passport; other input is refused', async () => {
    const unit = await known();
    const input = { idempotencyKey: 'key-1', serialUnitId: unit.serialUnitId };
    const first = await issue(input);
    expect(await issue(input)).toEqual(first);
    const other = await known({ serial: 'S-101' });
    expect(await issue({ ...input, serialUnitId: other.serialUnitId })).toEqual({
      __typename: 'IdempotencyKeyReused',
      code: 'IDEMPOTENCY_KEY_REUSED',
      idempotencyKey: 'key-1',
    });
    expect(await count('passport')).toBe(1);
  });

  test('waits for a unit whose event is still in flight', async () => {
    const { unit, product } = brooch();
    const issuing = issue({ serialUnitId: unit.serialUnitId });
    await passport.deliver('inventory.serial-unit-changed', unit.serialUnitId, unit);
    await passport.deliver('catalog.product-changed', product.productId, product);
    expect(await issuing).toMatchObject({ __typename: 'PassportIssueSuccess' });
  });

  test.each([
    [
      'an unknown unit',
      { serialUnitId: '01900000-0000-7000-8000-000000000999' },
      { __typename: 'NotFound', code: 'NOT_FOUND', kind: 'SerialUnit' },
    ],
    ['no reference', {}, { __typename: 'InvalidInput', field: 'serialUnitId' }],
    [
      'half a reference',
      { sku: 'BROOCH-1905' },
      { __typename: 'InvalidInput', field: 'serialUnitId' },
    ],
    [
      'an id that is none',
      { serialUnitId: 'x' },
      { __typename: 'InvalidInput', field: 'serialUnitId' },
    ],
    [
      'an empty key',
      { idempotencyKey: '', sku: 'a', serial: 'b' },
      { __typename: 'InvalidInput', field: 'idempotencyKey' },
    ],
  ])('%s is refused and nothing is written', async (_, input, refusal) => {
    expect(await issue(input)).toMatchObject(refusal);
    expect([
      await count('passport'),
      await count('outbox'),
      await count("idempotency_record WHERE NOT response ? 'refusal'"),
    ]).toEqual([0, 0, 0]);
  });

  test('a scrapped unit gets none', async () => {
    const unit = await known({ status: 'SCRAPPED' });
    expect(await issue({ serialUnitId: unit.serialUnitId })).toEqual({
      __typename: 'UnitNotEligible',
      code: 'UNIT_NOT_ELIGIBLE',
      unitStatus: 'SCRAPPED',
      serialUnitId: unit.serialUnitId,
    });
    expect([
      await count('passport'),
      await count("idempotency_record WHERE NOT response ? 'refusal'"),
    ]).toEqual([0, 0]);
  });
});

describe('known units', () => {
  test('the newest version wins, in whatever order events come', async () => {
    const { unit } = brooch();
    const deliver = (version: number, status: 'AVAILABLE' | 'SOLD') =>
      passport.deliver('inventory.serial-unit-changed', unit.serialUnitId, {
        ...unit,
        version,
        status,
      });
    await deliver(3, 'SOLD');
    await deliver(2, 'AVAILABLE');
    expect(await passport.rows('SELECT version::int, status FROM known_unit')).toEqual([
      { version: 3, status: 'SOLD' },
    ]);
  });

  test('a stale product changes neither itself nor its variants', async () => {
    const { product } = brooch();
    const named = (version: number, fullTitle: string) => ({
      ...product,
      version,
      title: fullTitle,
      variants: [{ ...product.variants[0]!, fullTitle }],
    });
    await passport.deliver('catalog.product-changed', product.productId, named(2, 'New'));
    await passport.deliver('catalog.product-changed', product.productId, named(1, 'Old'));
    expect(await passport.rows('SELECT full_title FROM known_variant')).toEqual([
      { full_title: 'New' },
    ]);
  });

  test.each([...variantMoveOrders.split, ...variantMoveOrders.merge])(
    'a variant that goes to another product and back is named by the one that has it: %s',
    async (order) => {
      const { events, goes, ownerId, fullTitle } = variantMove(order);
      for (const data of events) {
        await passport.deliver('catalog.product-changed', data.productId, data);
      }
      const named = await passport.rows(
        'SELECT product_id AS "ownerId", full_title AS "fullTitle" FROM known_variant WHERE id = $1',
        [goes.variantId],
      );
      expect(named).toEqual([{ ownerId, fullTitle }]);
    },
  );
});

describe('a sale', () => {
  test('adds one SOLD record and a new version, once, without price or buyer', async () => {
    const unit = await known();
    const { passport: issued } = await issue({ serialUnitId: unit.serialUnitId });
    const sale = saleOf(unit);
    await passport.deliver('pos.sale-committed', sale.saleId, sale);
    await passport.deliver('pos.sale-committed', sale.saleId, sale);
    const answer = await passport.graphql(
      'query ($id: ID!) { passport(id: $id) { version lifecycle { nodes { kind occurredAt } pageInfo { hasNextPage } } } }',
      { id: issued.id },
    );
    expect(answer.data!['passport'].version).toBe(2);
    const { nodes } = answer.data!['passport'].lifecycle;
    expect(nodes.map((node: any) => node.kind)).toEqual(['RECEIVED', 'SOLD', 'PASSPORT_ISSUED']);
    expect(nodes[1].occurredAt).toBe('2026-11-21T15:30:00.000Z');
    const events = await passport.rows('SELECT sequence::int FROM outbox ORDER BY position');
    expect(events).toEqual([{ sequence: 1 }, { sequence: 2 }]);
    const { body } = await get(`/p/${issued.id}`, 'application/json');
    expect(body).not.toMatch(/420000|HQ-000001|clerk/);
  });

  test('that comes back adds one RETURNED record, and the next sale a second SOLD', async () => {
    const unit = await known();
    const { passport: issued } = await issue({ serialUnitId: unit.serialUnitId });
    const sale = saleOf(unit);
    await passport.deliver('pos.sale-committed', sale.saleId, sale);
    const back = returnOf(sale);
    await passport.deliver('pos.sale-returned', back.saleId, back);
    await passport.deliver('pos.sale-returned', back.saleId, back);
    const again = { ...saleOf(unit), committedAt: '2026-11-23T10:00:00.000Z' };
    await passport.deliver('pos.sale-committed', again.saleId, again);
    const { lifecycle } = (await get(`/p/${issued.id}`, 'application/json')).json();
    const kinds = lifecycle.map((record: any) => record.kind);
    expect(kinds.filter((kind: string) => kind !== 'PASSPORT_ISSUED')).toEqual([
      'SOLD',
      'RETURNED',
      'SOLD',
      'RECEIVED',
    ]);
    const page = await get(`/p/${issued.id}`, 'text/html');
    expect(page.body).toContain('Returned to the shop');
    expect(page.body).not.toContain('CHANGED_MIND');
  });

  test('before the passport is issued it is part of the history all the same', async () => {
    const unit = await known();
    const sale = saleOf(unit);
    await passport.deliver('pos.sale-committed', sale.saleId, sale);
    const { passport: issued } = await issue({ serialUnitId: unit.serialUnitId });
    const { lifecycle } = (await get(`/p/${issued.id}`, 'application/json')).json();
    expect(lifecycle.map((record: any) => record.kind)).toEqual([
      'PASSPORT_ISSUED',
      'SOLD',
      'RECEIVED',
    ]);
  });

  test('of several pieces in one line is part of the history of each', async () => {
    const [one, other] = [await known(), brooch().unit];
    const sale = saleOf(one);
    const lines = sale.lines.map(({ serialUnitId: _, ...line }) => ({
      ...line,
      quantity: 2,
      units: [one, other].map(({ serialUnitId }) => ({ serialUnitId })),
    }));
    await passport.deliver('pos.sale-committed', sale.saleId, { ...sale, lines });
    const sold = await passport.rows(
      `SELECT serial_unit_id AS id FROM lifecycle_record WHERE kind = 'SOLD' ORDER BY 1`,
    );
    const ids = [one, other].map(({ serialUnitId }) => serialUnitId).sort();
    expect(sold.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  test('pages of the lifecycle follow each other', async () => {
    const unit = await known();
    const { passport: issued } = await issue({ serialUnitId: unit.serialUnitId });
    const page = async (after: string | null) => {
      const answer = await passport.graphql(
        `query ($id: ID!, $after: String) { passport(id: $id) { lifecycle(first: 1, after: $after) {
           nodes { kind } pageInfo { hasNextPage endCursor } } } }`,
        { id: issued.id, after },
      );
      return answer.data!['passport'].lifecycle;
    };
    const first = await page(null);
    expect(first).toMatchObject({ nodes: [{ kind: 'RECEIVED' }], pageInfo: { hasNextPage: true } });
    const second = await page(first.pageInfo.endCursor);
    expect(second).toMatchObject({
      nodes: [{ kind: 'PASSPORT_ISSUED' }],
      pageInfo: { hasNextPage: false },
    });
  });
});

describe('the graph', () => {
  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on SerialUnit { id passport { id } } ... on Passport { id status } } }`;

  test('units get their passports in one statement, absent ones null', async () => {
    const [first, second] = [await known(), await known({ serial: 'S-102' })];
    const { passport: issued } = await issue({ serialUnitId: first.serialUnitId });
    const answer = await passport.graphql(entities, {
      representations: [
        { __typename: 'SerialUnit', id: first.serialUnitId },
        { __typename: 'SerialUnit', id: second.serialUnitId },
        { __typename: 'SerialUnit', id: 'no id' },
        { __typename: 'Passport', id: issued.id },
      ],
    });
    expect(answer.data!['_entities']).toEqual([
      { id: first.serialUnitId, passport: { id: issued.id } },
      { id: second.serialUnitId, passport: null },
      { id: 'no id', passport: null },
      { id: issued.id, status: 'ACTIVE' },
    ]);
  });

  test('another tenant finds neither unit nor passport', async () => {
    const unit = await known();
    const { passport: issued } = await issue({ serialUnitId: unit.serialUnitId });
    const as = { tenantId: tenantB };
    const byUnit = await passport.graphql(
      'query ($id: ID!, $unit: ID!) { a: passport(id: $id) { id } b: passport(serialUnitId: $unit) { id } }',
      { id: issued.id, unit: unit.serialUnitId },
      as,
    );
    expect(byUnit.data).toEqual({ a: null, b: null });
    const answer = await passport.graphql(
      entities,
      {
        representations: [
          { __typename: 'SerialUnit', id: unit.serialUnitId },
          { __typename: 'Passport', id: issued.id },
        ],
      },
      as,
    );
    expect(answer.data!['_entities']).toEqual([{ id: unit.serialUnitId, passport: null }, null]);
  });

  test('reading alone does not issue', async () => {
    const unit = await known();
    await expect(
      issue({ serialUnitId: unit.serialUnitId }, { scopes: 'passport:read' }),
    ).rejects.toThrow('FORBIDDEN');
    expect(await count('passport')).toBe(0);
  });
});

describe('the public page', () => {
  async function issued(change?: Parameters<typeof brooch>[0]) {
    const unit = await known(change);
    const answer = await issue({ serialUnitId: unit.serialUnitId });
    return { unit, path: pathOf(answer.passport.url), id: answer.passport.id as string };
  }

  test('the JSON verifies with the published key and says what the unit is', async () => {
    const { path, id } = await issued();
    const answer = await get(path, 'application/json');
    expect(answer.statusCode).toBe(200);
    const { passport: header, credential, facts } = answer.json();
    expect(header).toMatchObject({ id, status: 'ACTIVE', isVerified: true, url: publicUrl + path });
    const jws = credential.id.replace('data:application/vc+jwt,', '');
    expect(decodeProtectedHeader(jws)).toMatchObject({ alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc' });
    const jwks = (await get('/.well-known/jwks.json')).json();
    const { payload } = await compactVerify(jws, createLocalJWKSet(jwks));
    const signed = JSON.parse(new TextDecoder().decode(payload));
    expect(signed.credentialSubject).toEqual(facts);
    expect(signed).toMatchObject({
      type: ['DigitalProductPassport', 'VerifiableCredential'],
      issuer: { id: 'did:web:127.0.0.1%3A4105', name: 'Onecount test' },
      credentialSubject: {
        name: 'Swallow brooch',
        idGranularity: 'item',
        itemNumber: 'S-100',
        modelNumber: 'BROOCH-1905',
        relatedDocument: [{ linkURL: 'https://gia.example/77' }],
        characteristics: {
          certificate: { number: 'GIA-77', lab: 'GIA', grade: 'VS1' },
          attributes: [{ key: 'Metal', value: '18 ct gold' }],
        },
      },
    });
    expect(answer.body).not.toMatch(new RegExp(`${tenantA}|clerk`));
  });

  test('the did:web document carries the key that signed, and nothing private', async () => {
    const { path } = await issued();
    const jws = (await get(path, 'application/vc+jwt')).body;
    const document = (await get('/.well-known/did.json')).json();
    expect(document.id).toBe('did:web:127.0.0.1%3A4105');
    expect(document.assertionMethod).toEqual([decodeProtectedHeader(jws).kid]);
    expect(document.verificationMethod[0].publicKeyJwk).not.toHaveProperty('d');
    expect((await get('/.well-known/jwks.json')).body).not.toContain('"d"');
  });

  test('a credential that was tampered with is shown as not verified, without its facts', async () => {
    const { path, id } = await issued();
    const [{ credential }] = await passport.rows('SELECT credential FROM passport');
    const [header, payload, signature] = credential.split('.');
    const text = Buffer.from(payload, 'base64url').toString().replace('18 ct gold', '24 ct gold');
    const forged = [header, Buffer.from(text).toString('base64url'), signature].join('.');
    await passport.run('UPDATE passport SET credential = $1 WHERE id = $2', [forged, id]);
    const answer = (await get(path, 'application/json')).json();
    expect(answer.passport.isVerified).toBe(false);
    expect(answer.facts).toBeNull();
    const page = await get(path, 'text/html');
    expect(page.body).toContain('Not verified');
    expect(page.body).not.toContain('24 ct gold');
  });

  test('the page shows the facts, escapes them and loads nothing', async () => {
    const evil = '<script>alert(1)</script>';
    const { path } = await issued({
      attributes: [{ key: 'Engraving"', value: evil }],
      photos: ['javascript:alert(1)', 'https://cdn.example/a.jpg'],
    });
    const page = await get(path, 'text/html,application/xhtml+xml;q=0.9');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    const style = /<style>([\s\S]*)<\/style>/.exec(page.body)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.headers['content-security-policy']).toContain(`'sha256-${hash}'`);
    expect(page.body).toContain('Swallow brooch');
    expect(page.body).toContain('Signature verified');
    expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.body).not.toMatch(/<script|javascript:|<img|src=/);
  });

  test('the address of a unit leads to its passport in force', async () => {
    const { unit, path } = await issued();
    const answer = await get(`/u/${unit.serialUnitId.toUpperCase()}`, 'text/html');
    expect([answer.statusCode, answer.headers['location']]).toEqual([302, publicUrl + path]);
  });

  test.each([
    '/p/00000000-0000-4000-8000-000000000000',
    '/p/nonsense',
    '/u/00000000-0000-4000-8000-000000000000',
    '/u/nonsense',
  ])('%s is no passport', async (path) => {
    const page = await get(path, 'text/html');
    expect(page.statusCode).toBe(404);
    expect(page.body).toContain('There is no passport here');
    const json = await get(path, 'application/json');
    expect([json.statusCode, json.json()]).toEqual([404, { error: 'There is no such passport.' }]);
  });

  test('the role of the page reads these two tables only and writes none', async () => {
    const { db } = passport.database;
    await issued();
    const asPage = (text: string) => db.asSystem('public-page', (tx) => tx.query(text));
    expect(await asPage('SELECT id FROM known_unit')).toEqual([]);
    expect(await asPage('SELECT key FROM idempotency_record')).toEqual([]);
    expect(await asPage("UPDATE passport SET status = 'REVOKED' RETURNING id")).toEqual([]);
    expect(await count('passport')).toBe(1);
  });
});
