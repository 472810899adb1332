/** Who asks, as the services of this app see it; the tenant comes from the internal token alone. */
export type Caller = { tenantId: string; subject: string; scopes: ReadonlySet<string> };

const staffScope =
  /^(catalog|stock|sale|repair|passport|connection):(read|write)$|^admin$|^service:/;

/** Others see only what is on sale. It decides for entity references too, which carry no @scopes. */
export function isStaff({ scopes }: Pick<Caller, 'scopes'>): boolean {
  return [...scopes].some((scope) => staffScope.test(scope));
}

/** A caller that only holds a public shop's token: soft holds, and only its own. */
export function isPublicShop({ scopes }: Caller): boolean {
  return !scopes.has('stock:write') && !scopes.has('admin');
}
