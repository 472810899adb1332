import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { forbidden } from '@onecount/graphql';
import { impliedScopes, type AccessIdentity } from '@onecount/identity';
import {
  getNamedType,
  GraphQLError,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from '../execution/conditions.ts';
import { createSelectedFields } from './selected-fields.ts';

/** `Type.field` → the scopes of which a caller needs one; written by `npm run schema` from the subgraphs' SDL. */
export type FieldScopes = Readonly<Record<string, readonly string[]>>;

export async function readFieldScopes(): Promise<FieldScopes> {
  const file = path.join(import.meta.dirname, '../generated/field-scopes.json');
  return JSON.parse(await readFile(file, 'utf8')) as FieldScopes;
}

type IsLeftOut = (variables: Variables) => boolean;
type Need = { anyOf: readonly string[]; path: readonly string[]; isLeftOut: IsLeftOut };
type Validated = { document: DocumentNode; operation: OperationDefinitionNode };

/** What of a mutation's selection this caller may not see: errors in place of an answer, or none. */
export type ScopeCheck = (
  validated: Validated,
  identity: AccessIdentity,
  variables: Variables,
) => GraphQLError[];

/**
 * A mutation that is refused a field of its answer would have been carried out all the same, and its caller
 * would learn nothing of it. So its whole selection is held against the caller's scopes before anything runs
 * (docs/adr/0166). A query is not checked here: its subgraphs refuse field by field, and answer the rest.
 * What an operation needs is worked out once per document.
 */
export function createScopeCheck(schema: GraphQLSchema, scopes: FieldScopes): ScopeCheck {
  const known = new WeakMap<OperationDefinitionNode, readonly Need[]>();
  return (validated, identity, variables) => {
    const { operation } = validated;
    if (operation.operation !== 'mutation') return [];
    const needs = known.get(operation) ?? needsOf(schema, scopes, validated);
    known.set(operation, needs);
    const held = heldBy(identity);
    return needs
      .filter(({ anyOf }) => !anyOf.some((one) => held.has(one)))
      .filter(({ isLeftOut }) => !isLeftOut(variables))
      .map(({ anyOf, path }) => {
        const { message, extensions } = forbidden(anyOf);
        return new GraphQLError(message, { path, extensions });
      });
  };
}

const heldScopes = new WeakMap<AccessIdentity, ReadonlySet<string>>();

function heldBy(identity: AccessIdentity): ReadonlySet<string> {
  const held = heldScopes.get(identity) ?? impliedScopes(identity.scopes);
  heldScopes.set(identity, held);
  return held;
}

function needsOf(schema: GraphQLSchema, scopes: FieldScopes, validated: Validated): Need[] {
  const { document, operation } = validated;
  const fieldsOf = createSelectedFields(schema, document);
  const defaults = booleanDefaults(operation);
  type Above = Pick<Need, 'path' | 'isLeftOut'>;
  const needsIn = (
    set: SelectionSetNode,
    type: GraphQLNamedType | undefined,
    above: Above,
  ): Need[] =>
    fieldsOf(set, type).flatMap(({ node, parent, definition, conditions }) => {
      const name = node.name.value;
      const path = [...above.path, node.alias?.value ?? name];
      const isLeftOut = leftOut(conditions, defaults, above.isLeftOut);
      const anyOf = parent ? scopes[`${parent.name}.${name}`] : undefined;
      const own = anyOf ? [{ anyOf, path, isLeftOut }] : [];
      if (!definition || !node.selectionSet) return own;
      const inner = getNamedType(definition.type);
      return [...own, ...needsIn(node.selectionSet, inner, { path, isLeftOut })];
    });
  const root = schema.getRootType(operation.operation) ?? undefined;
  return needsIn(operation.selectionSet, root, { path: [], isLeftOut: () => false });
}

function booleanDefaults({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.BOOLEAN ? [[variable.name.value, defaultValue.value]] : [],
    ),
  );
}

function leftOut(
  conditions: readonly SelectionNode[],
  defaults: Variables,
  above: IsLeftOut,
): IsLeftOut {
  const directives = conditions.flatMap((node) => node.directives ?? []);
  const own = directives.flatMap((directive) => ofDirective(directive, defaults));
  if (own.length === 0) return above;
  return (variables) => above(variables) || own.some((isLeftOut) => isLeftOut(variables));
}

function ofDirective(directive: DirectiveNode, defaults: Variables): IsLeftOut[] {
  const name = directive.name.value;
  const given = directive.arguments?.find((one) => one.name.value === 'if')?.value;
  if (name !== 'skip' && name !== 'include') return [];
  const leavesOutWhen = name === 'skip';
  if (given?.kind === Kind.BOOLEAN) return [() => given.value === leavesOutWhen];
  if (given?.kind !== Kind.VARIABLE) return [];
  const variable = given.name.value;
  return [(variables) => (variables[variable] ?? defaults[variable]) === leavesOutWhen];
}
