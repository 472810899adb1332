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
