import { Variable, type Field, type FragmentElement } from '@apollo/federation-internals';
import { notCovered } from './not-covered.ts';

export type Variables = Record<string, unknown>;

/** Whether @skip or @include leave a selection out; undefined when it has neither. */
export function compileCondition(
  element: Field | FragmentElement,
): ((variables: Variables) => boolean) | undefined {
  const skip = argumentOf(element, 'skip');
  const include = argumentOf(element, 'include');
  if (!skip) return include && ((variables) => !include(variables));
  if (!include) return skip;
  return (variables) => skip(variables) || !include(variables);
}

function argumentOf(element: Field | FragmentElement, directive: 'skip' | 'include') {
  const applied = element.appliedDirectivesOf(directive)[0];
  if (!applied) return undefined;
  const given: unknown = applied.arguments()['if'];
  if (given instanceof Variable) return ofVariable(given.name);
  if (typeof given !== 'boolean') notCovered(`@${directive} without a condition`);
  return () => given;
}

/** The value of a Boolean variable. Throws when there is none: null may be given where a default is declared. */
export function ofVariable(name: string): (variables: Variables) => boolean {
  return (variables) => {
    const value = variables[name];
    if (typeof value !== 'boolean')
      throw new Error(`Variable $${name} is no Boolean where a condition needs one.`);
    return value;
  };
}
