export type EventProblem = { field: string; message: string; value?: unknown };

/** An event that breaks its contract: names every field that is wrong, and the value found there. */
export class EventInvalidError extends Error {
  override readonly name = 'EventInvalidError';
  readonly code = 'EVENT_INVALID';
  readonly eventType: string;
  readonly problems: readonly EventProblem[];

  constructor(eventType: string, problems: readonly EventProblem[]) {
    super(`${eventType}: ${problems.map(describe).join('; ')}`);
    this.eventType = eventType;
    this.problems = problems;
  }
}

const valueCharactersMax = 80;

function describe({ field, message, value }: EventProblem): string {
  if (value === undefined) return `${field} ${message}`;
  const shown = JSON.stringify(value) ?? String(value);
  const cut = shown.length > valueCharactersMax ? `${shown.slice(0, valueCharactersMax)}…` : shown;
  return `${field} ${message}, got ${cut}`;
}
