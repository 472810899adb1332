import { wordsOf } from './receipt-words.ts';
import type { Row } from './receipt.ts';

const escapes: Record<string, string> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign]!);

/** `dir="auto"` on each text: Hebrew in an English receipt reads as it is written. */
const cell = (tag: string, text: string, role = ''): string =>
  `<${tag}${role} dir="auto">${escaped(text)}</${tag}>`;

function rowHtml(row: Row): string {
  switch (row.kind) {
    case 'TITLE':
      return cell('h1', row.text);
    case 'CENTRE':
      return cell('p', row.text, ' class="centre"');
    case 'TEXT':
      return cell('p', row.text);
    case 'DETAIL':
      return cell('p', row.text, ' class="detail"');
    case 'PAIR':
    case 'TOTAL': {
      const role = row.kind === 'TOTAL' ? ' class="pair total"' : ' class="pair"';
      return `<div${role}>${cell('span', row.left)}${cell('span', row.right)}</div>`;
    }
    case 'RULE':
      return '<hr>';
  }
}

const style = `
  body { max-width: 80mm; margin: 0 auto; padding: 4mm; font: 10pt/1.35 sans-serif; color: #000; }
  h1 { margin: 0; font-size: 12pt; text-align: center; }
  p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  .centre { text-align: center; }
  .detail { padding-left: 4mm; font-size: 9pt; }
  .pair { display: flex; justify-content: space-between; gap: 4mm; overflow-wrap: anywhere; }
  .pair span:last-child { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
  .total { font-size: 12pt; font-weight: bold; }
  hr { border: 0; border-top: 1px dashed #000; }
  @page { margin: 0; }
`;

/** A page for a screen and for the printer of a browser; it loads nothing and runs nothing. */
export function htmlOf(
  rows: readonly Row[],
  { number, locale }: { number: string; locale: string },
) {
  const title = `${wordsOf(locale).receipt} ${number}`;
  return `<!doctype html>
<html lang="${escaped(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${rows.map(rowHtml).join('\n')}
</body>
</html>
`;
}
