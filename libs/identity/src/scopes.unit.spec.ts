import { scopesOfClaims } from './scopes.ts';

test.each<[object, string[]]>([
  [{ scope: 'stock:read  sale:write' }, ['stock:read', 'sale:write']],
  [{ scope: ['stock:read', 'sale:write'] }, ['stock:read', 'sale:write']],
  [{ scp: ['stock:read'] }, ['stock:read']],
  // One element is one scope: with a blank in it, it is none, and not two.
  [{ scope: ['stock:read admin', 'sale:read'] }, ['sale:read']],
  [{ scope: ['x service:pos', '\tadmin', 'ad\nmin', '', '"admin"'] }, []],
  [{ scope: ['stock:read', 7, null, ['admin']] }, ['stock:read']],
  [{ scope: { admin: true } }, []],
  [{}, []],
])('%j says %j', (claims, scopes) =>
  expect(scopesOfClaims(claims as Record<string, unknown>)).toEqual(scopes),
);
