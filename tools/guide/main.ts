// npm run guide -- [--write] docs/<page>.md: plays a page of the documentation against a fresh system, and
// says where an answer is not the one that stands there; with --write, writes the answers in.
import { readFile, writeFile } from 'node:fs/promises';
import { startSystem } from '@onecount/local-stack';
import { graphqlClient } from '@onecount/testing';
import { format, resolveConfig } from 'prettier';
import { temporaryHome } from '../temporary-home.ts';
import type { Json } from './guide.ts';
import { playGuide, writeGuide } from './play.ts';

const [path, isWrite] = [process.argv.at(-1)!, process.argv.includes('--write')];
const page = await readFile(path, 'utf8');
const home = await temporaryHome('guide');
const system = await startSystem({ otherPorts: 'random', home: home.path });
try {
  const client = graphqlClient(system.graphqlUrl, system.tokens.owner);
  const ask = async (query: string, variables: Json): Promise<Json> =>
    (await client.data<Json>(query, variables as never)) as Json;
  const asText = (json: Json) =>
    format(JSON.stringify(json), { parser: 'json', printWidth: 100, tabWidth: 2 });
  if (isWrite) {
    const written = await writeGuide(page, ask, asText);
    const style = await resolveConfig(path);
    await writeFile(path, await format(written, { ...style, filepath: path }));
  } else process.stdout.write(`${await playGuide(page, ask)} answers are as ${path} says.\n`);
} catch (err) {
  process.stderr.write(`${(err as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await system.stop();
  await home.remove();
}
