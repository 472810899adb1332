import { readFile } from 'node:fs/promises';
import { homePaths, runningLauncher } from '@onecount/local-stack';
import { homeFolder } from '../start/config.ts';

type Env = Record<string, string | undefined>;
type Jwk = Record<string, unknown>;

export type Operator = {
  /** Private half of the key `operator` that the services trust. */
  privateJwk: Jwk;
  urls: Record<string, string>;
};

/** Key and addresses of the system that runs in this home; undefined when none does. */
export async function localOperator(home = homeFolder()): Promise<Operator | undefined> {
  if (!(await runningLauncher(home))) return undefined;
  const paths = homePaths(home);
  const secrets = JSON.parse(await readFile(paths.secrets, 'utf8')) as {
    signingKeys: Record<string, { privateJwk: Jwk }>;
  };
  const dev = await readFile(paths.devFile, 'utf8').catch(() => undefined);
  if (dev === undefined) return undefined;
  const { services } = JSON.parse(dev) as { services: Record<string, string> };
  return { privateJwk: secrets.signingKeys['operator']!.privateJwk, urls: services };
}

/** OPERATOR_SIGNING_KEY: the private JWK, for a system that runs elsewhere. */
export function operatorKey(env: Env = process.env): Jwk | undefined {
  const text = env['OPERATOR_SIGNING_KEY'];
  return text ? (JSON.parse(text) as Jwk) : undefined;
}
