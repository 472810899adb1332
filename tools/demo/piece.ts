import { randomUUID } from 'node:crypto';
import type { Graph } from './graph.ts';
import { expectEqual } from './expectation.ts';
import { money, type Stage } from './stage.ts';

/** A piece of which there is one, with the ids that it got. */
export type Piece = {
  title: string;
  sku: string;
  serial: string;
  stockNumber: string;
  certificateNumber: string;
  productId: string;
  variantId: string;
};

export const price = { amount: '4200.00', currencyCode: 'USD' };

/** A brooch of this run's own: what was sold in the last run cannot be sold again. */
export async function createBrooch(owner: Graph, stage: Stage, location: string): Promise<Piece> {
  stage.step(`A brooch comes in at ${location}: there is one of it in the world`);
  const run = randomUUID().slice(0, 8).toUpperCase();
  const piece = {
    title: `Estate Brooch ${run}`,
    sku: `BROOCH-${run}`,
    serial: `EB-${run}`,
    stockNumber: `HQ-${run}`,
    certificateNumber: `GR-${run}`,
  };
  const { product, inventoryTotal } = await owner.succeed(
    'productCreate',
    broochInput(piece, location),
    'inventoryTotal product { id variants(first: 1) { nodes { id sku price { amount currencyCode } } } }',
  );
  const [variant] = product.variants.nodes;
  expectEqual('opening stock of the brooch', inventoryTotal, 1);
  expectEqual('SKU of the brooch', variant.sku, piece.sku);
  stage.fact('SKU', `${variant.sku}, ${money(variant.price)}, ${inventoryTotal} in stock`);
  return { ...piece, productId: product.id, variantId: variant.id };
}

type Names = Omit<Piece, 'productId' | 'variantId'>;

const broochInput = (piece: Names, locationCode: string) => ({
  title: piece.title,
  vendor: 'Hartley & Sons',
  category: 'Brooches',
  productType: 'Brooch',
  tags: ['Demo'],
  status: 'ACTIVE',
  media: [{ url: 'https://shop.example/images/brooch-front.jpg', alt: 'Brooch from the front' }],
  variants: [
    {
      sku: piece.sku,
      tracking: 'SERIAL',
      price,
      openingStock: [
        {
          locationCode,
          serials: [
            {
              serial: piece.serial,
              stockNumber: piece.stockNumber,
              certificate: { number: piece.certificateNumber, lab: 'GIA', grade: 'VS2' },
              attributes: [{ key: 'Period', value: 'about 1890' }],
            },
          ],
        },
      ],
    },
  ],
});
