// npm run republish -- --tenant <id>|--all [--levels --units --movements]: inventory's events once more.
import { parseArgs } from 'node:util';
import { createInternalTokenSigner } from '@onecount/identity';
import { localOperator, operatorKey } from '../dead-events/config.ts';

const usage = `npm run republish -- --tenant <id>|--all [--levels] [--units] [--movements]

  --tenant     one tenant
  --all        every tenant
  --levels     the newest state of every level
  --units      the newest state of every unit
  --movements  the whole ledger; levels and units when none of the three is given
  --url        address of inventory, with the key in OPERATOR_SIGNING_KEY; otherwise the system that runs here
`;

// A token of ours belongs to some tenant by its form; the operator belongs to none.
const noTenant = '00000000-0000-0000-0000-000000000000';

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function request() {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const options = {
    tenant: text,
    url: text,
    all: flag,
    levels: flag,
    units: flag,
    movements: flag,
  };
  try {
    const { tenant, url, all, ...kinds } = parseArgs({ options }).values;
    if (all === Boolean(tenant)) throw new UsageError(usage);
    const isNone = !kinds.levels && !kinds.units && !kinds.movements;
    const asked = isNone ? { levels: true, units: true, movements: false } : kinds;
    return { url, body: { ...asked, ...(tenant ? { tenantId: tenant } : {}) } };
  } catch (err) {
    throw err instanceof UsageError ? err : new UsageError(`${(err as Error).message}\n\n${usage}`);
  }
}

async function targetOf(given: string | undefined) {
  if (given !== undefined) {
    const privateJwk = operatorKey();
    if (!privateJwk) throw new UsageError('OPERATOR_SIGNING_KEY is required with --url.\n');
    return { url: given, privateJwk };
  }
  const local = await localOperator();
  const url = local?.urls['inventory'];
  if (!local || !url) throw new UsageError('No system runs here: npm start, or give --url\n');
  return { url, privateJwk: local.privateJwk };
}

async function main(): Promise<number> {
  const { url: given, body } = request();
  const { url, privateJwk } = await targetOf(given);
  const signer = createInternalTokenSigner({ service: 'operator', privateJwk });
  const asked = { audience: 'inventory', tenantId: noTenant, subject: 'operator', scopes: [] };
  const response = await fetch(new URL('/republish', url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await signer.tokenFor(asked)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { tenants?: number; errors?: { message: string }[] };
  if (!response.ok) {
    process.stderr.write(`inventory: ${answer.errors?.[0]?.message ?? response.status}\n`);
    return 1;
  }
  console.log(`asked for of ${answer.tenants === 1 ? '1 tenant' : `${answer.tenants} tenants`}`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (err) {
  if (!(err instanceof UsageError)) throw err;
  process.stderr.write(`${err.message.trimEnd()}\n`);
  process.exitCode = 1;
}
