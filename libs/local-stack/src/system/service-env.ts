import { compileCache } from '../paths.ts';
import type { ServiceDatabase } from '../postgres/provision.ts';
import { subgraphs } from '../subgraphs.ts';
import type { HomePaths } from './home.ts';
import type { SystemPorts } from './system-ports.ts';
import type { Secrets } from './secrets.ts';

export const services = ['gateway', ...subgraphs] as const;
export type SystemService = (typeof services)[number];

export type ServiceEnvOptions = {
  paths: HomePaths;
  ports: SystemPorts;
  secrets: Secrets;
  databases: Record<string, ServiceDatabase>;
  /** KAFKA_BROKERS or EVENT_LOG_URL. */
  eventLog: Record<string, string>;
  issuer: { issuer: string; jwksUrl: string; audience: string };
  failpointDir?: string;
  /** From the caller's environment, over what is set here. */
  overrides: Record<string, string>;
};

const urlOf = (ports: SystemPorts, name: SystemService) => `http://127.0.0.1:${ports[name]}`;
const variableOf = (name: string) => name.replaceAll('-', '_').toUpperCase();

function trustedKeys(secrets: Secrets): string {
  const keys = Object.values(secrets.signingKeys).map(({ publicJwk }) => publicJwk);
  return JSON.stringify({ keys });
}

function sharedEnv(name: SystemService, options: ServiceEnvOptions): Record<string, string> {
  const { ports, secrets } = options;
  return {
    // Nothing else of the launcher's environment: a service works from its own settings alone.
    PATH: '/usr/local/bin:/usr/bin:/bin',
    NODE_ENV: 'development',
    NODE_COMPILE_CACHE: compileCache,
    // glibc keeps an arena per thread otherwise: some 10 MB of each service.
    MALLOC_ARENA_MAX: '2',
    ONECOUNT_PARENT_PID: String(process.pid),
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    LOG_LEVEL: 'info',
    INTROSPECTION: 'true',
    INTERNAL_SIGNING_KEY: JSON.stringify(secrets.signingKeys[name]!.privateJwk),
  };
}

function gatewayEnv({ paths, ports, issuer }: ServiceEnvOptions): Record<string, string> {
  const urls = subgraphs.map((name) => [`${variableOf(name)}_URL`, urlOf(ports, name)]);
  return {
    ...(Object.fromEntries(urls) as Record<string, string>),
    OIDC_ISSUER: issuer.issuer,
    OIDC_AUDIENCE: issuer.audience,
    OIDC_JWKS_URL: issuer.jwksUrl,
    EXPLORER: 'true',
    EXPLORER_TOKENS_FILE: paths.devFile,
  };
}

// Only what a service has a use for: the addresses of those it calls, the keys of what it signs.
function ownEnv(
  name: SystemService,
  { paths, ports, secrets }: ServiceEnvOptions,
): Record<string, string> {
  switch (name) {
    case 'catalog':
      return {
        INVENTORY_URL: urlOf(ports, 'inventory'),
        PUBLIC_URL: urlOf(ports, 'catalog'),
        UPLOAD_DIR: paths.uploads,
        MEDIA_DIR: paths.media,
        MEDIA_FETCH_LOOPBACK: 'true',
        UPLOAD_SIGNING_SECRET: secrets.uploadSecret,
      };
    case 'pos':
      return {
        INVENTORY_URL: urlOf(ports, 'inventory'),
        CATALOG_URL: urlOf(ports, 'catalog'),
        PUBLIC_URL: urlOf(ports, 'pos'),
        DOWNLOAD_SIGNING_SECRET: secrets.downloadSecret,
      };
    case 'passport':
      return {
        PASSPORT_PUBLIC_URL: urlOf(ports, 'passport'),
        PASSPORT_SIGNING_KEY: JSON.stringify(secrets.passportKey),
      };
    default:
      return {};
  }
}

/** The whole environment of one service's process. */
export function serviceEnv(
  name: SystemService,
  options: ServiceEnvOptions,
): Record<string, string> {
  const shared = sharedEnv(name, options);
  if (name === 'gateway') return { ...shared, ...gatewayEnv(options), ...options.overrides };
  const failpoints: Record<string, string> = options.failpointDir
    ? { FAILPOINT_DIR: options.failpointDir }
    : {};
  return {
    ...shared,
    DATABASE_URL: options.databases[name]!.url,
    INTERNAL_TRUSTED_KEYS: trustedKeys(options.secrets),
    ...options.eventLog,
    ...failpoints,
    ...ownEnv(name, options),
    ...options.overrides,
  };
}
