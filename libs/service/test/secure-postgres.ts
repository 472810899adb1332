import { chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { provisionDatabases, startPostgres, type ServiceDatabase } from '@onecount/local-stack';
import { eventually, type CertificateAuthority } from '@onecount/testing';
import pg from 'pg';

export type SecurePostgres = ServiceDatabase & {
  port: number;
  /** Shows a certificate for this name from now on. */
  present(name: string): Promise<void>;
  stop(): Promise<void>;
};

/** A real PostgreSQL with a certificate for `localhost` that refuses every connection without TLS. */
export async function startSecurePostgres(
  authority: CertificateAuthority,
): Promise<SecurePostgres> {
  const dataDir = join(authority.folder, 'postgres');
  const postgres = await startPostgres({ dataDir, password: 'test', isDurable: false });
  const adminUrl = postgres.adminUrl();
  const passwordOf = (role: string) => `test-${role}`;
  const databases = await provisionDatabases({ adminUrl, services: ['workshop'], passwordOf });
  await present(authority, dataDir, 'localhost');
  await writeFile(join(dataDir, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
  await asAdmin(adminUrl, (client) => client.query('ALTER SYSTEM SET ssl = on'));
  await reloaded(adminUrl, { ...authority, name: 'localhost' });
  return {
    ...databases['workshop']!,
    port: postgres.port,
    async present(name) {
      await present(authority, dataDir, name);
      await reloaded(`${adminUrl}?uselibpqcompat=true&sslmode=require`, { ...authority, name });
    },
    stop: () => postgres.stop(),
  };
}

async function present(authority: CertificateAuthority, dataDir: string, name: string) {
  const { certFile, keyFile } = await authority.issue(name);
  const { uid, gid } = await stat(dataDir);
  const files = { 'server.crt': certFile, 'server.key': keyFile };
  for (const [file, from] of Object.entries(files)) {
    await copyFile(from, join(dataDir, file));
    await chown(join(dataDir, file), uid, gid);
  }
}

/** Reads its files again, which the server does some time after it is told to. */
async function reloaded(
  url: string,
  { caFile, name }: { caFile: string; name: string },
): Promise<void> {
  await asAdmin(url, (client) => client.query('SELECT pg_reload_conf()'));
  const { host, port } = new pg.Client({ connectionString: url });
  await eventually(async () => (await certificateName({ host, port }, caFile)) === name);
}

/** The name in the certificate that the server shows; undefined while it shows none. */
async function certificateName(
  at: { host: string; port: number },
  caFile: string,
): Promise<string | undefined> {
  let name: string | undefined;
  const checkServerIdentity = (_host: string, { subject }: PeerCertificate) => {
    name = String(subject.CN);
    return undefined;
  };
  const ca = await readFile(caFile);
  const client = new pg.Client({ ...at, user: 'nobody', ssl: { ca, checkServerIdentity } });
  await client.connect().catch(() => undefined); // nobody's password is asked for after the certificate
  await client.end().catch(() => undefined);
  return name;
}

async function asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
