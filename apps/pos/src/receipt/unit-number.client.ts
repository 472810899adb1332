import type { ServiceClient } from '@onecount/graphql';

export const unitNumbersOperation = {
  name: 'PosUnitNumbers',
  query: `query PosUnitNumbers($ids: [ID!]!) {
  unitsForLabels(serialUnitIds: $ids) { id serial stockNumber }
}`,
};

/** A buyer waits: rather a document without a stock number than one that comes late. */
export const unitNumbersTimeoutMs = 2000;
// Of one question of inventory.
const unitsMax = 500;

type Unit = { id: string; serial: string | null; stockNumber: string | null };
export type UnitNumberClient = ReturnType<typeof createUnitNumberClient>;

/** Asks inventory what the pieces of a sale are called that have no serial value. Throws ServiceCallError. */
export function createUnitNumberClient(client: ServiceClient) {
  return {
    async numbersOf(
      caller: { tenantId: string; subject: string },
      unitIds: readonly string[],
    ): Promise<Record<string, string>> {
      const numbers: Record<string, string> = {};
      for (let from = 0; from < unitIds.length; from += unitsMax) {
        const ids = unitIds.slice(from, from + unitsMax);
        const { unitsForLabels } = await client.call<{ unitsForLabels: Unit[] }>(
          ...([caller, unitNumbersOperation, { ids }] as const),
        );
        for (const { id, serial, stockNumber } of unitsForLabels) {
          const number = serial ?? stockNumber;
          if (number !== null) numbers[id] = number;
        }
      }
      return numbers;
    },
  };
}
