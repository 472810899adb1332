/** Who asks, as the services of this app see it; the tenant comes from the internal token alone. */
export type Caller = { tenantId: string; subject: string; scopes: ReadonlySet<string> };

/** A caller that only holds a public shop's token: soft holds, and only its own. */
export function isPublicShop({ scopes }: Caller): boolean {
  return !scopes.has('stock:write') && !scopes.has('admin');
}
