import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { isAuthentic, openReceiver } from './receiver.ts';

const secret = 'whsec_test';

function signed(raw: string, seconds = Math.floor(Date.now() / 1000)): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${raw}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

test('a delivery that came before it was asked for is found, and one that comes later', async () => {
  const receiver = (await openReceiver(0))!;
  const send = (available: number) =>
    fetch(receiver.url, { method: 'POST', body: JSON.stringify({ sku: 'B-1', available }) });
  await send(1);
  expect((await receiver.delivery({ sku: 'B-1', available: 1 }, 1_000)).body.available).toBe(1);
  const later = receiver.delivery({ sku: 'B-1', available: 0 }, 10_000);
  await send(0);
  expect((await later).body.available).toBe(0);
  await receiver.close();
});

test('what does not come ends with what came instead', async () => {
  const receiver = (await openReceiver(0))!;
  const missing = receiver.delivery({ sku: 'B-1', available: 0 }, 50);
  await expect(missing).rejects.toMatchObject({
    name: 'SceneFailure',
    message: 'the web shop was to hear of 0 × B-1 within 50 ms; it heard: nothing',
  });
  await receiver.close();
});

test('a port that is in use is not taken', async () => {
  const receiver = (await openReceiver(0))!;
  expect(await openReceiver(receiver.port)).toBeUndefined();
  await receiver.close();
});

test.each([
  ['as it was signed', { raw: '{"available":1}' }, true],
  ['with another count', { raw: '{"available":2}', of: '{"available":1}' }, false],
  ['an hour old', { raw: '{"available":1}', seconds: Date.now() / 1000 - 3_600 }, false],
])(
  'a message %s',
  (_, { raw, of = raw, seconds }: { raw: string; of?: string; seconds?: number }, isValid) => {
    const signature = signed(of, seconds === undefined ? undefined : Math.floor(seconds));
    const body = JSON.parse(raw) as never;
    expect(isAuthentic({ signature, raw, body }, secret)).toBe(isValid);
  },
);
