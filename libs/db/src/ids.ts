import { randomFillSync } from 'node:crypto';
import { isUuid } from '@onecount/refusal';

declare const tenantBrand: unique symbol;
/** The id of a tenant, checked to be a UUID: safe to write into `SET LOCAL`, which takes no parameters. */
export type TenantId = string & { readonly [tenantBrand]: true };

export function tenantIdOf(value: unknown): TenantId {
  if (!isUuid(value)) throw new TypeError('tenant id is not a UUID');
  return value as TenantId;
}

let lastTick = 0n;
const random = Buffer.alloc(8);

/**
 * UUID version 7 (RFC 9562, 6.2 method 1): milliseconds, a 12-bit counter, 62 random bits. Ids of one
 * process strictly increase, also within a millisecond and when the clock steps back, so that
 * index inserts stay at the right-hand edge.
 */
export function uuidv7(): string {
  const now = BigInt(Date.now()) << 12n;
  lastTick = now > lastTick ? now : lastTick + 1n;
  randomFillSync(random);
  const head = (lastTick >> 12n).toString(16).padStart(12, '0');
  const counter = (lastTick & 0xfffn).toString(16).padStart(3, '0');
  const variant = ((random[0]! & 0x3f) | 0x80).toString(16);
  const tail = random.toString('hex', 1, 8);
  return `${head.slice(0, 8)}-${head.slice(8)}-7${counter}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`;
}
