import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { GraphQLError, ValidationContext, ValidationRule } from 'graphql';
import { limitExceeded } from './graphql.errors.ts';

export type QueryLimits = {
  depthMax: number;
  aliasesMax: number;
  directivesMax: number;
  costMax: number;
  tokensMax: number;
};

/**
 * A subgraph is asked by the gateway and by its sisters only, and a fetch of the query planner is deeper
 * and richer in aliases than what the client wrote. These bounds only keep a mistake from becoming an
 * outage; the narrow ones for clients are the gateway's.
 */
export const subgraphLimits: QueryLimits = {
  depthMax: 25,
  aliasesMax: 200,
  directivesMax: 100,
  costMax: 1_000_000,
  tokensMax: 8_000,
};

/** Rules for validation; their cost falls on the first sight of a query only, later ones find the parsed document in a cache. */
export function limitRules(limits: QueryLimits): ValidationRule[] {
  const report = {
    onReject: [reportLimit],
    propagateOnRejection: false,
  };
  const armor = new ApolloArmor({
    maxDepth: { n: limits.depthMax, ...report },
    maxAliases: { n: limits.aliasesMax, ...report },
    maxDirectives: { n: limits.directivesMax, ...report },
    // The rule's default multiplies by 1.5 a level: a page of 5 x 4 with units would cost 3.7 million.
    // Rows and fields are what costs us; how deep they stand does not.
    costLimit: { maxCost: limits.costMax, depthCostFactor: 1, ...report },
    // The parser of graphql counts tokens itself (`parseOptions.maxTokens`), before a document exists.
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  });
  return armor.protect().validationRules;
}

function reportLimit(context: ValidationContext | null, error: GraphQLError): void {
  context?.reportError(limitExceeded(error.message.replace(/^Syntax Error: /, '')));
}
