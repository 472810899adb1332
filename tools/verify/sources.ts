import pg from 'pg';
import { subgraphs, type Subgraph } from '@onecount/local-stack';
import type { ReceivedMessage, Transport } from '@onecount/messaging';
import { allTopicNames, readTopics } from './topics.ts';

export const verifiedServices = subgraphs;
export type VerifiedService = Subgraph;

export type Row = Record<string, unknown>;

/** What a check may read: each service's database as a superuser (past every wall), and the topics. */
export type Sources = {
  rows<R extends Row = Row>(
    service: VerifiedService,
    text: string,
    values?: unknown[],
  ): Promise<R[]>;
  /** Every message of every topic, in the order of its partition. Null when no log was given. */
  messages(): Promise<ReceivedMessage[] | null>;
  close(): Promise<void>;
};

export type SourceOptions = {
  /** URL of each service's database with a role that row-level security does not bind. */
  databaseUrls: Record<VerifiedService, string>;
  transport?: Transport | undefined;
};

/** Opens one connection per database, lazily; the caller closes. Numbers of bigint columns come as numbers. */
export function openSources(options: SourceOptions): Sources {
  const clients = new Map<VerifiedService, Promise<pg.Client>>();
  const clientOf = (service: VerifiedService): Promise<pg.Client> => {
    const known = clients.get(service);
    if (known) return known;
    const opened = connect(options.databaseUrls[service]);
    clients.set(service, opened);
    return opened;
  };
  // One after the other on each connection: pg will not queue them any more.
  const newest = new Map<VerifiedService, Promise<unknown>>();
  return {
    async rows<R extends Row>(service: VerifiedService, text: string, values: unknown[] = []) {
      const before = newest.get(service);
      const asked = clientOf(service).then(async (client) => {
        await before?.catch(() => undefined);
        return client.query(text, values);
      });
      newest.set(service, asked);
      return (await asked).rows as R[];
    },
    messages: async () =>
      options.transport ? readTopics(options.transport, allTopicNames()) : null,
    close: async () => {
      await Promise.all([...clients.values()].map(async (client) => (await client).end()));
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const client = new pg.Client({
    connectionString: url,
    types,
    application_name: 'onecount verify',
  });
  // A server that dies under test takes idle connections with it; the next query says so.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
