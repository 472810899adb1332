import { limitRules, type QueryLimits } from '@onecount/graphql';

/**
 * What a client's document may be. The richest page that front ends have (test/catalogue-page.graphql:
 * 5 products with 4 variants, each with stock per location, units with certificate, passport and
 * repairs, and listings) measures depth 14, no alias, 243 tokens, and a cost of 631 with variables or
 * 33,175 with the sizes of its lists written out (query-limits.unit.spec.ts).
 */
export const clientLimits: QueryLimits = {
  depthMax: 18,
  aliasesMax: 30,
  directivesMax: 30,
  costMax: 100_000,
  tokensMax: 2_000,
};

/**
 * What is measured before validation, whose time it bounds. As many fields as the tokens could write without a
 * fragment; that page has 173, the explorer's introspection 469. A pair is two fields that are answered under one name, which fragments of several components bring about.
 */
export const sizeLimits = { fieldsMax: 2_000, aliasesMax: 60, overlapsMax: 1_000 };

/** Rows that one request may ask for, counted over nested lists; that page asks for 2,425. */
export const rowsMax = 10_000;

export const clientLimitRules = limitRules(clientLimits);
