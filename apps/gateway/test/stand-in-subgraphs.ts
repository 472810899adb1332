import { hash } from 'node:crypto';
import { Supergraph } from '@apollo/federation-internals';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import {
  executeSync,
  getNamedType,
  getNullableType,
  GraphQLError,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
  parse,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { SubgraphDataSource } from '../src/subgraph/subgraph.data-source.ts';
import { subgraphUnavailable } from '../src/subgraph/subgraph.errors.ts';

export type Asked = { subgraph: string; by: 'ours' | 'reference'; request: string };

/**
 * In place of the subgraphs of a supergraph: each executes what it is asked on its own schema, with values
 * that follow from the request alone, so that two gateways that ask the same are answered the same. Some
 * fields fail or are null, some requests fail whole, and some answers are what no subgraph should send.
 */
export function createStandIns(supergraphSdl: string) {
  const asked: Asked[] = [];
  const seed = { now: 0 };
  const dataSources = new Map<string, SubgraphDataSource>();
  for (const { name, schema } of Supergraph.build(supergraphSdl).subgraphs()) {
    const executable = schema.toGraphQLJSSchema({ includeDefer: false });
    const answer = (by: Asked['by']) => async (request: Request) => {
      const text = JSON.stringify([request.query, request.operationName, request.variables]);
      asked.push({ subgraph: name, by, request: text });
      return respond(executable, { name, request, key: `${seed.now} ${name} ${text}` });
    };
    dataSources.set(name, {
      fetch: answer('ours'),
      process: ({ request }) => answer('reference')(request),
      close: async () => {},
    });
  }
  return { dataSources, asked, seed };
}

type Request = Parameters<SubgraphDataSource['fetch']>[0];
type Question = { name: string; request: Request; key: string };

function respond(schema: GraphQLSchema, { name, request, key }: Question): GatewayGraphQLResponse {
  const fate = numberOf(`${key} fate`) % 60;
  if (fate === 0) throw subgraphUnavailable(name);
  if (fate === 1) return { errors: [{ message: 'refused', extensions: { code: 'FORBIDDEN' } }] };
  if (fate === 2) return { data: null, errors: [{ message: 'no code' }] };
  const result = executeSync({
    schema,
    document: parse(request.query ?? ''),
    operationName: request.operationName,
    variableValues: request.variables,
    fieldResolver: (_source, args, _context, info) => valueOf(info, args, key),
    typeResolver: (value: { __typename: string }) => value.__typename,
  });
  const response = JSON.parse(JSON.stringify(result)) as GatewayGraphQLResponse;
  if (fate < 9 && response.data) spoil(response.data, `${key} spoilt`);
  return response;
}

function valueOf(info: GraphQLResolveInfo, args: object, key: string): unknown {
  if (info.fieldName === '_entities') {
    const { representations } = args as { representations: { __typename: string }[] };
    return representations.map((one, index) => (numberOf(`${key}${index}`) % 15 ? one : null));
  }
  const place = `${key} ${pathText(info)}`;
  const luck = numberOf(place) % 40;
  if (luck === 0) {
    const extensions = { code: luck ? 'X' : 'BAD_USER_INPUT', field: info.fieldName };
    throw new GraphQLError(`${info.fieldName} fails`, { extensions });
  }
  return ofType(info.returnType, { place, isNullable: luck < 5, schema: info.schema });
}

type Wanted = { place: string; isNullable: boolean; schema: GraphQLSchema };

function ofType(type: GraphQLOutputType, wanted: Wanted): unknown {
  const nullable = getNullableType(type);
  const { place, schema } = wanted;
  if (nullable === type && wanted.isNullable) return null;
  if (isListType(nullable)) {
    const inner = nullable.ofType as GraphQLOutputType;
    return Array.from({ length: numberOf(`${place} length`) % 4 }, (_, index) => {
      const isNullable = numberOf(`${place} ${index} null`) % 6 === 0;
      return ofType(inner, { place: `${place} ${index}`, isNullable, schema });
    });
  }
  const named = getNamedType(nullable);
  if (isObjectType(named)) return { __typename: named.name };
  if (isAbstractType(named))
    return { __typename: pick(schema.getPossibleTypes(named), place).name };
  if (isEnumType(named)) return pick(named.getValues(), place).value;
  const number = numberOf(place);
  const leaves: Record<string, unknown> = {
    Int: number % 100,
    Float: (number % 100) / 4,
    Boolean: number % 2 === 0,
    ID: `id-${number % 1000}`,
  };
  return leaves[named.name] ?? `text ${number % 1000}`;
}

const unexpected = [null, 'unexpected', 7, [], {}, { __typename: 'Nowhere' }];

// Follows the answer down to some value and puts another in its place.
function spoil(at: object, key: string): void {
  const entries = Object.entries(at);
  if (entries.length === 0) return;
  const [name, value] = pick(entries, key);
  const goesOn = typeof value === 'object' && value !== null && numberOf(`${key} stop`) % 4 > 0;
  if (goesOn) spoil(value as object, `${key} ${name}`);
  else (at as Record<string, unknown>)[name] = pick(unexpected, `${key} ${name}`);
}

function pathText({ path }: GraphQLResolveInfo): string {
  const parts: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at; at = at.prev) parts.push(at.key);
  return parts.reverse().join('.');
}

function pick<T>(of: readonly T[], key: string): T {
  return of[numberOf(`${key} pick`) % of.length]!;
}

function numberOf(text: string): number {
  return hash('sha1', text, 'buffer').readUInt32BE();
}
