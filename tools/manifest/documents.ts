import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Source } from 'graphql';
import ts from 'typescript';

const sdlEndings = ['.graphql', '.gql'];
const codeEndings = ['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs'];
const tags = ['gql', 'graphql'];

/** The GraphQL in these files and folders: whole files, and in code what stands behind `gql`, `graphql` or a comment `GraphQL`. */
export async function documentsIn(paths: readonly string[]): Promise<Source[]> {
  const files = (await Promise.all(paths.map(filesIn))).flat();
  const sources = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8');
      return sdlEndings.includes(extname(file)) ? [new Source(text, file)] : pluck(text, file);
    }),
  );
  return sources.flat();
}

async function filesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const inside = entries
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .filter((one) => one.isDirectory() || isRead(one.name))
    .map(({ name }) => filesIn(join(path, name)));
  return (await Promise.all(inside)).flat().sort();
}

const isRead = (name: string) => [...sdlEndings, ...codeEndings].includes(extname(name));

function pluck(code: string, file: string): Source[] {
  const parsed = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const sources: Source[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteral(node) || ts.isStringLiteral(node)) {
      if (isGraphql(node, code)) sources.push(sourceOf(node, parsed));
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return sources;
}

type Literal = ts.TemplateLiteral | ts.StringLiteral;

function isGraphql(node: Literal, code: string): boolean {
  const { parent } = node;
  if (ts.isTaggedTemplateExpression(parent)) return tags.includes(parent.tag.getText());
  if (ts.isCallExpression(parent) && parent.arguments[0] === node)
    return tags.includes(parent.expression.getText());
  const start = node.getFullStart();
  const comments = [ts.getLeadingCommentRanges, ts.getTrailingCommentRanges].flatMap(
    (ranges) => ranges(code, start) ?? [],
  );
  return comments.some(({ pos, end }) => /^\/\*\s*GraphQL\s*\*\/$/.test(code.slice(pos, end)));
}

// What is put in between are fragments of other texts, which are found where they stand.
function sourceOf(node: Literal, parsed: ts.SourceFile): Source {
  const text = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ')
    : node.text;
  const { line, character } = parsed.getLineAndCharacterOfPosition(node.getStart());
  return new Source(text, parsed.fileName, { line: line + 1, column: character + 2 });
}
