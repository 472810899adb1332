import { limitRules, type QueryLimits } from '@onecount/graphql';

/**
 * What a client's document may be. Measured on the richest page the front ends have, 5 products with
 * 4 variants, each with stock per location, units with passport and repairs, and listings
 * (gateway.limits.int.spec.ts prints it): depth 13, cost 2,300, 330 tokens, no alias.
 */
export const clientLimits: QueryLimits = {
  depthMax: 16,
  aliasesMax: 30,
  directivesMax: 30,
  costMax: 20_000,
  tokensMax: 2_000,
};

/** Rows that one request may ask for, counted over nested lists: 100 orders of 100 lines each. */
export const rowsMax = 10_000;

export const clientLimitRules = limitRules(clientLimits);
