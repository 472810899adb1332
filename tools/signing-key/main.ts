// npm run signing-key -- <service>.<id>: a new pair for internal tokens; docs/running.md says how it comes into use.
import { generateSigningKey } from '@onecount/identity';

const kid = process.argv[2] ?? '';
if (/^[a-z-]+\.[A-Za-z0-9-]+$/.test(kid)) {
  const { privateJwk, publicJwk } = await generateSigningKey(kid);
  process.stdout.write(`INTERNAL_SIGNING_KEY='${JSON.stringify(privateJwk)}'\n`);
  process.stdout.write(`into INTERNAL_TRUSTED_KEYS: ${JSON.stringify(publicJwk)}\n`);
} else {
  process.stderr.write('npm run signing-key -- <service>.<id>, for example gateway.2026-12\n');
  process.exitCode = 2;
}
