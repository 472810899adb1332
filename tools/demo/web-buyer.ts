import { expectEqual } from './expectation.ts';
import type { Answer, Graph } from './graph.ts';
import type { Basket } from './counter.ts';
import type { Piece } from './piece.ts';
import { clock, type Stage } from './stage.ts';

const taken = '... on UnitNotAvailable { sku serial unitStatus heldBy heldUntil }';

function tryToHold(shopper: Graph, { sku, serial }: Piece): Promise<Answer> {
  const input = { sku, serial, purpose: 'WEB_CHECKOUT', channel: 'WEB' };
  return shopper.mutate('holdCreate', input, { success: 'hold { id }', refusals: taken });
}

/** Somebody finds it on the website while it lies on the counter: refused, and told why. */
export async function isRefusedWhileHeld(
  { shopper, owner }: { shopper: Graph; owner: Graph },
  { piece, basket, stage }: { piece: Piece; basket: Basket; stage: Stage },
): Promise<void> {
  stage.step('Web: a buyer wants the same brooch now');
  const answer = await tryToHold(shopper, piece);
  const { __typename, unitStatus, heldBy, heldUntil } = answer;
  expectEqual(
    'the answer to the web buyer',
    { __typename, unitStatus, heldBy, heldUntil },
    {
      __typename: 'UnitNotAvailable',
      unitStatus: 'HELD',
      heldBy: 'SALE',
      heldUntil: basket.heldUntil,
    },
  );
  stage.fact('refused', `${answer.message}`);
  await showHolder(owner, { piece, basket, stage });
}

type Holds = {
  stockItem: {
    holds: {
      nodes: { referenceId: string; channel: string; subject: string; expiresAt: string }[];
    };
  };
};

// Who it is, only the shop's own people may read; the public buyer was told "a sale".
async function showHolder(
  owner: Graph,
  { piece, basket, stage }: { piece: Piece; basket: Basket; stage: Stage },
): Promise<void> {
  const { stockItem } = await owner.query<Holds>(
    `query DemoHolder($sku: String!) { stockItem(sku: $sku) { holds(first: 5) { nodes {
       referenceId channel subject expiresAt } } } }`,
    { sku: piece.sku },
  );
  const holds = stockItem.holds.nodes;
  expectEqual(
    'the holds of the brooch',
    holds.map(({ referenceId, expiresAt }) => ({ referenceId, expiresAt })),
    [{ referenceId: basket.saleId, expiresAt: basket.heldUntil }],
  );
  const [{ channel, subject, expiresAt }] = holds as [Holds['stockItem']['holds']['nodes'][0]];
  stage.fact('held by', `${subject}, ${channel}, sale ${basket.saleId}, until ${clock(expiresAt)}`);
}

/** Sunday: the disaster that this is all about. Until inventory has applied the sale it is HELD for it; then SOLD. */
export async function isRefusedAfterSale(
  shopper: Graph,
  { piece, stage }: { piece: Piece; stage: Stage },
): Promise<void> {
  stage.step('Web: the buyer tries again');
  const answer = await tryToHold(shopper, piece);
  const { __typename, unitStatus } = answer;
  expectEqual(
    'the answer to the web buyer after the sale',
    { __typename, unitStatus },
    { __typename: 'UnitNotAvailable', unitStatus: 'SOLD' },
  );
  stage.fact('refused', `${answer.message}`);
}
