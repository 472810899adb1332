-- What happened in a shift as of this statement's snapshot (type Figures in figures.ts): only what is final, so that a sale
-- is in the report of its shift once, whenever it is asked for. The shift's own row says nothing of it: counting is left to
-- whoever asks, so that a sale writes no row that all sales of a till would queue for.
--
-- Over 100 lines: one statement, because all figures must be seen in one snapshot.
CREATE OR REPLACE FUNCTION shift_figures(p_tenant uuid, p_shift uuid)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    WITH ended AS MATERIALIZED (
      SELECT s.id, s.status, s.currency_code, s.total_minor, s.change_minor, s.opened_by, s.receipt_number, s.rounding_minor,
             s.has_discounts, s.lay_by
        FROM sale s
       WHERE s.tenant_id = p_tenant AND s.shift_id = p_shift AND s.status IN ('COMMITTED', 'VOIDED')
    ), total AS (
      SELECT e.status, e.currency_code, count(*) AS n, sum(e.total_minor)::bigint AS minor,
             sum(e.change_minor)::bigint AS change_minor
        FROM ended e GROUP BY e.status, e.currency_code
    ), cashier AS (
      SELECT e.opened_by, e.currency_code, count(*) AS n, sum(e.total_minor)::bigint AS minor
        FROM ended e WHERE e.status = 'COMMITTED' GROUP BY e.opened_by, e.currency_code
    ), part AS (
      -- A payment of a lay-by counts when it is taken, whatever becomes of the lay-by, and not again when that is sold.
      SELECT p.sale_id, p.position, p.amount_minor, b.currency_code
        FROM lay_by_payment p
        JOIN lay_by b ON b.tenant_id = p.tenant_id AND b.sale_id = p.sale_id
       WHERE p.tenant_id = p_tenant AND p.shift_id = p_shift
    ), taken AS (
      SELECT t.kind, e.currency_code, t.amount_minor
        FROM ended e
        JOIN sale_tender t ON t.tenant_id = p_tenant AND t.sale_id = e.id
       WHERE e.status = 'COMMITTED' AND NOT e.lay_by
      UNION ALL
      SELECT t.kind, p.currency_code, t.amount_minor
        FROM part p
        JOIN sale_tender t ON t.tenant_id = p_tenant AND t.sale_id = p.sale_id AND t.payment = p.position
    ), tender AS (
      -- Change is given in cash, and only where cash was taken.
      SELECT t.kind, t.currency_code, count(*) AS n, sum(t.amount_minor)::bigint AS minor,
             CASE t.kind WHEN 'CASH' THEN coalesce(min(o.change_minor), 0) ELSE 0 END AS change_minor
        FROM taken t
        LEFT JOIN total o ON o.status = 'COMMITTED' AND o.currency_code = t.currency_code
       GROUP BY t.kind, t.currency_code
    ), lay_by_paid AS (
      SELECT p.currency_code, count(*) AS n, sum(p.amount_minor)::bigint AS minor FROM part p GROUP BY p.currency_code
    ), lay_by_sold AS (
      SELECT e.currency_code, count(*) AS n, sum(e.total_minor)::bigint AS minor
        FROM ended e WHERE e.status = 'COMMITTED' AND e.lay_by GROUP BY e.currency_code
    ), discount AS (
      SELECT e.currency_code, count(*) AS n, sum(d.amount_minor)::bigint AS minor
        FROM ended e
        JOIN sale_discount d ON d.tenant_id = p_tenant AND d.sale_id = e.id AND d.amount_minor > 0
       WHERE e.status = 'COMMITTED' AND e.has_discounts GROUP BY e.currency_code
    ), card AS (
      -- Money that is owed, and no revenue.
      SELECT e.currency_code, count(*) AS n, sum(l.total_minor)::bigint AS minor
        FROM ended e
        JOIN sale_line l ON l.tenant_id = p_tenant AND l.sale_id = e.id AND l.gift_card_id IS NOT NULL
       WHERE e.status = 'COMMITTED' GROUP BY e.currency_code
    ), movement AS (
      SELECT m.kind, m.currency_code, count(*) AS n, sum(m.amount_minor)::bigint AS minor
        FROM cash_movement m
       WHERE m.tenant_id = p_tenant AND m.shift_id = p_shift GROUP BY m.kind, m.currency_code
    ), back AS (
      SELECT r.kind = 'POST_VOID' AS is_void, r.currency_code, count(*) AS n, sum(r.total_minor)::bigint AS minor
        FROM sale_return r
       WHERE r.tenant_id = p_tenant AND r.shift_id = p_shift GROUP BY is_void, r.currency_code
    ), given_back AS (
      SELECT f.kind, r.currency_code, f.amount_minor
        FROM sale_return r
        JOIN sale_return_refund f ON f.tenant_id = r.tenant_id AND f.return_id = r.id
       WHERE r.tenant_id = p_tenant AND r.shift_id = p_shift
      UNION ALL
      SELECT f.kind, b.currency_code, f.amount_minor
        FROM lay_by_refund f
        JOIN lay_by b ON b.tenant_id = f.tenant_id AND b.sale_id = f.sale_id
       WHERE f.tenant_id = p_tenant AND f.shift_id = p_shift
    ), refund AS (
      SELECT f.kind, f.currency_code, count(*) AS n, sum(f.amount_minor)::bigint AS minor
        FROM given_back f GROUP BY f.kind, f.currency_code
    ), tax AS (
      SELECT x.currency_code, x.component, x.rate, x.scheme, sum(x.base)::bigint AS base, sum(x.tax)::bigint AS tax,
             sum(x.base_back)::bigint AS base_back, sum(x.tax_back)::bigint AS tax_back
        FROM (SELECT e.currency_code, t.component, t.rate, t.scheme, t.base_minor AS base, t.tax_minor AS tax,
                     0 AS base_back, 0 AS tax_back
                FROM ended e JOIN sale_tax t ON t.tenant_id = p_tenant AND t.sale_id = e.id
               WHERE e.status = 'COMMITTED'
              UNION ALL
              SELECT r.currency_code, t.component, t.rate, t.scheme, 0, 0, t.base_minor, t.tax_minor
                FROM sale_return r JOIN sale_return_tax t ON t.tenant_id = r.tenant_id AND t.return_id = r.id
               WHERE r.tenant_id = p_tenant AND r.shift_id = p_shift) x
       GROUP BY x.currency_code, x.component, x.rate, x.scheme
    ), receipt AS (
      -- By number, and a longer number is a higher one.
      SELECT count(*) AS n,
             (array_agg(e.receipt_number ORDER BY length(e.receipt_number), e.receipt_number))[1] AS first,
             (array_agg(e.receipt_number ORDER BY length(e.receipt_number) DESC, e.receipt_number DESC))[1] AS last
        FROM ended e WHERE e.status = 'COMMITTED'
    )
    SELECT jsonb_build_object(
      'currencyCode', h.currency_code, 'openingFloatMinor', h.opening_float_minor,
      'sales', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', o.currency_code, 'count', o.n, 'totalMinor', o.minor)
                         ORDER BY o.currency_code)
          FROM total o WHERE o.status = 'COMMITTED'), '[]'),
      'voids', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', o.currency_code, 'count', o.n, 'totalMinor', o.minor)
                         ORDER BY o.currency_code)
          FROM total o WHERE o.status = 'VOIDED'), '[]'),
      'cashiers', coalesce((
        SELECT jsonb_agg(jsonb_build_object('cashier', c.opened_by, 'currencyCode', c.currency_code, 'count', c.n,
                         'totalMinor', c.minor) ORDER BY c.opened_by, c.currency_code)
          FROM cashier c), '[]'),
      'tenders', coalesce((
        SELECT jsonb_agg(jsonb_build_object('kind', t.kind, 'currencyCode', t.currency_code, 'count', t.n,
                         'receivedMinor', t.minor, 'changeMinor', t.change_minor) ORDER BY t.kind, t.currency_code)
          FROM tender t), '[]'),
      'giftCards', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', c.currency_code, 'count', c.n, 'totalMinor', c.minor)
                         ORDER BY c.currency_code)
          FROM card c), '[]'),
      'cashMovements', coalesce((
        SELECT jsonb_agg(jsonb_build_object('kind', m.kind, 'currencyCode', m.currency_code, 'count', m.n,
                         'totalMinor', m.minor) ORDER BY m.kind, m.currency_code)
          FROM movement m), '[]'),
      'discounts', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', d.currency_code, 'count', d.n, 'totalMinor', d.minor)
                         ORDER BY d.currency_code)
          FROM discount d), '[]'),
      'returns', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', b.currency_code, 'count', b.n, 'totalMinor', b.minor)
                         ORDER BY b.currency_code)
          FROM back b WHERE NOT b.is_void), '[]'),
      'postVoids', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', b.currency_code, 'count', b.n, 'totalMinor', b.minor)
                         ORDER BY b.currency_code)
          FROM back b WHERE b.is_void), '[]'),
      'refunds', coalesce((
        SELECT jsonb_agg(jsonb_build_object('kind', f.kind, 'currencyCode', f.currency_code, 'count', f.n,
                         'totalMinor', f.minor) ORDER BY f.kind, f.currency_code)
          FROM refund f), '[]'),
      'layByPayments', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', l.currency_code, 'count', l.n, 'totalMinor', l.minor)
                         ORDER BY l.currency_code)
          FROM lay_by_paid l), '[]'),
      'layBySales', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', l.currency_code, 'count', l.n, 'totalMinor', l.minor)
                         ORDER BY l.currency_code)
          FROM lay_by_sold l), '[]'),
      'taxes', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', x.currency_code, 'component', x.component,
                         'rate', trim_scale(x.rate)::text, 'scheme', x.scheme, 'baseMinor', x.base, 'taxMinor', x.tax,
                         'returnedBaseMinor', x.base_back, 'returnedTaxMinor', x.tax_back)
                         ORDER BY x.currency_code, x.component, x.rate, x.scheme)
          FROM tax x), '[]'),
      'roundings', coalesce((
        SELECT jsonb_agg(jsonb_build_object('currencyCode', o.currency_code, 'count', o.n, 'totalMinor', o.minor)
                         ORDER BY o.currency_code)
          FROM (SELECT e.currency_code, count(*) AS n, sum(e.rounding_minor)::bigint AS minor FROM ended e
                 WHERE e.status = 'COMMITTED' AND e.rounding_minor <> 0 GROUP BY e.currency_code) o), '[]'),
      'receipts', (
        SELECT jsonb_build_object('from', r.first, 'to', r.last, 'count', r.n) FROM receipt r WHERE r.n > 0))
      FROM shift h WHERE h.tenant_id = p_tenant AND h.id = p_shift
  );
END $$;
