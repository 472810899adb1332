import { invalidInput, isGiven, isRefusal, type InvalidInput } from '@onecount/refusal';
import {
  combinationKey,
  titleLengthMax,
  variantTitle,
  type OptionDraft,
} from '../product/product.ts';
import type { VariantValues } from '../option/option.sql.ts';
import { textsOfPart, type PageTexts } from './page-texts.ts';
import { divisionOf, type Group, type SplitHow } from './split-groups.ts';

const siblingsMax = 100;

/** A variant in its new place: what it is called there and where it stands. */
export type PlacedVariant = { id: string; optionValues: string[]; title: string; position: number };
export type Sibling = PageTexts & {
  values: string[];
  handle: string | null;
  options: OptionDraft[];
  /** Removed ones too: they stay in the history of what they were part of. */
  variants: PlacedVariant[];
  variantsTotal: number;
};
export type Whole = PageTexts & {
  options: readonly OptionDraft[];
  variants: readonly VariantValues[];
};
export type SplitPlanned = { option: string; siblings: Sibling[] };

/**
 * The siblings with their variants; each variant is in one of them, in the order that it had. An option of which a
 * sibling has a single value falls away there. Pure.
 */
export function siblingsOf(whole: Whole, how: SplitHow): SplitPlanned | InvalidInput {
  const there = whole.variants.filter(({ isRemoved }) => !isRemoved);
  const division = divisionOf({ options: whole.options, variants: there }, how);
  if (isRefusal(division)) return division;
  const { index, groups } = division;
  const option = whole.options[index]!.name;
  if (groups.length < 2 || groups.length > siblingsMax) {
    const message = `A split makes 2–${siblingsMax} products; by ${option} it would make ${groups.length}.`;
    return invalidInput(
      isGiven(how.variantsMax) ? 'variantsMax' : 'groups',
      message,
      groups.length,
    );
  }
  const members = membersOf(whole, division);
  const siblings = groups.map((group, at) =>
    siblingOf(whole, { group, index, members: members[at]! }),
  );
  return titleRefusal(siblings) ?? { option, siblings };
}

function titleRefusal(siblings: readonly Sibling[]): InvalidInput | undefined {
  const wrong = siblings.findIndex(({ title }) => title === '' || title.length > titleLengthMax);
  if (wrong < 0) return undefined;
  const message = `A title has 1–${titleLengthMax} characters: give one.`;
  return invalidInput(`groups.${wrong}.title`, message, siblings[wrong]!.title);
}

/** The variants of each group; one that was removed with its value's last stays with the product itself. */
function membersOf(
  { variants }: Whole,
  { index, groups }: { index: number; groups: readonly Group[] },
): VariantValues[][] {
  const groupOf = new Map(
    groups.flatMap(({ values }, at) =>
      values.map((value) => [combinationKey([value]), at] as const),
    ),
  );
  const members = groups.map((): VariantValues[] => []);
  for (const variant of variants) {
    const at = groupOf.get(combinationKey([variant.optionValues[index] ?? ''])) ?? 0;
    members[at]!.push(variant);
  }
  return members;
}

function siblingOf(
  whole: Whole,
  { group, index, members }: { group: Group; index: number; members: readonly VariantValues[] },
): Sibling {
  const { values } = group;
  const texts = textsOfPart(whole, values);
  const title = isGiven(group.title) ? group.title.trim() : texts.title;
  const isDropped = values.length === 1;
  const options = whole.options.map(({ name, values: all }, at) => ({
    name,
    values: at === index ? values : [...all],
  }));
  return {
    ...{ ...texts, title, values, handle: group.handle ?? null },
    options: isDropped ? options.toSpliced(index, 1) : options,
    variants: members.map(({ id, optionValues }, at) => {
      const left = isDropped ? optionValues.toSpliced(index, 1) : [...optionValues];
      return { id, optionValues: left, title: variantTitle(title, left), position: at + 1 };
    }),
    variantsTotal: members.filter(({ isRemoved }) => !isRemoved).length,
  };
}
