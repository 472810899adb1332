import type { Database } from '@onecount/db';
import { isUuid } from '@onecount/refusal';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Issuer } from '../issuer/issuer.ts';
import { notFoundPage, passportPage } from './page.html.ts';
import { contentSecurityPolicy } from './page.style.ts';
import { passportOfUnit, publicJson, readPublicPassport } from './page.ts';

type Deps = { db: Database; issuer: Issuer };
type Format = 'html' | 'json' | 'vc+jwt';

/**
 * GET /p/<id>: a page for people, JSON for programs, the bare credential for wallets. GET /u/<unit id> leads there. No
 * token.
 */
export function addPageRoutes(app: FastifyInstance, deps: Deps): void {
  app.get<{ Params: { id: string } }>('/p/:id', async (request, reply) => {
    const format = formatOf(request.headers.accept);
    protect(reply);
    const id = request.params.id.toLowerCase();
    const passport = isUuid(id) ? await readPublicPassport(deps, id) : undefined;
    if (!passport) return notFound(reply, format);
    switch (format) {
      case 'html':
        return reply.type('text/html; charset=utf-8').send(passportPage(passport, deps.issuer.did));
      case 'json':
        return reply.type('application/json').send(JSON.stringify(publicJson(passport)));
      case 'vc+jwt':
        return reply.type('application/vc+jwt').send(passport.credential);
    }
  });

  // What a label can name before there is a passport.
  app.get<{ Params: { unitId: string } }>('/u/:unitId', async (request, reply) => {
    protect(reply);
    const unitId = request.params.unitId.toLowerCase();
    const id = isUuid(unitId) ? await passportOfUnit(deps.db, unitId) : undefined;
    return id === undefined
      ? notFound(reply, formatOf(request.headers.accept))
      : reply.redirect(deps.issuer.urlOf(id), 302);
  });
}

function notFound(reply: FastifyReply, format: Format): FastifyReply {
  reply.code(404);
  if (format === 'html') return reply.type('text/html; charset=utf-8').send(notFoundPage());
  return reply
    .type('application/json')
    .send(JSON.stringify({ error: 'There is no such passport.' }));
}

function protect(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'cross-origin',
    // Verifying in a browser of any origin is the purpose; nothing here depends on who asks.
    'access-control-allow-origin': '*',
    // A sale must show at once.
    'cache-control': 'no-cache',
    vary: 'accept',
  });
}

// The first type that is asked for and that we have; browsers name text/html first, curl names none.
function formatOf(accept = ''): Format {
  for (const part of accept.split(',')) {
    const type = part.split(';')[0]?.trim().toLowerCase();
    if (type === 'text/html') return 'html';
    if (type === 'application/vc+jwt') return 'vc+jwt';
    if (type === 'application/json' || type === 'application/ld+json') return 'json';
  }
  return 'html';
}
