import { badInput } from '@onecount/graphql';
import { isStorable, isUuid } from '@onecount/refusal';

type TillFilter = {
  registerId?: string | null;
  locationId?: string | null;
  locationCode?: string | null;
};

/** What is no id of ours, or no text that PostgreSQL takes, must not reach it. */
export function checkTillFilter({ registerId, locationId, locationCode }: TillFilter): void {
  for (const [field, value] of Object.entries({ registerId, locationId, locationCode })) {
    if (value === null || value === undefined) continue;
    if (field.endsWith('Id') ? !isUuid(value) : !isStorable(value))
      throw badInput(`${field} is nothing that a till can have.`, { field, value });
  }
}
