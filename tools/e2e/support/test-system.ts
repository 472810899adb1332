import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FailpointName } from '@onecount/failpoint';
import {
  startSystem,
  type System,
  type SystemOptions,
  type SystemService,
  type TenantTokens,
} from '@onecount/local-stack';
import { createTransport, type Transport } from '@onecount/messaging';
import { createShop, eventually, graphqlClient, timeoutFactor, type Shop } from '@onecount/testing';
import { launchBundle } from '../../bundle/program.ts';
import { temporaryHome } from '../../temporary-home.ts';
import { undrained, unfinished } from '../../verify/drain.ts';
import {
  openSources,
  verifiedServices,
  type SourceOptions,
  type Sources,
} from '../../verify/sources.ts';
import { findViolations } from '../../verify/verify.ts';
import type { Violation } from '../../verify/violation.ts';
import { followEventLog, type EventLog } from './event-log.ts';

export type TestSystem = {
  system: System;
  /** Folder of everything that the system keeps. */
  home: string;
  /** Tenant A's owner. */
  shop: Shop;
  readonly sources: Sources;
  /** Of each service's database, as a superuser. */
  databaseUrls: DatabaseUrls;
  /** After PostgreSQL went away under the connections. */
  reopenSources(): Promise<void>;
  transport: Transport;
  /** There if topics are read along. */
  eventLog: EventLog | undefined;
  /** A tenant of its own, with the locations of the development tenants. */
  newTenant(): Promise<Tenant>;
  /** The file that arms a failpoint; gone once the process has died there. */
  failpointPath(service: SystemService, point: FailpointName): string;
  /** The next time that the service passes this point, it dies by SIGKILL. */
  arm(service: SystemService, point: FailpointName): void;
  /** Waits until nothing is under way and every consumer has caught up. */
  drained(): Promise<void>;
  /** Holds every promise against databases and topics as they are now. */
  findViolations(): Promise<Violation[]>;
  /** Drains, then holds every promise against databases and topics. */
  violations(): Promise<Violation[]>;
  stop(): Promise<void>;
};

/** A tenant that nobody else uses, in a system that others may use, too. */
export type Tenant = { tenantId: string; tokens: TenantTokens; shop: Shop; host: TestSystem };

type DatabaseUrls = SourceOptions['databaseUrls'];
type Options = Omit<SystemOptions, 'home'> & {
  /** Where the databases are, if they are not on the system's own server. */
  databaseUrls?: DatabaseUrls;
  /** Topics are read along by one consumer, not anew for each check: where there are many, and the log stays. */
  readsAlong?: boolean;
};

// A group of four is as much a group as one of 24, and made and asked in a sixth of the time; whoever was killed is
// waited for 3 s, not 10.
const env = { KAFKA_PARTITIONS: '4', KAFKA_SESSION_TIMEOUT_MS: '3000' };

/** The whole system with a home, ports and data of its own, as `npm start` runs it. */
export async function startTestSystem({
  databaseUrls: ownUrls,
  readsAlong = false,
  ...options
}: Options = {}): Promise<TestSystem> {
  const { path: home, remove } = await temporaryHome('e2e');
  const failpointDir = join(home, 'failpoints');
  mkdirSync(failpointDir);
  const failpointPath = (service: SystemService, point: FailpointName) =>
    join(failpointDir, `${service}.${point}`);
  const system = await startSystem({
    // Without fsync: what a killed process wrote is safe with the kernel, and power is not cut here.
    ...{ otherPorts: 'random', isDurable: false, failpointDir, launch: launchBundle },
    ...{ ...options, home },
    // No answer comes too late, however slow the machine is.
    env: { TIMEOUT_FACTOR: String(timeoutFactor), ...env, ...options.env },
    envOf: {
      gateway: {
        ...{ SUBGRAPH_TIMEOUT_MS: '600000', POS_TIMEOUT_MS: '600000' },
        // Shares and time limits of the gateway measure the machine; they have tests of their own.
        ...{ REQUEST_TIMEOUT_MS: '600000', FAIR_LIMITS: 'false' },
      },
      ...options.envOf,
    },
  });
  const transport = await createTransport({
    brokers: system.kafka.mode === 'kafka' ? system.kafka.brokers : undefined,
    eventLogUrl: system.kafka.env['EVENT_LOG_URL'],
    clientId: 'onecount-e2e',
    partitions: Number(env.KAFKA_PARTITIONS),
  });
  const eventLog = readsAlong ? await followEventLog(transport) : undefined;
  const databaseUrls = ownUrls ?? adminUrls(system);
  const open = (): Sources => ({
    ...openSources({ databaseUrls, transport }),
    ...(eventLog && { messages: () => eventLog.messages() }),
  });
  let sources = open();
  const drained = (): Promise<void> => awaitDrained(sources, transport);
  const test: TestSystem = {
    system,
    home,
    shop: createShop(graphqlClient(system.graphqlUrl, system.tokens.owner)),
    get sources() {
      return sources;
    },
    databaseUrls,
    async reopenSources() {
      await sources.close().catch(() => undefined);
      sources = open();
    },
    transport,
    eventLog,
    async newTenant() {
      const { tenantId, tokens } = await system.addTenant();
      const shop = createShop(graphqlClient(system.graphqlUrl, tokens.owner));
      return { tenantId, tokens, shop, host: test };
    },
    failpointPath,
    arm: (service, point) => writeFileSync(failpointPath(service, point), ''),
    drained,
    findViolations: () => findViolations(sources),
    async violations() {
      await drained();
      return findViolations(sources);
    },
    async stop() {
      await eventLog?.close();
      await sources.close();
      await transport.close();
      await system.stop();
      await remove();
    },
  };
  return test;
}

function adminUrls(system: System): DatabaseUrls {
  const url = (service: string) => system.postgres.adminUrl(system.databases[service]!.database);
  return Object.fromEntries(verifiedServices.map((service) => [service, url(service)])) as never;
}

// One after the other, and at the end all at once: what comes to rest last would else be waited for by asking
// fourteen questions each time.
async function awaitDrained(sources: Sources, transport: Transport): Promise<void> {
  do {
    for (const { what, count } of unfinished(sources, transport)) {
      await eventually(async () => {
        const left = await count();
        if (left > 0) throw new Error(`${left} ${what}`);
        return true;
      });
    }
  } while ((await undrained(sources, transport)) !== null);
}
