import { money, shared, type Call, type World } from './isolation-call.ts';

/** What a request says of tax. */
export const wordsOfTaxes = {
  component: 'of the other tenant',
  rate: '1.5',
  taxCode: 'OTHER',
  validTo: '2100-01-01T00:00:00.000Z',
};

/** What it names. */
export const namesOfTaxes = { ruleId: 'taxRule' };

/** Rules and settings of one's own: what is sold from now on is taxed. */
export async function tax(call: Call, { word }: World): Promise<void> {
  const { locationCode } = shared;
  const component = word('tax').slice(0, 40);
  await call('taxRuleAdd', { component, rate: '20' }, 'rule { id }');
  const settings = { locationCode, pricesIncludeTax: true, rounding: 'LINE' };
  await call(
    'taxSettingsUpdate',
    { ...settings, cashRounding: [money('0.01')] },
    'settings { setAt }',
  );
}
