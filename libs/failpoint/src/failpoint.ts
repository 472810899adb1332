import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** Steps of the sale protocol (docs/sale.md), of a return, of an exchange, of a stocktake's posting and of event delivery (docs/events.md) at which a test may kill the process. */
export const failpointNames = [
  'sale.intent.before-commit',
  'sale.intent.after-commit',
  'sale.open.after-hold',
  'sale.line-update.before-commit',
  'sale.line-update.after-commit',
  'sale.record.before-commit',
  'sale.record.after-commit',
  'sale.checkout.before-commit',
  'sale.checkout.after-commit',
  'sale.await.before-commit',
  'sale.await.after-commit',
  'sale.pay.before-commit',
  'sale.pay.after-commit',
  'sale.expire.before-commit',
  'sale.expire.after-commit',
  'sale.claim.before-request',
  'sale.claim.after-answer',
  'sale.commit.before-commit',
  'sale.commit.after-commit',
  'sale.void.before-commit',
  'sale.void.after-commit',
  'sale.release.before-request',
  'sale.release.after-answer',
  'return.before-commit',
  'return.after-commit',
  'lay-by.open.before-commit',
  'lay-by.open.after-commit',
  'lay-by.pay.before-commit',
  'lay-by.pay.after-commit',
  'lay-by.cancel.before-commit',
  'lay-by.cancel.after-commit',
  'lease.take.after-hold',
  'lease.end.after-release',
  'consignment-return.after-commit',
  'consignment-return.after-answer',
  'exchange.intent.before-commit',
  'exchange.intent.after-commit',
  'exchange.commit.before-commit',
  'exchange.void.before-commit',
  'rental-out.after-hold',
  'rental-out.after-commit',
  'rental-back.after-commit',
  'sweep.before',
  'sweep.after-claim',
  'claim.before-commit',
  'claim.after-commit',
  'release.before-commit',
  'release.after-commit',
  'stocktake.before-commit',
  'stocktake.after-commit',
  'outbox.before-publish',
  'outbox.after-publish',
  'inbox.before-effect',
  'inbox.before-commit',
  'inbox.after-commit',
] as const;

export type FailpointName = (typeof failpointNames)[number];

let armedPrefix: string | undefined;

/**
 * Arms the failpoints of this process. Without `dir` every `crashAt` is a no-op; production refuses
 * the setting when the configuration is read (`FAILPOINT_DIR`, libs/config).
 */
export function configureFailpoints(options: { service: string; dir?: string | undefined }): void {
  armedPrefix = options.dir === undefined ? undefined : join(options.dir, `${options.service}.`);
}

/**
 * Dies here by SIGKILL if the file `<dir>/<service>.<name>` exists. One shot: the file is unlinked
 * first, and of several processes only the one whose unlink succeeds dies, so that the restarted
 * service passes.
 */
export function crashAt(name: FailpointName): void {
  if (armedPrefix === undefined) return;
  if (!unlinked(armedPrefix + name)) return;
  // Where services are threads of one process (tools/faults) only this one dies.
  if (!isMainThread) process.exit(137);
  process.kill(process.pid, 'SIGKILL');
  // The signal may be delivered a moment later: block the thread, so that not one statement more is sent.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function unlinked(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw err;
  }
}
