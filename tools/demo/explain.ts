import { expectEqual } from './expectation.ts';
import type { Graph } from './graph.ts';
import type { Piece } from './piece.ts';
import { clock, type Stage } from './stage.ts';

type Explanation = {
  location: { code: string };
  onHand: number;
  committed: number;
  available: number;
  isConsistent: boolean;
  check: string;
  recentMovements: {
    reason: string;
    quantity: number;
    resultingOnHand: number;
    occurredAt: string;
    referenceId: string | null;
  }[];
};

const explainQuery = `query DemoExplain($sku: String!) { stockItem(sku: $sku) { explain {
  location { code } onHand committed available isConsistent check
  recentMovements { reason quantity resultingOnHand occurredAt referenceId } } } }`;

/** Why is available what it is? The ledger, line by line, and the sum. */
export async function explain(
  owner: Graph,
  { piece, saleId, stage }: { piece: Piece; saleId: string; stage: Stage },
): Promise<void> {
  stage.step('Why is available 0?');
  const { stockItem } = await owner.query<{ stockItem: { explain: Explanation[] } }>(explainQuery, {
    sku: piece.sku,
  });
  const [explanation] = stockItem.explain as [Explanation];
  const { onHand, committed, available, isConsistent, recentMovements } = explanation;
  expectEqual(
    'explain',
    { onHand, committed, available, isConsistent, quantities: recentMovements.map(quantityOf) },
    { onHand: 0, committed: 0, available: 0, isConsistent: true, quantities: [-1, 1] },
  );
  expectEqual('reference of the movement', recentMovements[0]!.referenceId, saleId);
  for (const { occurredAt, reason, quantity, resultingOnHand } of recentMovements.toReversed()) {
    const change = quantity > 0 ? `+${quantity}` : `${quantity}`;
    stage.fact(clock(occurredAt), `${reason} ${change}, then ${resultingOnHand} on hand`);
  }
  stage.fact(explanation.location.code, explanation.check);
}

const quantityOf = ({ quantity }: { quantity: number }): number => quantity;
