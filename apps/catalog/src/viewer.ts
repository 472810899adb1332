import type { SubgraphContext } from '@onecount/graphql';

/**
 * Who looks: STAFF sees every product of the tenant, PUBLIC (a publishable token) only active ones,
 * NOBODY (a token without any scope of ours) none. It also decides for entity references, which
 * carry no @scopes.
 */
export type Viewer = 'STAFF' | 'PUBLIC' | 'NOBODY';

const staffScope =
  /^(catalog|stock|sale|repair|passport|connection):(read|write)$|^admin$|^service:/;

export function viewerOf({ caller }: Pick<SubgraphContext, 'caller'>): Viewer {
  const scopes = [...caller.scopes];
  if (scopes.some((scope) => staffScope.test(scope))) return 'STAFF';
  return scopes.some((scope) => scope.startsWith('shop:')) ? 'PUBLIC' : 'NOBODY';
}
