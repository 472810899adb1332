import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

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
const own: Record<string, string> = { 'start.js': 'explorer.start.js' };

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
export function addExplorerRoutes(app: FastifyInstance): void {
  app.get<{ Params: { name: string } }>('/explorer/:name', async (request, reply) => {
    const found = fileOf(request.params.name);
    if (!found) return reply.callNotFound();
    return reply
      .header('content-type', found.type)
      .header('cache-control', 'max-age=3600')
      .send(await readFile(found.file));
  });
}

function fileOf(name: string): { file: string; type: string } | undefined {
  const ownFile = Object.hasOwn(own, name) ? own[name] : undefined;
  if (ownFile) return { file: path.join(import.meta.dirname, ownFile), type: script };
  const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (!asset) return undefined;
  const require = createRequire(import.meta.filename);
  const folder = path.dirname(require.resolve(`${asset.package}/package.json`));
  return { file: path.join(folder, asset.file), type: asset.type };
}
