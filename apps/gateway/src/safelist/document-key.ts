import { Lexer, Source, TokenKind, type Token } from 'graphql';
import { clientLimits } from '../graph/query-limits.ts';

/**
 * What two texts of one document have in common: its tokens, definition by definition, in an order that is not
 * theirs. White space, commas and comments do not count, and neither does how a string is written: printers
 * change both, and Apollo's generator sorts definitions. Undefined for what the parser would refuse unread, and
 * for most of what it would refuse at all. Reads no further than `tokensMax`.
 */
export function documentKey(text: string): string | undefined {
  const lexer = new Lexer(new Source(text));
  const definitions: string[] = [];
  let tokens: string[] = [];
  let depth = 0;
  for (let count = 0; count <= clientLimits.tokensMax; count += 1) {
    const token = nextOf(lexer);
    if (!token) return undefined;
    if (token.kind === TokenKind.EOF) {
      // What is left over belongs to no definition with a selection: nobody lists such a thing.
      return tokens.length === 0 ? definitions.sort().join('\n') : undefined;
    }
    tokens.push(wordOf(token));
    depth += stepOf(token);
    if (depth > 0 || token.kind !== TokenKind.BRACE_R) continue;
    definitions.push(tokens.join(' '));
    tokens = [];
    depth = 0;
  }
  return undefined;
}

function nextOf(lexer: Lexer): Token | undefined {
  try {
    return lexer.advance();
  } catch {
    return undefined;
  }
}

function wordOf({ kind, value }: Token): string {
  const isText = kind === TokenKind.STRING || kind === TokenKind.BLOCK_STRING;
  return isText ? JSON.stringify(value) : (value ?? kind);
}

// A default value may be an object: its brace, inside of parentheses, ends no definition.
function stepOf({ kind }: Token): number {
  if (kind === TokenKind.BRACE_L || kind === TokenKind.PAREN_L) return 1;
  return kind === TokenKind.BRACE_R || kind === TokenKind.PAREN_R ? -1 : 0;
}
