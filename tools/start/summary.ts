import type { System } from '@onecount/local-stack';

const firstQuery = '{ locations(first: 10) { nodes { code name } } }';

const postgresOf = { embedded: 'embedded, from npm', external: 'at POSTGRES_URL' };

/** What a person needs after the start, and nothing more. */
export function summary(system: System, home: string): string {
  const services = Object.entries(system.services).filter(([name]) => name !== 'gateway');
  const width = Math.max(...services.map(([name]) => name.length));
  return [
    '',
    `ready in ${(system.startedInMs / 1000).toFixed(1)} s`,
    '',
    `  GraphQL     ${system.graphqlUrl}`,
    `  Explorer    ${system.graphqlUrl}  (in a browser)`,
    ...services.map(
      ([name, { url }], index) =>
        `  ${index === 0 ? 'Services' : '        '}    ${name.padEnd(width)}  ${url}`,
    ),
    `  PostgreSQL  ${system.postgres.host}:${system.postgres.port}  (${postgresOf[system.postgres.mode]})`,
    `  Events      ${system.kafka.reason}${system.kafka.brokers.length ? `: ${system.kafka.brokers.join(', ')}` : ''}`,
    `  Data        ${home}  (kept; npm run reset removes it; tokens are in dev.json)`,
    '',
    '  A first query:',
    '',
    `  curl -s ${system.graphqlUrl} -H 'content-type: application/json' \\`,
    `    -H 'authorization: Bearer ${system.tokens.owner}' \\`,
    `    -d '{"query":"${firstQuery}"}'`,
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n');
}
