import { migration } from '@onecount/db';

/**
 * The hot functions plan each statement once per session and always by index. Left alone, the planner
 * makes a new plan for statements with arrays at every call, which was two thirds of a hold's CPU time,
 * and on a young database it caches sequential scans of tables that are about to grow (ADR 0050).
 */
const hotFunctions = [
  'hold_place(uuid, text, jsonb)',
  'hold_release(uuid, uuid, text, text)',
  'sale_line_release(uuid, uuid, text)',
  'sale_holds_renew(uuid, uuid, integer)',
  'sale_claim(uuid, uuid, jsonb, text, text)',
  'sale_release(uuid, uuid)',
  'sale_apply(uuid, uuid, jsonb, text, text, timestamptz, text)',
  'hold_sweep(integer)',
  'level_publish_changed(integer)',
  'unit_publish_changed(integer)',
  'stock_items_read(uuid, uuid[], uuid[], text[])',
];

export const FixHotPlans1795200000012 = migration(
  'FixHotPlans1795200000012',
  hotFunctions
    .map(
      (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION ${name} SET enable_seqscan = off;`,
    )
    .join('\n'),
);
