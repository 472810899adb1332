import { migration } from '@onecount/db';

/**
 * Thousands of scans of a million pieces went beyond an integer, and the count could be reviewed no more. No level
 * holds so many: the review shows the surplus, and the posting refuses it.
 */
export const CountWithoutOverflow1795200000046 = migration(
  'CountWithoutOverflow1795200000046',
  `
DO $do$
DECLARE
  v_old text := pg_get_functiondef('stocktake_compute(uuid, uuid, uuid[])'::regprocedure);
  v_new text := replace(v_old, 'sum(t.quantity)::integer AS counted', 'least(sum(t.quantity), 1000000000)::integer AS counted');
BEGIN
  IF v_new = v_old THEN RAISE EXCEPTION 'stocktake_compute is not the function that this changes'; END IF;
  EXECUTE v_new;
END $do$;
`,
);
