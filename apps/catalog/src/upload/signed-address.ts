import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CatalogConfig } from '../config.ts';

/** What an address of a download says: whose, until when, and what; all of it is signed. */
export type SignedDownload = {
  path: string;
  tenantId: string;
  expiresSeconds: number;
  /** What is to be downloaded, as text. */
  what: string;
};

function macOf(secret: string, { path, tenantId, expiresSeconds, what }: SignedDownload): Buffer {
  const text = ['GET', path, tenantId, expiresSeconds, what].join('\n');
  return createHmac('sha256', secret).update(text).digest();
}

export function downloadUrl(base: string, secret: string, signed: SignedDownload): string {
  const url = new URL(signed.path, base);
  url.searchParams.set('tenant', signed.tenantId);
  url.searchParams.set('expires', String(signed.expiresSeconds));
  url.searchParams.set('what', signed.what);
  url.searchParams.set('signature', macOf(secret, signed).toString('base64url'));
  return url.href;
}

/** Whether one of the secrets has signed it, compared in constant time. */
export function isDownloadSigned(
  secrets: readonly string[],
  signed: SignedDownload,
  signature: string,
): boolean {
  const given = Buffer.from(signature, 'base64url');
  const isOf = (expected: Buffer) =>
    given.length === expected.length && timingSafeEqual(given, expected);
  return secrets.map((secret) => isOf(macOf(secret, signed))).includes(true);
}

/** The secrets whose addresses are taken. */
export const trustedSecrets = (config: CatalogConfig) =>
  [config.UPLOAD_SIGNING_SECRET, config.UPLOAD_SECOND_SECRET].filter((each) => each !== undefined);
