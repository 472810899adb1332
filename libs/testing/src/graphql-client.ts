import { Agent, request } from 'undici';

export type GraphqlError = {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; [key: string]: unknown };
};
export type GraphqlAnswer<Data> = { data?: Data | null; errors?: GraphqlError[] };
export type Variables = Record<string, unknown>;

export type GraphqlClient = {
  /** The whole answer, errors included; throws only when the endpoint gave no GraphQL answer. */
  ask<Data = Record<string, unknown>>(
    query: string,
    variables?: Variables,
  ): Promise<GraphqlAnswer<Data>>;
  /** The data; throws GraphqlFailure when the answer has errors. */
  data<Data = Record<string, unknown>>(query: string, variables?: Variables): Promise<Data>;
};

export class GraphqlFailure extends Error {
  override readonly name = 'GraphqlFailure';
  readonly errors: GraphqlError[];
  constructor(errors: GraphqlError[]) {
    super(errors.map((error) => `${error.extensions?.code}: ${error.message}`).join('; '));
    this.errors = errors;
  }
}

// Far below what the server offers: where a process stalls, a connection at its end takes one more request.
const keepAliveMs = 5_000;
const agent = new Agent({
  ...{ connections: 256, pipelining: 1 },
  ...{ keepAliveTimeout: keepAliveMs, keepAliveMaxTimeout: keepAliveMs },
});

/** A front end: one endpoint, one token. */
export function graphqlClient(url: string, token: string): GraphqlClient {
  const ask = async <Data>(query: string, variables: Variables = {}) => {
    const { body } = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await body.json()) as GraphqlAnswer<Data>;
  };
  return {
    ask,
    async data<Data>(query: string, variables: Variables = {}) {
      const answer = await ask<Data>(query, variables);
      if (answer.errors || !answer.data) throw new GraphqlFailure(answer.errors ?? []);
      return answer.data;
    },
  };
}
