import { exactlyOne, type Database, type EntityTx, type KeyHolder, type Tx } from '@onecount/db';
import {
  checkText,
  isRefusal,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type {
  MediaAltSetInput,
  MediaAttachInput,
  MediaDeleteInput,
  MediaFileStoreInput,
  MediaOptionValuesSetInput,
  MediaPrimarySetInput,
  MediaReorderInput,
  MediaVariantsSetInput,
} from '../generated/resolver-types.ts';
import type { ProductRow } from '../product/product.entity.ts';
import type { VersionConflict } from '../product/product.errors.ts';
import { publishChange } from '../product/product.events.ts';
import { textRefusal } from '../product/product.input.ts';
import { lockAt } from '../product/product.lock.ts';
import { mediaById, mediaOfProducts, productsById } from '../product/product.sql.ts';
import { attachPictures, picturesProblem } from './media-attach.ts';
import { mediaFile, insertMediaFile } from './media-file.sql.ts';
import { setOptionValueImages, setVariantImages } from './media-link.ts';
import { arrangeMedia, productOfMedia, removeMedia, setAlt } from './media.sql.ts';
import { altLengthMax, firstAhead, orderProblem } from './media.ts';
import type { PictureSource, Sourced } from './picture-source.ts';

export type MediaService = ReturnType<typeof createMediaService>;

export function createMediaService({ db, pictures }: { db: Database; pictures: PictureSource }) {
  /** One change of a product's pictures: its version, its event and its answer are those of every other. */
  async function change(
    caller: KeyHolder,
    request: { operation: string; input: Keyed; problem?: InvalidInput },
    product: (tx: Tx) => Promise<ProductRow | NotFound | VersionConflict>,
    run: (tx: EntityTx, product: ProductRow) => Promise<InvalidInput | NotFound | undefined>,
  ) {
    const { operation, input } = request;
    const problem = textRefusal(input) ?? request.problem;
    if (problem) return problem;
    return db.entityCommand(
      caller,
      { operation, input },
      async (tx) => {
        const locked = await product(tx);
        if (isRefusal(locked)) return locked;
        const refusal = await run(tx, locked);
        if (refusal !== undefined) return refusal;
        await publishChange(tx, locked.id);
        return locked.id;
      },
      async (tx, id) => ({
        __typename: 'MediaChangeSuccess' as const,
        product: exactlyOne(await productsById(tx, false, [id])),
      }),
    );
  }

  const ofProduct =
    ({ productId, version }: Named) =>
    (tx: Tx) =>
      lockAt(tx, productId, version);
  const ofMedium =
    ({ mediaId, version }: { mediaId: string; version?: number | null }) =>
    (tx: Tx) =>
      lockByMedia(tx, mediaId, version);

  return {
    async store(caller: KeyHolder, input: MediaFileStoreInput) {
      const problem = textRefusal(input);
      if (problem) return problem;
      // What is asked for is to keep it: an address alone would keep nothing.
      const source = await pictures.sourced(
        caller.tenantId,
        { ...input.source, copy: true },
        'source',
      );
      const kept = await db.command(
        caller,
        { operation: 'mediaFileStore', input, passing: ['UploadNotReady'] },
        async (tx) => {
          if (isRefusal(source)) return source;
          if (source.picture !== undefined) await insertMediaFile(tx, source.picture);
          return source.sha256 ?? '';
        },
        async (tx, sha256) => ({
          __typename: 'MediaFileStoreSuccess' as const,
          file: await mediaFile(tx, sha256),
        }),
      );
      if (!isRefusal(kept) && !isRefusal(source)) await pictures.discard([source]);
      return kept;
    },

    /** Pictures are fetched and written anew before the transaction, side by side. */
    async attach(caller: KeyHolder, input: MediaAttachInput) {
      const problem = textRefusal(input) ?? picturesProblem(input.pictures);
      if (problem) return problem;
      const all = await Promise.all(
        input.pictures.map((picture, index) =>
          pictures.sourced(caller.tenantId, picture, `pictures.${index}`),
        ),
      );
      const refused = all.find((one) => isRefusal(one));
      const sources = all.filter((one): one is Sourced => !isRefusal(one));
      const attached = await db.entityCommand(
        caller,
        { operation: 'mediaAttach', input, passing: ['UploadNotReady'] },
        async (tx) => {
          const product = await lockAt(tx, input.productId, input.version);
          if (isRefusal(product)) return product;
          if (refused !== undefined) return refused;
          const alts = input.pictures.map(({ alt }) => alt ?? undefined);
          const mediaIds = await attachPictures(tx, product.id, { sources, alts });
          if (isRefusal(mediaIds)) return mediaIds;
          await publishChange(tx, product.id);
          return { productId: product.id, mediaIds };
        },
        async (tx, { productId, mediaIds }) => {
          const rows = await mediaById(tx, mediaIds);
          const byId = new Map(rows.map((row) => [row.id, row]));
          return {
            __typename: 'MediaAttachSuccess' as const,
            product: exactlyOne(await productsById(tx, false, [productId])),
            media: mediaIds.flatMap((id) => byId.get(id) ?? []),
          };
        },
      );
      if (!isRefusal(attached)) await pictures.discard(sources);
      return attached;
    },

    reorder: (caller: KeyHolder, input: MediaReorderInput) =>
      change(caller, { operation: 'mediaReorder', input }, ofProduct(input), async (tx, { id }) => {
        const ids = (await mediaOfProducts(tx, [id])).map((row) => row.id);
        const problem = orderProblem(ids, input.mediaIds);
        if (problem) return problem;
        await arrangeMedia(tx, id, input.mediaIds);
        return undefined;
      }),

    setPrimary: (caller: KeyHolder, input: MediaPrimarySetInput) =>
      change(
        caller,
        { operation: 'mediaPrimarySet', input },
        ofMedium(input),
        async (tx, { id }) => {
          const ids = (await mediaOfProducts(tx, [id])).map((row) => row.id);
          await arrangeMedia(tx, id, firstAhead(ids, input.mediaId));
          return undefined;
        },
      ),

    setAlt: (caller: KeyHolder, input: MediaAltSetInput) => {
      const problem = checkText('alt', input.alt, { max: altLengthMax });
      const request = { operation: 'mediaAltSet', input, ...(problem && { problem }) };
      return change(caller, request, ofMedium(input), async (tx) => {
        await setAlt(tx, input.mediaId, input.alt?.trim() || null);
        return undefined;
      });
    },

    remove: (caller: KeyHolder, input: MediaDeleteInput) =>
      change(caller, { operation: 'mediaDelete', input }, ofMedium(input), async (tx, { id }) => {
        await removeMedia(tx, input.mediaId);
        const left = await mediaOfProducts(tx, [id]);
        await arrangeMedia(
          tx,
          id,
          left.map((row) => row.id),
        );
        return undefined;
      }),

    setOptionValues: (caller: KeyHolder, input: MediaOptionValuesSetInput) =>
      change(caller, { operation: 'mediaOptionValuesSet', input }, ofProduct(input), (tx, { id }) =>
        setOptionValueImages(tx, id, input),
      ),

    setVariants: (caller: KeyHolder, input: MediaVariantsSetInput) =>
      change(caller, { operation: 'mediaVariantsSet', input }, ofProduct(input), (tx, { id }) =>
        setVariantImages(tx, id, input),
      ),
  };
}

type Keyed = { idempotencyKey: string };
type Named = { productId: string; version?: number | null };

async function lockByMedia(tx: Tx, mediaId: string, version: number | null | undefined) {
  const productId = await productOfMedia(tx, mediaId);
  if (productId === undefined) return notFound('Media', mediaId);
  const product = await lockAt(tx, productId, version);
  if (isRefusal(product)) return product;
  // Looked at again behind the lock: it may have been taken away meanwhile.
  const isThere = (await productOfMedia(tx, mediaId)) !== undefined;
  return isThere ? product : notFound('Media', mediaId);
}
