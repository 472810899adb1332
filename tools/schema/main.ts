// npm run schema: writes resolver types, the supergraph, the public schema, event schemas, AsyncAPI, and
// each service's schema.sql, for which it starts a PostgreSQL.
// npm run schema -- <app>…: only the resolver types of these apps, also while the graph does not compose.
import path from 'node:path';
import { databaseFiles } from './database-schema.ts';
import { graphFiles, settingFiles, typeFiles, writeGenerated } from './generated-files.ts';
import { readSubgraphs, SdlInvalid, subgraphNames } from './subgraphs.ts';

const root = path.resolve(import.meta.dirname, '../..');
const apps = process.argv.slice(2);
try {
  const subgraphs = await readSubgraphs(root, apps.length > 0 ? apps : undefined);
  const written = await writeGenerated(root, await typeFiles(root, subgraphs));
  if (apps.length === 0) {
    written.push(...(await writeGenerated(root, graphFiles(subgraphs))));
    written.push(...(await writeGenerated(root, settingFiles())));
    written.push(...(await writeGenerated(root, await databaseFiles([...subgraphNames]))));
  }
  for (const file of written) console.log(`written ${file}`);
  if (written.length === 0) console.log('everything generated is up to date');
} catch (err) {
  if (!(err instanceof SdlInvalid)) throw err;
  console.error(err.message);
  process.exitCode = 1;
}
