import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileAt, filesAt, landedBase } from './landed.ts';

let root: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: root },
  }).trim();
const commit = async (text: string): Promise<string> => {
  await writeFile(path.join(root, 'api.graphql'), text);
  git('add', '.');
  git('commit', '-q', '-m', text);
  return git('rev-parse', 'HEAD');
};

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'onecount-landed-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rm(root, { recursive: true }));

it('has no base in the first commit', async () => {
  await commit('one');
  expect(await landedBase(root)).toBeUndefined();
});

it('is the commit before on main, the fork from origin/main on a branch, or what is asked for', async () => {
  const one = await commit('one');
  const two = await commit('two');
  expect((await landedBase(root))?.commit).toBe(one);
  git('update-ref', 'refs/remotes/origin/main', two);
  expect((await landedBase(root))?.commit).toBe(one);
  await commit('three');
  await commit('four');
  expect((await landedBase(root))?.commit).toBe(two);
  expect((await landedBase(root, 'HEAD~3'))?.commit).toBe(one);
  await expect(landedBase(root, 'nothing')).rejects.toThrow('git knows no commit nothing.');
});

it('reads a file as it was, and says when it was not there', async () => {
  const one = await commit('one');
  await commit('two');
  expect(await fileAt(root, one, 'api.graphql')).toBe('one');
  expect(await fileAt(root, one, 'other.graphql')).toBeUndefined();
  expect(await filesAt(root, one, 'api.graphql')).toEqual(['api.graphql']);
  expect(await filesAt(root, one, 'none')).toEqual([]);
});
