import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import {
  acceptableRequestId,
  continueTrace,
  histogram,
  runInRequestContext,
  withSpan,
  type Logger,
} from '@onecount/telemetry';
import { startApollo } from './apollo.ts';
import {
  callerOfRequest,
  requireInternalToken,
  type VerifyInternalToken,
} from './authentication.ts';
import { closeGently } from './close-gently.ts';
import { createContext, type SubgraphContext } from './context.ts';
import { answerDirectly } from './direct-answer.ts';
import { createExecutor, type Executor } from './executor.ts';
import { answerNotFound, createHttpErrorHandler } from './http-errors.ts';
import { parseJsonBodies } from './json-body.ts';
import { subgraphLimits, type QueryLimits } from './limits.ts';
import { buildSubgraph, type Resolvers } from './subgraph-schema.ts';

export type SubgraphServerOptions = {
  name: string;
  typeDefs: readonly string[];
  resolvers: Resolvers;
  verifyInternalToken: VerifyInternalToken;
  log: Logger;
  limits?: Partial<QueryLimits>;
  hasIntrospection?: boolean;
  /** More addresses of the same process: health, metrics, a public page. They authenticate by themselves. */
  routes?(app: FastifyInstance): void | Promise<void>;
};

export type SubgraphServer = {
  app: FastifyInstance;
  schema: GraphQLSchema;
  /** Resolves to the address, `http://127.0.0.1:4101`. */
  listen(at: { host: string; port: number }): Promise<string>;
  /** Lets running requests finish, then closes. */
  close(): Promise<void>;
};

const bodyBytesMax = 256 * 1024;
// Longer than any client's pool keeps a connection, so that it is never us who closes one under a request.
const keepAliveMs = 75_000;

export async function createSubgraphServer(
  options: SubgraphServerOptions,
): Promise<SubgraphServer> {
  const { log } = options;
  const schema = buildSubgraph(options);
  const executor = createExecutor(schema);
  const apollo = await startApollo({
    schema,
    executor,
    limits: { ...subgraphLimits, ...options.limits },
    hasIntrospection: options.hasIntrospection ?? false,
    log,
  });
  const app = fastify({
    bodyLimit: bodyBytesMax,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: 'idle',
    logger: false,
    exposeHeadRoutes: false,
  });
  app.setErrorHandler(createHttpErrorHandler({ log, bodyBytesMax }));
  app.setNotFoundHandler(answerNotFound);
  app.removeContentTypeParser('text/plain');
  parseJsonBodies(app);
  addGraphqlRoute(app, { apollo, executor }, options);
  const { routes } = options;
  if (routes) await app.register(async (scope) => routes(scope));
  return {
    app,
    schema,
    listen: (at) => app.listen(at),
    async close() {
      await closeGently(app);
      await apollo.stop();
    },
  };
}

function addGraphqlRoute(
  app: FastifyInstance,
  { apollo, executor }: { apollo: ApolloServer<SubgraphContext>; executor: Executor },
  { name, verifyInternalToken, log }: SubgraphServerOptions,
): void {
  const seconds = histogram<'status'>({
    name: 'onecount_graphql_request_seconds',
    help: 'Time from the parsed body to the answer of one GraphQL request.',
    labelNames: ['status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  // Typed for routes that declare their shapes; ours is a plain one.
  const askApollo = fastifyApolloHandler(apollo, {
    context: async (request) => contextOf(request),
  }) as unknown as (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
    (await answerDirectly(executor, { request, reply, context: contextOf(request) })) ??
    askApollo(request, reply);
  app.post(
    '/graphql',
    { onRequest: requireInternalToken(verifyInternalToken, log) },
    async (request, reply) => {
      const startedAt = performance.now();
      const answer = await inContext(request, log, () =>
        withSpan({ name: `${name} graphql`, kind: 'server' }, () => handle(request, reply)),
      );
      const elapsedSeconds = (performance.now() - startedAt) / 1000;
      seconds.observe({ status: String(reply.statusCode) }, elapsedSeconds);
      return answer;
    },
  );
}

const contexts = new WeakMap<object, SubgraphContext>();

function contextOf(request: object): SubgraphContext {
  const context = contexts.get(request);
  if (!context) throw new Error('The request has no context.');
  return context;
}

function inContext<T>(request: FastifyRequest, log: Logger, run: () => T): T {
  const caller = callerOfRequest(request);
  const requestId = acceptableRequestId(request.headers['x-request-id']) ?? randomUUID();
  const trace = continueTrace(request.headers['traceparent']);
  contexts.set(request, createContext({ caller, requestId, log }));
  return runInRequestContext({ requestId, tenantId: caller.tenantId, trace }, run);
}
