/** A GraphQL request in its plainest form: a text, the name of one operation in it, variables. */
export type OperationRequest = {
  text: string;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
};

type Body = Record<'query' | 'operationName' | 'variables' | 'extensions', unknown>;

/**
 * The request in a parsed body, or undefined when the body has anything about it that wants a second look:
 * a list, a persisted query, a wrong type. Those are ApolloServer's to answer or to refuse.
 */
export function operationRequestOf(body: unknown): OperationRequest | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { query, operationName, variables, extensions } = body as Body;
  if (typeof query !== 'string' || query === '' || extensions != null) return undefined;
  if (operationName != null && (typeof operationName !== 'string' || operationName === ''))
    return undefined;
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables)))
    return undefined;
  return {
    text: query,
    operationName: operationName ?? undefined,
    variables: (variables as Record<string, unknown> | null | undefined) ?? undefined,
  };
}

// A caller that sends long texts, each another, shall not fill the caches that are keyed by them.
const textLengthMax = 16 * 1024;

/** What an operation is remembered by; undefined when its text is too long, or its name none at all. */
export function operationKey(text: string, operationName: string | undefined): string | undefined {
  if (text.length > textLengthMax || operationName === '') return undefined;
  // No text begins with a name and a NUL, so a named operation is never taken for an unnamed one.
  return operationName === undefined ? text : `${operationName}\0${text}`;
}
