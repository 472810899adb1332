/** What a product is called, on its page and by search engines. */
export type PageTexts = { title: string; seoTitle: string | null; seoDescription: string | null };

const seoTitleLengthMax = 255;
const seoDescriptionLengthMax = 1000;

const titleEnding = (values: readonly string[]) => ` - ${values.join(', ')}`;
const descriptionEnding = (values: readonly string[]) => ` (${values.join(', ')})`;

/** The texts of one part: no two siblings are called alike, not by search engines either. */
export function textsOfPart(whole: PageTexts, values: readonly string[]): PageTexts {
  return {
    title: `${whole.title}${titleEnding(values)}`,
    seoTitle: ended(whole.seoTitle, titleEnding(values), seoTitleLengthMax),
    seoDescription: ended(whole.seoDescription, descriptionEnding(values), seoDescriptionLengthMax),
  };
}

/** The texts of what the part was once part of: without what `textsOfPart` put behind them. */
export function textsOfWhole(part: PageTexts, values: readonly string[]): PageTexts {
  return {
    title: without(part.title, titleEnding(values)) || part.title,
    seoTitle: without(part.seoTitle, titleEnding(values)),
    seoDescription: without(part.seoDescription, descriptionEnding(values)),
  };
}

/** The value that a title made by a split ends with; null where it ends with none. */
export function valueInTitle(title: string): string | null {
  const at = title.lastIndexOf(' - ');
  return at < 1 ? null : title.slice(at + 3).trim() || null;
}

/** The end is what tells siblings apart: of a text that is too long the beginning gives way. */
function ended(text: string | null, ending: string, lengthMax: number): string | null {
  if (text === null) return null;
  const end = [...ending].slice(0, lengthMax);
  return [...[...text].slice(0, lengthMax - end.length), ...end].join('');
}

function without<Text extends string | null>(text: Text, ending: string): Text {
  return (text?.endsWith(ending) ? text.slice(0, -ending.length) : text) as Text;
}
