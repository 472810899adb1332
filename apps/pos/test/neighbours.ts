import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const appsFolder = join(import.meta.dirname, '../..');

/** SDL of a neighbour, file by file. Its text is its contract; none of its code is touched. */
export function neighbourSdl(app: string): string[] {
  const folder = join(appsFolder, app);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql') && !/node_modules|dist/.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}
