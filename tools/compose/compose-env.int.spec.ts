import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { interpolate, readCompose } from './compose-file.ts';
import { newEnv } from './env-file.ts';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');
const compose = readCompose();
const generated = newEnv();

// HOST and PORT come from the image.
function environmentOf(service: string): Record<string, string> {
  const given = Object.entries(compose.services[service]!.environment ?? {});
  return {
    HOST: '0.0.0.0',
    PORT: '4000',
    ...Object.fromEntries(given.map(([name, value]) => [name, interpolate(value, generated)])),
  };
}

// In a process of its own: a service reads its settings from the environment and nothing else.
const readSettings = `
const [app] = process.argv.slice(1);
const own = await import(app);
if (own.readConfig) own.readConfig();
else (await import('@onecount/config')).loadConfig(own.configSchema, process.env);
process.stdout.write('accepted');`;

test.each(readdirSync(resolve(root, 'apps')))(
  'what Compose gives to %s is all that it needs',
  async (app) => {
    const config = resolve(root, 'apps', app, 'src/config.ts');
    const args = ['--input-type=module', '--eval', readSettings, config];
    const { stdout } = await run(process.execPath, args, { env: environmentOf(app), cwd: root });
    expect(stdout).toBe('accepted');
  },
);
