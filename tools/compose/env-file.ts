import { generateKeyPairSync, randomBytes } from 'node:crypto';

const databases = ['CATALOG', 'INVENTORY', 'POS', 'WORKSHOP', 'PASSPORT', 'STOREFRONT_SYNC'];
/** Services that call another one or, as the gateway, speak for a caller. */
const signers = ['gateway', 'catalog', 'pos'];

// Hexadecimal: safe in a URL, in SQL and in an .env file without any quoting.
const newPassword = () => randomBytes(24).toString('hex');

type Jwk = Record<string, unknown>;

function newKey(kid: string): { privateJwk: Jwk; publicJwk: Jwk } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const named = { use: 'sig', alg: 'EdDSA', kid };
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...named },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...named },
  };
}

/** Every variable of docker-compose.yml that has no default, with fresh secrets. */
export function newEnv(): Record<string, string> {
  const env: Record<string, string> = { POSTGRES_PASSWORD: newPassword() };
  for (const name of databases) {
    env[`${name}_DB_PASSWORD`] = newPassword();
    env[`${name}_DB_OWNER_PASSWORD`] = newPassword();
  }
  const keys = signers.map((name) => [name, newKey(name)] as const);
  for (const [name, { privateJwk }] of keys) {
    env[`${name.toUpperCase()}_SIGNING_KEY`] = JSON.stringify(privateJwk);
  }
  env['INTERNAL_TRUSTED_KEYS'] = JSON.stringify({ keys: keys.map(([, key]) => key.publicJwk) });
  env['PASSPORT_SIGNING_KEY'] = JSON.stringify(newKey('passport-1').privateJwk);
  env['UPLOAD_SIGNING_SECRET'] = newPassword();
  env['DOWNLOAD_SIGNING_SECRET'] = newPassword();
  env['OIDC_ISSUER'] = 'https://id.example.com';
  env['OIDC_AUDIENCE'] = 'onecount';
  env['OIDC_JWKS_URL'] = 'https://id.example.com/jwks.json';
  return env;
}

/** Single quotes: Compose then takes the value as it is, with its double quotes and dollar signs. */
export function envFile(env: Record<string, string>): string {
  const lines = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  return [
    '# Written by tools/compose/init.ts. Secrets: keep it out of git and readable by you alone.',
    '# OIDC_…: set them to those of your identity provider before `docker compose up`.',
    ...lines,
    '',
  ].join('\n');
}
