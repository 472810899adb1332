import pg from 'pg';

/**
 * What autovacuum does within a minute of a load. A bench that fills tables and measures at once would otherwise
 * measure plans that were made for empty tables and are thrown away in that minute.
 */
export async function analyze(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}
