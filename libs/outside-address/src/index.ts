export { addressKind, hostOf, isAllowed, urlProblem, type AddressRule } from './address.ts';
export { AddressRefusedError, guardedLookup, leadsInside } from './guarded-lookup.ts';
