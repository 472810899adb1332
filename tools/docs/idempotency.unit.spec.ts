import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isInputObjectType, isNonNullType } from 'graphql';

// The rule of docs/idempotency.md is for every mutation: one that is added comes into its table, and is carried out where
// the key is kept.

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const mutations = Object.values(
  buildSchema(read('apps/gateway/api.graphql'), { assumeValid: true })
    .getMutationType()!
    .getFields(),
);
const inputOf = (mutation: (typeof mutations)[number]) => {
  const type = mutation.args.find(({ name }) => name === 'input')?.type;
  const input = isNonNullType(type) ? type.ofType : type;
  return isInputObjectType(input) ? input.getFields() : {};
};

const rows = [...read('docs/idempotency.md').matchAll(/^\| ([a-z-]+) +\| (`.*`) +\|$/gm)];
const listed = rows.flatMap(([, service, names]) =>
  [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => ({ service: service!, name: name! })),
);
const sources = new Map(
  rows.map(([, service]) => {
    const files = globSync(`apps/${service}/src/**/*.{ts,sql}`, { cwd: root });
    const own = files.filter((file) => !/generated|spec\.ts/.test(file));
    return [service!, own.map(read).join('\n')] as const;
  }),
);

test('every mutation takes a key and stands in the table, and the table names no other', () => {
  const withoutKey = mutations.filter((mutation) => !inputOf(mutation)['idempotencyKey']);
  expect(withoutKey.map(({ name }) => name)).toEqual([]);
  expect(listed.map(({ name }) => name).sort()).toEqual(mutations.map(({ name }) => name).sort());
});

test.each(listed)('$name of $service is carried out under its key', ({ service, name }) => {
  // The name under which db.command, pos or the holds keep it.
  expect(sources.get(service)).toMatch(new RegExp(`(operation\\b|\\w+\\().{0,60}'${name}'`));
});
