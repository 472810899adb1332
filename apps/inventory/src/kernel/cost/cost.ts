/** Cost of one unit in minor units, half up; exact beyond 2^53 in between. */
export function averageOf({ valueMinor, quantity }: { valueMinor: number; quantity: number }) {
  return Number((BigInt(valueMinor) * 2n + BigInt(quantity)) / (BigInt(quantity) * 2n));
}
