import type { FastifyRequest } from 'fastify';

export type LiveQuery = {
  skus: string[];
  location: string | null;
  product: string | null;
  lastEventId: string | null;
};

/** `?sku=A&sku=B`, `?product=<id>`, `&location=<id or code>`; what it means is inventory's to check. */
export function liveQueryOf({ query, headers }: FastifyRequest): LiveQuery {
  const { sku, location, product } = query as Record<string, string | string[] | undefined>;
  return {
    skus: [sku ?? []].flat(),
    location: [location ?? []].flat()[0] ?? null,
    product: [product ?? []].flat()[0] ?? null,
    lastEventId: [headers['last-event-id'] ?? []].flat()[0] ?? null,
  };
}

/** Inventory counts variants and knows no products: whose SKUs they are, and who may see them, is catalog's to say. */
export const skusOfProductQuery = `query LiveProductSkus($id: ID!) {
  product(id: $id) { variants(first: 100) { nodes { sku } pageInfo { hasNextPage } } }
}`;

/** The product's SKUs, or why they cannot be followed. */
export function skusOfProduct(data: unknown): string[] | string {
  type Variants = { nodes: { sku: string | null }[]; pageInfo: { hasNextPage: boolean } };
  const { product } = (data ?? {}) as { product?: { variants: Variants } | null };
  if (!product) return 'There is no such product.';
  const { nodes, pageInfo } = product.variants;
  if (pageInfo.hasNextPage) return 'The product has more than 100 variants: follow them by SKU.';
  return nodes.flatMap(({ sku }) => sku ?? []);
}
