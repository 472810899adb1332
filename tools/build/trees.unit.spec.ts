import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { buildTree } from './tree.ts';

/** What each image holds, walked file by file: the tree that its Dockerfile copies, and what npm installs for it. */
const root = resolve(__dirname, '../..');
const apps = readdirSync(join(root, 'apps'));

type Tree = { path: string; files: string[] };
const trees = new Map<string, Tree>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onecount-trees-'));
  for (const app of apps) {
    const path = join(folder, app);
    await buildTree(root, app, path);
    const names = readdirSync(path, { recursive: true }) as string[];
    const files = names.filter((name) => statSync(join(path, name)).isFile());
    trees.set(app, { path, files });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const treeOf = (app: string) => trees.get(app)!;
const codeOf = ({ files }: Tree) => files.filter((name) => name.endsWith('.js'));
const textOf = ({ path }: Tree, name: string) => readFileSync(join(path, name), 'utf8');

/** Every module that the file names, also in `import()`. */
function importsOf(tree: Tree, name: string): string[] {
  const { importedFiles } = ts.preProcessFile(textOf(tree, name), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

type Manifest = { name: string; exports?: string; dependencies?: Record<string, string> };
const manifestOf = (tree: Tree, workspace: string) =>
  JSON.parse(textOf(tree, join(workspace, 'package.json'))) as Manifest;
const workspaceOf = (name: string) => name.split('/').slice(0, 2).join('/');
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isBuiltin = (specifier: string) =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

/** The file of the tree that is meant; undefined for what npm installs. */
function fileMeant(tree: Tree, from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.'))
    return relative(tree.path, resolve(tree.path, dirname(from), specifier));
  if (!specifier.startsWith('@onecount/')) return undefined;
  const workspace = `libs/${specifier.slice('@onecount/'.length)}`;
  return join(workspace, manifestOf(tree, workspace).exports ?? 'index.js');
}

describe.each(apps)('the image of %s', (app) => {
  it('has no tests, no types, and nothing that only tests and developers use', () => {
    const { files } = treeOf(app);
    const wrong = files.filter((name) =>
      /\.spec\.|\.ts$|(^|\/)(tests?|fixtures|dist)\/|tsconfig|Dockerfile|README|explorer\.(html|start|operations)/.test(
        name,
      ),
    );
    expect(wrong).toEqual([]);
    const folders = new Set(files.map(workspaceOf));
    for (const name of ['testing', 'local-stack', 'failpoint'])
      expect(folders).not.toContain(`libs/${name}`);
    expect([...folders].filter((name) => name.startsWith('apps/'))).toEqual([`apps/${app}`]);
  });

  it('has no place at which a test may kill it', () => {
    const tree = treeOf(app);
    const said = codeOf(tree).filter((name) =>
      /crashAt|configureFailpoints|onecount\/failpoint/.test(textOf(tree, name)),
    );
    expect(said).toEqual([]);
  });

  it('finds all that it imports, in the tree or among the packages that its folder names', () => {
    const tree = treeOf(app);
    const missing = codeOf(tree).flatMap((name) =>
      importsOf(tree, name)
        .filter((specifier) => {
          if (isBuiltin(specifier)) return false;
          const file = fileMeant(tree, name, specifier);
          if (file !== undefined && !existsSync(join(tree.path, file))) return true;
          if (specifier.startsWith('.')) return false;
          const { dependencies = {} } = manifestOf(tree, workspaceOf(name));
          return !(packageOf(specifier) in dependencies);
        })
        .map((specifier) => `${name}: ${specifier}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no module that nothing runs, and no package that nothing imports', () => {
    const tree = treeOf(app);
    const starts = ['src/main.js', 'src/migrate.js'].map((name) => `apps/${app}/${name}`);
    const reached = new Set(starts.filter((name) => existsSync(join(tree.path, name))));
    const packages = new Set<string>();
    for (const name of reached)
      for (const specifier of importsOf(tree, name)) {
        const file = fileMeant(tree, name, specifier);
        if (file !== undefined) reached.add(file);
        packages.add(packageOf(specifier));
      }
    expect(codeOf(tree).filter((name) => !reached.has(name))).toEqual([]);
    const workspaces = [...new Set(codeOf(tree).map(workspaceOf))];
    const named = workspaces.flatMap((each) =>
      Object.keys(manifestOf(tree, each).dependencies ?? {}),
    );
    // A font is read, not imported.
    packages.add('dejavu-fonts-ttf');
    expect(named.filter((name) => !packages.has(name))).toEqual([]);
  });
});

// It answers whole without a database and without events; what is not in its image cannot be broken into.
it('the gateway has no client of a database or a broker, and the services have one', () => {
  const clients = (app: string) => {
    const tree = treeOf(app);
    const specifiers = codeOf(tree).flatMap((name) => importsOf(tree, name));
    return ['kafkajs', 'pg', 'typeorm'].filter((name) => specifiers.includes(name));
  };
  expect(clients('gateway')).toEqual([]);
  expect(clients('pos')).toEqual(['kafkajs', 'pg', 'typeorm']);
});
