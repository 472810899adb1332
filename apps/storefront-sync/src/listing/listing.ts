/** A row of `listing` as the resolvers and events see it. */
export type ListingRow = {
  tenantId: string;
  id: string;
  connectionId: string;
  variantId: string;
  productId: string;
  sku: string;
  title: string;
  isTracked: boolean;
  isListed: boolean;
  available: number;
  version: number;
  deliveredVersion: number;
  deliveredAt: Date | null;
  attempts: number;
  nextAttemptAt: Date;
  lastError: string | null;
};
