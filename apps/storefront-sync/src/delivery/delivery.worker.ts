import type { Database } from '@onecount/db';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { Logger } from '@onecount/telemetry';
import { deliveryDuration, deliveryOutcomes } from './delivery.metrics.ts';
import { leaseDue, saveDelivered, saveFailed, type LeasedListing } from './delivery.sql.ts';
import type { WebhookClient } from './webhook.client.ts';

export type DeliveryWorkerDeps = {
  db: Database;
  log: Logger;
  backgroundLog: ServiceDeps['backgroundLog'];
  client: WebhookClient;
  suspendAfterSeconds: number;
  pollMs?: number;
};

const requestsAtOnce = 32;

/**
 * Sends what is due: leases rows in one short transaction, sends outside of any, and writes the outcome
 * in another. Any number of processes may do so at once.
 */
export function createDeliveryWorker(deps: DeliveryWorkerDeps): Worker {
  const { db, log, pollMs = 1_000 } = deps;
  const sending = new Set<Promise<void>>();
  const worker = createWorker({
    name: 'webhook-delivery',
    intervalMs: 0,
    idleMs: pollMs,
    async run(signal) {
      while (!signal.aborted && (await sendDue()));
    },
    onError: (err) => deps.backgroundLog.warn({ err }, 'due listings could not be read'),
  });

  /** True when there may be more at once. A slot that becomes free wakes the worker. */
  async function sendDue(): Promise<boolean> {
    const free = requestsAtOnce - sending.size;
    if (free === 0) return false;
    const listings = await db.asSystem('sweeper', (tx) => leaseDue(tx, free));
    for (const listing of listings) {
      const sent = send(listing).finally(() => {
        sending.delete(sent);
        worker.wake();
      });
      sending.add(sent);
    }
    return listings.length === free && sending.size < requestsAtOnce;
  }

  async function send(listing: LeasedListing): Promise<void> {
    const ids = {
      tenantId: listing.tenantId,
      connectionId: listing.connectionId,
      listingId: listing.listingId,
    };
    try {
      const stopTimer = deliveryDuration.startTimer();
      const outcome = await deps.client.deliver(listing);
      stopTimer();
      deliveryOutcomes.inc({ outcome: outcome.kind });
      if (outcome.kind === 'delivered') {
        await db.inTransaction(listing.tenantId, (tx) => saveDelivered(tx, listing));
        return;
      }
      const failure = { ...outcome, suspendAfterSeconds: deps.suspendAfterSeconds };
      const status = await db.inTransaction(listing.tenantId, (tx) =>
        saveFailed(tx, listing, failure),
      );
      log.info({ ...ids, version: listing.version, reason: outcome.reason }, 'a delivery failed');
      if (status === 'SUSPENDED')
        log.warn(ids, 'a connection was suspended: it failed for too long');
    } catch (err) {
      // The lease runs out by itself and the listing is due again.
      log.warn({ ...ids, err }, 'the outcome of a delivery could not be saved');
    }
  }

  return {
    ...worker,
    async stop() {
      await worker.stop();
      await Promise.all(sending);
      await deps.client.close();
    },
  };
}
