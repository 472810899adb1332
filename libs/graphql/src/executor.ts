import {
  execute,
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { createBoundedMap } from './bounded-map.ts';
import { operationKey, type OperationRequest } from './operation-request.ts';

export type ExecutionRequest = OperationRequest & { document: DocumentNode; context: unknown };
type KnownRequest = OperationRequest & { context: unknown };
export type Executor = {
  run(request: ExecutionRequest): Promise<ExecutionResult>;
  /**
   * Runs a text that is compiled already, which therefore was parsed and validated before. Undefined when
   * there is none, or when it refuses the variables: nothing has run then.
   */
  runKnown(request: KnownRequest): Promise<ExecutionResult | undefined> | undefined;
};

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
  const entries = createBoundedMap<Entry>(compiledMax);
  const entryOf = (request: ExecutionRequest): Entry => {
    const key = operationKey(request.text, request.operationName);
    if (key === undefined) return plain;
    const known = entries.get(key);
    if (known !== undefined && known !== 'seen') return known;
    const entry = known === 'seen' ? compiled(schema, request) : 'seen';
    entries.set(key, entry);
    return entry;
  };
  return {
    async run(request) {
      const entry = entryOf(request);
      const result = typeof entry === 'object' ? await runCompiled(entry, request) : undefined;
      return result ?? runPlain(schema, request);
    },
    runKnown(request) {
      const key = operationKey(request.text, request.operationName);
      const entry = key === undefined ? undefined : entries.get(key);
      return typeof entry === 'object' ? runCompiled(entry, request) : undefined;
    },
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
  query: CompiledQuery,
  request: KnownRequest,
): Promise<ExecutionResult | undefined> {
  const result = await query.query(undefined, request.context, request.variables ?? {});
  if (!('data' in result)) return undefined;
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
