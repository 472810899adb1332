import { mutationsOver, type Pos, type Result } from './pos.harness.ts';

type Input = Record<string, unknown>;
type CallerOptions = Parameters<Pos['graphql']>[2];

export const desk = { scopes: ['rental:write', 'sale:read'], subject: 'desk' };

const money = '{ amount currencyCode }';
const rental = `id status sku serial serialUnit { id } customer { id } from until price ${money} lateFeePerDay ${money} deposit ${money}
  depositKind outNote outAt backNote backAt lateFee ${money} damageFee ${money} depositBack ${money} due ${money} sale { id }
  conflictSale { id }`;
const common = `... on UserError { code message } ... on InvalidInput { field value } ... on NotFound { kind id }
  ... on IdempotencyKeyReused { idempotencyKey }`;
const state = '... on RentalNotPossible { rentalId status }';
const till = `... on RegisterClosed { registerId } ... on CurrencyMismatch { expected actual }
  ... on InsufficientCash { requested ${money} }`;
const fragments = {
  rentalBook: `... on RentalBookSuccess { rental { ${rental} } } ... on RentalOverlaps { rentalId from until }
    ... on CurrencyMismatch { expected actual }`,
  rentalOut: `... on RentalOutSuccess { rental { ${rental} } } ... on RentalUnitNotFree { rentalId } ${state} ${till}`,
  rentalBack: `... on RentalBackSuccess { rental { ${rental} } } ${state} ${till}`,
  rentalCancel: `... on RentalCancelSuccess { rental { ${rental} } } ${state}`,
};

/** What one does with units that are let, by name. */
export function rentalsOf({ graphql }: Pick<Pos, 'graphql'>) {
  const ask = mutationsOver({ graphql }, { fragments, common });
  const mutation = (name: keyof typeof fragments, usual: CallerOptions = desk) => ask(name, usual);
  return {
    book: mutation('rentalBook'),
    out: mutation('rentalOut'),
    back: mutation('rentalBack'),
    cancel: mutation('rentalCancel'),
    async byId(id: string, caller: CallerOptions = desk) {
      const query = `query($id: ID!) { rental(id: $id) { ${rental} } }`;
      return (await graphql(query, { id }, caller)).data['rental'];
    },
    async list(of: Input, caller: CallerOptions = desk): Promise<Result[]> {
      const query = `query($status: RentalStatus, $serialUnitId: ID) {
        rentals(status: $status, serialUnitId: $serialUnitId) { nodes { ${rental} } } }`;
      return (await graphql(query, of, caller)).data['rentals'].nodes;
    },
  };
}
