import { randomBytes } from 'node:crypto';
import { generateSigningKey } from '@onecount/identity';
import { StackError } from '../stack.errors.ts';
import { subgraphs } from '../subgraphs.ts';
import { readJson, writeJson, type HomePaths } from './home.ts';

/**
 * Who signs internal tokens: the gateway for its callers, the services as themselves, and whoever runs
 * the system as `operator`.
 */
const signers = ['gateway', ...subgraphs, 'operator'];

type Jwk = Record<string, unknown>;

export type Secrets = {
  passwords: Record<string, string>;
  signingKeys: Record<string, { privateJwk: Jwk; publicJwk: Jwk }>;
  passportKey: Jwk;
  uploadSecret: string;
};

const newPassword = () => randomBytes(24).toString('base64url');

/** Makes the keys that are missing: all of them, or those of a signer newer than this home. */
async function addMissingKeys(signingKeys: Secrets['signingKeys']): Promise<boolean> {
  const missing = signers.filter((name) => !signingKeys[name]);
  for (const name of missing) {
    signingKeys[name] = (await generateSigningKey(name)) as Secrets['signingKeys'][string];
  }
  return missing.length > 0;
}

async function newSecrets(): Promise<Secrets> {
  const signingKeys: Secrets['signingKeys'] = {};
  await addMissingKeys(signingKeys);
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
  const isChanged = await addMissingKeys(secrets.signingKeys);
  if (!known || isChanged) await store.save();
  return store;
}
