import { externalPostgres } from './external.ts';
import { databaseUrl } from './provision.ts';

const tls = '?sslmode=verify-full&sslrootcert=%2Fca.pem';

test('every database of a server that already runs is reached as its URL says', () => {
  const { host, port, adminUrl } = externalPostgres(`postgresql://root:x@db.example/other${tls}`);
  expect([host, port]).toEqual(['db.example', 5432]);
  expect(adminUrl()).toBe(`postgresql://root:x@db.example/postgres${tls}`);
  expect(databaseUrl(adminUrl(), 'onecount_pos', 'y', 'onecount_pos')).toBe(
    `postgresql://onecount_pos:y@db.example/onecount_pos${tls}`,
  );
});

test('it is left running, and nobody here can start or kill it', async () => {
  const server = externalPostgres('postgresql://root:x@db.example:6000/postgres');
  await expect(server.stop()).resolves.toBeUndefined();
  for (const act of [server.kill, server.start])
    await expect(act()).rejects.toThrow('PostgreSQL at POSTGRES_URL is not run from here.');
});
