import { invalidInput, isStorable, refuse, type InvalidInput } from '@onecount/refusal';
import type { CategoryRow } from './category.sql.ts';

export const separator = ' > ';
const nameLengthMax = 255;
/** Deeper than any shop's menu; it bounds the path that each descendant carries. */
export const depthMax = 10;

export const pathOf = (parentPath: string | null, name: string): string =>
  parentPath === null ? name : parentPath + separator + name;

/** The names of a path from the top on: `Men's Tops > T-Shirts`. */
export function namesIn(path: string): string[] {
  return path
    .split('>')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

export function nameRefusal(name: string): InvalidInput | undefined {
  const text = name.trim();
  if (text !== '' && text.length <= nameLengthMax && !text.includes('>') && isStorable(text)) {
    return undefined;
  }
  return invalidInput('name', 'The name of a category has 1–255 characters and no `>`.', name);
}

/** What is wrong with a category that a product is given, as its path; null for nothing. */
export function pathProblem(path: string): string | null {
  const names = namesIn(path);
  if (names.length > depthMax) return `A category has at most ${depthMax} levels.`;
  const long = names.some((name) => name.length > nameLengthMax);
  return long ? `The name of a category has at most ${nameLengthMax} characters.` : null;
}

export function depthRefusal(field: string, path: string): InvalidInput | undefined {
  const depth = path.split(separator).length;
  const message = `A category has at most ${depthMax} levels, not ${depth}.`;
  return depth <= depthMax ? undefined : invalidInput(field, message, path);
}

export function pathTaken(path: string) {
  const message = `There is a category ${path} already.`;
  return refuse('CategoryPathTaken', 'CATEGORY_PATH_TAKEN', message, { path });
}

export function categoryCycle(category: CategoryRow) {
  const message = `${category.path} cannot stand below itself.`;
  return refuse('CategoryCycle', 'CATEGORY_CYCLE', message, { category });
}

export function categoryNotEmpty(counts: { productsTotal: number; childrenTotal: number }) {
  const { productsTotal, childrenTotal } = counts;
  const message = `The category has ${productsTotal} products and ${childrenTotal} categories below it.`;
  return refuse('CategoryNotEmpty', 'CATEGORY_NOT_EMPTY', message, counts);
}
