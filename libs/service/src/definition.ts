import type { ServiceConfig } from '@onecount/config';
import type { Database } from '@onecount/db';
import type {
  Resolvers,
  ServiceClient,
  SubgraphServerOptions,
  VerifyInternalToken,
} from '@onecount/graphql';
import type { InternalTokenSigner } from '@onecount/identity';
import type { EventHandler, Transport } from '@onecount/messaging';
import type { BackgroundTask, LineLog } from '@onecount/process';
import type { Logger } from '@onecount/telemetry';
import type { EntitySchema } from 'typeorm';

export type ServiceName =
  'catalog' | 'inventory' | 'pos' | 'workshop' | 'passport' | 'storefront-sync';

/** What an app is, seen from its process: everything else in an app is reached through `start`. */
export type ServiceDefinition<C extends ServiceConfig = ServiceConfig> = {
  name: ServiceName;
  typeDefs(): string;
  entities?: EntitySchema[];
  /** Of a service whose users do not wait for what it hears: it fetches events this far apart (ADR 0305). */
  fetchEveryMs?: number | undefined;
  start(deps: ServiceDeps<C>): Promise<ServiceParts> | ServiceParts;
};

export type ServiceDeps<C extends ServiceConfig = ServiceConfig> = {
  config: C;
  db: Database;
  log: Logger;
  /** For work that repeats by itself: an outage of PostgreSQL or Kafka is told when it begins and when it is over. */
  backgroundLog: LineLog;
  /** Undefined when INTERNAL_SIGNING_KEY is not set: a service that calls nobody needs none. */
  signer: InternalTokenSigner | undefined;
  /** Commands to another service; its address is the setting `<NAME>_URL`. One pool per service and time limit. */
  client(name: ServiceName, options?: { timeoutMs?: number }): ServiceClient;
  /** For addresses of a module that the gateway or another service asks. */
  verifyInternalToken: VerifyInternalToken;
  /** For what a process shows of the present; see Transport.tail. */
  tail: Transport['tail'];
  /** For writers whose stored function filled the outbox itself; `appendEvents` does it by itself. */
  wakeRelay(): void;
};

export type ServiceParts = {
  resolvers: Resolvers;
  handlers?: EventHandler[];
  background?: BackgroundTask[];
  routes?: NonNullable<SubgraphServerOptions['routes']>;
  /** Throws while the service cannot do its work for a reason of its own. */
  ready?(): Promise<void>;
};
