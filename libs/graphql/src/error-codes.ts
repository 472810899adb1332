/** Whether the same request, sent again, can be answered: never, after a pause, or once something is changed. */
export type Repeating = 'never' | 'after a pause' | 'once changed';

type Fact = { repeating: Repeating; meaning: string };

/**
 * The closed set of `extensions.code`, with what docs/errors.md says about each. A client may switch over it;
 * anything else is a bug of ours.
 */
const facts = {
  UNAUTHENTICATED: {
    repeating: 'once changed',
    meaning: 'No valid access token: get a new one, then send the request again.',
  },
  FORBIDDEN: {
    repeating: 'never',
    meaning: 'The token lacks a scope; `scopes` names those of which one is needed.',
  },
  BAD_USER_INPUT: {
    repeating: 'never',
    meaning: 'A variable or an argument cannot be used; the message says which and why.',
  },
  GRAPHQL_PARSE_FAILED: { repeating: 'never', meaning: 'The text is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: {
    repeating: 'never',
    meaning: 'The operation does not fit the schema, a literal included.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    repeating: 'never',
    meaning: 'The document has no operation of that name, or several and no name was given.',
  },
  LIMIT_EXCEEDED: {
    repeating: 'never',
    meaning: 'The operation or its body is larger than one request may be: ask for less, in pages.',
  },
  RATE_LIMITED: {
    repeating: 'after a pause',
    meaning:
      'This token or its tenant has had its share (HTTP 429). `Retry-After` says when the next request may come; nothing has run.',
  },
  SERVICE_UNAVAILABLE: {
    repeating: 'after a pause',
    meaning: 'What every request needs is away (the keys of the token issuer, a database).',
  },
  SUBGRAPH_UNAVAILABLE: {
    repeating: 'after a pause',
    meaning:
      'One service, or its database, is away or starts; `subgraph` names it. The rest is answered. The outcome of a mutation is unknown: the same `idempotencyKey` asks for it.',
  },
  SUBGRAPH_TIMEOUT: {
    repeating: 'after a pause',
    meaning:
      'One service did not answer in time, or waited too long for its database. The outcome of a mutation is unknown: the same `idempotencyKey` asks for it.',
  },
  BAD_REQUEST: { repeating: 'never', meaning: 'The HTTP request is no GraphQL request.' },
  PERSISTED_QUERY_NOT_FOUND: {
    repeating: 'once changed',
    meaning: 'The hash is not known here: send it again with the text.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    repeating: 'once changed',
    meaning: 'This address takes no hashes: send the text.',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    repeating: 'never',
    meaning:
      'Only listed operations run here, and none has this id (HTTP 404): the list is older or newer than the client.',
  },
  QUERY_NOT_IN_SAFELIST: {
    repeating: 'never',
    meaning: 'Only listed operations run here, and this is none of them (HTTP 403).',
  },
  INTERNAL_SERVER_ERROR: {
    repeating: 'never',
    meaning: 'A bug of ours. `requestId` finds it in the log.',
  },
} as const satisfies Record<string, Fact>;

export type ErrorCode = keyof typeof facts;

export const errorCodeFacts: Readonly<Record<ErrorCode, Fact>> = facts;

/** The codes by name, for those who throw them: `errorCodes.badUserInput`. */
export const errorCodes = Object.fromEntries(
  Object.keys(facts).map((code) => [camelCase(code), code]),
) as { readonly [Code in ErrorCode as CamelCase<Code>]: Code };

type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Rest>>}`
  : Lowercase<Text>;

function camelCase(code: string): string {
  return code.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(facts, value);
}
