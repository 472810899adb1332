// Percentages with at most two decimals, as whole hundredths of a percent: '12.5' is 1250.

const form = /^(\d{1,3})(?:\.(\d{1,2})0*)?$/;
const whole = 10_000;

/** Undefined for what is no percentage from 0 to 100 with at most two decimals. */
export function basisPointsOf(percent: string): number | undefined {
  const match = form.exec(percent);
  if (!match) return undefined;
  const [, units = '', decimals = ''] = match;
  const basisPoints = Number(units) * 100 + Number(decimals.padEnd(2, '0'));
  return basisPoints <= whole ? basisPoints : undefined;
}

/** 1250 → '12.5', without zeros at the end. */
export function percentText(basisPoints: number): string {
  const decimals = String(basisPoints % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${Math.floor(basisPoints / 100)}${decimals && `.${decimals}`}`;
}
