import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { services } from '@onecount/local-stack';
import { build, type Plugin } from 'esbuild';
import { unusedPackages } from '../../apps/gateway/src/unused-packages.ts';

/**
 * Puts each service and all that it loads into one program, `<service>.mjs`; what several load is in files beside it. A
 * service is some 2,300 modules: finding and linking them is most of what its start costs (docs/adr/0280). Nothing
 * else changes: the sources, their failpoints and the packages are those that `npm start` runs.
 */
export async function bundleServices(root: string, folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(services.map((name) => [name, `apps/${name}/src/main.ts`])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24' },
    // Packages in CommonJS ask for Node's own modules by `require`.
    banner: { js: requireFrom(root) },
    plugins: [ownPlace, withoutReporting, ownFiles],
    logLevel: 'warning',
  });
}

function requireFrom(root: string): string {
  const url = JSON.stringify(pathToFileURL(join(root, 'package.json')).href);
  return `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${url});`;
}

/** A source finds the files beside it (.graphql, .json) where it stands itself. */
const ownPlace: Plugin = {
  name: 'own place',
  setup({ onLoad }) {
    onLoad({ filter: /\/(apps|libs)\/.*\.ts$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return undefined;
      const source = await readFile(path, 'utf8');
      const known: Record<string, string> = {
        'import.meta.dirname': dirname(path),
        'import.meta.filename': path,
      };
      const contents = source.replace(/import\.meta\.\w+/g, (asked) =>
        JSON.stringify(known[asked]),
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** As apps/gateway/src/without-reporting.ts, which comes too late for what is in one file with it. */
const withoutReporting: Plugin = {
  name: 'without reporting',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: unusedPackages }, ({ path, importer }) =>
      importer.includes('/@apollo/') ? { path, namespace: 'empty' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Packages that load files beside them, a library of the machine's or data of fonts, stay where they are. */
const ownFiles: Plugin = {
  name: 'own files',
  setup({ onResolve }) {
    onResolve({ filter: /^(sharp|pdfkit)$/ }, ({ path, importer }) => ({
      path: pathToFileURL(createRequire(importer).resolve(path)).href,
      external: true,
    }));
  },
};
