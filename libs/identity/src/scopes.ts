/** What an access token may carry. `shop:*` belongs to publishable tokens of public web shops. */
export const tenantScopes = [
  'catalog:read',
  'catalog:write',
  'stock:read',
  'stock:write',
  'sale:read',
  'sale:write',
  // Gives discounts and sells at other prices than the listed ones, within the tenant's limit.
  'sale:discount',
  // Takes goods back, and gives their money back.
  'sale:return',
  // Money that the shop owes: gives gift cards and store credits out by hand, blocks and replaces them.
  'credit:write',
  // Tills: makes and closes them for others, sees what a drawer should hold before it is counted.
  'register:manage',
  // What was earned over all tills and by whom, what it cost, and whether the books of pos and inventory agree.
  'report:read',
  // Whoever sends mail: sees where a receipt that was asked for goes, and nothing else.
  'receipt:mail',
  'customer:read',
  'customer:write',
  // Persons: hands out all that is known of one, and forgets one for ever.
  'customer:erase',
  // What belongs to others: agreements with owners, what is owed to them, and their payment.
  'consignment:read',
  'consignment:write',
  // Units that are let for a time.
  'rental:read',
  'rental:write',
  'repair:read',
  'repair:write',
  'passport:read',
  'passport:write',
  'connection:read',
  'connection:write',
] as const;
export const shopScopes = [
  'shop:read',
  'shop:hold',
  // Baskets of one's own, each behind its secret, and their checkout; no payment.
  'shop:sell',
] as const;
export const scopes = [...tenantScopes, ...shopScopes, 'admin'] as const;
export type Scope = (typeof scopes)[number];

const servicePrefix = 'service:';

/** The scope that says which service calls. It comes from a verified key, never from a claim. */
export function serviceScope(service: string): string {
  return `${servicePrefix}${service}`;
}

export function withoutServiceScopes(given: Iterable<string>): string[] {
  return [...given].filter((scope) => !scope.startsWith(servicePrefix));
}

/**
 * Every scope that the given ones imply: writing implies reading, admin implies all of the
 * tenant's. `shop:*` is not implied by admin: it narrows what is shown to the public.
 */
export function impliedScopes(given: Iterable<string>): ReadonlySet<string> {
  const implied = new Set(given);
  if (implied.has('admin')) for (const scope of tenantScopes) implied.add(scope);
  for (const scope of implied) {
    if (scope.endsWith(':write')) implied.add(`${scope.slice(0, -':write'.length)}:read`);
  }
  return implied;
}

// RFC 6749, 3.3. A scope with a blank in it would be two when the next token is made of it.
const token = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** Reads RFC 8693 `scope` (a string, or the array some issuers make of it) or `scp`. */
export function scopesOfClaims(claims: Record<string, unknown>): string[] {
  const claim = claims['scope'] ?? claims['scp'] ?? '';
  const given: unknown[] = typeof claim === 'string' ? claim.split(' ') : [claim].flat();
  return given.filter((scope): scope is string => typeof scope === 'string' && token.test(scope));
}
