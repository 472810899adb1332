import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { envFile, newEnv } from './env-file.ts';

const file = resolve(import.meta.dirname, '../../.env');

try {
  await writeFile(file, envFile(newEnv()), { flag: 'wx', mode: 0o600 });
  process.stdout.write(`Wrote ${file}. Set the OIDC_… values, then: docker compose up --build\n`);
} catch (err) {
  if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  process.stderr.write(
    `${file} exists and is left as it is: its passwords are in the databases.\n`,
  );
  process.exitCode = 1;
}
