import type { Graph } from './graph.ts';
import { expectEqual, followsWithinMs } from './expectation.ts';
import type { Piece } from './piece.ts';
import { isAuthentic, openReceiver, type Receiver } from './receiver.ts';
import { clock, type Stage } from './stage.ts';

export type WebShop = { connectionId: string; secret: string; receiver: Receiver };

const nameOf = (port: number) => `Demo shop ${port}`;

type Connection = { id: string; name: string; webhookUrl: string };

/**
 * A tenant has at most 50 shops, so a run takes the shop of an earlier one: whose port is free, it is
 * created again under the same key, which answers as the first time, secret included.
 */
async function openKnownOrNew(owner: Graph): Promise<Receiver> {
  const { connections } = await owner.query<{ connections: Connection[] }>(
    'query DemoShops { connections { id name webhookUrl } }',
  );
  for (const { name, webhookUrl } of connections) {
    const port = Number(new URL(webhookUrl).port);
    if (name !== nameOf(port)) continue;
    const receiver = await openReceiver(port);
    if (receiver) return receiver;
  }
  return (await openReceiver(0))!;
}

/** A web shop that runs here, linked by a connection of kind WEBHOOK. */
export async function linkWebShop(owner: Graph, stage: Stage): Promise<WebShop> {
  stage.step('A web shop is linked: it takes signed counts');
  const receiver = await openKnownOrNew(owner);
  try {
    const { connection, webhookSecret } = await owner.succeed(
      'connectionCreate',
      {
        idempotencyKey: `demo-shop-${receiver.port}`,
        name: nameOf(receiver.port),
        webhook: { url: receiver.url },
      },
      'connection { id name kind webhookUrl } webhookSecret',
    );
    await owner.succeed('connectionResume', { connectionId: connection.id }, 'connection { id }');
    stage.fact(connection.kind, `${connection.name} at ${connection.webhookUrl}`);
    return { connectionId: connection.id, secret: webhookSecret, receiver };
  } catch (err) {
    await receiver.close();
    throw err;
  }
}

/** Nobody listens after the demo: without a pause the shop would be tried for days. */
export async function closeWebShop(owner: Graph, shop: WebShop): Promise<void> {
  const { connectionId } = shop;
  await owner.succeed('connectionPause', { connectionId }, 'connection { id }');
  await shop.receiver.close();
}

/** Waits for the signed message with this count, and holds its signature against the secret. */
export async function showDelivery(
  shop: WebShop,
  { piece, available, stage }: { piece: Piece; available: number; stage: Stage },
): Promise<void> {
  const wanted = { sku: piece.sku, available };
  const delivery = await shop.receiver.delivery(wanted, followsWithinMs);
  expectEqual('signature of the message', isAuthentic(delivery, shop.secret), true);
  const forged = { ...delivery, raw: delivery.raw.replace(/"available":\d+/, '"available":99') };
  expectEqual('signature of a changed message', isAuthentic(forged, shop.secret), false);
  const { type, sku, version } = delivery.body;
  const sentAt = Number(/^t=(\d+)/.exec(delivery.signature)![1]) * 1000;
  stage.fact('message', `${type} ${sku}: ${delivery.body.available} available, version ${version}`);
  stage.fact('sent', clock(new Date(sentAt).toISOString()));
  stage.fact('signature', `${delivery.signature.slice(0, 32)}… is valid (HMAC-SHA256)`);
}
