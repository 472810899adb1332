import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import {
  defaultFieldResolver,
  parse,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { SubgraphContext } from './context.ts';
import { badInput, limitExceeded } from './graphql.errors.ts';
import { scalarResolvers } from './scalars.ts';
import { enforceScopes } from './scopes.ts';
import { sharedTypeDefs } from './shared-schema.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- generated resolver types differ per subgraph; no single type holds them all
export type Resolvers = any;

const representationsMax = 500;

/**
 * The executable schema of one subgraph: its SDL with the shared part, @scopes enforced, `_entities`
 * bounded. Throws when a resolver has no field or a root field has no @scopes.
 */
export function buildSubgraph(options: {
  typeDefs: readonly string[];
  resolvers: Resolvers;
}): GraphQLSchema {
  const resolvers = { ...options.resolvers, ...scalarResolvers } as GraphQLResolverMap<unknown>;
  const schema = buildSubgraphSchema([
    { typeDefs: parse(sharedTypeDefs), resolvers },
    ...options.typeDefs.map((text) => ({ typeDefs: parse(text) })),
  ]);
  enforceScopes(schema);
  boundEntities(schema);
  readAfterMutations(schema);
  return schema;
}

// The mutations of a request run in turn, each with what is selected of its answer: that is told as it is then,
// and not as a mutation before it has seen it.
function readAfterMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = (field.resolve ?? defaultFieldResolver) as GraphQLFieldResolver<
      unknown,
      SubgraphContext
    >;
    const forgetful: typeof resolve = async (source, args, context, info) => {
      const answer: unknown = await resolve(source, args, context, info);
      context.forgetLoaded();
      return answer;
    };
    field.resolve = forgetful;
  }
}

type Representation = { __typename: string };

// Counted over the whole request: aliases would multiply a bound per field.
const resolvedPerRequest = new WeakMap<object, number>();

function boundEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  const entities = schema.getType('_Entity');
  if (!field?.resolve || !entities || !('getTypes' in entities)) return;
  const names = new Set(entities.getTypes().map((type) => type.name));
  const resolve = field.resolve as GraphQLFieldResolver<unknown, SubgraphContext>;
  const bounded: typeof resolve = (source, args, context, info) => {
    const representations = args['representations'] as Representation[];
    countRepresentations(context, representations.length);
    for (const representation of representations) assertEntity(representation, names);
    return resolve(source, args, context, info);
  };
  field.resolve = bounded;
}

function countRepresentations(context: SubgraphContext, more: number): void {
  const count = (resolvedPerRequest.get(context) ?? 0) + more;
  resolvedPerRequest.set(context, count);
  if (count > representationsMax) {
    throw limitExceeded(
      `At most ${representationsMax} representations are resolved in one request, not ${count}.`,
    );
  }
}

function assertEntity(representation: Representation | null, names: ReadonlySet<string>): void {
  if (typeof representation === 'object' && names.has(String(representation?.__typename))) return;
  throw badInput(
    'A representation must be an object whose __typename is an entity of this subgraph.',
    {
      field: 'representations',
      value: representation,
    },
  );
}
