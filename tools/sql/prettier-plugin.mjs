import { Buffer } from 'node:buffer';
import { loadModule, scanSync } from 'libpg-query';
import { format } from 'sql-formatter';

// prettier's part for *.sql. What stands outside function bodies (heads, triggers) is laid out by
// sql-formatter. No formatter of the registry lays out PL/pgSQL and keeps its comments, so a body keeps
// its author's lines and gets what PostgreSQL's own lexer makes safe: reserved words in capitals, no tab,
// no blank at the end of a line, no two empty lines (ADR 0101).

const columnsMax = 100;
const layout = {
  language: 'postgresql',
  keywordCase: 'upper',
  dataTypeCase: 'lower',
  expressionWidth: columnsMax,
};
// sql-formatter gives each option of a function two lines, and an argument list a blank before it.
const option = /^SET\n\s+(\w+) = (\S+)( AS (\$\w*\$))?(\n|$)/gm;
const listAfterBlank = /\b(FUNCTION) (\w+) \(/g;
const arrayType = /\b[A-Z]+\[\]/g;
const longHead = /^(CREATE OR REPLACE FUNCTION .+?)( RETURNS .+)$/gm;
const body = /(\$\w*\$)([\s\S]*?)\1/g;
const literal = new Set(['true', 'false']);

function formatHeads(text) {
  return format(text, layout)
    .replace(
      option,
      (_, name, value, as, quote, end) =>
        `SET ${name} = ${value}${as ? `\nAS ${quote}` : ''}${end}`,
    )
    .replace(listAfterBlank, '$1 $2(')
    .replace(arrayType, (type) => type.toLowerCase())
    .replace(longHead, (line, head, rest) =>
      line.length > columnsMax ? `${head}\n${rest.slice(1)}` : line,
    );
}

function formatBody(text) {
  return upperReserved(text)
    .replaceAll('\t', '  ')
    .replace(/ +\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
}

// Strings, comments and names keep theirs.
function upperReserved(text) {
  const bytes = Buffer.from(text);
  for (const { start, end, keywordName, text: word } of scanSync(text).tokens)
    if (keywordName === 'RESERVED_KEYWORD' && !literal.has(word))
      bytes.write(word.toUpperCase(), start, end - start);
  return bytes.toString();
}

async function formatSql(text) {
  await loadModule();
  const whole = formatHeads(text);
  return `${whole.replace(body, (_, quote, inner) => `${quote}${formatBody(inner)}${quote}`)}\n`;
}

export const languages = [{ name: 'SQL', parsers: ['sql'], extensions: ['.sql'] }];
export const parsers = {
  sql: {
    astFormat: 'sql',
    parse: async (text) => ({ text: await formatSql(text) }),
    locStart: () => 0,
    locEnd: ({ text }) => text.length,
  },
};
export const printers = { sql: { print: (path) => path.node.text } };
