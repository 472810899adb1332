import type { ApolloServerPlugin } from '@apollo/server';
import { limitExceeded } from '@onecount/graphql';
import { Kind, type DocumentNode, type GraphQLError, type ValidationRule } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { documentSize, type DocumentSize, type SizeLimits } from './document-size.ts';

const refusals = new WeakMap<DocumentNode, GraphQLError>();

/**
 * Measures a document between parsing and validation, whose cost grows with the square of what it measures.
 * Apollo's pipeline has no place to refuse there: one that is too large is replaced by an empty one, of which
 * `sizeRule` tells the refusal.
 */
export function sizePlugin(limits: SizeLimits): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async parsingDidStart(parsing) {
          const request = parsing as { document?: DocumentNode };
          return async () => {
            const refusal =
              request.document && tooLarge(documentSize(request.document, limits), limits);
            if (!refusal) return;
            const empty: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
            refusals.set(empty, refusal);
            request.document = empty;
          };
        },
      };
    },
  };
}

export const sizeRule: ValidationRule = (context) => {
  const refusal = refusals.get(context.getDocument());
  if (refusal) context.reportError(refusal);
  return {};
};

function tooLarge(size: DocumentSize, limits: SizeLimits): GraphQLError | undefined {
  const { fieldsMax, aliasesMax, overlapsMax } = limits;
  const expanded = 'with every fragment counted wherever it is used';
  if (size.fields > fieldsMax)
    return limitExceeded(`The document selects more than ${fieldsMax} fields, ${expanded}.`);
  if (size.aliases > aliasesMax)
    return limitExceeded(`The document has more than ${aliasesMax} aliases, ${expanded}.`);
  if (size.overlaps > overlapsMax)
    return limitExceeded(
      `The document repeats fields under one name too often: ${size.overlaps} pairs, more than ${overlapsMax}.`,
    );
  return undefined;
}
