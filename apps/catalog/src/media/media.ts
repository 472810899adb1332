import { invalidInput, type InvalidInput } from '@onecount/refusal';

export const mediaMax = 250;
export const altLengthMax = 512;

/** The one moved to the front, the others as they were. */
export function firstAhead(ids: readonly string[], first: string): string[] {
  return [first, ...ids.filter((id) => id !== first)];
}

/** An order names each picture of the product once, and no other. */
export function orderProblem(
  ids: readonly string[],
  wanted: readonly string[],
): InvalidInput | undefined {
  const seen = new Set<string>();
  for (const [index, id] of wanted.entries()) {
    const field = `mediaIds.${index}`;
    if (!ids.includes(id)) return invalidInput(field, `${id} is no picture of the product.`, id);
    if (seen.has(id)) return invalidInput(field, `${id} stands there twice.`, id);
    seen.add(id);
  }
  const left = ids.find((id) => !seen.has(id));
  return left === undefined
    ? undefined
    : invalidInput('mediaIds', `The order lacks the picture ${left}.`, left);
}
