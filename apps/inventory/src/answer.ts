import { isRefusal, type Refusal } from '@onecount/refusal';

/**
 * A use case's result as a member of its union: a refusal as it is, anything else under the name of the
 * success. Which refusals a use case can give is the union in the SDL; the codes are tested there.
 */
export function answer<Name extends string, Value extends object>(
  __typename: Name,
  result: Value | Refusal,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a refusal carries its name at run time; the union of names is checked by the tests of each mutation
): any {
  return isRefusal(result) ? result : { __typename, ...result };
}
