import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { generateSigningKey } from '@onecount/identity';
import { rolesOf } from '../postgres/provision.ts';
import { StackError } from '../stack.errors.ts';
import { subgraphs } from '../subgraphs.ts';
import { readJson, writeJson, type HomePaths } from './home.ts';

/**
 * Who signs internal tokens: the gateway for its callers, the services as themselves, and whoever runs
 * the system as `operator`.
 */
const signers = ['gateway', ...subgraphs, 'operator'];

/** The services and the embedded event log: each has a database with two roles. */
export const databaseNames = [...subgraphs, 'event-log'];
const roles = [
  'postgres',
  ...databaseNames.map(rolesOf).flatMap(({ role, ownerRole }) => [role, ownerRole]),
];

type Jwk = Record<string, unknown>;

export type Secrets = {
  passwords: Record<string, string>;
  signingKeys: Record<string, { privateJwk: Jwk; publicJwk: Jwk }>;
  passportKey: Jwk;
  uploadSecret: string;
  downloadSecret: string;
};

const newPassword = () => randomBytes(24).toString('base64url');
const newSecret = () => randomBytes(32).toString('base64url');

/** Makes what is missing: everything, or what belongs to a service newer than this home. */
async function addMissing(secrets: Secrets): Promise<boolean> {
  const { signingKeys, passwords } = secrets;
  const unsigned = signers.filter((name) => !signingKeys[name]);
  for (const name of unsigned) {
    signingKeys[name] = (await generateSigningKey(name)) as Secrets['signingKeys'][string];
  }
  const locked = roles.filter((role) => !passwords[role]);
  for (const role of locked) passwords[role] = newPassword();
  const isOlder = !secrets.downloadSecret;
  if (isOlder) secrets.downloadSecret = newSecret();
  return isOlder || unsigned.length + locked.length > 0;
}

async function newSecrets(): Promise<Secrets> {
  const passport = await generateSigningKey('passport-1');
  return {
    passwords: {},
    signingKeys: {},
    passportKey: passport.privateJwk as Jwk,
    uploadSecret: newSecret(),
    downloadSecret: newSecret(),
  };
}

export type SecretStore = {
  secrets: Secrets;
  passwordOf(role: string): string;
};

/**
 * Reads the secrets of this home, or makes them on the first start; the file is the owner's alone. They are
 * on disk before anything uses them: a start that dies at any moment leaves a home that starts again.
 */
export async function openSecrets(paths: HomePaths): Promise<SecretStore> {
  const known = await readJson<Secrets>(paths.secrets);
  if (existsSync(paths.secrets) && !(known?.passwords && known.signingKeys && known.passportKey)) {
    throw new StackError(
      `${paths.secrets} is damaged: restore it, or move it away and the next start makes new secrets ` +
        '(data stays; passports that were signed before no longer verify).',
    );
  }
  const secrets = known ?? (await newSecrets());
  if (await addMissing(secrets)) await writeJson(paths.secrets, secrets);
  return { secrets, passwordOf: (role) => secrets.passwords[role]! };
}
