import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const outputBytesMax = 32 * 1024 * 1024;

/** The commit that counts as landed, with the reason; none in a history of one commit. */
export type Base = { commit: string; why: string } | undefined;

/**
 * Where this branch left main on the server; on main itself, the commit before. `asked` (a ref given
 * on the command line) wins.
 */
export async function landedBase(root: string, asked?: string): Promise<Base> {
  if (asked !== undefined) return { commit: await commitOf(root, asked, true), why: asked };
  const head = await commitOf(root, 'HEAD');
  const fork = await git(root, ['merge-base', 'HEAD', 'origin/main']);
  if (fork && fork !== head) return { commit: fork, why: 'where this branch left origin/main' };
  const parent = await commitOf(root, 'HEAD^');
  return parent ? { commit: parent, why: 'the commit before HEAD' } : undefined;
}

/** A file as it was at the base; undefined if it was not there yet. */
export function fileAt(root: string, base: string, file: string): Promise<string | undefined> {
  return git(root, ['show', `${base}:${file}`]);
}

export async function filesAt(root: string, base: string, folder: string): Promise<string[]> {
  const listed = await git(root, ['ls-tree', '-r', '--name-only', base, '--', folder]);
  return listed ? listed.split('\n').filter((line) => line !== '') : [];
}

async function commitOf(root: string, ref: string, mustExist: true): Promise<string>;
async function commitOf(root: string, ref: string): Promise<string | undefined>;
async function commitOf(root: string, ref: string, mustExist = false) {
  const commit = await git(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (commit === undefined && mustExist) throw new Error(`git knows no commit ${ref}.`);
  return commit;
}

async function git(root: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', args, { cwd: root, maxBuffer: outputBytesMax });
    return stdout.trimEnd();
  } catch {
    return undefined;
  }
}
