import { GraphQLError } from 'graphql';

const prefix = /^Variable "\$(\w+)" got invalid value /;

/**
 * graphql-js repeats the whole variable, of which one part is wrong, and guesses what was meant: an answer that
 * stands in logs shall have neither, and the names of a closed schema are not guessed for anybody.
 */
export function variableMessage(message: string, error: unknown, isSchemaOpen: boolean): string {
  const name = prefix.exec(message)?.[1];
  const cause = error instanceof GraphQLError ? error.originalError : undefined;
  if (name === undefined || !cause || !message.endsWith(`; ${cause.message}`)) return message;
  const at = / at "[^"]*"$/.exec(message.slice(0, -cause.message.length - 2))?.[0] ?? '';
  const reason = isSchemaOpen ? cause.message : cause.message.replace(/ Did you mean .+\?$/s, '');
  return `Variable "$${name}" got an invalid value${at}; ${reason}`;
}
