// npm run schema:check [-- --base <ref>]: generated files fresh, everything described, nothing broken.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { breakingApiChanges } from './api-changes.ts';
import { undescribed } from './descriptions.ts';
import { breakingEventChanges } from './event-changes.ts';
import {
  apiFile,
  graphFiles,
  settingFiles,
  staleFiles,
  typeFiles,
  type GeneratedFile,
} from './generated-files.ts';
import { databaseFiles } from './database-schema.ts';
import { fileAt, filesAt, landedBase, type Base } from './landed.ts';
import { intendedBy } from './intended-breaks.ts';
import { fieldScopes, refusableButRequired } from './scopes.ts';
import { readSubgraphs, SdlInvalid, subgraphNames, type SubgraphSource } from './subgraphs.ts';
import { sqlFunctionProblems } from '../sql/function-problems.ts';

const root = path.resolve(import.meta.dirname, '../..');
const eventFolder = 'libs/events/schemas';

async function problemsOfSchema(base: Base): Promise<string[]> {
  // A database cannot be made of SQL that does not parse.
  const sqlProblems = await sqlFunctionProblems(root);
  if (sqlProblems.length > 0) return sqlProblems;
  const subgraphs = await readSubgraphs(root);
  const files = [
    ...(await typeFiles(root, subgraphs)),
    ...graphFiles(subgraphs),
    ...settingFiles(),
    ...(await databaseFiles([...subgraphNames])),
  ];
  const stale = await staleFiles(root, files);
  return [
    ...stale.map((file) => `${file} is not up to date: run npm run schema and commit it`),
    ...undescribed(subgraphs).map((name) => `${name} has no description`),
    ...refusableButRequired(subgraphs).map(
      (place) => `${place} needs a scope and must be nullable`,
    ),
    ...(base === undefined ? [] : await breakingSince(base.commit, files, refusableOf(subgraphs))),
  ];
}

const refusableOf = (subgraphs: SubgraphSource[]) => new Set(Object.keys(fieldScopes(subgraphs)));

async function breakingSince(
  base: string,
  files: GeneratedFile[],
  refusable: ReadonlySet<string>,
): Promise<string[]> {
  const api = await fileAt(root, base, apiFile);
  const sdl = files.find(({ file }) => file === apiFile)?.text ?? '';
  if (api === undefined) console.log(`no ${apiFile} at the base: the public schema is new`);
  const apiProblems = api === undefined ? [] : await breakingApiChanges(api, sdl, refusable);
  const events = await Promise.all(
    (await filesAt(root, base, eventFolder)).map(async (file) => {
      const was = JSON.parse((await fileAt(root, base, file)) ?? '{}') as unknown;
      const now = await readFile(path.join(root, file), 'utf8').catch(() => undefined);
      if (now === undefined) return [`${file}: the event was removed`];
      return breakingEventChanges(was, JSON.parse(now)).map((one) => `${file}: ${one}`);
    }),
  );
  const { intended = [], breaking = [] } = Object.groupBy(apiProblems, (change) =>
    intendedBy(change) ? 'intended' : 'breaking',
  );
  for (const change of intended) console.log(`meant (ADR ${intendedBy(change)}): ${change}`);
  return [...breaking, ...events.flat()].map((problem) => `breaking: ${problem}`);
}

const { values } = parseArgs({ options: { base: { type: 'string' } } });
const base = await landedBase(root, values.base);
console.log(
  base
    ? `compared with ${base.commit.slice(0, 12)} (${base.why})`
    : 'first commit: nothing to compare with',
);
try {
  const problems = await problemsOfSchema(base);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log('schema: up to date, described, compatible');
} catch (err) {
  if (!(err instanceof SdlInvalid)) throw err;
  console.error(err.message);
  process.exitCode = 1;
}
