import { setTimeout as pause } from 'node:timers/promises';
import type { Transport } from '@onecount/messaging';
import { undrained } from './drain.ts';
import type { Sources } from './sources.ts';
import { checks, findViolations } from './verify.ts';
import type { Check, Violation } from './violation.ts';

const pollMs = 200;
const detailsShownMax = 10;

export type Paint = { good(text: string): string; bad(text: string): string };

export function paint(isColoured: boolean): Paint {
  const colour = (code: number) => (text: string) =>
    isColoured ? `\u001B[${code}m${text}\u001B[0m` : text;
  return { good: colour(32), bad: colour(31) };
}

/** Waits until nothing is under way; what still is after `withinMs`, or null. */
export async function settle(
  of: { sources: Sources; transport: Transport },
  withinMs: number,
): Promise<string | null> {
  const endsAt = Date.now() + withinMs;
  for (;;) {
    const waiting = await undrained(of.sources, of.transport);
    if (waiting === null || Date.now() > endsAt) return waiting;
    await pause(pollMs);
  }
}

/** Runs one check after the other and writes a line for each; the violations of all. */
export async function runChecks(
  sources: Sources,
  options: { write(line: string): void; paint: Paint; checks?: Check[] },
): Promise<Violation[]> {
  const all: Violation[] = [];
  for (const check of options.checks ?? checks) {
    const found = await findViolations(sources, [check]);
    all.push(...found);
    const word =
      found.length === 0 ? options.paint.good('ok      ') : options.paint.bad('violated');
    options.write(`${check.promise}  ${word}  ${check.name}`);
    for (const { detail } of found.slice(0, detailsShownMax)) options.write(`      ${detail}`);
    const hidden = found.length - detailsShownMax;
    if (hidden > 0) options.write(`      and ${hidden} more`);
  }
  return all;
}
