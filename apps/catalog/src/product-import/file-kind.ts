/** A file that is no text, known by how it begins. */
const kinds: { begins: readonly number[]; name: string }[] = [
  { begins: [0x50, 0x4b], name: 'a zip archive or a workbook (.xlsx, .ods)' },
  { begins: [0xd0, 0xcf, 0x11, 0xe0], name: 'an old workbook (.xls)' },
  { begins: [0x1f, 0x8b], name: 'a compressed file (.gz)' },
  { begins: [0x37, 0x7a, 0xbc, 0xaf], name: 'a compressed file (.7z)' },
  { begins: [0x52, 0x61, 0x72, 0x21], name: 'a compressed file (.rar)' },
  { begins: [0x25, 0x50, 0x44, 0x46], name: 'a PDF' },
  { begins: [0x89, 0x50, 0x4e, 0x47], name: 'a picture (PNG)' },
  { begins: [0xff, 0xd8, 0xff], name: 'a picture (JPEG)' },
  { begins: [0x47, 0x49, 0x46, 0x38], name: 'a picture (GIF)' },
];

const texts: { pattern: RegExp; name: string }[] = [
  { pattern: /^\s*<(!doctype html|html)\b/iu, name: 'a web page (HTML)' },
  { pattern: /^\s*<(\?xml|rss|feed)\b/iu, name: 'an XML file' },
  { pattern: /^\s*\[\s*[{\]]/u, name: 'a JSON array; one product a line (JSONL) is read' },
];

/** What a file is that is no table at all, whatever its name ends in; undefined when it may be one. */
export function foreignKindOf(head: Buffer): string | undefined {
  const binary = kinds.find(({ begins }) => begins.every((byte, index) => head[index] === byte));
  if (binary !== undefined) return binary.name;
  const text = head.subarray(0, 500).toString('latin1').replace(/^ï»¿/u, '');
  return texts.find(({ pattern }) => pattern.test(text))?.name;
}
