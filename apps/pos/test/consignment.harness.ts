import { mutationsOver, type Pos } from './pos.harness.ts';

type Input = Record<string, unknown>;
type CallerOptions = Parameters<Pos['graphql']>[2];

export const keeper = { scopes: ['consignment:write', 'sale:read'], subject: 'keeper' };

const money = '{ amount currencyCode }';
const agreement = `id owner { id } currencyCode ownerSharePercent amountOwed ${money} minimumPrice ${money} belowMinimum
  discounts endedAt owed ${money}`;
const piece = `id sku title serial serialUnit { id } quantity soldQuantity returnedQuantity leftQuantity
  amountOwed ${money} minimumPrice ${money}`;
const entry = `number kind amount ${money} balance ${money} quantity paid ${money} isBelowMinimum reference recordedBy
  piece { serial sku } sale { id }`;
const common = `... on UserError { code message } ... on InvalidInput { field value } ... on NotFound { kind id }
  ... on IdempotencyKeyReused { idempotencyKey }`;
const currency = '... on CurrencyMismatch { expected actual }';
const fragments = {
  consignmentOpen: `... on ConsignmentOpenSuccess { agreement { ${agreement} } } ${currency} ... on CustomerErased { customerId }`,
  consignmentPieceAdd: `... on ConsignmentPieceAddSuccess { piece { ${piece} } } ${currency}
    ... on ConsignmentEnded { agreementId } ... on PieceConsigned { agreementId }`,
  consignmentPieceReturn: `... on ConsignmentPieceReturnSuccess { consignmentReturn { id status quantity refusal piece { ${piece} } } }
    ... on ConsignmentPieceNotLeft { leftQuantity requestedQuantity } ... on ConsignmentPieceStays { pieceId }`,
  consignmentEnd: `... on ConsignmentEndSuccess { agreement { ${agreement} } } ... on ConsignmentEnded { agreementId }
    ... on ConsignmentHasPieces { leftQuantity }`,
  consignmentPay: `... on ConsignmentPaySuccess { entry { ${entry} } }
    ... on PaymentExceedsOwed { owed ${money} requested ${money} }`,
};

/** What one does with pieces of others, by name. */
export function consignmentsOf({ graphql }: Pick<Pos, 'graphql'>) {
  const ask = mutationsOver({ graphql }, { fragments, common });
  const mutation = (name: keyof typeof fragments, usual: CallerOptions = keeper) =>
    ask(name, usual);
  return {
    open: mutation('consignmentOpen'),
    add: mutation('consignmentPieceAdd'),
    giveBack: mutation('consignmentPieceReturn'),
    end: mutation('consignmentEnd'),
    pay: mutation('consignmentPay'),
    async agreement(id: string, caller: CallerOptions = keeper) {
      const query = `query($id: ID!) { consignmentAgreement(id: $id) { ${agreement} pieces { nodes { ${piece} } } } }`;
      return (await graphql(query, { id }, caller)).data['consignmentAgreement'];
    },
    async statement(of: Input, caller: CallerOptions = keeper) {
      const query = `query($ownerId: ID!, $currencyCode: CurrencyCode!, $from: DateTime!, $to: DateTime!, $first: Int, $after: String) {
        consignmentStatement(ownerId: $ownerId, currencyCode: $currencyCode, from: $from, to: $to) {
          owner { id } opening ${money} sold ${money} takenBack ${money} paid ${money} closing ${money}
          entries(first: $first, after: $after) { nodes { ${entry} } pageInfo { hasNextPage endCursor } } } }`;
      const period = {
        currencyCode: 'EUR',
        from: '2000-01-01T00:00:00Z',
        to: '2100-01-01T00:00:00Z',
      };
      return (await graphql(query, { ...period, ...of }, caller)).data['consignmentStatement'];
    },
  };
}
