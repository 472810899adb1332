import { parseArgs } from 'node:util';
import { mintOfRunningSystem, tenantA, tenantB } from '@onecount/local-stack';
import { homeFolder, nodeEnv } from '../start/config.ts';

const usage = `npm run token -- [--tenant A|B|<uuid>] [--scope "<scope> <scope>"] [--subject <name>] [--seconds <n>]
Prints an access token of the development issuer of the running system.
Defaults: tenant A, scope admin, subject developer, 3600 seconds.
`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function request() {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'string', default: 'A' },
      scope: { type: 'string', multiple: true, default: ['admin'] },
      subject: { type: 'string', default: 'developer' },
      seconds: { type: 'string', default: '3600' },
      help: { type: 'boolean', default: false },
    },
  });
  const named: Record<string, string> = { A: tenantA, B: tenantB };
  const tenantId = named[values.tenant] ?? values.tenant;
  const expiresInSeconds = Number(values.seconds);
  if (!uuid.test(tenantId)) throw new TypeError('--tenant is neither A, B nor a UUID');
  if (!(expiresInSeconds > 0)) throw new TypeError('--seconds is not a positive number');
  const scopes = values.scope.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean);
  return { isHelp: values.help, tenantId, scopes, subject: values.subject, expiresInSeconds };
}

async function main(): Promise<number> {
  try {
    const { isHelp, ...wanted } = request();
    if (isHelp) {
      process.stdout.write(usage);
      return 0;
    }
    const mint = await mintOfRunningSystem(homeFolder(), nodeEnv());
    if (!mint) {
      process.stderr.write('No system runs here: npm start\n');
      return 1;
    }
    process.stdout.write(`${await mint(wanted)}\n`);
    return 0;
  } catch (err) {
    process.stderr.write(`${(err as Error).message}\n${usage}`);
    return 2;
  }
}

process.exitCode = await main();
