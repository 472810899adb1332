import { createHmac, timingSafeEqual } from 'node:crypto';

type Parts = readonly (string | number)[];

const macOf = (secret: string, parts: Parts): Buffer =>
  createHmac('sha256', secret).update(parts.join('\n')).digest();

export const signatureOf = (secret: string, parts: Parts): string =>
  macOf(secret, parts).toString('base64url');

/**
 * Whether one of the secrets has signed the parts. Compared in constant time: the time of a refusal says nothing about
 * the right signature.
 */
export function isSigned(secrets: readonly string[], parts: Parts, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url');
  const isOf = (expected: Buffer) =>
    given.length === expected.length && timingSafeEqual(given, expected);
  return secrets.map((secret) => isOf(macOf(secret, parts))).includes(true);
}
