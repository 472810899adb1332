import { uuidv7, type Database } from '@onecount/db';
import { checkKey, isRefusal, isUuid, notFound } from '@onecount/refusal';
import type {
  TaxRuleAddInput,
  TaxRuleCancelInput,
  TaxSettingsUpdateInput,
} from '../generated/resolver-types.ts';
import { locationOf, type LocationService } from '../location/location.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { readRule } from './tax-rule.ts';
import { cancelRule, insertRule, ruleById } from './tax-rule.sql.ts';
import { cashStepsOf } from './tax-settings.ts';
import { insertTaxSettings } from './tax-settings.sql.ts';
import { taxRuleExists } from './tax.errors.ts';

type Deps = { db: Database; locations: LocationService };
type Place = { locationId?: string | null; locationCode?: string | null };
export type TaxService = ReturnType<typeof createTaxService>;

/** What is taxed and how, from now on; what was sold stays taxed as it was. */
export function createTaxService(deps: Deps) {
  return {
    addRule: (caller: Caller, input: TaxRuleAddInput) => addRule(deps, caller, input),
    cancelRule: (caller: Caller, input: TaxRuleCancelInput) => cancel(deps, caller, input),
    updateSettings: (caller: Caller, input: TaxSettingsUpdateInput) =>
      updateSettings(deps, caller, input),
  };
}

/** Null: all locations. */
export async function placeOf(locations: LocationService, caller: Caller, place: Place) {
  return place.locationId || place.locationCode ? locationOf(locations, caller, place) : null;
}

async function addRule({ db, locations }: Deps, caller: Caller, input: TaxRuleAddInput) {
  const wanted = readRule(input);
  if (isRefusal(wanted)) return wanted;
  const location = await placeOf(locations, caller, input);
  if (isRefusal(location)) return location;
  const constraints = { tax_rule_one_a_start: () => taxRuleExists(wanted.component) };
  return db.command(
    caller,
    { operation: 'taxRuleAdd', input, constraints },
    async (tx) => {
      const ruleId = uuidv7();
      const of = { id: ruleId, locationId: location?.id ?? null, addedBy: caller.subject };
      await insertRule(tx, { ...wanted, ...of });
      return { ruleId };
    },
    async (tx, { ruleId }) => ({
      __typename: 'TaxRuleAddSuccess' as const,
      rule: await ruleById(tx, ruleId),
    }),
  );
}

async function cancel({ db }: Deps, caller: Caller, input: TaxRuleCancelInput) {
  const { ruleId } = input;
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(ruleId)) return notFound('TaxRule', ruleId);
  return db.command(
    caller,
    { operation: 'taxRuleCancel', input },
    async (tx) =>
      (await cancelRule(tx, ruleId, caller.subject)) ? { ruleId } : notFound('TaxRule', ruleId),
    async (tx) => ({
      __typename: 'TaxRuleCancelSuccess' as const,
      rule: await ruleById(tx, ruleId),
    }),
  );
}

async function updateSettings(
  { db, locations }: Deps,
  caller: Caller,
  input: TaxSettingsUpdateInput,
) {
  const { pricesIncludeTax, rounding } = input;
  const cashSteps = checkKey(input.idempotencyKey) ?? cashStepsOf(input.cashRounding ?? []);
  if (isRefusal(cashSteps)) return cashSteps;
  const location = await placeOf(locations, caller, input);
  if (isRefusal(location)) return location;
  return db.command(caller, { operation: 'taxSettingsUpdate', input }, async (tx) => ({
    __typename: 'TaxSettingsUpdateSuccess' as const,
    settings: await insertTaxSettings(tx, {
      ...{ id: uuidv7(), setBy: caller.subject, locationId: location?.id ?? null },
      ...{ pricesIncludeTax, rounding, cashSteps },
    }),
  }));
}
