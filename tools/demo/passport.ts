import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { expectEqual } from './expectation.ts';
import type { Graph } from './graph.ts';
import type { Piece } from './piece.ts';
import type { Stage } from './stage.ts';

/** From facts that inventory and catalog know already: nothing is typed again. */
export async function issuePassport(
  owner: Graph,
  { piece, stage }: { piece: Piece; stage: Stage },
): Promise<string> {
  stage.step('The brooch gets its passport');
  const { passport } = await owner.succeed(
    'passportIssue',
    { sku: piece.sku, serial: piece.serial },
    'passport { status url }',
  );
  expectEqual('the passport', passport.status, 'ACTIVE');
  stage.fact(passport.status, passport.url);
  return passport.url as string;
}

type PublicPassport = {
  passport: { status: string; isVerified: boolean };
  credential: { id: string };
  lifecycle: { kind: string; occurredAt: string }[];
};
type Credential = {
  issuer: { id: string };
  credentialSubject: {
    name: string;
    characteristics: { sku: string; serial: string; certificate: { number: string } };
  };
};

async function getJson<T>(url: URL | string): Promise<T> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  expectEqual(`GET ${String(url)}`, response.status, 200);
  return (await response.json()) as T;
}

async function isSigned(credential: string, keys: JSONWebKeySet): Promise<boolean> {
  try {
    await compactVerify(credential, createLocalJWKSet(keys));
    return true;
  } catch (err) {
    if (err instanceof errors.JOSEError) return false;
    throw err;
  }
}

/** What anybody does who was handed the brooch and its address: no token, only the published key. */
export async function verifyPassport(
  url: string,
  { piece, stage }: { piece: Piece; stage: Stage },
): Promise<void> {
  stage.step('Anybody verifies the passport');
  const page = await getJson<PublicPassport>(url);
  const keys = await getJson<JSONWebKeySet>(new URL('/.well-known/jwks.json', url));
  const credential = page.credential.id.slice('data:application/vc+jwt,'.length);
  const { payload, protectedHeader } = await compactVerify(credential, createLocalJWKSet(keys));
  const { issuer, credentialSubject } = JSON.parse(new TextDecoder().decode(payload)) as Credential;
  const { sku, serial, certificate } = credentialSubject.characteristics;
  expectEqual(
    'the signed facts',
    { sku, serial, certificate: certificate.number },
    { sku: piece.sku, serial: piece.serial, certificate: piece.certificateNumber },
  );
  expectEqual('a changed credential', await isSigned(withOneByteChanged(credential), keys), false);
  const lifecycle = page.lifecycle.map(({ kind }) => kind);
  expectEqual('the sale on the page', lifecycle.includes('SOLD'), true);
  stage.fact('signed by', `${issuer.id} (${protectedHeader.alg})`);
  stage.fact('facts', `${sku}, serial ${serial}, certificate ${certificate.number}`);
  stage.fact('signature', 'is valid; with one byte of the facts changed it is not');
  stage.fact('lifecycle', lifecycle.join(', '));
}

function withOneByteChanged(credential: string): string {
  const [header, payload, signature] = credential.split('.') as [string, string, string];
  const bytes = Buffer.from(payload, 'base64url');
  bytes[bytes.length >> 1]! ^= 1;
  return [header, bytes.toString('base64url'), signature].join('.');
}
