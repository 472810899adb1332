import type { PlanNode } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { SubgraphDataSource } from '../subgraph/subgraph.data-source.ts';
import { ofVariable, type Variables } from './conditions.ts';
import { compileFetch } from './fetch-step.ts';
import { notCovered } from './not-covered.ts';
import { valueAt, type PathPart } from './response-path.ts';
import type { JsonObject } from './response-shape.ts';

/** One run of a plan: what came with the request, and what has come from subgraphs so far. */
export type Execution = {
  context: GatewayContext;
  /** As the client sent them, and with the defaults of those that it left out. */
  given: Variables;
  variables: Variables;
  data: JsonObject;
  errors: GraphQLError[];
};
/** Where in the data a step works: one object, or the list of all at that path. */
export type Cursor = { path: readonly PathPart[]; data: unknown };
export type Step = (execution: Execution, cursor: Cursor) => Promise<void>;
export type CompilerOptions = {
  dataSources: ReadonlyMap<string, SubgraphDataSource>;
  /** Whether an object of the first type may stand where the second is asked for. */
  isSubtype(typeName: string, condition: string): boolean;
};

/** A query plan as one function. Throws NotCovered for what only @apollo/gateway carries out. */
export function compilePlan(node: PlanNode, options: CompilerOptions): Step {
  switch (node.kind) {
    case 'Sequence':
      return sequence(node.nodes.map((one) => compilePlan(one, options)));
    case 'Parallel':
      return parallel(node.nodes.map((one) => compilePlan(one, options)));
    case 'Flatten':
      return flatten(node.path, compilePlan(node.node, options));
    case 'Condition':
      return condition(node.condition, {
        yes: node.ifClause && compilePlan(node.ifClause, options),
        no: node.elseClause && compilePlan(node.elseClause, options),
      });
    case 'Fetch':
      return compileFetch(node, options);
    case 'Defer':
      return notCovered('@defer');
  }
}

function sequence(steps: Step[]): Step {
  return async (execution, cursor) => {
    for (const step of steps) await step(execution, cursor);
  };
}

function parallel(steps: Step[]): Step {
  return async (execution, cursor) => {
    await Promise.all(steps.map((step) => step(execution, cursor)));
  };
}

function flatten(path: readonly PathPart[], step: Step): Step {
  return async (execution, cursor) => {
    const data = valueAt(cursor.data, path);
    if (data) await step(execution, { path: [...cursor.path, ...path], data });
  };
}

function condition(
  name: string,
  { yes, no }: { yes?: Step | undefined; no?: Step | undefined },
): Step {
  const isTrue = ofVariable(name);
  return async (execution, cursor) => {
    const step = isTrue(execution.variables) ? yes : no;
    if (step) await step(execution, cursor);
  };
}
