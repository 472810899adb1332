import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Asset = { package: string; file: string; type: string };

const script = 'text/javascript; charset=utf-8';
const assets: Record<string, Asset> = {
  'react.js': { package: 'react', file: 'umd/react.production.min.js', type: script },
  'react-dom.js': { package: 'react-dom', file: 'umd/react-dom.production.min.js', type: script },
  'graphiql.js': { package: 'graphiql', file: 'graphiql.min.js', type: script },
  'graphiql.css': {
    package: 'graphiql',
    file: 'graphiql.min.css',
    type: 'text/css; charset=utf-8',
  },
};
const own: Record<string, { file: string; type: string }> = {
  'start.js': { file: 'explorer.start.js', type: script },
  'operations.graphql': {
    file: 'explorer.operations.graphql',
    type: 'application/graphql; charset=utf-8',
  },
};

// Everything comes from here, so the page works without a network and can load nothing else.
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; frame-ancestors 'none'";

/** GraphiQL, for a browser that comes to /graphql; Apollo's own page loads its scripts from the internet. */
export async function sendExplorer(reply: FastifyReply): Promise<FastifyReply> {
  const page = await readFile(path.join(import.meta.dirname, 'explorer.html'), 'utf8');
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', contentSecurityPolicy)
    .send(page);
}

/** What that page loads: development dependencies of this app. */
export function addExplorerRoutes(app: FastifyInstance, tokensFile?: string): void {
  app.get('/explorer/tokens.json', async (request, reply) => {
    const tokens = tokensFile && isOwnPage(request) ? await tokensIn(tokensFile) : undefined;
    if (!tokens) return reply.callNotFound();
    return reply.header('cache-control', 'no-store').send(tokens);
  });
  app.get<{ Params: { name: string } }>('/explorer/:name', async (request, reply) => {
    const found = fileOf(request.params.name);
    if (!found) return reply.callNotFound();
    return reply
      .header('content-type', found.type)
      .header('cache-control', 'max-age=3600')
      .send(await readFile(found.file));
  });
}

// Whoever reads a development token is its holder: only the page of this machine itself may, no other site and no
// name that was pointed here.
function isOwnPage({ headers, hostname }: FastifyRequest): boolean {
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
  return isLocal && (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin';
}

// Written when the whole system is ready, after this process; read anew, since tokens change with each start.
async function tokensIn(file: string): Promise<Record<string, string> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined
    ? undefined
    : (JSON.parse(text) as { tokens?: Record<string, string> }).tokens;
}

function fileOf(name: string): { file: string; type: string } | undefined {
  const ownFile = Object.hasOwn(own, name) ? own[name] : undefined;
  if (ownFile) return { ...ownFile, file: path.join(import.meta.dirname, ownFile.file) };
  const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (!asset) return undefined;
  const require = createRequire(import.meta.filename);
  const folder = path.dirname(require.resolve(`${asset.package}/package.json`));
  return { file: path.join(folder, asset.file), type: asset.type };
}
