import type { FastifyReply } from 'fastify';
import { isUuid } from '@onecount/refusal';
import { Readable } from 'node:stream';
import { isDownloadSigned, type SignedDownload } from './signed-address.ts';

export type DownloadQuery = {
  tenant?: string;
  expires?: string;
  what?: string;
  signature?: string;
};

/** A download that was asked for: whose and what; or how it is refused. */
export function signedDownload(
  secrets: readonly string[],
  path: string,
  { tenant = '', expires = '', what = '', signature = '' }: DownloadQuery,
): { tenantId: string; what: string } | { status: 403 | 410; code: string; message: string } {
  const signed: SignedDownload = {
    ...{ path, tenantId: tenant, what },
    expiresSeconds: Number(expires),
  };
  const isWhole = isUuid(tenant) && /^[0-9]{1,12}$/.test(expires);
  if (!isWhole || !isDownloadSigned(secrets, signed, signature)) {
    const message = 'The address is not one that was given out.';
    return { status: 403, code: 'DOWNLOAD_REFUSED', message };
  }
  if (signed.expiresSeconds * 1000 <= Date.now()) {
    const message = 'The address has expired; ask for a new one.';
    return { status: 410, code: 'DOWNLOAD_EXPIRED', message };
  }
  return { tenantId: tenant, what };
}

/** Sends what is written piece by piece; the reader's pace is kept, so that memory stays flat. */
export function sendFile(
  reply: FastifyReply,
  { filename, type }: { filename: string; type: string },
  pieces: AsyncIterable<string>,
): FastifyReply {
  return reply
    .header('content-type', `${type}; charset=utf-8`)
    .header('content-disposition', `attachment; filename="${filename}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(pieces));
}
