type JsonObject = Record<string, unknown>;

/**
 * Puts what a subgraph sent into what is there already: objects key by key, lists of one length element by
 * element, anything else in place of what was there.
 */
export function mergeInto(target: JsonObject, source: JsonObject | null | undefined): void {
  if (!source) return;
  for (const key of Object.keys(source)) {
    const value = source[key];
    // No field is answered under that name here (response-shape.ts), and a prototype is no place for data.
    if (value === undefined || key === '__proto__') continue;
    const existing = Object.hasOwn(target, key) ? target[key] : undefined;
    if (existing && isObject(value)) mergeInto(existing as JsonObject, value);
    else if (Array.isArray(value) && Array.isArray(existing) && value.length === existing.length)
      mergeLists(existing, value);
    else target[key] = value;
  }
}

function mergeLists(target: unknown[], source: unknown[]): void {
  for (const [index, value] of source.entries()) {
    const existing = target[index];
    if (isObject(existing) && isObject(value)) mergeInto(existing, value);
    else target[index] = value;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
