// npm run republish -- --tenant <id>|--all [--products | --levels --units --movements]: events once more.
import { parseArgs } from 'node:util';
import { createInternalTokenSigner } from '@onecount/identity';
import { localOperator, operatorKey } from '../dead-events/config.ts';

const usage = `npm run republish -- --tenant <id>|--all [--products | --levels --units --movements]

  --tenant     one tenant
  --all        every tenant
  --products   the newest state of every product
  --levels     the newest state of every level
  --units      the newest state of every unit
  --movements  the whole ledger; levels and units when no kind is given
  --url        address of catalog (products) or inventory, with the key in OPERATOR_SIGNING_KEY; otherwise the system that runs here
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
    products: flag,
    levels: flag,
    units: flag,
    movements: flag,
  };
  try {
    const { tenant, url, all, products, ...kinds } = parseArgs({ options }).values;
    if (all === Boolean(tenant)) throw new UsageError(usage);
    const of = tenant ? { tenantId: tenant } : {};
    if (products) {
      if (kinds.levels || kinds.units || kinds.movements) throw new UsageError(usage);
      return { url, service: 'catalog', body: of };
    }
    const isNone = !kinds.levels && !kinds.units && !kinds.movements;
    const asked = isNone ? { levels: true, units: true, movements: false } : kinds;
    return { url, service: 'inventory', body: { ...asked, ...of } };
  } catch (err) {
    throw err instanceof UsageError ? err : new UsageError(`${(err as Error).message}\n\n${usage}`);
  }
}

async function targetOf(service: string, given: string | undefined) {
  if (given !== undefined) {
    const privateJwk = operatorKey();
    if (!privateJwk) throw new UsageError('OPERATOR_SIGNING_KEY is required with --url.\n');
    return { url: given, privateJwk };
  }
  const local = await localOperator();
  const url = local?.urls[service];
  if (!local || !url) throw new UsageError('No system runs here: npm start, or give --url\n');
  return { url, privateJwk: local.privateJwk };
}

async function main(): Promise<number> {
  const { url: given, service, body } = request();
  const { url, privateJwk } = await targetOf(service, given);
  const signer = createInternalTokenSigner({ service: 'operator', privateJwk });
  const asked = { audience: service, tenantId: noTenant, subject: 'operator', scopes: [] };
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
    process.stderr.write(`${service}: ${answer.errors?.[0]?.message ?? response.status}\n`);
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
