type Json = Record<string, unknown>;

/**
 * What in an event's JSON Schema would break a consumer that was written against the base: events
 * only ever grow. Compared from the reader's side: a property that was always there must stay so,
 * and no value may appear that the old schema forbade.
 */
export function breakingEventChanges(base: unknown, next: unknown, at = 'data'): string[] {
  const [was, is] = [asObject(base), asObject(next)];
  return [
    ...typeChanges(was, is, at),
    ...valueChanges(was, is, at),
    ...propertyChanges(was, is, at),
    ...alternativeChanges(was, is, at),
    ...boundChanges(was, is, at),
    ...('items' in was ? breakingEventChanges(was['items'], is['items'], `${at}[]`) : []),
  ];
}

function typeChanges(was: Json, is: Json, at: string): string[] {
  const before = typesOf(was);
  const added = typesOf(is).filter((type) => !before.includes(type));
  const removed = before.filter((type) => !typesOf(is).includes(type));
  if (added.length === 0 && removed.length === 0) return [];
  return [
    `${at}: type changed from ${before.join('|') || 'any'} to ${typesOf(is).join('|') || 'any'}`,
  ];
}

// A value set may neither lose a value (stored events carry it and would no longer validate) nor,
// with `const`, become another.
function valueChanges(was: Json, is: Json, at: string): string[] {
  const before = valuesOf(was);
  const now = valuesOf(is);
  if (before === undefined && now === undefined) return [];
  if (before === undefined) return [`${at}: narrowed to ${now?.join(', ')}`];
  if (now === undefined) return [];
  return before
    .filter((value) => !now.includes(value))
    .map((value) => `${at}: lost the value ${value}`);
}

function propertyChanges(was: Json, is: Json, at: string): string[] {
  const before = asObject(was['properties']);
  const now = asObject(is['properties']);
  const problems = Object.keys(before).flatMap((name) =>
    name in now
      ? breakingEventChanges(before[name], now[name], `${at}.${name}`)
      : [`${at}.${name}: removed`],
  );
  const requiredBefore = stringsOf(was['required']);
  const requiredNow = stringsOf(is['required']);
  for (const name of requiredBefore) {
    if (name in now && !requiredNow.includes(name))
      problems.push(`${at}.${name}: no longer always there`);
  }
  for (const name of requiredNow) {
    // An old event, stored or replayed, does not have it.
    if (!requiredBefore.includes(name)) problems.push(`${at}.${name}: newly required`);
  }
  return problems;
}

function alternativeChanges(was: Json, is: Json, at: string): string[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
    const now = listOf(is[keyword]);
    const lives = (one: unknown) =>
      now.some((other) => breakingEventChanges(one, other).length === 0);
    return listOf(was[keyword])
      .filter((one) => !lives(one))
      .map((one) => `${at}: ${keyword} lost ${JSON.stringify(one)}`);
  });
}

const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

function boundChanges(was: Json, is: Json, at: string): string[] {
  const isNarrower = (keyword: string) => {
    const [before, now] = [was[keyword], is[keyword]];
    if (now === undefined || now === before) return false;
    if (lowerBounds.includes(keyword)) return Number(now) > Number(before ?? -Infinity);
    if (upperBounds.includes(keyword)) return Number(now) < Number(before ?? Infinity);
    return true;
  };
  const narrowed = [...lowerBounds, ...upperBounds, 'pattern', 'format', 'multipleOf'];
  const problems = narrowed
    .filter(isNarrower)
    .map((keyword) => `${at}: ${keyword} narrowed to ${String(is[keyword])}`);
  const closes = is['additionalProperties'] === false && was['additionalProperties'] !== false;
  return closes ? [...problems, `${at}: closed to further properties`] : problems;
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
function stringsOf(value: unknown): string[] {
  return listOf(value).map(String);
}
function typesOf(schema: Json): string[] {
  const type = schema['type'];
  return type === undefined ? [] : Array.isArray(type) ? stringsOf(type) : [String(type)];
}
function valuesOf(schema: Json): string[] | undefined {
  if ('const' in schema) return [JSON.stringify(schema['const'])];
  return 'enum' in schema
    ? listOf(schema['enum']).map((value) => JSON.stringify(value))
    : undefined;
}
