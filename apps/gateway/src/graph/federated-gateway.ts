import { ApolloGateway } from '@apollo/gateway';
import type { QueryPlanner } from '@apollo/query-planner';
import type { Schema } from '@apollo/federation-internals';
import type {
  GatewayExecutionResult,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import type { OperationRequest } from '@onecount/graphql';
import type { Logger } from '@onecount/telemetry';
import type { GraphQLSchema } from 'graphql';
import { disableApolloTelemetry } from '../config.ts';
import type { GatewayContext } from '../context.ts';
import type { SubgraphDataSource } from '../subgraph/subgraph.data-source.ts';
import { checkInputScalars } from './input-scalars.ts';
import { createKnownOperations, type KnownOperations } from './known-operations.ts';
import { promisedShape } from './promised-shape.ts';
import { createScopeCheck, type FieldScopes, type ScopeCheck } from './scope-check.ts';

// Only of what our executor leaves to @apollo/gateway.
const queryPlansMiB = 8;

export type FederatedGateway = GatewayInterface & {
  /** How many rows a known operation asks for; undefined for any other. */
  rowsOf(request: OperationRequest): number | undefined;
  /** Runs an operation that ApolloServer let pass before; undefined when it has to look at this request. */
  runAgain(
    request: OperationRequest,
    context: GatewayContext,
  ): Promise<GatewayExecutionResult> | undefined;
};
type Options = {
  supergraphSdl: string;
  fieldScopes: FieldScopes;
  dataSources: ReadonlyMap<string, SubgraphDataSource>;
  log: Logger;
  /** Off, @apollo/gateway executes everything: what our executor is compared with. */
  hasOwnExecutor?: boolean;
};

/**
 * @apollo/gateway on a static supergraph: its planner for all operations, its executor for the few that ours
 * does not cover (docs/adr/0126). Either way the answer has the shape that we promise.
 */
export function createFederatedGateway(options: Options): FederatedGateway {
  const { log } = options;
  const gateway = createApolloGateway(options);
  let known: KnownOperations | undefined;
  return {
    onSchemaLoadOrUpdate: (listener) =>
      gateway.onSchemaLoadOrUpdate((loaded) => {
        checkInputScalars(loaded.apiSchema);
        listener(loaded);
      }),
    stop: () => gateway.stop(),
    async load(loading) {
      const { executor: reference } = await gateway.load(loading);
      const internals = internalsOf(gateway);
      const checkScopes = createScopeCheck(internals.apiSchema, options.fieldScopes);
      if (options.hasOwnExecutor ?? true)
        known = createKnownOperations({ ...options, ...internals, checkScopes });
      return {
        executor: async (request) => {
          const { executed } = request.context as GatewayContext;
          if (executed) return executed;
          const errors = forbiddenIn(request, checkScopes);
          if (errors.length > 0) return { data: null, errors };
          return promisedShape(await (ownExecution(known, request) ?? reference(request)), log);
        },
      };
    },
    rowsOf: (request) => known?.rowsOf(request),
    runAgain: (request, context) =>
      known?.runAgain(request, context)?.then((result) => promisedShape(result, log)),
  };
}

function createApolloGateway({ supergraphSdl, dataSources, log }: Options): ApolloGateway {
  disableApolloTelemetry();
  return new ApolloGateway({
    supergraphSdl,
    buildService({ name }) {
      const dataSource = dataSources.get(name);
      if (!dataSource) throw new Error(`The supergraph names ${name}, which has no address here.`);
      return dataSource;
    },
    experimental_approximateQueryPlanStoreMiB: queryPlansMiB,
    __exposeQueryPlanExperimental: false,
    logger: log,
  });
}

// A planner of our own would be a second one in memory, some 20 MB for this graph.
function internalsOf(gateway: ApolloGateway) {
  const { apiSchema, queryPlanner, schema } = gateway as unknown as {
    apiSchema: Schema;
    queryPlanner: QueryPlanner;
    schema: GraphQLSchema;
  };
  return { schema: apiSchema, planner: queryPlanner, apiSchema: schema };
}

function forbiddenIn(request: GatewayGraphQLRequestContext, checkScopes: ScopeCheck) {
  const { document, operation } = request;
  const { identity } = request.context as GatewayContext;
  if (!document || !operation || !identity) return [];
  return checkScopes({ document, operation }, identity, request.request.variables ?? {});
}

function ownExecution(known: KnownOperations | undefined, request: GatewayGraphQLRequestContext) {
  const { source, document, operation } = request;
  if (!known || source === undefined || !document || !operation) return undefined;
  const { operationName, variables } = request.request;
  return known.run(
    { text: source, operationName, variables },
    { document, operation },
    request.context as GatewayContext,
  );
}
