import { isSigned, signatureOf } from '@onecount/service';

/** What the signature of an upload address covers: nobody can move it to another tenant, file or time. */
export type SignedUpload = { tenantId: string; uploadId: string; expiresSeconds: number };

const partsOf = ({ tenantId, uploadId, expiresSeconds }: SignedUpload) =>
  ['PUT', tenantId, uploadId, expiresSeconds] as const;

export function uploadUrl(base: string, secret: string, signed: SignedUpload): string {
  const url = new URL(`/uploads/${signed.uploadId}`, base);
  url.searchParams.set('tenant', signed.tenantId);
  url.searchParams.set('expires', String(signed.expiresSeconds));
  url.searchParams.set('signature', signatureOf(secret, partsOf(signed)));
  return url.href;
}

export const isSignatureValid = (
  secrets: readonly string[],
  signed: SignedUpload,
  signature: string,
): boolean => isSigned(secrets, partsOf(signed), signature);
