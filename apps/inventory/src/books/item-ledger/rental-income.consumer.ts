import type { EventData } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import { insertEntries, type NewEntry } from './item-ledger.sql.ts';

/** What a rental earned, fees included, is income of its unit. */
export function onRentalIncome(): EventHandler<'pos.rental-ended'> {
  return {
    type: 'pos.rental-ended',
    consumer: 'inventory.item-ledger-rental',
    handle: async (tx, { data }) => void (await insertEntries(tx, incomeOfRental(data))),
  };
}

function incomeOfRental(of: EventData<'pos.rental-ended'>): NewEntry[] {
  const { rentalId: referenceId, stockItemId, serialUnitId, currencyCode, endedAt } = of;
  const amountMinor = of.priceMinor + of.lateFeeMinor + of.damageFeeMinor;
  if (amountMinor === 0) return [];
  return [
    {
      ...{ stockItemId, serialUnitId, kind: 'INCOME', amountMinor, currencyCode, quantity: 1 },
      ...{ category: 'RENTAL', referenceKind: 'RENTAL', referenceId, lineId: referenceId, part: 0 },
      ...{ actor: 'pos', occurredAt: endedAt },
    },
  ];
}
