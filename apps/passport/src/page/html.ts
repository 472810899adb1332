declare const safe: unique symbol;
/** Text that may stand in a page as it is. Only `html` makes it. */
export type Html = { readonly [safe]: true; readonly text: string };

type Part = Html | string | number | undefined | readonly Html[];

/** Escapes everything between the literal parts, so that no fact of a product can become markup. */
export function html(literals: TemplateStringsArray, ...parts: Part[]): Html {
  const text = literals.reduce((all, literal, index) => all + textOf(parts[index - 1]) + literal);
  return { text } as Html;
}

/** For the style sheet alone, which is ours and has no fact in it. */
export function trusted(text: string): Html {
  return { text } as Html;
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  if (Array.isArray(part)) return part.map((one: Html) => one.text).join('');
  return (part as Html).text;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
