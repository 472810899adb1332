import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { QueryPlanner } from '@apollo/query-planner';
import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import { GraphQLError, Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { SubgraphDataSource } from '../subgraph/subgraph.data-source.ts';
import type { Variables } from './conditions.ts';
import { notCovered } from './not-covered.ts';
import { compilePlan, type Execution, type Step } from './plan-steps.ts';
import { compileShape, type ResponseShape } from './response-shape.ts';
import { createTypeNames } from './type-names.ts';

/** An operation that is planned and compiled. Its variables must have been checked. */
export type PreparedOperation = (
  context: GatewayContext,
  variables: Variables,
) => Promise<GatewayExecutionResult>;

export type Preparation = {
  planner: QueryPlanner;
  schema: Schema;
  dataSources: ReadonlyMap<string, SubgraphDataSource>;
};

/** Throws NotCovered, or whatever the planner throws, when only @apollo/gateway may answer the operation. */
export function prepareOperation(
  { document, operation: node }: { document: DocumentNode; operation: OperationDefinitionNode },
  { planner, schema, dataSources }: Preparation,
): PreparedOperation {
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  const operation = operationFromDocument(schema, {
    kind: Kind.DOCUMENT,
    definitions: [node, ...fragments],
  });
  const shape = compileShape(operation);
  const plan = planner.buildQueryPlan(operation).node;
  if (plan?.kind === 'Subscription') notCovered('subscriptions');
  const types = createTypeNames(schema);
  const isSubtype = (name: string, condition: string) =>
    name === condition || types.subtypesOf(condition).has(name);
  const step = plan && compilePlan(plan, { dataSources, isSubtype });
  const defaults = operation.collectDefaultedVariableValues();
  return async (context, given) => {
    const variables = { ...defaults, ...given };
    const execution: Execution = { context, given, variables, data: {}, errors: [] };
    return run(execution, { step, shape });
  };
}

async function run(
  execution: Execution,
  { step, shape }: { step: Step | undefined; shape: ResponseShape },
): Promise<GatewayExecutionResult> {
  await step?.(execution, { path: [], data: execution.data });
  const { errors } = execution;
  try {
    const { data, problems } = shape(execution.data, execution.variables);
    if (errors.length > 0) return { data, errors };
    return problems.length > 0 ? { data, extensions: { valueCompletion: problems } } : { data };
  } catch (err) {
    const { message } = err as Error;
    return { errors: [new GraphQLError(message, { originalError: err as Error })] };
  }
}
