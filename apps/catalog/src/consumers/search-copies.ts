import type { Tx } from '@onecount/db';
import { handlerOfGroups } from '@onecount/messaging';
import {
  saveLevels,
  saveListings,
  saveThresholds,
  saveUnits,
} from '../search/search-copies.sql.ts';

/**
 * What products are found by of what other services own (ADR 0271). Each takes a group in one statement, and writes no
 * product: `wakeIndex` has those indexed of which something turned.
 */
export function searchCopies(wakeIndex: () => void) {
  const thenIndex = async (tx: Tx, isDue: Promise<boolean>): Promise<void> => {
    if (await isDue) tx.afterCommit(wakeIndex);
  };

  /** Whether a product has something to sell, and too little of it. */
  const stockLevelChanged = handlerOfGroups<'inventory.stock-level-changed'>({
    type: 'inventory.stock-level-changed',
    consumer: 'catalog.search-stock',
    concerns: ({ data }) => data.variantId !== undefined,
    handleAll: (tx, events) =>
      thenIndex(
        tx,
        saveLevels(
          tx,
          events.map(({ data }) => ({ ...data, variantId: data.variantId! })),
        ),
      ),
  });

  /** From which count on it is too little. */
  const thresholdChanged = handlerOfGroups<'inventory.stock-item-changed'>({
    type: 'inventory.stock-item-changed',
    consumer: 'catalog.search-threshold',
    concerns: ({ data }) => data.variantId !== undefined,
    handleAll: (tx, events) =>
      thenIndex(
        tx,
        saveThresholds(
          tx,
          events.map(({ data }) => ({ ...data, variantId: data.variantId! })),
        ),
      ),
  });

  /** In which shops a product is. */
  const listingChanged = handlerOfGroups<'storefront.listing-changed'>({
    type: 'storefront.listing-changed',
    consumer: 'catalog.search-listing',
    handleAll: (tx, events) =>
      thenIndex(
        tx,
        saveListings(
          tx,
          events.map(({ data }) => data),
        ),
      ),
  });

  /** The stock numbers of its pieces, sold ones too. */
  const serialUnitChanged = handlerOfGroups<'inventory.serial-unit-changed'>({
    type: 'inventory.serial-unit-changed',
    consumer: 'catalog.search-unit',
    mayConcern: (body) => body.includes('"stockNumber"'),
    concerns: ({ data }) => data.variantId !== undefined && data.stockNumber !== undefined,
    handleAll: (tx, events) =>
      thenIndex(
        tx,
        saveUnits(
          tx,
          events.map(({ data }) => ({
            ...data,
            variantId: data.variantId!,
            stockNumber: data.stockNumber!,
          })),
        ),
      ),
  });

  return [stockLevelChanged, thresholdChanged, listingChanged, serialUnitChanged];
}
