import sanitizeHtml from 'sanitize-html';

// What a description may contain: text, lists, tables, pictures and links. Nothing that runs, frames, posts or
// styles the page that shows it; no id, which would shadow names of the page's scripts.
const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'span', 'br', 'hr', 'blockquote', 'pre'],
    ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'a', 'abbr', 'b', 'strong', 'i', 'em', 'u', 's', 'del'],
    ...['ins', 'mark', 'small', 'sub', 'sup', 'code', 'q', 'cite', 'section', 'article', 'figure'],
    ...['figcaption', 'img', 'table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot'],
    ...['tr', 'th', 'td'],
  ],
  allowedAttributes: {
    '*': ['class', 'title', 'lang', 'dir', 'align'],
    a: ['href', 'target', 'rel'],
    img: ['src', 'alt', 'width', 'height', 'loading'],
    th: ['colspan', 'rowspan', 'scope'],
    td: ['colspan', 'rowspan'],
    col: ['span'],
    ol: ['start', 'type'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
};

export type Description = {
  html: string;
  /** `<script>`, `onclick of <p>`: each kind once, in the order of the text. */
  removed: string[];
};

/**
 * The description without what could run in a page that shows it. What is gone is found by comparing the tags and
 * attributes before and after, so that it is right whatever the rules of the library are.
 */
export function sanitisedDescription(text: string): Description {
  const before: string[] = [];
  const after: string[] = [];
  const html = sanitizeHtml(text, { ...allowed, onOpenTag: noteIn(before) });
  sanitizeHtml(html, { ...allowed, onOpenTag: noteIn(after) });
  const kept = Map.groupBy(after, (part) => part);
  const counted = Map.groupBy(before, (part) => part);
  const isGone = (part: string) => (counted.get(part)?.length ?? 0) > (kept.get(part)?.length ?? 0);
  return { html, removed: [...counted.keys()].filter(isGone) };
}

const noteIn =
  (parts: string[]) =>
  (tag: string, attributes: Record<string, string>): void => {
    parts.push(`<${tag}>`);
    // With its tag gone an attribute is gone as well; one line says both.
    if (!isTagAllowed(tag)) return;
    parts.push(...Object.keys(attributes).map((name) => `${name} of <${tag}>`));
  };

const isTagAllowed = (tag: string): boolean => (allowed.allowedTags as string[]).includes(tag);

/** What was removed, as a sentence; null when nothing was. */
export function removedSentence({ removed }: Description): string | null {
  if (removed.length === 0) return null;
  const shown = removed.slice(0, 20).map((part) => part.slice(0, 60));
  const more = removed.length > shown.length ? ` and ${removed.length - shown.length} more` : '';
  return `The description was kept without ${shown.join(', ')}${more}.`;
}
