import { resolve } from 'node:path';
import { ConfigError, eventLogEnv, loadConfig, postgresUrl } from '@onecount/config';
import { portNames, portVariable, StackError, type PortName } from '@onecount/local-stack';
import { z } from 'zod';

type Env = Record<string, string | undefined>;

/** The folder in which one system keeps everything: ONECOUNT_HOME, or .onecount in the repository. */
export function homeFolder(env: Env = process.env): string {
  return resolve(env['ONECOUNT_HOME'] ?? resolve(import.meta.dirname, '../../.onecount'));
}

/** What this machine says it is; without a word it is somebody's own. */
export function nodeEnv(env: Env = process.env): string {
  return env['NODE_ENV'] || 'development';
}

function askedPorts(env: Env): Partial<Record<PortName, number>> {
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of portNames) {
    const value = env[portVariable(name)];
    if (!value) continue;
    const port = Number(value);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new StackError(`${portVariable(name)}: is not a port (1 to 65535).`);
    }
    ports[name] = port;
  }
  return ports;
}

// Settings of services that make sense on a developer's machine; each service reads those that it knows.
const passedOn = [
  ...['LOG_LEVEL', 'KAFKA_PARTITIONS', 'TOPIC_PREFIX', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ...['CORS_ORIGINS', 'INTROSPECTION', 'EXPLORER', 'SUBGRAPH_TIMEOUT_MS', 'FAIR_LIMITS'],
  ...['SAFELIST_MANIFESTS', 'SAFELIST_MODE'],
  ...[
    'CALLER_COST_PER_SECOND',
    'TENANT_COST_PER_SECOND',
    'CALLER_COST_RUNNING',
    'TENANT_COST_RUNNING',
  ],
];
// How brokers are reached that somebody else runs; the addresses are said by what starts the log.
const ofBrokers = Object.keys(eventLogEnv).filter((name) => /^KAFKA_(TLS|SASL|OAUTH)/.test(name));
const eventLogs = ['auto', 'kafka', 'embedded'] as const;

/** Servers that already run: what is wrong about them is said before anything starts. */
function settingsOfServers(env: Env): { postgresUrl?: string } {
  try {
    const given = { ...env, NODE_ENV: nodeEnv(env) };
    if (env['KAFKA_BROKERS']) loadConfig(z.object(eventLogEnv), given);
    const { POSTGRES_URL: url } = loadConfig(
      z.object({ POSTGRES_URL: postgresUrl.optional() }),
      env,
    );
    return url === undefined ? {} : { postgresUrl: url };
  } catch (err) {
    throw err instanceof ConfigError ? new StackError(err.message) : err;
  }
}

/** What `npm start` reads from its environment. */
export function startConfig(env: Env = process.env) {
  // It hands out tokens for everything: whoever means production must not get this by a variable that is set anyway.
  if (nodeEnv(env) === 'production')
    throw new StackError(
      'NODE_ENV=production: npm start runs a development system; docs/running.md says how production runs.',
    );
  const kafka = eventLogs.find((name) => name === (env['EVENT_LOG'] || 'auto'));
  if (!kafka) throw new StackError(`EVENT_LOG: is none of ${eventLogs.join(', ')}.`);
  const names = env['KAFKA_BROKERS'] ? [...passedOn, ...ofBrokers] : passedOn;
  const given = names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const brokers = env['KAFKA_BROKERS']?.split(',').map((each) => each.trim());
  return {
    home: homeFolder(env),
    ports: askedPorts(env),
    kafka,
    ...settingsOfServers(env),
    kafkaBrokers: brokers?.filter(Boolean).length ? brokers.filter(Boolean) : undefined,
    env: Object.fromEntries(given) as Record<string, string>,
    isColoured: Boolean(process.stdout.isTTY) && !env['NO_COLOR'],
    isUnderNpm: env['npm_lifecycle_event'] !== undefined,
  };
}
