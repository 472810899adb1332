import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '../stack.errors.ts';

const run = promisify(execFile);

export type Command = { file: string; args: string[]; uid?: number; gid?: number };

/** How to run PostgreSQL's programs: as ourselves, or, because they refuse root, as a system user. */
export type PostgresUser = {
  own(path: string): Promise<void>;
  command(file: string, args: string[], paths: string[]): Promise<Command>;
};

async function idsOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])));
    return { uid: Number(uid!.stdout), gid: Number(gid!.stdout) };
  } catch {
    return undefined;
  }
}

async function isReachable(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

// A clone made by root under /root or `mktemp -d` is closed to every other user. One capability kept
// over the change of user lets the server through such folders; it still is not root.
function throughClosedFolders(file: string, args: string[], uid: number, gid: number): Command {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (!setpriv) {
    throw new StackError(
      `PostgreSQL does not run as root and the folder of ${file} is closed to other users: ` +
        'run as a normal user, or make the folders above it searchable (chmod o+x).',
    );
  }
  const flags = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
  ];
  return { file: setpriv, args: [...flags, '--', file, ...args] };
}

export async function postgresUser(): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) {
    return { own: () => Promise.resolve(), command: async (file, args) => ({ file, args }) };
  }
  const ids = (await idsOf('postgres')) ?? (await idsOf('nobody'));
  if (!ids) {
    throw new StackError(
      'PostgreSQL does not run as root and there is neither a user postgres nor nobody: run as a normal user.',
    );
  }
  return {
    own: (path) => chown(path, ids.uid, ids.gid),
    async command(file, args, paths) {
      const reachable = await Promise.all([file, ...paths].map(isReachable));
      if (reachable.every(Boolean)) return { file, args, ...ids };
      return throughClosedFolders(file, args, ids.uid, ids.gid);
    },
  };
}
