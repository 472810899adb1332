import type { Tx } from '@onecount/db';
import { shiftColumns, type Shift } from './shift.sql.ts';

export type ShiftFilter = {
  status?: 'OPEN' | 'CLOSED' | null;
  isLeftOpen?: boolean | null;
  registerId?: string | null;
  locationId?: string | null;
  locationCode?: string | null;
  openedFrom?: string | null;
  openedTo?: string | null;
};

const atRegister = (condition: string) =>
  `h.register_id IN (SELECT r.id FROM register r WHERE r.tenant_id = $1 AND ${condition})`;

const conditions: Record<
  Exclude<keyof ShiftFilter, 'isLeftOpen'>,
  (parameter: string) => string
> = {
  status: (p) => `(h.closed_at IS NULL) = (${p} = 'OPEN')`,
  registerId: (p) => `h.register_id = ${p}::uuid`,
  locationId: (p) => atRegister(`r.location_id = ${p}::uuid`),
  locationCode: (p) => atRegister(`lower(r.location_code) = lower(${p})`),
  openedFrom: (p) => `h.opened_at >= ${p}::timestamptz`,
  openedTo: (p) => `h.opened_at < ${p}::timestamptz`,
};
const names = Object.keys(conditions) as (keyof typeof conditions)[];

/** Newest first. A text for each set of filters, unnamed, as salePage of sale.queries.ts. */
export function shiftPage(
  tx: Tx,
  filter: ShiftFilter,
  page: { after: string[] | undefined; limit: number; hoursMax: number },
): Promise<Shift[]> {
  const values: unknown[] = [tx.tenantId, page.limit];
  const bound = (value: unknown) => `$${values.push(value)}`;
  const given = names.filter((name) => filter[name] !== null && filter[name] !== undefined);
  const texts = ['h.tenant_id = $1', ...given.map((name) => conditions[name](bound(filter[name])))];
  if (typeof filter.isLeftOpen === 'boolean') {
    const since = `h.opened_at <= now() - make_interval(hours => ${bound(page.hoursMax)})`;
    texts.push(`(h.closed_at IS NULL AND ${since}) = ${bound(filter.isLeftOpen)}::boolean`);
  }
  const [openedAt, id] = page.after ?? [];
  if (page.after)
    texts.push(`(h.opened_at, h.id) < (${bound(openedAt)}::timestamptz, ${bound(id)}::uuid)`);
  const text = `SELECT ${shiftColumns} FROM shift h
    WHERE ${texts.join(' AND ')} ORDER BY h.opened_at DESC, h.id DESC LIMIT $2`;
  return tx.query<Shift>(text, values);
}
