import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { services, type SystemService } from '@onecount/local-stack';
import { Agent, request as ask } from 'undici';

export type Caller = SystemService | 'client';
export type AnswerFault = { kind: 'lost' | 'late' | 'doubled' | 'unasked'; lateMs: number };
export type Wire = {
  from: Caller;
  to: SystemService;
  url: string;
  /** What becomes of the next exchanges, one each. */
  planned: AnswerFault[];
  /** Called when a planned fault strikes. */
  onStrike?: ((fault: AnswerFault) => void) | undefined;
};

export type Network = {
  wires: Wire[];
  wire(from: Caller, to: SystemService): Wire;
  /** The service listens here now. */
  serves(name: SystemService, url: string): void;
  /** The settings of a service, each address of another one in them through the wire between the two. */
  wired(name: SystemService, env: Record<string, string>): Record<string, string>;
  close(): Promise<void>;
};

const ends: [Caller, SystemService[]][] = [
  ['client', ['gateway']],
  ['gateway', services.filter((name) => name !== 'gateway')],
  ['pos', ['inventory', 'catalog']],
  ['catalog', ['inventory']],
];
const hopHeaders = ['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'];

/** A small proxy on each way that requests take, which loses, delays and doubles what it is told to. */
export async function createNetwork(): Promise<Network> {
  const targets = new Map<SystemService, string>();
  const agent = new Agent({
    connections: 64,
    keepAliveTimeout: 1_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const servers: Server[] = [];
  const opened = ends.flatMap(([from, tos]) =>
    tos.map(async (to): Promise<Wire> => {
      const wire: Wire = { from, to, url: '', planned: [] };
      const pass = passTo(agent, () => targets.get(to));
      const server = createServer((request, response) => {
        exchange(wire, pass, request, response).catch(() => response.destroy());
      });
      servers.push(server.listen(0, '127.0.0.1'));
      await once(server, 'listening');
      wire.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return wire;
    }),
  );
  const wires = await Promise.all(opened);
  return {
    wires,
    wire: (from, to) => wires.find((each) => each.from === from && each.to === to)!,
    serves: (name, url) => void targets.set(name, url),
    wired(name, env) {
      const through = wires.filter(({ from, to }) => from === name && env[variableOf(to)]);
      return { ...env, ...Object.fromEntries(through.map(({ to, url }) => [variableOf(to), url])) };
    },
    async close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
      await agent.destroy();
    },
  };
}

const variableOf = (name: string) => `${name.replaceAll('-', '_').toUpperCase()}_URL`;

type Pass = (request: IncomingMessage, body: Buffer) => Promise<Answer>;
type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
};

function passTo(agent: Agent, target: () => string | undefined): Pass {
  return async (request, body) => {
    const answer = await ask(`${target()}${request.url}`, {
      dispatcher: agent,
      method: request.method as 'POST',
      headers: withoutHop(request.headers),
      body: body.length > 0 ? body : null,
    });
    const text = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: withoutHop(answer.headers), body: text };
  };
}

const withoutHop = (headers: Answer['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.includes(name)));

async function exchange(
  wire: Wire,
  pass: Pass,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const fault = wire.planned.shift();
  if (fault) wire.onStrike?.(fault);
  if (fault?.kind === 'unasked') return void response.destroy();
  // The first of two equal requests may well be the one whose answer nobody hears.
  const twin = fault?.kind === 'doubled' ? pass(request, body).catch(() => undefined) : undefined;
  const answer = await pass(request, body);
  await twin;
  if (fault?.kind === 'late') await delay(fault.lateMs);
  if (fault?.kind === 'lost') return void response.destroy();
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
