import { hash } from 'node:crypto';
import { createBoundedMap, errorCodes, type ErrorCode } from '@onecount/graphql';
import { counter, type Logger } from '@onecount/telemetry';
import { namedIn, withListed, type Asked } from '../http/asked.ts';
import { documentKey } from './document-key.ts';
import type { ListedOperations } from './manifest.ts';

/** `report` only says what `enforce` would refuse. */
export const safelistModes = ['enforce', 'report'] as const;
export type SafelistOptions = {
  operations: ListedOperations;
  mode: (typeof safelistModes)[number];
};
export type NotListed = { status: number; code: ErrorCode; message: string };
export type Safelist = {
  /** The request as it may run: with the listed text, when what it names or brings is listed. */
  admit(asked: Asked): { asked: Asked } | { refusal: NotListed };
};

// The statuses are those of Apollo's router.
const unknownId: NotListed = {
  status: 404,
  code: errorCodes.persistedQueryNotInList,
  message: 'No operation of this id is in the safelist.',
};
const unknownText: NotListed = {
  status: 403,
  code: errorCodes.queryNotInSafelist,
  message: 'This operation is not in the safelist.',
};

/**
 * Decides before anything is parsed. A text that is listed runs as it is listed, so that every spelling of it is
 * one known operation. A request that brings neither text nor id is ApolloServer's to refuse.
 */
export function createSafelist({
  operations,
  mode,
  log,
}: SafelistOptions & { log: Logger }): Safelist {
  const listedOf = createLookup(operations);
  const report = createReport(mode, log);
  return {
    admit(asked) {
      const { text, id } = namedIn(asked);
      if (text === undefined && id === undefined) return { asked };
      const listed = text === undefined ? operations.get(id!) : listedOf(text);
      report(listed !== undefined, text ?? id!);
      if (listed !== undefined) return { asked: withListed(asked, listed) };
      if (mode === 'report') return { asked };
      return { refusal: text === undefined ? unknownId : unknownText };
    },
  };
}

const spellingsMax = 300;
const spellingLengthMax = 16 * 1024;

function createLookup(operations: ListedOperations) {
  const byText = new Map([...operations.values()].map((text) => [text, text]));
  const byKey = new Map([...byText.values()].map((text) => [documentKey(text), text]));
  byKey.delete(undefined);
  const spellings = createBoundedMap<string>(spellingsMax);
  return (text: string): string | undefined => {
    const known = byText.get(text) ?? spellings.get(text);
    if (known !== undefined) return known;
    const listed = byKey.get(documentKey(text));
    if (listed !== undefined && text.length <= spellingLengthMax) spellings.set(text, listed);
    return listed;
  };
}

const reportedMax = 1_000;

// One line for each operation, not for each request: its hash and its name, because literals may be personal.
function createReport(mode: SafelistOptions['mode'], log: Logger) {
  const requests = counter<'listed'>({
    name: 'onecount_gateway_safelist_requests_total',
    help: 'Requests by whether the safelist has their operation.',
    labelNames: ['listed'],
  });
  const reported = createBoundedMap<true>(reportedMax);
  return (isListed: boolean, given: string) => {
    requests.inc({ listed: String(isListed) });
    if (isListed) return;
    const sha256 = hash('sha256', given);
    if (reported.get(sha256)) return;
    reported.set(sha256, true);
    const operation = /\b(?:query|mutation|subscription)\s+(\w{1,100})/.exec(given)?.[1];
    const outcome = mode === 'enforce' ? 'was refused' : 'would be refused';
    log.warn({ operation, sha256 }, `an operation that is not in the safelist ${outcome}`);
  };
}
