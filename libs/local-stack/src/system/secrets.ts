import { randomBytes } from 'node:crypto';
import { generateSigningKey } from '@onecount/identity';
import { StackError } from '../stack.errors.ts';
import { readJson, writeJson, type HomePaths } from './home.ts';

/** Services that sign internal tokens: the gateway for its callers, the others as themselves. */
export const signingServices = [
  'gateway',
  'catalog',
  'inventory',
  'pos',
  'workshop',
  'passport',
  'storefront-sync',
];

type Jwk = Record<string, unknown>;

export type Secrets = {
  passwords: Record<string, string>;
  signingKeys: Record<string, { privateJwk: Jwk; publicJwk: Jwk }>;
  passportKey: Jwk;
  uploadSecret: string;
};

const newPassword = () => randomBytes(24).toString('base64url');

async function newSecrets(): Promise<Secrets> {
  const signingKeys: Secrets['signingKeys'] = {};
  for (const name of signingServices) {
    signingKeys[name] = (await generateSigningKey(name)) as Secrets['signingKeys'][string];
  }
  const passport = await generateSigningKey('passport-1');
  return {
    passwords: {},
    signingKeys,
    passportKey: passport.privateJwk as Jwk,
    uploadSecret: randomBytes(32).toString('base64url'),
  };
}

export type SecretStore = {
  secrets: Secrets;
  passwordOf(role: string): string;
  save(): Promise<void>;
};

/** Reads the secrets of this home, or makes them on the first start; the file is the owner's alone. */
export async function openSecrets(paths: HomePaths): Promise<SecretStore> {
  const known = await readJson<Secrets>(paths.secrets);
  if (known && (!known.passwords || !known.signingKeys || !known.passportKey)) {
    throw new StackError(`${paths.secrets} is damaged: npm run reset starts afresh.`);
  }
  const secrets = known ?? (await newSecrets());
  const store: SecretStore = {
    secrets,
    passwordOf: (role) => (secrets.passwords[role] ??= newPassword()),
    save: () => writeJson(paths.secrets, secrets),
  };
  if (!known) await store.save();
  return store;
}
