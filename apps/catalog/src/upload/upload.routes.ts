import type { Database } from '@onecount/db';
import { isUuid } from '@onecount/refusal';
import type { ServiceDeps, ServiceParts } from '@onecount/service';
import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';
import { isSignatureValid, type SignedUpload } from './upload-signature.ts';
import { receiveUpload, uploadById, type UploadPurpose } from './upload.sql.ts';
import { UploadTooLargeError, type UploadStore } from './upload.store.ts';

type Routes = NonNullable<ServiceParts['routes']>;

type UploadRequest = {
  Params: { id: string };
  Querystring: { tenant?: string; expires?: string; signature?: string };
  Body: Readable | undefined;
};

type Answer = { status: number; code: string; message: string };

/**
 * PUT /uploads/:id — the address itself is the permission (see upload-signature). A wrong signature,
 * another tenant's upload and one that never was are answered alike.
 */
export function uploadRoutes(deps: {
  db: Database;
  store: UploadStore;
  secrets: readonly string[];
  bytesMax: number;
  bytesMaxOf: (purpose: UploadPurpose) => number;
  log: ServiceDeps['log'];
}): Routes {
  const { db, store, secrets, bytesMax, bytesMaxOf, log } = deps;

  async function receive(
    signed: SignedUpload,
    { body, announced }: { body: Readable; announced: number },
  ): Promise<Answer> {
    const { tenantId, uploadId } = signed;
    const upload = await db.read(tenantId, (tx) => uploadById(tx, uploadId));
    if (upload === undefined) return refused;
    if (upload.status === 'RECEIVED') return alreadyReceived;
    if (upload.isExpired) return expired;
    const bytesMax = bytesMaxOf(upload.purpose);
    if (announced > bytesMax) throw new UploadTooLargeError(bytesMax);
    const file = await store.write({ tenantId, uploadId, bytesMax }, body);
    if (file.sizeBytes === 0) {
      await store.removeFile(store.pathOf(tenantId, uploadId, file.sha256));
      return empty;
    }
    const isFirst = await db.inTransaction(tenantId, (tx) => receiveUpload(tx, uploadId, file));
    if (isFirst) return { status: 201, code: 'RECEIVED', message: `${file.sizeBytes} bytes.` };
    const kept = await db.read(tenantId, (tx) => uploadById(tx, uploadId));
    if (kept?.sha256 !== file.sha256)
      await store.removeFile(store.pathOf(tenantId, uploadId, file.sha256));
    return alreadyReceived;
  }

  // The scope is the module's own: no other address takes a body of any type.
  return (scope) => {
    scope.removeAllContentTypeParsers();
    // The body is passed on as a stream: a hundred megabytes never stand in memory.
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.put<UploadRequest>(
      '/uploads/:id',
      { bodyLimit: bytesMax + 1 },
      async (request, reply) => {
        const signed = signedUpload(request.params.id, request.query);
        const { signature = '' } = request.query;
        if (signed === undefined || !isSignatureValid(secrets, signed, signature)) {
          return answer(reply, refused);
        }
        if (signed.expiresSeconds * 1000 <= Date.now()) return answer(reply, expired);
        // Answered before the body is read: a sender that announces too much hears of it.
        const announced = Number(request.headers['content-length'] ?? 0);
        if (announced > bytesMax) {
          return answer(reply.header('connection', 'close'), tooLarge(bytesMax));
        }
        if (request.body === undefined || request.body === null) return answer(reply, empty);
        try {
          return await answer(reply, await receive(signed, { body: request.body, announced }));
        } catch (err) {
          if (err instanceof UploadTooLargeError) {
            return answer(reply.header('connection', 'close'), tooLarge(err.bytesMax));
          }
          log.warn({ err, uploadId: signed.uploadId }, 'an upload broke off');
          throw err;
        }
      },
    );
  };
}

function answer(reply: FastifyReply, { status, code, message }: Answer): FastifyReply {
  return reply.code(status).send({ code, message });
}

function signedUpload(
  uploadId: string,
  { tenant, expires }: UploadRequest['Querystring'],
): SignedUpload | undefined {
  if (!isUuid(uploadId) || !isUuid(tenant) || !/^[0-9]{1,12}$/.test(expires ?? ''))
    return undefined;
  return { tenantId: tenant as string, uploadId, expiresSeconds: Number(expires) };
}

const refused: Answer = {
  status: 403,
  code: 'UPLOAD_REFUSED',
  message: 'The address is not one that was given out.',
};
const expired: Answer = {
  status: 410,
  code: 'UPLOAD_EXPIRED',
  message: 'The address has expired; ask for a new one.',
};
const alreadyReceived: Answer = {
  status: 409,
  code: 'UPLOAD_ALREADY_RECEIVED',
  message: 'A file was put here before.',
};
const empty: Answer = { status: 400, code: 'UPLOAD_EMPTY', message: 'The file is empty.' };

function tooLarge(bytesMax: number): Answer {
  return {
    status: 413,
    code: 'UPLOAD_TOO_LARGE',
    message: `A file has at most ${bytesMax} bytes.`,
  };
}
