import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { escapeLiteral } from 'pg';
import { reapProcess } from '../process/reaper.ts';
import { StackError } from '../stack.errors.ts';
import { runProgram, whyItEnded, type Context } from './postgres.program.ts';

const draftMark = '.draft-';

/** Made beside its place and moved there when it is whole: initdb that dies half-way leaves no data folder. */
export async function initialise(context: Context): Promise<void> {
  const { options, user } = context;
  if (existsSync(join(options.dataDir, 'PG_VERSION'))) return;
  await mkdir(dirname(options.dataDir), { recursive: true });
  await removeDrafts(options.dataDir);
  const draft = `${options.dataDir}${draftMark}${process.pid}`;
  await mkdir(draft, { mode: 0o700 });
  await user.own(draft);
  const passwordFile = `${draft}.password`;
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  await user.own(passwordFile);
  try {
    await runInitdb(context, draft, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  // No version, no data: at most an empty folder.
  await rm(options.dataDir, { recursive: true, force: true });
  await rename(draft, options.dataDir);
}

async function removeDrafts(dataDir: string): Promise<void> {
  const folder = dirname(dataDir);
  const drafts = (await readdir(folder)).filter((name) =>
    name.startsWith(basename(dataDir) + draftMark),
  );
  // One that an initdb without its launcher still fills cannot be removed now; it harms nobody.
  for (const name of drafts)
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
}

async function runInitdb(context: Context, folder: string, passwordFile: string): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    '--auth=scram-sha-256',
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(context.options.isDurable === false ? ['--no-sync'] : []),
  ];
  const { child } = await runProgram(context, { file: context.binaries.initdb, args });
  const reaper = reapProcess(child.pid!, 'INT');
  const [code] = (await once(child, 'exit')) as [number | null];
  await reaper.dismiss();
  if (code !== 0) throw new StackError(`initdb failed; its messages are in ${context.logFile}`);
}

/**
 * The password of `postgres` becomes the one of the options: a data folder of this home whose secrets were
 * lost keeps its data. PostgreSQL's single-user mode asks for none.
 */
export async function setPassword(context: Context): Promise<void> {
  const { options, binaries } = context;
  const args = ['--single', '-D', options.dataDir, 'postgres'];
  const statement = `ALTER ROLE postgres PASSWORD ${escapeLiteral(options.password)};\n`;
  const program = await runProgram(context, { file: binaries.postgres, args, input: statement });
  const [code] = (await once(program.child, 'exit')) as [number | null];
  if (code !== 0) throw await whyItEnded(context, program);
  options.log?.(
    'PostgreSQL had another password than this home; it has got the one of secrets.json',
  );
}
