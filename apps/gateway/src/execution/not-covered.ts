/** An operation has something that our executor leaves to @apollo/gateway; found while it is compiled. */
export class NotCovered extends Error {
  override readonly name = 'NotCovered';
}

export function notCovered(what: string): never {
  throw new NotCovered(what);
}
