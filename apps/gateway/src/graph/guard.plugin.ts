import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { errorCodes } from '@onecount/graphql';
import { GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { rowsMax } from './query-limits.ts';
import { createRowsRequested, type RowsRequested } from './rows-requested.ts';

/** Last checks before an operation runs, when its variables are known: who asks, and for how much. */
export function guardPlugin(): ApolloServerPlugin<GatewayContext> {
  let rowsRequested: RowsRequested | undefined;
  const listener: GraphQLRequestListener<GatewayContext> = {
    async didResolveOperation({ document, operation, request, contextValue }) {
      if (!operation) return;
      if (!contextValue.identity && !isIntrospection(operation)) throw unauthenticated();
      const rows = rowsRequested?.(document, operation, request.variables ?? {}) ?? 0;
      if (rows > rowsMax) throw tooManyRows(rows);
    },
  };
  return {
    async serverWillStart() {
      return {
        schemaDidLoadOrUpdate({ apiSchema }) {
          rowsRequested = createRowsRequested(apiSchema);
        },
      };
    },
    async requestDidStart() {
      return listener;
    },
  };
}

function isIntrospection(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  );
}

function unauthenticated(): GraphQLError {
  return new GraphQLError('This needs an access token: Authorization: Bearer <token>.', {
    extensions: { code: errorCodes.unauthenticated, http: { status: 401 } },
  });
}

function tooManyRows(rows: number): GraphQLError {
  return new GraphQLError(`The query asks for ${rows} rows, more than ${rowsMax} at once.`, {
    extensions: { code: errorCodes.limitExceeded, http: { status: 400 } },
  });
}
