import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { errorCodes } from '@onecount/graphql';
import {
  GraphQLError,
  Kind,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
} from 'graphql';
import type { GatewayContext } from '../context.ts';
import { costOfRows } from '../limit/request-cost.ts';
import { rowsMax } from './query-limits.ts';
import { createRowsRequested, type RowsRequested } from './rows-requested.ts';

/** Last checks before an operation runs, when its variables are known: who asks, and for how much. */
export function guardPlugin(): ApolloServerPlugin<GatewayContext> {
  let rowsRequested: RowsRequested | undefined;
  const listener: GraphQLRequestListener<GatewayContext> = {
    async didResolveOperation({ document, operation, request, contextValue }) {
      if (!operation) throw unknownOperation();
      if (!contextValue.identity && !isIntrospection(operation)) throw unauthenticated();
      const rows = rowsRequested?.(document, operation, request.variables ?? {}) ?? 0;
      if (rows > rowsMax) throw tooManyRows(rows);
      // The route knew the price of a known text; this one's is known only now.
      if (!contextValue.executed) contextValue.ticket?.add(costOfRows(rows));
    },
    async willSendResponse({ response: { body } }) {
      if (body.kind === 'single') body.singleResult.errors = limitAlone(body.singleResult.errors);
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

// A document above a limit breaks other rules too, often once per repetition; the limit is the news.
function limitAlone(errors: readonly GraphQLFormattedError[] | undefined) {
  const limit = errors?.find((error) => error.extensions?.['code'] === errorCodes.limitExceeded);
  const isWholeAnswer = limit !== undefined && limit.path === undefined;
  return isWholeAnswer ? [limit] : errors;
}

function isIntrospection(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  );
}

// @apollo/gateway would answer this with an error that has no code.
function unknownOperation(): GraphQLError {
  return new GraphQLError(
    'The document has no operation of that name, or several and no name was given.',
    {
      extensions: { code: errorCodes.operationResolutionFailure, http: { status: 400 } },
    },
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
