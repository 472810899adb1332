import { randomUUID } from 'node:crypto';
import { SceneFailure } from './expectation.ts';

/** A member of a mutation's result union; which fields it has is what the caller selected. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by the scene, field by field
export type Answer = { __typename: string; message?: string; [field: string]: any };

export type Graph = {
  query<Data>(query: string, variables?: object): Promise<Data>;
  /** One mutation by its name; whatever member it answers with. */
  mutate(name: string, input: object, selection: Selection): Promise<Answer>;
  /** The same, and the success member is expected. */
  succeed(name: string, input: object, selection: string): Promise<Answer>;
};

/** Fields of the success member, and fragments on refusals, without those every refusal has. */
export type Selection = { success: string; refusals?: string };

type Body<Data> = {
  data?: Data;
  errors?: { message: string; extensions?: { code?: string } }[];
};

/** The one endpoint as a front end with this token uses it. Throws SceneFailure for GraphQL errors. */
export function createGraph(graphqlUrl: string, token: string): Graph {
  async function query<Data>(text: string, variables: object = {}): Promise<Data> {
    const response = await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: text, variables }),
    });
    const { data, errors } = (await response.json()) as Body<Data>;
    const [error] = errors ?? [];
    if (error) throw new SceneFailure(`${error.extensions?.code ?? 'error'}: ${error.message}`);
    if (!data) throw new SceneFailure(`${graphqlUrl} answered HTTP ${response.status}`);
    return data;
  }
  async function mutate(name: string, input: object, selection: Selection): Promise<Answer> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}`;
    const text = `mutation Demo${type}($input: ${type}Input!) { answer: ${name}(input: $input) {
      __typename ... on UserError { code message } ${selection.refusals ?? ''}
      ... on ${type}Success { ${selection.success} } } }`;
    const variables = { input: { idempotencyKey: randomUUID(), ...input } };
    return (await query<{ answer: Answer }>(text, variables)).answer;
  }
  return {
    query,
    mutate,
    async succeed(name, input, success) {
      const answer = await mutate(name, input, { success });
      if (answer.__typename.endsWith('Success')) return answer;
      const { __typename, message } = answer;
      throw new SceneFailure(`${name} was to succeed and answered ${__typename}: ${message}`);
    },
  };
}
