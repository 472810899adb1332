import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the signature of an upload address covers: nobody can move it to another tenant, file or time. */
export type SignedUpload = { tenantId: string; uploadId: string; expiresSeconds: number };

function macOf(secret: string, { tenantId, uploadId, expiresSeconds }: SignedUpload): Buffer {
  const text = ['PUT', tenantId, uploadId, expiresSeconds].join('\n');
  return createHmac('sha256', secret).update(text).digest();
}

export function uploadUrl(base: string, secret: string, signed: SignedUpload): string {
  const url = new URL(`/uploads/${signed.uploadId}`, base);
  url.searchParams.set('tenant', signed.tenantId);
  url.searchParams.set('expires', String(signed.expiresSeconds));
  url.searchParams.set('signature', macOf(secret, signed).toString('base64url'));
  return url.href;
}

/**
 * Whether one of the secrets has signed it: two while one takes the place of the other. Compared in constant time: the
 * time of a refusal says nothing about the right signature.
 */
export function isSignatureValid(
  secrets: readonly string[],
  signed: SignedUpload,
  signature: string,
): boolean {
  const given = Buffer.from(signature, 'base64url');
  const isOf = (expected: Buffer) =>
    given.length === expected.length && timingSafeEqual(given, expected);
  return secrets.map((secret) => isOf(macOf(secret, signed))).includes(true);
}
