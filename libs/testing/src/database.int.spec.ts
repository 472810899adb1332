import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { emptyDatabase, testDatabase, type TestDatabase } from './database.ts';

describe('testDatabase', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    [first, second] = await Promise.all([testDatabase('catalog'), testDatabase('catalog')]);
  });
  afterAll(async () => {
    await Promise.all([first?.drop(), second?.drop()]);
  });

  async function query<T>(url: string, text: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows as T[];
    } finally {
      await client.end();
    }
  }

  test('two clones of one service are two migrated databases', async () => {
    expect(first.name).not.toBe(second.name);
    const counts = await Promise.all(
      [first, second].map(({ ownerUrl }) =>
        query<{ count: number }>(ownerUrl, 'SELECT count(*)::int AS count FROM migration'),
      ),
    );
    expect(counts[0]![0]!.count).toBeGreaterThan(0);
    expect(counts[1]).toEqual(counts[0]);
  });

  test('neither role is a superuser, bypasses row-level security or may make roles', async () => {
    const roles = await query(
      first.url,
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles
       WHERE rolname LIKE 'onecount_catalog%' ORDER BY rolname`,
    );
    const none = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(roles).toEqual([
      { rolname: 'onecount_catalog', ...none },
      { rolname: 'onecount_catalog_owner', ...none },
    ]);
  });

  test('the service role owns nothing and cannot make a table', async () => {
    await expect(query(first.url, 'CREATE TABLE mine (id int)')).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('a service cannot enter the database of another', async () => {
    const inventory = await emptyDatabase();
    try {
      const url = new URL(first.url);
      url.pathname = `/${inventory.name}`;
      await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await inventory.drop();
    }
  });
});
