import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { SubgraphContext } from './context.ts';
import type { Executor } from './executor.ts';
import { operationRequestOf } from './operation-request.ts';

/** The context of a request that has run already: ApolloServer has only to put the answer into words. */
export type ExecutedContext = SubgraphContext & {
  executed?: Promise<ExecutionResult | undefined> | undefined;
};

const plainJson = /^(application\/json|\*\/\*)$/;

/**
 * Answers a text that is known without ApolloServer, whose pipeline costs more than most resolvers do
 * (docs/adr/0125). Undefined when ApolloServer has to answer: it has never seen the text, or the answer
 * has errors. What has run does not run again: ApolloServer finds the result in the context.
 */
export async function answerDirectly(
  executor: Executor,
  {
    request,
    reply,
    context,
  }: { request: FastifyRequest; reply: FastifyReply; context: ExecutedContext },
): Promise<string | undefined> {
  const operation = operationRequestOf(request.body);
  if (!operation || !plainJson.test(request.headers.accept ?? '*/*')) return undefined;
  const running = executor.runKnown({ ...operation, context });
  if (!running) return undefined;
  context.executed = running;
  const result = await running.catch(() => undefined);
  if (!result || result.errors) return undefined;
  void reply.header('content-type', 'application/json; charset=utf-8');
  return JSON.stringify({ data: result.data });
}
