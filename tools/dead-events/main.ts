// npm run dead-events -- list|replay|discard --service <name>: what a service gave up on, its replay after a fix, and the
// putting away of what will never be applied.
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import type { Discard } from '@onecount/messaging';
import {
  createDeadEventClient,
  ServiceError,
  type DeadEventClient,
  type DeadEventList,
} from './client.ts';
import { localOperator, operatorKey } from './config.ts';

const usage = `npm run dead-events -- list --service <name> [--discarded]
npm run dead-events -- replay --service <name> [--id <id>]
npm run dead-events -- discard --service <name> --id <id> --reason <text> [--by <name>]

  --service    catalog, inventory, pos, workshop, passport or storefront-sync
  --id         one dead event; replay takes all of the service otherwise
  --discarded  those that were put away, with who did it and why
  --by         who puts it away; the user of this machine otherwise
  --url        address of the service, with the key in OPERATOR_SIGNING_KEY; otherwise the system that runs here
`;
const commands = ['list', 'replay', 'discard'] as const;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function request() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        service: { type: 'string' },
        id: { type: 'string' },
        reason: { type: 'string' },
        by: { type: 'string', default: userInfo().username },
        discarded: { type: 'boolean', default: false },
        url: { type: 'string' },
      },
    });
    const { service, ...options } = values;
    const command = commands.find((name) => name === positionals[0]);
    if (!command || positionals.length > 1 || !service) throw new UsageError(usage);
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

function showOne(event: DeadEventList['deadEvents'][number]): void {
  const { discardedAt, discardedBy, discardReason } = event;
  console.log(`${event.id}  ${event.type ?? 'no type'}  for ${event.consumer}`);
  console.log(`  event ${event.eventId} of tenant ${event.tenantId}`);
  console.log(`  given up ${event.diedAt} after ${event.attempts} attempts: ${event.reason}`);
  if (discardedAt) console.log(`  put away ${discardedAt} by ${discardedBy}: ${discardReason}`);
}

function showWaiting({ total, deadEvents }: DeadEventList): void {
  deadEvents.forEach(showOne);
  const hidden = total - deadEvents.length;
  if (hidden > 0) console.log(`and ${hidden} more`);
  console.log(total === 1 ? '1 dead event' : `${total} dead events`);
}

async function replay(client: DeadEventClient, id: string | undefined): Promise<number> {
  const { replayed, failed } = await client.replay(id);
  console.log(`${replayed} replayed, ${failed} failed`);
  if (replayed + failed === 0 && id !== undefined) console.log(`There is no dead event ${id}.`);
  return failed === 0 && (replayed > 0 || id === undefined) ? 0 : 1;
}

async function discard(
  client: DeadEventClient,
  { id, by, reason }: Partial<Discard>,
): Promise<number> {
  if (!id || !by || !reason) throw new UsageError(`discard takes --id and --reason.\n\n${usage}`);
  const { discarded } = await client.discard({ id, by, reason });
  console.log(discarded === 1 ? '1 put away' : `There is no dead event ${id}.`);
  return discarded === 1 ? 0 : 1;
}

async function main(): Promise<number> {
  const { command, ...options } = request();
  const client = createDeadEventClient(await targetOf(options));
  if (command === 'replay') return replay(client, options.id);
  if (command === 'discard') return discard(client, options);
  const list = await client.list({ areDiscarded: options.discarded });
  if (options.discarded) list.deadEvents.forEach(showOne);
  else showWaiting(list);
  return 0;
}

try {
  process.exitCode = await main();
} catch (err) {
  if (!(err instanceof UsageError || err instanceof ServiceError)) throw err;
  process.stderr.write(`${err.message.trimEnd()}\n`);
  process.exitCode = 1;
}
