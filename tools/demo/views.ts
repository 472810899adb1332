import { followsWithinMs, untilEqual } from './expectation.ts';
import type { Graph } from './graph.ts';
import type { Piece } from './piece.ts';
import { clock, type Stage } from './stage.ts';

/** What each of the six services says about the piece. */
export type Views = {
  catalog: { status: string; quantitySold: number };
  inventory: { onHand: number; committed: number; available: number; unit: string };
  pos: { status: string; receiptNumber: string }[];
  workshop: { ticketNumber: string; stage: string; unitSoldAt: string | null }[];
  passport: { status: string; lifecycle: string[] };
  'storefront-sync': { isListed: boolean; available: number | null } | null;
};

const piecePage = `query DemoPiece($sku: String!) { variant(sku: $sku) {
  product { status } sales { quantitySold }
  stock { onHand committed available units(first: 1) { nodes { status
    sales { status receiptNumber }
    repairs(first: 5) { nodes { ticketNumber stage unitSoldAt } }
    passport { status lifecycle(first: 20) { nodes { kind } } } } } }
  listings { connection { id } isListed available } } }`;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- every field is compared below
type Page = { variant: any };

async function readViews(owner: Graph, piece: Piece, connectionId: string): Promise<Views> {
  const { variant } = await owner.query<Page>(piecePage, { sku: piece.sku });
  const { stock } = variant;
  const unit = stock.units.nodes[0];
  const listing = variant.listings.find(
    (each: { connection: { id: string } }) => each.connection.id === connectionId,
  );
  const { onHand, committed, available } = stock;
  return {
    catalog: { status: variant.product.status, quantitySold: variant.sales.quantitySold },
    inventory: { onHand, committed, available, unit: unit.status },
    pos: unit.sales,
    workshop: unit.repairs.nodes,
    passport: {
      status: unit.passport.status,
      lifecycle: unit.passport.lifecycle.nodes.map(({ kind }: { kind: string }) => kind).toSorted(),
    },
    'storefront-sync': listing
      ? { isListed: listing.isListed, available: listing.available }
      : null,
  };
}

/** What the scene promises; a time is promised to be there, not what it is. */
type Promised = Omit<Views, 'workshop'> & {
  workshop: { ticketNumber: string; stage: string; isSold: boolean }[];
};

const factsOf = (views: Views): Promised => ({
  ...views,
  workshop: views.workshop.map(({ ticketNumber, stage, unitSoldAt }) => ({
    ticketNumber,
    stage,
    isSold: unitSoldAt !== null,
  })),
});

type Scene = { owner: Graph; piece: Piece; connectionId: string };

async function promised(what: string, scene: Scene, expected: Promised) {
  const { answer, tookMs } = await untilEqual(
    what,
    () => readViews(scene.owner, scene.piece, scene.connectionId),
    { facts: factsOf, expected, withinMs: followsWithinMs },
  );
  return { views: answer, tookMs };
}

export async function viewsBefore(scene: Scene, ticketNumber: string): Promise<Views> {
  const { views } = await promised('the services before the sale', scene, {
    catalog: { status: 'ACTIVE', quantitySold: 0 },
    inventory: { onHand: 1, committed: 0, available: 1, unit: 'AVAILABLE' },
    pos: [],
    workshop: [{ ticketNumber, stage: 'INTAKE', isSold: false }],
    passport: { status: 'ACTIVE', lifecycle: ['PASSPORT_ISSUED', 'RECEIVED'] },
    'storefront-sync': { isListed: true, available: 1 },
  });
  return views;
}

export function viewsAfter(
  scene: Scene,
  { ticketNumber, receiptNumber }: { ticketNumber: string; receiptNumber: string },
): Promise<{ views: Views; tookMs: number }> {
  return promised('the services after the sale', scene, {
    catalog: { status: 'ACTIVE', quantitySold: 1 },
    inventory: { onHand: 0, committed: 0, available: 0, unit: 'SOLD' },
    pos: [{ status: 'COMMITTED', receiptNumber }],
    workshop: [{ ticketNumber, stage: 'INTAKE', isSold: true }],
    passport: { status: 'ACTIVE', lifecycle: ['PASSPORT_ISSUED', 'RECEIVED', 'SOLD'] },
    'storefront-sync': { isListed: true, available: 0 },
  });
}

/** Side by side, one row per service. */
export function showViews(stage: Stage, before: Views, after: Views): void {
  const names = Object.keys(before) as (keyof Views)[];
  const [left, right] = [inWords(before), inWords(after)];
  stage.table([['', 'before', 'after'], ...names.map((name) => [name, left[name], right[name]])]);
}

function inWords(views: Views): Record<keyof Views, string> {
  const { catalog, inventory, pos, workshop, passport } = views;
  const listing = views['storefront-sync'];
  return {
    catalog: `${catalog.status}, ${catalog.quantitySold} sold`,
    inventory: `${inventory.onHand} on hand, ${inventory.available} available, unit ${inventory.unit}`,
    pos: pos.map((sale) => `${sale.status}, receipt ${sale.receiptNumber}`).join() || 'no sale',
    workshop: workshop
      .map(({ ticketNumber, stage, unitSoldAt }) => {
        const sold = unitSoldAt === null ? '' : `, piece sold ${clock(unitSoldAt)}`;
        return `${ticketNumber} ${stage}${sold}`;
      })
      .join(),
    passport: `${passport.status}, ${passport.lifecycle.join(' ')}`,
    'storefront-sync': listing
      ? `${listing.isListed ? 'listed' : 'not listed'}, ${listing.available} available`
      : 'no listing',
  };
}
