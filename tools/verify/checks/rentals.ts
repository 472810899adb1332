import type { Sources } from '../sources.ts';
import type { Check } from '../violation.ts';

type Kept = { rental: string; unit: string };

/** I3: a unit is out with a customer exactly as long as inventory keeps it for the rental. */
export const rentals: Check[] = [
  { promise: 'I3', name: 'inventory keeps the units of rentals that are out, and no others', find },
];

async function find(sources: Sources): Promise<string[]> {
  const out = await sources.rows<Kept>(
    'pos',
    `SELECT id AS rental, serial_unit_id AS unit FROM rental WHERE status = 'OUT'`,
  );
  const held = await sources.rows<Kept>(
    'inventory',
    `SELECT reference_id AS rental, serial_unit_id AS unit FROM hold
      WHERE status = 'LIVE' AND reference_kind = 'RENTAL'`,
  );
  const key = ({ rental, unit }: Kept) => `${rental} (unit ${unit})`;
  const [outKeys, heldKeys] = [new Set(out.map(key)), new Set(held.map(key))];
  return [
    ...[...outKeys]
      .filter((one) => !heldKeys.has(one))
      .map((one) => `rental ${one} is out and not kept`),
    ...[...heldKeys]
      .filter((one) => !outKeys.has(one))
      .map((one) => `rental ${one} is kept and not out`),
  ];
}
