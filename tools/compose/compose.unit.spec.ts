import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { validate } from 'dockerfile-utils';
import { readCompose, readComposeText, requiredVariables } from './compose-file.ts';
import { envFile, newEnv } from './env-file.ts';

const root = resolve(__dirname, '../..');
const apps = readdirSync(resolve(root, 'apps'));
const subgraphs = apps.filter((app) => app !== 'gateway');
const compose = readCompose();

test('docker-compose.yml follows the Compose specification', () => {
  const schema = JSON.parse(
    readFileSync(resolve(__dirname, 'compose-spec.schema.json'), 'utf8'),
  ) as object;
  const check = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(
    schema,
  );
  check(compose);
  expect(check.errors ?? []).toEqual([]);
});

test('the schema is one that notices a mistake', () => {
  const schema = JSON.parse(
    readFileSync(resolve(__dirname, 'compose-spec.schema.json'), 'utf8'),
  ) as object;
  const check = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  expect(
    check({ services: { a: { image: 'x', depends_on: { b: { condition: 'ready' } } } } }),
  ).toBe(false);
});

test('every app has a service with its own image, and every subgraph is migrated before it starts', () => {
  for (const app of apps) expect(compose.services[app]?.image).toBe(`onecount/${app}`);
  for (const app of subgraphs) {
    expect(compose.services[`${app}-migrate`]).toMatchObject({
      image: `onecount/${app}`,
      build: { dockerfile: `apps/${app}/Dockerfile` },
      depends_on: { postgres: { condition: 'service_healthy' } },
    });
    expect(compose.services[app]!.depends_on).toEqual({
      [`${app}-migrate`]: { condition: 'service_completed_successfully' },
      kafka: { condition: 'service_healthy' },
    });
  }
});

test('init.ts makes every variable that has no default, and no other', () => {
  expect(new Set(Object.keys(newEnv()))).toEqual(requiredVariables(readComposeText()));
});

test('no secret stands in the file', () => {
  const secret = /PASSWORD|SECRET|SIGNING_KEY|TRUSTED_KEYS/;
  for (const [name, { environment }] of Object.entries(compose.services)) {
    for (const [key, value] of Object.entries(environment ?? {})) {
      if (!secret.test(key)) continue;
      expect(`${name} ${key} ${value}`).toMatch(/ \$\{[A-Z_]+:\?\}$/);
    }
  }
  expect(readComposeText()).not.toMatch(/postgresql:\/\/[^:]+:[^$]/);
});

test('two runs of init.ts share no secret', () => {
  const [first, second] = [newEnv(), newEnv()];
  const same = Object.keys(first).filter((name) => first[name] === second[name]);
  expect(same).toEqual(['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_JWKS_URL']);
  expect(envFile(first)).toMatch(/\nGATEWAY_SIGNING_KEY='\{"crv":"Ed25519",[^']+\}'\n/);
});

test.each(apps)('the Dockerfile of %s has no finding and is its own', (app) => {
  const text = readFileSync(resolve(root, 'apps', app, 'Dockerfile'), 'utf8');
  expect(validate(text).map(({ message }) => message)).toEqual([]);
  expect(text).toContain(`tools/build/main.ts ${app}\n`);
  expect(text).toMatch(new RegExp(`CMD \\["node", "apps/${app}/src/main.js"\\]`));
  expect(text).toMatch(/^USER node$/m);
});

test('the linter is one that notices a mistake', () => {
  expect(validate('FROM node:24\nCOPY onlysource\n').length).toBeGreaterThan(0);
});
