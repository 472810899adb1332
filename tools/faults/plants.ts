import type { CampaignSystem } from './campaign-system.ts';
import type { Plant } from './round.ts';

type Service = Parameters<CampaignSystem['sources']['rows']>[0];

// As superuser, with triggers off: what no service can do.
const planted =
  (service: Service, text: string): Plant =>
  async ({ sources }) => {
    await sources.rows(service, `SET session_replication_role = replica; ${text}`);
    await sources.rows(service, 'SET session_replication_role = origin');
  };

/** What the campaign must notice, and how it then says so. */
export const plants: { what: string; says: RegExp; plant: Plant }[] = [
  {
    what: 'a level that is off by one',
    says: /on_hand is the sum of the movements.*"on_hand":7,"moved":6/,
    plant: planted('inventory', 'UPDATE level SET on_hand = on_hand + 1 WHERE on_hand = 6'),
  },
  {
    what: 'a movement that is written twice',
    says: /on_hand is the sum of the movements.*"on_hand":2,"moved":3/,
    plant: planted(
      'inventory',
      `INSERT INTO movement OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::movement,
         to_jsonb(m) || jsonb_build_object('id', uuidv7(), 'position', 1000000, 'quantity', 1))).*
       FROM movement m JOIN level l USING (tenant_id, stock_item_id, location_id)
       WHERE l.on_hand = 2 AND m.reason = 'OPENING' LIMIT 1`,
    ),
  },
  {
    what: 'a piece that is sold twice',
    says: /a serial unit has at most one live claim/,
    plant: planted(
      'inventory',
      `DROP INDEX hold_one_claim_per_unit;
       INSERT INTO hold SELECT (jsonb_populate_record(NULL::hold, to_jsonb(h) ||
         jsonb_build_object('id', uuidv7(), 'line_id', uuidv7(), 'idempotency_key', NULL))).*
       FROM hold h WHERE status = 'SOLD' AND serial_unit_id IS NOT NULL LIMIT 1`,
    ),
  },
  {
    what: 'a sale that was acknowledged and is lost',
    says: /was told done and is there 0 times/,
    plant: planted('pos', `DELETE FROM sale WHERE status = 'COMMITTED'`),
  },
];
