// npm run dead-events -- list|replay --service <name>: what a service gave up on, and its replay after a fix.
import { parseArgs } from 'node:util';
import { createDeadEventClient, ServiceError, type DeadEventList } from './client.ts';
import { localOperator, operatorKey } from './config.ts';

const usage = `npm run dead-events -- list --service <name>
npm run dead-events -- replay --service <name> [--id <id>]

  --service  catalog, inventory, pos, workshop, passport or storefront-sync
  --id       one dead event; all of the service otherwise
  --url      address of the service, with the key in OPERATOR_SIGNING_KEY; otherwise the system that runs here
`;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function request() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { service: { type: 'string' }, id: { type: 'string' }, url: { type: 'string' } },
    });
    const [command, ...rest] = positionals;
    const { service, ...options } = values;
    if ((command !== 'list' && command !== 'replay') || rest.length > 0 || !service) {
      throw new UsageError(usage);
    }
    return { command, service, ...options };
  } catch (err) {
    throw err instanceof UsageError ? err : new UsageError(`${(err as Error).message}\n\n${usage}`);
  }
}

async function targetOf(of: { service: string; url?: string }) {
  const { service } = of;
  if (of.url !== undefined) {
    const privateJwk = operatorKey();
    if (!privateJwk) throw new UsageError('OPERATOR_SIGNING_KEY is required with --url.\n');
    return { service, url: of.url, privateJwk };
  }
  const local = await localOperator();
  if (!local) throw new UsageError('No system runs here: npm start, or give --url\n');
  const url = service === 'gateway' ? undefined : local.urls[service];
  if (!url) throw new UsageError(`No service ${service} consumes events.\n\n${usage}`);
  return { service, url, privateJwk: local.privateJwk };
}

function show({ total, deadEvents }: DeadEventList): void {
  for (const { id, type, consumer, eventId, tenantId, diedAt, attempts, reason } of deadEvents) {
    console.log(`${id}  ${type ?? 'no type'}  for ${consumer}`);
    console.log(`  event ${eventId} of tenant ${tenantId}`);
    console.log(`  given up ${diedAt} after ${attempts} attempts: ${reason}`);
  }
  const hidden = total - deadEvents.length;
  if (hidden > 0) console.log(`and ${hidden} more`);
  console.log(total === 1 ? '1 dead event' : `${total} dead events`);
}

async function main(): Promise<number> {
  const { command, id, ...options } = request();
  const client = createDeadEventClient(await targetOf(options));
  if (command === 'list') {
    show(await client.list());
    return 0;
  }
  const { replayed, failed } = await client.replay(id);
  console.log(`${replayed} replayed, ${failed} failed`);
  if (replayed + failed === 0 && id !== undefined) console.log(`There is no dead event ${id}.`);
  return failed === 0 && (replayed > 0 || id === undefined) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (err) {
  if (!(err instanceof UsageError || err instanceof ServiceError)) throw err;
  process.stderr.write(`${err.message.trimEnd()}\n`);
  process.exitCode = 1;
}
