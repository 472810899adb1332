export {
  invalidInput,
  isRefusal,
  notFound,
  refuse,
  shown,
  type InvalidInput,
  type NotFound,
  type Refusal,
} from './refusal.ts';
export {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  isGiven,
  isStorable,
  isUuid,
} from './input.ts';
export {
  checkIdentifier,
  foldedIdentifier,
  identifierOf,
  identifierRule,
  isIdentifier,
  isSameIdentifier,
  seenOf,
} from './identifier.ts';
export { visible } from './visible.ts';
export { codeKey, gtin14, gtinCheckDigit } from './gtin.ts';
export { isLinkAddress, isWebAddress } from './web-address.ts';
