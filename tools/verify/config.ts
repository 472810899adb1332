import { eventLogEnv, loadConfig, postgresUrl } from '@onecount/config';
import { subgraphs, type Subgraph } from '@onecount/local-stack';
import { transportSettings, type TransportConfig } from '@onecount/messaging';
import { z } from 'zod';
import { homeFolder } from '../start/config.ts';

type Env = Record<string, string | undefined>;
type LogSettings = Omit<TransportConfig, 'clientId'>;

/** What `npm run verify` reads from its environment: the same names, with the same defaults, as `npm start` and the services. */
export function verifyConfig(env: Env = process.env) {
  return {
    home: homeFolder(env),
    eventLog: givenEventLog(env),
    postgresUrls: givenServers(env),
    topicPrefix: env['TOPIC_PREFIX'] ?? '',
    partitions: Number(env['KAFKA_PARTITIONS'] || 24),
    isColoured: Boolean(process.stdout.isTTY) && !env['NO_COLOR'],
  };
}

/** The event log by the settings of the services; undefined when they name none. Throws ConfigError. */
export function givenEventLog(env: Env = process.env): LogSettings | undefined {
  if (!env['KAFKA_BROKERS'] && !env['EVENT_LOG_URL']) return undefined;
  // Whoever runs a tool on this machine need not say that it is no production.
  const settings = { ...env, NODE_ENV: env['NODE_ENV'] || 'development' };
  return transportSettings(loadConfig(z.object(eventLogEnv), settings));
}

const ownName = (service: Subgraph) =>
  `${service.replaceAll('-', '_').toUpperCase()}_POSTGRES_URL` as const;

/** Each service's server, as a superuser; one for all that have none of their own. Undefined when one has none at all. */
function givenServers(env: Env): Record<Subgraph, string> | undefined {
  const names = ['POSTGRES_URL', ...subgraphs.map(ownName)];
  const shape = Object.fromEntries(names.map((name) => [name, postgresUrl.optional()]));
  const urls = loadConfig(z.object(shape), env);
  const found = subgraphs.map((name) => [name, urls[ownName(name)] ?? urls['POSTGRES_URL']]);
  if (found.some(([, url]) => url === undefined)) return undefined;
  return Object.fromEntries(found) as Record<Subgraph, string>;
}
