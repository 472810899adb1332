export { ConfigError, loadConfig } from './load-config.ts';
export { eventWaitMs, processEnv, serviceEnv, type ServiceConfig } from './service-env.ts';
export { commaList, httpUrl, jwkJson, jwksJson, pemFile, port, postgresUrl } from './env-types.ts';
export type { Jwk, JwkSet } from './env-types.ts';
export { eventLogEnv, type EventLogConfig } from './event-log-env.ts';
