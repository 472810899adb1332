import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadModule, parsePlPgSQLSync, parseSync } from 'libpg-query';

const linesMax = 100;
const reasonForLength = /^-- Over 100 lines: \S/m;
const sources = '{apps,libs}/*/src/**/*.sql';

/** What is wrong with the SQL function files below `root`, one line each. */
export async function sqlFunctionProblems(root: string): Promise<string[]> {
  await loadModule();
  const files = globSync(sources, { cwd: root }).sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(root, file), 'utf8');
      return problemsOf(text).map((problem) => `${file}: ${problem}`);
    }),
  );
  return found.flat();
}

/** Checked by PostgreSQL's own grammar, bodies included; no database is asked, so no name is. */
export function problemsOf(text: string): string[] {
  try {
    for (const { language, body } of functionsOf(text))
      if (language === 'sql' && body !== undefined) parseSync(body);
    if (/\bLANGUAGE plpgsql\b/i.test(text)) parsePlPgSQLSync(text);
  } catch (err) {
    return [(err as Error).message];
  }
  return functionsOf(text)
    .filter(({ body = '' }) => body.trim().split('\n').length > linesMax)
    .filter(() => !reasonForLength.test(text))
    .map(({ name }) => `${name} has more than ${linesMax} lines and no "-- Over 100 lines: why"`);
}

type SqlFunction = { name: string; language?: string; body?: string };
type Text = { String: { sval: string } };
type CreateFunction = {
  funcname: Text[];
  options: { DefElem: { defname: string; arg: Text | { List: { items: Text[] } } } }[];
};

function functionsOf(text: string): SqlFunction[] {
  const { stmts } = parseSync(text) as {
    stmts: { stmt: { CreateFunctionStmt?: CreateFunction } }[];
  };
  return stmts.flatMap(({ stmt: { CreateFunctionStmt: created } }) => {
    if (!created) return [];
    const option = (name: string) => {
      const arg = created.options.find(({ DefElem }) => DefElem.defname === name)?.DefElem.arg;
      return arg && ('List' in arg ? arg.List.items[0] : arg)?.String.sval;
    };
    return [
      {
        name: created.funcname.at(-1)!.String.sval,
        language: option('language'),
        body: option('as'),
      },
    ];
  });
}
