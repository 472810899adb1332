import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';

type Variables = Record<string, unknown>;
type Send = (variables: Variables) => Promise<GatewayGraphQLResponse>;

// What a subgraph accepts in one request (libs/graphql).
export const representationsMax = 500;

/**
 * Sends an entity fetch in pieces that a subgraph accepts: a page of 100 products with 10 variants
 * each needs the stock of 1,000 variants. The answers are put together in order; an error's path is
 * moved to where its entity stands in the whole.
 */
export async function sendInPieces(
  variables: Variables,
  send: Send,
): Promise<GatewayGraphQLResponse> {
  const representations = variables['representations'];
  if (!Array.isArray(representations) || representations.length <= representationsMax) {
    return send(variables);
  }
  const offsets = Array.from(
    { length: Math.ceil(representations.length / representationsMax) },
    (_, piece) => piece * representationsMax,
  );
  const answers = await Promise.all(
    offsets.map((offset) => {
      const piece = representations.slice(offset, offset + representationsMax);
      return send({ ...variables, representations: piece });
    }),
  );
  const errors = answers.flatMap((answer, index) => moved(answer, offsets[index] ?? 0));
  const entities = answers.flatMap((answer, index) => {
    const count = Math.min(representationsMax, representations.length - (offsets[index] ?? 0));
    return (answer.data?.['_entities'] as unknown[] | undefined) ?? Array(count).fill(null);
  });
  return { data: { _entities: entities }, ...(errors.length > 0 ? { errors } : {}) };
}

function moved(answer: GatewayGraphQLResponse, offset: number) {
  return (answer.errors ?? []).map((error) => {
    const [field, index, ...rest] = error.path ?? [];
    if (typeof index !== 'number') return error;
    return { ...error, path: [field ?? '_entities', index + offset, ...rest] };
  });
}
