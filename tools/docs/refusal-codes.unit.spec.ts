import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';

// `code` of a refusal is an enum: what the sources can give and what the SDL documents are one set, service by service.

const root = join(import.meta.dirname, '../..');
const read = (files: string[]) => files.map((file) => readFileSync(join(root, file), 'utf8'));
const shared = {
  name: 'libs',
  sdl: ['libs/graphql/src/shared.graphql'],
  code: 'libs/{refusal,db}/src',
};
const services = globSync('apps/*/src/generated/resolver-types.ts', { cwd: root }).map((file) => {
  const [, name = ''] = file.split('/');
  return {
    name,
    sdl: globSync(`apps/${name}/src/**/*.graphql`, { cwd: root }),
    code: `apps/${name}/src`,
  };
});

const documented = (sdl: string[]) =>
  read(sdl)
    .flatMap((text) => parse(text).definitions)
    .flatMap((node) =>
      node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION
        ? [node]
        : [],
    )
    .filter(({ name }) => name.value === 'UserErrorCode')
    .flatMap(({ values = [] }) => values);
// A row of an import is refused by it, in the report of the import.
const notOfTheGraph = ['HANDLE_EXISTS'];
const sharedValues = documented(shared.sdl).map(({ name }) => name.value);
const sourcesOf = (folder: string) =>
  read(
    globSync(`${folder}/**/*.ts`, { cwd: root }).filter(
      (file) => !/generated|spec\.ts$/.test(file),
    ),
  ).join('\n');

test('there are services', () => expect(services).toHaveLength(6));

describe.each([shared, ...services])('$name', ({ sdl, code }) => {
  const values = documented(sdl);
  const sources = sourcesOf(code);

  test('says of each code whether repeating helps', () => {
    const silent = values.filter(
      ({ description }) =>
        !/\. Repeating: (never|after a pause|once changed)\.$/.test(description?.value ?? ''),
    );
    expect(silent.map(({ name }) => name.value)).toEqual([]);
  });

  test('documents every code that it gives', () => {
    const given = [...sources.matchAll(/\brefuse\(\s*'\w+',\s*'(\w+)'/g)].map(([, value]) => value);
    const known = [...sharedValues, ...values.map(({ name }) => name.value), ...notOfTheGraph];
    expect(given.filter((value) => !known.includes(value!))).toEqual([]);
  });

  test('can give every code that it documents', () => {
    const words = (value: string) =>
      value
        .toLowerCase()
        .replaceAll(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase());
    const never = values
      .map(({ name }) => name.value)
      // Given here, or passed on from another service under its type.
      .filter(
        (value) =>
          !sources.includes(`'${value}'`) && !sources.includes(`Refusal<'${words(value)}'>`),
      );
    expect(never).toEqual([]);
  });
});
