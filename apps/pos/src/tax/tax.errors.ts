import { refuse } from '@onecount/refusal';

export function taxRuleExists(component: string) {
  const message = `A rule for ${component} with the same location and code begins at this moment already.`;
  return refuse('TaxRuleExists', 'TAX_RULE_EXISTS', message, { component });
}
