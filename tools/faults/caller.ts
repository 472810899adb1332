import { setTimeout as delay } from 'node:timers/promises';
import { graphqlClient, GraphqlFailure, type Outcome } from '@onecount/testing';
import type { Story } from './story.ts';

export type Mutation = {
  name: string;
  selection?: string;
  /** Others may change it: asked again, the same kind of answer is the same. */
  selectsWhatChanges?: true;
};
type Input = { idempotencyKey: string };
export type Told = { mutation: Mutation; input: Input; answer: Outcome; wasUnknown: boolean };
export type Caller = {
  /** Asks, under one key, until there is an answer; an outage or a lost answer says nothing. */
  ask(mutation: Mutation, input: Input): Promise<Outcome>;
  /** Everything that was answered. */
  told: Told[];
  /** Answers that must never be given, whatever is broken. */
  wrong: string[];
};

// A service that is away answers nobody sooner for being asked more often, and asking costs those that are there.
const pauseMsMin = 40;
const pauseMsMax = 1_500;
const pauseGrowth = 1.5;

export const isDone = ({ __typename }: Outcome): boolean => __typename.endsWith('Success');

/** Somebody at a till: knows what was said to him, and asks again when nothing was. */
export function createCaller(options: { url: string; token: string; story: Story }): Caller {
  const client = graphqlClient(`${options.url}/graphql`, options.token);
  const { story } = options;
  const told: Told[] = [];
  const lastSaid = new Map<string, string>();
  const wrong: string[] = [];

  async function once(mutation: Mutation, input: Input): Promise<Outcome | undefined> {
    try {
      const { result } = await client.data<{ result: Outcome }>(textOf(mutation), { input });
      return isPending(result) ? undefined : result;
    } catch (err) {
      const line = `${mutation.name} ${input.idempotencyKey}: no answer (${(err as Error).message})`;
      if (lastSaid.get(input.idempotencyKey) !== line) story.say(line);
      lastSaid.set(input.idempotencyKey, line);
      if (isOurMistake(err)) wrong.push(line);
      return undefined;
    }
  }

  return {
    told,
    wrong,
    async ask(mutation, input) {
      for (let tries = 0; ; tries += 1) {
        const answer = await once(mutation, input);
        if (answer) {
          story.say(`${mutation.name} ${input.idempotencyKey}: ${answer.__typename}`);
          told.push({ mutation, input, answer, wasUnknown: tries > 0 });
          return answer;
        }
        await delay(Math.min(pauseMsMin * pauseGrowth ** tries, pauseMsMax));
      }
    },
  };
}

function textOf({ name, selection = '' }: Mutation): string {
  const input = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
  return `mutation ($input: ${input}) { result: ${name}(input: $input) {
    __typename ... on UserError { code message } ${selection} } }`;
}

/** The caller is told to ask again with the same key. */
const isPending = ({ __typename, inventoryPending }: Outcome) =>
  __typename === 'SalePending' || inventoryPending === true;

// An outage is none of the service's mistakes, and none of the caller's.
const isOurMistake = (err: unknown) =>
  err instanceof GraphqlFailure &&
  err.errors.some(({ extensions }) =>
    ['INTERNAL_SERVER_ERROR', 'BAD_USER_INPUT', 'FORBIDDEN'].includes(extensions?.code ?? ''),
  );
