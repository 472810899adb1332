import { exactlyOne, type Database, type KeyHolder, type Tx } from '@onecount/db';
import { checkKey, firstOf } from '@onecount/refusal';
import type {
  CategoryCreateInput,
  CategoryDeleteInput,
  CategoryMergeInput,
  CategoryMoveInput,
  CategoryRenameInput,
} from '../generated/resolver-types.ts';
import {
  deleteCategory,
  mergeCategories,
  moveCategory,
  plantCategory,
  renameCategory,
} from './category-tree.ts';
import { nameRefusal } from './category.ts';
import { categoriesById } from './category.sql.ts';

export type CategoryService = ReturnType<typeof createCategoryService>;

const refused = ({ idempotencyKey, name }: { idempotencyKey: string; name?: string }) =>
  firstOf(checkKey(idempotencyKey), name === undefined ? undefined : nameRefusal(name));

const read = async (tx: Tx, id: string) => exactlyOne(await categoriesById(tx, [id]));

/** The tree of categories; each change is one transaction under the tree's lock. On entities for the actor's name. */
export function createCategoryService({ db }: { db: Database }) {
  return {
    async create(caller: KeyHolder, input: CategoryCreateInput) {
      const wanted = { name: input.name.trim(), parentId: input.parentId ?? null };
      return (
        refused(input) ??
        db.entityCommand(
          caller,
          { operation: 'categoryCreate', input },
          (tx) => plantCategory(tx, wanted),
          async (tx, id) => ({
            __typename: 'CategoryCreateSuccess' as const,
            category: await read(tx, id),
          }),
        )
      );
    },

    async rename(caller: KeyHolder, input: CategoryRenameInput) {
      const { id, name } = input;
      return (
        refused(input) ??
        db.entityCommand(
          caller,
          { operation: 'categoryRename', input },
          (tx) => renameCategory(tx, { id, name: name.trim() }),
          async (tx, renamed) => ({
            __typename: 'CategoryRenameSuccess' as const,
            category: await read(tx, renamed),
          }),
        )
      );
    },

    async move(caller: KeyHolder, input: CategoryMoveInput) {
      const { id, parentId } = input;
      return (
        refused({ idempotencyKey: input.idempotencyKey }) ??
        db.entityCommand(
          caller,
          { operation: 'categoryMove', input },
          (tx) => moveCategory(tx, { id, parentId: parentId ?? null }),
          async (tx, moved) => ({
            __typename: 'CategoryMoveSuccess' as const,
            category: await read(tx, moved),
          }),
        )
      );
    },

    async merge(caller: KeyHolder, input: CategoryMergeInput) {
      return (
        refused({ idempotencyKey: input.idempotencyKey }) ??
        db.entityCommand(
          caller,
          { operation: 'categoryMerge', input },
          (tx) => mergeCategories(tx, input),
          async (tx, id) => ({
            __typename: 'CategoryMergeSuccess' as const,
            category: await read(tx, id),
          }),
        )
      );
    },

    async delete(caller: KeyHolder, input: CategoryDeleteInput) {
      return (
        refused({ idempotencyKey: input.idempotencyKey }) ??
        db.entityCommand(
          caller,
          { operation: 'categoryDelete', input },
          (tx) => deleteCategory(tx, input.id),
          async (_, id) => ({ __typename: 'CategoryDeleteSuccess' as const, deletedId: id }),
        )
      );
    },
  };
}
