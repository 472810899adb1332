import type { Tx } from '@onecount/db';
import { notFound, type InvalidInput, type NotFound } from '@onecount/refusal';
import { refreshProductsOfCategories } from '../product-refresh/product-refresh.sql.ts';
import {
  branchOf,
  countsIn,
  moveProductsTo,
  removeCategory,
  replantBranch,
} from './category-tree.sql.ts';
import {
  categoryCycle,
  categoryNotEmpty,
  depthRefusal,
  pathOf,
  pathTaken,
  separator,
} from './category.ts';
import {
  categoryById,
  categoryByPath,
  insertCategory,
  lockCategories,
  type CategoryRow,
} from './category.sql.ts';

// One change of the tree each, inside its transaction. Each answers the id of the category that it leaves.

type Refused = NotFound | InvalidInput | ReturnType<typeof pathTaken>;
type Cycle = ReturnType<typeof categoryCycle>;

export async function plantCategory(
  tx: Tx,
  { name, parentId }: { name: string; parentId: string | null },
): Promise<string | Refused> {
  await lockCategories(tx);
  const parent = parentId === null ? null : await categoryById(tx, parentId);
  if (parent === undefined) return notFound('Category', parentId!);
  const path = pathOf(parent?.path ?? null, name);
  const tooDeep = depthRefusal('parentId', path);
  if (tooDeep) return tooDeep;
  if (await categoryByPath(tx, path)) return pathTaken(path);
  await insertCategory(tx, { name, path, parentId });
  return (await categoryByPath(tx, path))!.id;
}

export async function renameCategory(
  tx: Tx,
  { id, name }: { id: string; name: string },
): Promise<string | Refused> {
  await lockCategories(tx);
  const category = await categoryById(tx, id);
  if (category === undefined) return notFound('Category', id);
  const parent = category.parentId === null ? null : await categoryById(tx, category.parentId);
  const to = { name, parentId: category.parentId, path: pathOf(parent?.path ?? null, name) };
  return placed(tx, category, to);
}

export async function moveCategory(
  tx: Tx,
  { id, parentId }: { id: string; parentId: string | null },
): Promise<string | Refused | Cycle> {
  await lockCategories(tx);
  const category = await categoryById(tx, id);
  if (category === undefined) return notFound('Category', id);
  const parent = parentId === null ? null : await categoryById(tx, parentId);
  if (parent === undefined) return notFound('Category', parentId!);
  if (parent !== null && isWithin(parent, category)) return categoryCycle(category);
  const path = pathOf(parent?.path ?? null, category.name);
  const tooDeep = depthRefusal('parentId', path + (await deepestBelow(tx, category)));
  return tooDeep ?? placed(tx, category, { name: category.name, parentId, path });
}

/** What the path of the deepest category of a branch has behind that of its root; empty for a branch of one. */
async function deepestBelow(tx: Tx, root: CategoryRow): Promise<string> {
  const branch = await branchOf(tx, root);
  return branch.at(-1)!.path.slice(root.path.length);
}

async function placed(
  tx: Tx,
  category: CategoryRow,
  to: { name: string; parentId: string | null; path: string },
): Promise<string | Refused> {
  const other = await categoryByPath(tx, to.path);
  if (other !== undefined && other.id !== category.id) return pathTaken(to.path);
  const ids = await replantBranch(tx, category, to);
  await refreshProductsOfCategories(tx, ids);
  return category.id;
}

/** What stands below both under one name becomes one as well; what only the first has goes over as it is. */
export async function mergeCategories(
  tx: Tx,
  { id, targetId }: { id: string; targetId: string },
): Promise<string | NotFound | InvalidInput | Cycle> {
  await lockCategories(tx);
  const source = await categoryById(tx, id);
  if (source === undefined) return notFound('Category', id);
  const target = await categoryById(tx, targetId);
  if (target === undefined) return notFound('Category', targetId);
  if (isWithin(target, source)) return categoryCycle(source);
  const tooDeep = depthRefusal('targetId', target.path + (await deepestBelow(tx, source)));
  if (tooDeep) return tooDeep;
  // Out of the way: a child may be called as the source is, and the target be its parent. No name holds a `>`.
  const aside = { name: source.name, parentId: null, path: `> ${id}` };
  await replantBranch(tx, source, aside);
  await mergeInto(tx, { ...source, ...aside }, target);
  return target.id;
}

async function mergeInto(tx: Tx, source: CategoryRow, target: CategoryRow): Promise<void> {
  const below = await branchOf(tx, source);
  for (const child of below.filter(({ parentId }) => parentId === source.id)) {
    const path = pathOf(target.path, child.name);
    const twin = await categoryByPath(tx, path);
    if (twin !== undefined) await mergeInto(tx, child, twin);
    else {
      const to = { name: child.name, parentId: target.id, path };
      await refreshProductsOfCategories(tx, await replantBranch(tx, child, to));
    }
  }
  await refreshProductsOfCategories(tx, [source.id]);
  await moveProductsTo(tx, source.id, target.id);
  await removeCategory(tx, source.id);
}

export async function deleteCategory(
  tx: Tx,
  id: string,
): Promise<string | NotFound | ReturnType<typeof categoryNotEmpty>> {
  await lockCategories(tx);
  const category = await categoryById(tx, id);
  if (category === undefined) return notFound('Category', id);
  const counts = await countsIn(tx, id);
  if (counts.productsTotal + counts.childrenTotal > 0) return categoryNotEmpty(counts);
  // What is left are deleted products.
  await moveProductsTo(tx, id, null);
  await removeCategory(tx, id);
  return category.id;
}

const isWithin = ({ id, path }: CategoryRow, branch: CategoryRow): boolean =>
  id === branch.id || path.startsWith(branch.path + separator);
