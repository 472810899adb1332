import { eventLogEnv, loadConfig } from '@onecount/config';
import { transportSettings, type TransportConfig } from '@onecount/messaging';
import { z } from 'zod';
import { homeFolder } from '../start/config.ts';

type Env = Record<string, string | undefined>;

/** What `npm run verify` reads from its environment: the same names, with the same defaults, as `npm start`. */
export function verifyConfig(env: Env = process.env) {
  return {
    home: homeFolder(env),
    topicPrefix: env['TOPIC_PREFIX'] ?? '',
    partitions: Number(env['KAFKA_PARTITIONS'] || 24),
    isColoured: Boolean(process.stdout.isTTY) && !env['NO_COLOR'],
  };
}

/** The event log by the settings of the services; undefined when they name none. Throws ConfigError. */
export function givenEventLog(
  env: Env = process.env,
): Omit<TransportConfig, 'clientId'> | undefined {
  if (!env['KAFKA_BROKERS'] && !env['EVENT_LOG_URL']) return undefined;
  // Whoever runs a tool on this machine need not say that it is no production.
  const settings = { ...env, NODE_ENV: env['NODE_ENV'] || 'development' };
  return transportSettings(loadConfig(z.object(eventLogEnv), settings));
}
