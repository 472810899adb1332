import { errorCodeDef, ERRORS } from '@apollo/federation-internals';
import type { FetchNode } from '@apollo/query-planner';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { GraphQLError, Kind, parse, type GraphQLFormattedError, type SelectionNode } from 'graphql';
import type { Variables } from './conditions.ts';
import { mergeInto } from './merge.ts';
import { notCovered } from './not-covered.ts';
import type { CompilerOptions, Cursor, Execution, Step } from './plan-steps.ts';
import { compileRepresentation } from './representation.ts';
import { pathsOf, type PathPart } from './response-path.ts';
import type { JsonObject } from './response-shape.ts';

type Send = (
  execution: Execution,
  cursor: Cursor,
  variables: Variables,
) => Promise<JsonObject | null | undefined>;
type Apply = (execution: Execution, cursor: Cursor, entities: JsonObject[]) => Promise<void>;

/** One request to one subgraph, its answer put where the plan wants it. A failure is one error of the whole. */
export function compileFetch(node: FetchNode, options: CompilerOptions): Step {
  if (node.inputRewrites || node.outputRewrites || node.contextRewrites)
    notCovered('a fetch whose answer is renamed');
  const send = compileSend(node, options);
  const apply = node.requires
    ? ofEntities(compileRepresentation(node.requires, options.isSubtype), send, node)
    : ofRoot(send, node);
  const field = firstField(node);
  return async (execution, cursor) => {
    const entities = entitiesAt(cursor.data);
    if (entities.length === 0) return;
    try {
      await apply(execution, cursor, entities);
    } catch (err) {
      const [at = []] = pathsOf(execution.data, cursor.path);
      execution.errors.push(placedAt(err as GraphQLError, [...at, ...field]));
    }
  };
}

// Where a fetch that fails whole is told: at the first field that it would have brought.
function firstField({ operation, operationDocumentNode }: FetchNode): string[] {
  const [definition] = (operationDocumentNode ?? parse(operation)).definitions;
  let selections =
    definition && 'selectionSet' in definition && definition.selectionSet?.selections;
  const isEntities = (one: SelectionNode) =>
    one.kind === Kind.FIELD && one.name.value === '_entities';
  while (selections) {
    const one: SelectionNode | undefined =
      selections.find((each) => each.kind === Kind.INLINE_FRAGMENT || isEntities(each)) ??
      selections.find((each) => each.kind === Kind.FIELD && each.name.value !== '__typename');
    if (one?.kind === Kind.FIELD && !isEntities(one)) return [one.alias?.value ?? one.name.value];
    selections = one && 'selectionSet' in one ? one.selectionSet?.selections : undefined;
  }
  return [];
}

function placedAt(error: GraphQLError, path: PathPart[]): GraphQLError {
  const { message, extensions } = error;
  return new GraphQLError(message, { path, extensions, originalError: error.originalError });
}

function entitiesAt(data: unknown): JsonObject[] {
  if (!Array.isArray(data)) return [data as JsonObject];
  return data.filter((one): one is JsonObject => one !== null && one !== undefined);
}

function ofRoot(send: Send, node: FetchNode): Apply {
  return async (execution, cursor, entities) => {
    const received = await send(execution, cursor, usedVariables(execution, node));
    for (const entity of entities) mergeInto(entity, received);
  };
}

function ofEntities(
  representationOf: (entity: JsonObject) => JsonObject | null,
  send: Send,
  node: FetchNode,
): Apply {
  return async (execution, cursor, entities) => {
    const representations: JsonObject[] = [];
    const represented: JsonObject[] = [];
    for (const entity of entities) {
      const representation = representationOf(entity);
      if (!representation?.['__typename']) continue;
      representations.push(representation);
      represented.push(entity);
    }
    if (representations.length === 0) return;
    const variables = usedVariables(execution, node);
    if ('representations' in variables)
      throw new Error('A variable has the name "representations".');
    const received = await send(execution, cursor, { ...variables, representations });
    if (received) mergeEntities(represented, received['_entities']);
  };
}

function mergeEntities(entities: JsonObject[], received: unknown): void {
  if (!Array.isArray(received) || received.length !== entities.length)
    throw new Error(`A subgraph did not send ${entities.length} entities.`);
  for (const [index, entity] of entities.entries()) {
    const one = received[index] as JsonObject | null;
    // What a subgraph sends about an entity is of the type that it was asked about.
    if (one && !one['__typename']) one['__typename'] = entity['__typename'];
    mergeInto(entity, one);
  }
}

function usedVariables({ given }: Execution, { variableUsages }: FetchNode): Variables {
  const used: Variables = {};
  for (const name of variableUsages ?? [])
    if (Object.hasOwn(given, name) && given[name] !== undefined) used[name] = given[name];
  return used;
}

function compileSend(node: FetchNode, { dataSources }: CompilerOptions): Send {
  const { serviceName, operation: query, operationName } = node;
  const source = dataSources.get(serviceName) ?? notCovered(`the subgraph ${serviceName}`);
  return async (execution, cursor, variables) => {
    const request = { query, operationName, variables };
    const { data, errors } = await source.fetch(request, execution.context);
    if (errors) execution.errors.push(...placed(errors, { node, cursor, execution }));
    return data as JsonObject | null | undefined;
  };
}

type Asked = { node: FetchNode; cursor: Cursor; execution: Execution };

function placed(errors: NonNullable<GatewayGraphQLResponse['errors']>, asked: Asked) {
  let paths: PathPart[][] | undefined;
  const placeOf = (path: readonly PathPart[] | undefined): PathPart[] | undefined => {
    const index = path?.[1];
    if (!asked.node.requires || typeof index !== 'number')
      return path && [...asked.cursor.path, ...path];
    paths ??= pathsOf(asked.execution.data, asked.cursor.path);
    return [...(paths[index] ?? []), ...(path ?? []).slice(2)];
  };
  return errors.map((error) => errorOf(error, asked.node.serviceName, placeOf(error.path)));
}

function errorOf(
  original: GraphQLFormattedError,
  serviceName: string,
  path: PathPart[] | undefined,
): GraphQLError {
  const message = original.message || `Error while fetching subquery from service "${serviceName}"`;
  const options = {
    originalError: original as Error & GraphQLFormattedError,
    path,
    extensions: { ...original.extensions, serviceName },
  };
  // A code of federation's own list, or the one for "something downstream", is set by that list.
  const known = errorCodeDef(original as GraphQLError);
  if (!known && original.extensions?.['code']) return new GraphQLError(message, options);
  return (known ?? ERRORS.DOWNSTREAM_SERVICE_ERROR).err(message, options);
}
