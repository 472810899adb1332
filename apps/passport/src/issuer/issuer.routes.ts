import type { FastifyInstance } from 'fastify';
import type { Issuer } from './issuer.ts';

/** The keys by which anybody verifies a passport: as a did:web document and as a JWK set. */
export function addIssuerRoutes(app: FastifyInstance, issuer: Issuer): void {
  const publish = (path: string, contentType: string, document: unknown) =>
    app.get(path, async (_request, reply) =>
      reply
        // Public by design, so scripts of any origin may verify.
        .headers({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' })
        .type(contentType)
        .send(JSON.stringify(document)),
    );
  publish('/.well-known/did.json', 'application/did+json', issuer.didDocument);
  publish('/.well-known/jwks.json', 'application/jwk-set+json', issuer.jwks);
}
