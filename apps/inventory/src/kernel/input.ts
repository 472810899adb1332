import { checkText, invalidInput, type InvalidInput } from '@onecount/refusal';

// What several inputs of this app share.

export const quantityMax = 1_000_000;
export const holdSecondsMax = 86_400;

/** The document behind a change: `REPAIR`, and its id. */
export function checkReference(input: {
  referenceKind?: string | null;
  referenceId?: string | null;
}): InvalidInput | undefined {
  const { referenceKind, referenceId } = input;
  if (referenceKind && !/^[A-Z][A-Z0-9_]{0,31}$/.test(referenceKind))
    return invalidInput('referenceKind', 'Capital letters, digits and _.', referenceKind);
  return checkText('referenceId', referenceId, { min: 1, max: 255 });
}

/** Ids are compared as text in places (references of sales): one spelling. */
export function idOf(value: string): string {
  return value.toLowerCase();
}
