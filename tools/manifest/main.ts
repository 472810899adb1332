// npm run manifest -- [--out <file>] [--typenames] <file or folder>…: lists a front end's operations for the
// gateway's safelist; docs/persisted-operations.md says how it comes into use.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSchema, type GraphQLError } from 'graphql';
import { documentsIn } from './documents.ts';
import { manifestOf } from './manifest.ts';

const usage =
  'npm run manifest -- [--out persisted-query-manifest.json] [--typenames] <file or folder>…';

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'persisted-query-manifest.json' },
      typenames: { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) throw new Error(usage);
  const schema = buildSchema(
    await readFile(resolve(import.meta.dirname, '../../apps/gateway/api.graphql'), 'utf8'),
  );
  const { manifest, problems } = manifestOf(await documentsIn(positionals), schema, {
    hasTypenames: values.typenames,
  });
  for (const problem of problems) process.stderr.write(`${place(problem)}${problem.message}\n`);
  if (problems.length > 0) return 1;
  await writeFile(values.out, `${JSON.stringify(manifest, null, 2)}\n`);
  process.stdout.write(`${manifest.operations.length} operations in ${values.out}\n`);
  return 0;
}

function place({ nodes, source, locations }: GraphQLError): string {
  const at = nodes?.[0]?.loc?.source ?? source;
  const line = locations?.[0]?.line;
  return at && line ? `${at.name}:${line + at.locationOffset.line - 1} ` : '';
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (err) {
  process.stderr.write(`${(err as Error).message}\n`);
  process.exitCode = 2;
}
