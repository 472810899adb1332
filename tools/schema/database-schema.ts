import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  migrateService,
  provisionDatabases,
  reapFolder,
  startPostgres,
  type ServiceDatabase,
} from '@onecount/local-stack';
import pg from 'pg';
import type { GeneratedFile } from './generated-files.ts';
import { catalogText } from './catalog-text.ts';

const passwordOf = (role: string): string => `schema-${role}`;

/**
 * `schema.sql` of each service: what its database is once all migrations have run. A PostgreSQL of
 * its own is started for it, in a temporary folder.
 */
export async function databaseFiles(services: string[]): Promise<GeneratedFile[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'onecount-schema-'));
  const reaper = reapFolder(folder);
  try {
    const postgres = await startPostgres({
      ...{ dataDir: path.join(folder, 'postgres'), password: 'schema', isDurable: false },
    });
    try {
      return await schemasOf(postgres.adminUrl(), services);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await reaper.dismiss();
  }
}

async function schemasOf(adminUrl: string, services: string[]): Promise<GeneratedFile[]> {
  const databases = await provisionDatabases({ adminUrl, services, passwordOf });
  const files: GeneratedFile[] = [];
  for (const service of services) {
    const database = databases[service]!;
    await migrateService(service, database);
    files.push({ file: `apps/${service}/schema.sql`, text: await schemaOf(service, database) });
  }
  return files;
}

async function schemaOf(service: string, { ownerUrl }: ServiceDatabase): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ text: string }>(catalogText);
    return [
      `-- The database of ${service} as its migrations leave it; functions are files below src.`,
      '-- Written by npm run schema, compared by npm run schema:check.',
      ...rows.map(({ text }) => `\n${text}`),
      '',
    ].join('\n');
  } finally {
    await client.end();
  }
}
