import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import { createBoundedMap, operationKey, type OperationRequest } from '@onecount/graphql';
import type { AccessIdentity } from '@onecount/identity';
import type { Logger } from '@onecount/telemetry';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Variables } from '../execution/conditions.ts';
import { NotCovered } from '../execution/not-covered.ts';
import {
  prepareOperation,
  type Preparation,
  type PreparedOperation,
} from '../execution/prepared-operation.ts';
import { compileVariableCheck } from '../execution/variable-check.ts';
import { rowsMax } from './query-limits.ts';
import { createRowsRequested } from './rows-requested.ts';
import type { ScopeCheck } from './scope-check.ts';

type Validated = { document: DocumentNode; operation: OperationDefinitionNode };
type Known = {
  rows(variables: Variables): number;
  run: PreparedOperation;
  isAccepted(variables: Variables, identity: AccessIdentity): boolean;
};

// One entry is the text, its plan and its shape: 20 to 200 KB.
const operationsMax = 300;
const notCovered = Symbol('not covered');

export type KnownOperations = {
  /** How many rows a known operation asks for; undefined for any other. */
  rowsOf(request: OperationRequest): number | undefined;
  /** Runs an operation that ApolloServer has let pass, planned at its first sight; undefined when the reference has to. */
  run(
    request: OperationRequest,
    validated: Validated,
    context: GatewayContext,
  ): Promise<GatewayExecutionResult> | undefined;
  /**
   * Runs an operation that was let pass before and asks again for no more than it may; undefined when
   * ApolloServer has to look at it.
   */
  runAgain(
    request: OperationRequest,
    context: GatewayContext,
  ): Promise<GatewayExecutionResult> | undefined;
};

/** Operations by their text: parsed, validated, measured, planned and compiled once. */
export function createKnownOperations(
  preparation: Preparation & { apiSchema: GraphQLSchema; checkScopes: ScopeCheck; log: Logger },
): KnownOperations {
  const { apiSchema, checkScopes, log } = preparation;
  const operations = createBoundedMap<Known | typeof notCovered>(operationsMax);
  const rowsRequested = createRowsRequested(apiSchema);
  const prepare = (validated: Validated): Known | typeof notCovered => {
    try {
      const isValid = compileVariableCheck(apiSchema, validated.operation);
      const { document, operation } = validated;
      const rows = (variables: Variables) => rowsRequested(document, operation, variables);
      return {
        rows,
        run: prepareOperation(validated, preparation),
        isAccepted: (variables, identity) =>
          isValid(variables) &&
          rows(variables) <= rowsMax &&
          checkScopes(validated, identity, variables).length === 0,
      };
    } catch (err) {
      // The reference says, each time, what the planner has against an operation.
      if (!(err instanceof NotCovered)) log.warn({ err }, 'an operation could not be prepared');
      return notCovered;
    }
  };
  const runIfAccepted = (
    known: Known | typeof notCovered | undefined,
    { variables = {} }: OperationRequest,
    context: GatewayContext,
  ) =>
    typeof known === 'object' && context.identity && known.isAccepted(variables, context.identity)
      ? known.run(context, variables)
      : undefined;
  return {
    rowsOf(request) {
      const key = operationKey(request.text, request.operationName);
      const known = key === undefined ? undefined : operations.get(key);
      return typeof known === 'object' ? known.rows(request.variables ?? {}) : undefined;
    },
    run(request, validated, context) {
      const key = operationKey(request.text, request.operationName);
      if (key === undefined) return undefined;
      const known = operations.get(key) ?? prepare(validated);
      operations.set(key, known);
      return runIfAccepted(known, request, context);
    },
    runAgain(request, context) {
      const key = operationKey(request.text, request.operationName);
      const known = key === undefined ? undefined : operations.get(key);
      return runIfAccepted(known, request, context);
    },
  };
}
