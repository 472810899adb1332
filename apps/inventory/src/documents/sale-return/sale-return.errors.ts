/** A return that the count cannot follow: for the dead-event table, where a person sees it. */
export class ReturnContradictionError extends Error {
  constructor(of: { returnNumber: string; saleId: string }, reason: string) {
    super(`return ${of.returnNumber} of sale ${of.saleId} is made, but ${reason}`);
    this.name = 'ReturnContradictionError';
  }
}
