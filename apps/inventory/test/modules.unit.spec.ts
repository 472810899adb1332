import { globSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { definition, modules } from '../src/service.ts';

const src = join(__dirname, '../src');
const found = (pattern: string): string[] => globSync(pattern, { cwd: src }).sort();

// What makes a new noun one folder and one line: whatever stands in a noun's folder is served.
describe('the nouns of inventory', () => {
  const folders = found('{kernel,documents,books,maintenance}/*/');
  const names = folders.map((folder) => basename(folder)).sort();

  it('have a module each, and the service lists every one of them once', () => {
    expect(folders).toHaveLength(25);
    expect(found('**/*.module.ts')).toEqual(
      folders.map((folder) => join(folder, `${basename(folder)}.module.ts`)),
    );
    expect(modules.map(({ name }) => name).sort()).toEqual(names);
  });

  it('serve all SDL that stands in their folders, and each his own', () => {
    const served = modules.flatMap(({ name, typeDefs = [] }) =>
      typeDefs.map((file) => ({ name, file: relative(src, file) })),
    );
    expect(served.map(({ file }) => file).sort()).toEqual(found('*/**/*.graphql'));
    for (const { name, file } of served) expect(basename(dirname(file))).toBe(name);
    expect(definition.typeDefs()).toContain('type StockItem @key');
  });

  it('handle every event for which they have a consumer', async () => {
    const deps = { config: { INTERNAL_TRUSTED_KEYS: { keys: [] } }, log: {} };
    const { handlers = [] } = await definition.start(deps as never);
    expect(handlers).toHaveLength(found('**/*.consumer.ts').length);
  });
});
