import {
  defaultFieldResolver,
  getDirectiveValues,
  isInterfaceType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { SubgraphContext } from './context.ts';
import { forbidden } from './graphql.errors.ts';

/** The caller's scopes already contain what they imply: libs/identity widens them when it verifies the token. */
export function assertScopes(scopes: ReadonlySet<string>, anyOf: readonly string[]): void {
  if (!anyOf.some((wanted) => scopes.has(wanted))) throw forbidden(anyOf);
}

/** Wraps every field that carries @scopes; throws, naming all of them, when a root field has none. */
export function enforceScopes(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const problems: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInterfaceType(type)) problems.push(...scopedInterfaceFields(schema, type));
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const unscoped = wrapFields(schema, type);
    if (roots.includes(type)) problems.push(...unscoped.map((name) => `${name} has no @scopes`));
  }
  if (problems.length > 0) throw new Error(`The schema leaves fields open: ${problems.join('; ')}`);
}

function wrapFields(schema: GraphQLSchema, type: GraphQLObjectType): string[] {
  const unscoped: string[] = [];
  for (const field of Object.values(type.getFields())) {
    // Both belong to federation and are answered only to the holder of an internal token.
    if (field.name === '_entities' || field.name === '_service') continue;
    const anyOf = scopesOf(schema, field);
    if (anyOf) field.resolve = guarded(field.resolve ?? defaultFieldResolver, anyOf);
    else unscoped.push(`${type.name}.${field.name}`);
  }
  return unscoped;
}

// The check would have to be repeated on every implementation; refusing is clearer than half a wall.
function scopedInterfaceFields(
  schema: GraphQLSchema,
  type: { name: string; getFields(): Record<string, GraphQLField<unknown, unknown>> },
): string[] {
  return Object.values(type.getFields())
    .filter((field) => scopesOf(schema, field))
    .map((field) => `${type.name}.${field.name} is an interface field: put @scopes on the objects`);
}

function scopesOf(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
): string[] | undefined {
  const directive = schema.getDirective('scopes');
  const values = directive && field.astNode && getDirectiveValues(directive, field.astNode);
  return values?.['anyOf'] as string[] | undefined;
}

function guarded(
  resolve: GraphQLFieldResolver<unknown, SubgraphContext>,
  anyOf: string[],
): GraphQLFieldResolver<unknown, SubgraphContext> {
  return (source, args, context, info) => {
    assertScopes(context.caller.scopes, anyOf);
    return resolve(source, args, context, info);
  };
}
