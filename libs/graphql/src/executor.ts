import {
  execute,
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';

export type ExecutionRequest = {
  document: DocumentNode;
  queryHash: string;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
  context: unknown;
};
export type Executor = (request: ExecutionRequest) => Promise<ExecutionResult>;

const compiledMaxDefault = 500;
// What is not to be compiled is remembered too: the plain executor serves it.
const plain = Symbol('plain');
type Entry = CompiledQuery | typeof plain | 'seen';

/**
 * Runs compiled queries (graphql-jit), the plain executor otherwise. Figures in docs/adr/0030.
 * A query is compiled when it comes for the second time: compiling costs several executions, and a
 * caller who sends a new text each time shall not make us pay for it.
 */
export function createExecutor(schema: GraphQLSchema, compiledMax = compiledMaxDefault): Executor {
  const entries = new Map<string, Entry>();
  const remember = (key: string, entry: Entry): void => {
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.size > compiledMax ? entries.keys().next() : undefined;
    if (oldest && !oldest.done) entries.delete(oldest.value);
  };
  return async (request) => {
    const key = `${request.queryHash}${request.operationName ?? ''}`;
    const known = entries.get(key);
    const entry = known === 'seen' ? compiled(schema, request) : (known ?? 'seen');
    remember(key, entry);
    return typeof entry === 'object'
      ? runCompiled(schema, entry, request)
      : runPlain(schema, request);
  };
}

function compiled(schema: GraphQLSchema, request: ExecutionRequest): Entry {
  const result = compileQuery(schema, request.document, request.operationName, {
    // A thrown error keeps the stack it has; a second one for its wrapper is never read.
    disablingCapturingStackErrors: true,
  } as Parameters<typeof compileQuery>[3]);
  return isCompiledQuery(result) ? result : plain;
}

// Compiled code refuses variables in other words than graphql-js and without the node that Apollo looks
// for. No resolver has run then, so the plain executor may tell it in the words that clients know.
async function runCompiled(
  schema: GraphQLSchema,
  query: CompiledQuery,
  request: ExecutionRequest,
): Promise<ExecutionResult> {
  const result = await query.query(undefined, request.context, request.variables ?? {});
  if (!('data' in result)) return runPlain(schema, request);
  return result.errors ? { data: result.data, errors: result.errors.map(genuineError) } : result;
}

// The errors of graphql-jit only look like GraphQLErrors: without extensions Apollo's formatting throws.
function genuineError(error: GraphQLError): GraphQLError {
  const genuine = new GraphQLError(error.message, {
    path: error.path,
    originalError: error.originalError,
    extensions: error.extensions,
  });
  if (!error.locations) return genuine;
  return Object.defineProperty(genuine, 'locations', { value: error.locations, enumerable: true });
}

async function runPlain(
  schema: GraphQLSchema,
  request: ExecutionRequest,
): Promise<ExecutionResult> {
  const args: ExecutionArgs = {
    schema,
    document: request.document,
    contextValue: request.context,
    variableValues: request.variables,
    operationName: request.operationName,
  };
  return execute(args);
}
