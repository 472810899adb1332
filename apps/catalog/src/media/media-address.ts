import { contentTypes, type Extension, type ThumbnailWidth } from './picture.ts';

/** A kept file: whose it is, which content it has, and which form of it. */
export type StoredForm = {
  tenantId: string;
  sha256: string;
  extension: Extension;
  thumbnail?: ThumbnailWidth;
};

const form =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([0-9a-f]{64})(?:-(160|480|1200))?\.(jpg|png|webp|gif|avif)$/;

/** The name in the store, which is the end of the address too: nothing of it comes from a person. */
export const keyOf = ({ tenantId, sha256, extension, thumbnail }: StoredForm): string =>
  thumbnail === undefined
    ? `${tenantId}/${sha256}.${extension}`
    : `${tenantId}/${sha256}-${thumbnail}.webp`;

/** Undefined for whatever is no such name: there is nothing in it that could lead out of the store. */
export function contentTypeOf(key: string): string | undefined {
  const [, , , , extension] = form.exec(key) ?? [];
  return extension === undefined ? undefined : contentTypes[extension as Extension];
}

export const prefixOf = (publicUrl: string): string => new URL('/media/', publicUrl).href;

export const addressOf = (publicUrl: string, stored: StoredForm): string =>
  `${prefixOf(publicUrl)}${keyOf(stored)}`;

/**
 * The content that an address of ours stands for, so that a picture is known as kept wherever its address is written:
 * on a product, a variant, a serial unit, in a file that comes in. Undefined for another's address.
 */
export function hashIn(publicUrl: string, tenantId: string, url: string): string | undefined {
  const prefix = prefixOf(publicUrl);
  if (!url.startsWith(prefix)) return undefined;
  const [, tenant, sha256, thumbnail] = form.exec(url.slice(prefix.length)) ?? [];
  return tenant === tenantId && thumbnail === undefined ? sha256 : undefined;
}
