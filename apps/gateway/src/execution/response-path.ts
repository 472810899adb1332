export type PathPart = string | number;

// The planner's sign for "every element of the list that stands here".
const everyElement = '@';

/** What stands at a path of the planner: one value, or all of them in one list where lists lie on the way. */
export function valueAt(value: unknown, path: readonly PathPart[], from = 0): unknown {
  const part = path[from];
  if (part === undefined || value === undefined || value === null) return value;
  if (part === everyElement) {
    return (value as unknown[]).flatMap((element) => valueAt(element, path, from + 1));
  }
  if (Array.isArray(value)) throw new Error(`A subgraph sent a list where ${part} is a field.`);
  return valueAt((value as Record<string, unknown>)[part], path, from + 1);
}

/** The paths, with indices, of everything that `valueAt` finds and that is not null. */
export function pathsOf(value: unknown, path: readonly PathPart[]): PathPart[][] {
  const found: PathPart[][] = [];
  collect({ value, path, above: [] }, found);
  return found;
}

function collect(
  { value, path, above }: { value: unknown; path: readonly PathPart[]; above: PathPart[] },
  found: PathPart[][],
): void {
  if (value === undefined || value === null) return;
  const [part, ...rest] = path;
  if (part === undefined) {
    found.push(above);
  } else if (Array.isArray(value)) {
    const below = part === everyElement ? rest : path;
    for (const [index, element] of value.entries())
      collect({ value: element, path: below, above: [...above, index] }, found);
  } else if (part === everyElement) {
    throw new Error('A subgraph sent no list where one is planned for.');
  } else if (Object.hasOwn(value, part)) {
    const next = (value as Record<string, unknown>)[part];
    collect({ value: next, path: rest, above: [...above, part] }, found);
  }
}
