import { isUuid } from '@onecount/refusal';
import { Readable } from 'node:stream';
import type { ServiceParts } from './definition.ts';
import { isSigned, signatureOf } from './signature.ts';

const lifeSeconds = 15 * 60;

/** Where clients reach the service, and what signs its addresses; a second secret is accepted while one takes the other's place. */
export type DownloadSigning = { publicUrl: string; secret: string; secondSecret?: string };

/** What an address of a download says: whose, until when, and what; all of it is signed. */
type SignedDownload = { path: string; tenantId: string; expiresSeconds: number; what: string };
type Query = { tenant?: string; expires?: string; what?: string; signature?: string };
type Refused = { status: 403 | 410; code: string; message: string };

/** What is sent piece by piece; the reader's pace is kept, so that memory stays flat. */
export type DownloadedFile = {
  filename: string;
  type: string;
  pieces: AsyncIterable<string | Uint8Array>;
};

const partsOf = ({ path, tenantId, expiresSeconds, what }: SignedDownload) =>
  ['GET', path, tenantId, expiresSeconds, what] as const;

/** Downloads of one kind: addresses that say what is asked for, and the route that they lead to (ADR 0261). */
export function createDownload<What>(
  { publicUrl, secret, secondSecret }: DownloadSigning,
  path: string,
  open: (tenantId: string, what: What) => DownloadedFile,
) {
  const secrets = secondSecret === undefined ? [secret] : [secret, secondSecret];

  const routes: NonNullable<ServiceParts['routes']> = (scope) => {
    scope.get<{ Querystring: Query }>(path, async (request, reply) => {
      const asked = askedFor(secrets, path, request.query);
      if ('status' in asked) {
        const { status, ...answer } = asked;
        return reply.code(status).send(answer);
      }
      const { filename, type, pieces } = open(asked.tenantId, JSON.parse(asked.what) as What);
      return reply
        .header('content-type', type)
        .header('content-disposition', `attachment; filename="${filename}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(pieces));
    });
  };

  function address(tenantId: string, what: What): { url: string; expiresAt: Date } {
    const expiresSeconds = Math.floor(Date.now() / 1000) + lifeSeconds;
    const signed = { path, tenantId, expiresSeconds, what: JSON.stringify(what) };
    const url = new URL(path, publicUrl);
    url.searchParams.set('tenant', tenantId);
    url.searchParams.set('expires', String(expiresSeconds));
    url.searchParams.set('what', signed.what);
    url.searchParams.set('signature', signatureOf(secret, partsOf(signed)));
    return { url: url.href, expiresAt: new Date(expiresSeconds * 1000) };
  }

  return { routes, address };
}

function askedFor(
  secrets: readonly string[],
  path: string,
  { tenant = '', expires = '', what = '', signature = '' }: Query,
): { tenantId: string; what: string } | Refused {
  const signed = { path, tenantId: tenant, expiresSeconds: Number(expires), what };
  const isWhole = isUuid(tenant) && /^[0-9]{1,12}$/.test(expires);
  if (!isWhole || !isSigned(secrets, partsOf(signed), signature)) {
    const message = 'The address is not one that was given out.';
    return { status: 403, code: 'DOWNLOAD_REFUSED', message };
  }
  if (signed.expiresSeconds * 1000 <= Date.now()) {
    const message = 'The address has expired; ask for a new one.';
    return { status: 410, code: 'DOWNLOAD_EXPIRED', message };
  }
  return { tenantId: tenant, what };
}
