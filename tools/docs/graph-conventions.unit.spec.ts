import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  isInputObjectType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLInputField,
} from 'graphql';

// What a caller may expect of every input of the public graph, whichever service it comes from.

const api = readFileSync(join(import.meta.dirname, '../../apps/gateway/api.graphql'), 'utf8');
const types = Object.values(buildSchema(api, { assumeValid: true }).getTypeMap()).filter(
  ({ name }) => !name.startsWith('__'),
);

type Group = { name: string; fields: readonly (GraphQLArgument | GraphQLInputField)[] };
const groups = types.flatMap((type): Group[] => {
  if (isInputObjectType(type))
    return [{ name: type.name, fields: Object.values(type.getFields()) }];
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).map(({ name, args }) => ({
    name: `${type.name}.${name}`,
    fields: args,
  }));
});
const having = (field: string) =>
  groups.flatMap(({ name, fields }) =>
    fields.filter((one) => one.name === field).map((one) => [name, one] as const),
  );

test('every page has a length where nobody asks for one', () => {
  const pages = having('first');
  expect(pages.length).toBeGreaterThan(30);
  const without = pages.filter(([, { defaultValue }]) => {
    return !(typeof defaultValue === 'number' && defaultValue >= 1 && defaultValue <= 100);
  });
  expect(without.map(([name]) => name)).toEqual([]);
});

test('a location is named by its id or by its code, whichever the caller knows', () => {
  const alone = groups.flatMap(({ name, fields }) => {
    const names = new Set(fields.map((field) => field.name));
    const twins = [...names].flatMap((field) => {
      const [, before, form] = /^(|.*L|l)ocation(Id|Code)$/.exec(field) ?? [];
      return form ? [`${before}ocation${form === 'Id' ? 'Code' : 'Id'}`] : [];
    });
    return twins.filter((twin) => !names.has(twin)).map((twin) => `${name} lacks ${twin}`);
  });
  expect(alone).toEqual([]);
});
