import type { Database, KeyHolder, Tx } from '@onecount/db';
import {
  checkKey,
  checkText,
  firstOf,
  invalidInput,
  isGiven,
  notFound,
  refuse,
  type InvalidInput,
} from '@onecount/refusal';
import type {
  ProductDraftDeleteInput,
  ProductDraftSaveInput,
} from '../generated/resolver-types.ts';
import {
  insertProductDraft,
  lockProductDraft,
  removeProductDraft,
  savedDraft,
  updateProductDraft,
  type ProductDraftRow,
} from './product-draft.sql.ts';

const bytesMax = 200 * 1024;

function draftConflict(versionGiven: number, draft: ProductDraftRow) {
  const message = `The draft is at version ${draft.version}, not ${versionGiven}: somebody has saved it since.`;
  return refuse('ProductDraftConflict', 'PRODUCT_DRAFT_CONFLICT', message, { draft });
}

function documentRefusal({ document }: { document: string }): InvalidInput | undefined {
  const bytes = Buffer.byteLength(document);
  if (bytes > bytesMax) {
    return invalidInput('document', `A draft has at most ${bytesMax} bytes, not ${bytes}.`);
  }
  if (isJsonObject(document) && !document.includes('\0')) return undefined;
  return invalidInput('document', 'A draft is a JSON object.', document);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function createProductDraftService({ db }: { db: Database }) {
  return {
    async save(caller: KeyHolder, input: ProductDraftSaveInput) {
      const refusal = firstOf(
        checkKey(input.idempotencyKey),
        checkText('step', input.step, { min: 1, max: 50 }),
        documentRefusal(input),
      );
      if (refusal) return refusal;
      return db.entityCommand(
        caller,
        { operation: 'productDraftSave', input },
        (tx) => saveDraft(tx, input),
        async (tx, id) => ({
          __typename: 'ProductDraftSaveSuccess' as const,
          draft: await savedDraft(tx, id),
        }),
      );
    },

    async delete(caller: KeyHolder, input: ProductDraftDeleteInput) {
      const { id } = input;
      return (
        checkKey(input.idempotencyKey) ??
        db.command(caller, { operation: 'productDraftDelete', input }, async (tx) =>
          (await removeProductDraft(tx, id))
            ? { __typename: 'ProductDraftDeleteSuccess' as const, deletedId: id }
            : notFound('ProductDraft', id),
        )
      );
    },
  };
}

async function saveDraft(tx: Tx, input: ProductDraftSaveInput) {
  if (!isGiven(input.id)) return insertProductDraft(tx, input);
  const draft = await lockProductDraft(tx, input.id);
  if (draft === undefined) return notFound('ProductDraft', input.id);
  const version = input.version ?? 0;
  if (version !== draft.version) return draftConflict(version, draft);
  return updateProductDraft(tx, draft.id, input);
}
