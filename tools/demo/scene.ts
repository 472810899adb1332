import { resolve } from 'node:path';
import { pay, putIntoBasket } from './counter.ts';
import { explain } from './explain.ts';
import { expectEqual } from './expectation.ts';
import { createGraph, type Graph } from './graph.ts';
import { issuePassport, verifyPassport } from './passport.ts';
import { createBrooch, type Piece } from './piece.ts';
import { importSample } from './sample.ts';
import { createStage, type Stage } from './stage.ts';
import { showViews, viewsAfter, viewsBefore } from './views.ts';
import { isRefusedAfterSale, isRefusedWhileHeld } from './web-buyer.ts';
import { closeWebShop, linkWebShop, showDelivery, type WebShop } from './web-shop.ts';

export type SceneOptions = {
  graphqlUrl: string;
  /** Access tokens of one tenant: its owner, its counter, its public web shop. */
  tokens: { owner: string; cashier: string; publishable: string };
  write(line: string): void;
  isColoured?: boolean;
  sampleFile?: string;
};

const location = 'HQ';
const sampleOfTheRepository = resolve(import.meta.dirname, '../../examples/products.csv');

type People = { owner: Graph; cashier: Graph; shopper: Graph };

/**
 * The scene that the product exists for, against a running system: a brooch of which there is one, a
 * walk-in and a web buyer. Every line written comes from an answer; an answer that is not what the scene
 * promises throws SceneFailure. It can be played any number of times.
 */
export async function playScene(options: SceneOptions): Promise<void> {
  const { graphqlUrl, tokens } = options;
  const stage = createStage(options.write, options.isColoured ?? false);
  const people: People = {
    owner: createGraph(graphqlUrl, tokens.owner),
    cashier: createGraph(graphqlUrl, tokens.cashier),
    shopper: createGraph(graphqlUrl, tokens.publishable),
  };
  const file = options.sampleFile ?? sampleOfTheRepository;
  const sample = { graphqlUrl, token: tokens.owner, file, location };
  await importSample(sample, { owner: people.owner, stage });
  const piece = await createBrooch(people.owner, stage, location);
  const shop = await linkWebShop(people.owner, stage);
  try {
    await sellOnce(people, { piece, shop, stage });
  } finally {
    await closeWebShop(people.owner, shop);
  }
}

async function sellOnce(
  people: People,
  { piece, shop, stage }: { piece: Piece; shop: WebShop; stage: Stage },
): Promise<void> {
  const { owner, cashier, shopper } = people;
  await showDelivery(shop, { piece, available: 1, stage });
  const passportUrl = await issuePassport(owner, { piece, stage });
  const ticketNumber = await openRepair(owner, { piece, stage });
  const scene = { owner, piece, connectionId: shop.connectionId };
  const before = await viewsBefore(scene, ticketNumber);

  const basket = await putIntoBasket(cashier, { piece, stage, location });
  await isRefusedWhileHeld({ shopper, owner }, { piece, basket, stage });
  const receiptNumber = await pay(cashier, basket, stage);

  stage.step('Six services, one count');
  const { views, tookMs } = await viewsAfter(scene, { ticketNumber, receiptNumber });
  showViews(stage, before, views);
  stage.line(`All six agreed ${tookMs} ms after they were first asked.`);
  await isRefusedAfterSale(shopper, { piece, stage });
  stage.step('The web shop was told');
  await showDelivery(shop, { piece, available: 0, stage });
  await verifyPassport(passportUrl, { piece, stage });
  await explain(owner, { piece, saleId: basket.saleId, stage });
}

/** A clasp to be tightened: a ticket on a known unit moves no stock. */
async function openRepair(
  owner: Graph,
  { piece, stage }: { piece: Piece; stage: Stage },
): Promise<string> {
  stage.step('The bench takes a look at the clasp');
  const { repair } = await owner.succeed(
    'repairOpen',
    { sku: piece.sku, serial: piece.serial, workRequested: 'Tighten the clasp' },
    'repair { ticketNumber stage serialUnit { serial certificate { number lab } } }',
  );
  const { serial, certificate } = repair.serialUnit;
  expectEqual('certificate on the ticket', certificate.number, piece.certificateNumber);
  stage.fact(
    repair.ticketNumber,
    `${repair.stage}, serial ${serial}, certificate ${certificate.number} (${certificate.lab})`,
  );
  return repair.ticketNumber as string;
}
