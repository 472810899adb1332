export { tenantA, tenantB } from '@onecount/local-stack';
export { callerOf, type CallerOptions } from './caller.ts';
export {
  certificateAuthority,
  type Certificate,
  type CertificateAuthority,
} from './certificates.ts';
export { publishCampaign } from './config.ts';
export { readPdf, type PdfPage } from './pdf.ts';
export { cases, sample } from './sample.ts';
export { timeoutFactor } from './patience.ts';
export { variantMove, variantMoveOrders } from './variant-move.ts';
export { eventually, holds, type EventuallyOptions } from './eventually.ts';
export { emptyDatabase, testDatabase, type TestDatabase } from './database.ts';
export { testTransport, type TestTransport } from './transport.ts';
export {
  graphqlClient,
  GraphqlFailure,
  type GraphqlAnswer,
  type GraphqlClient,
  type GraphqlError,
} from './graphql-client.ts';
export { openLiveStream, type LiveClient, type LiveEvent } from './live-stream.ts';
export {
  createShop,
  type NewPiece,
  type Outcome,
  type Piece,
  type Purchase,
  type Shop,
} from './shop.ts';
export {
  startSubgraph,
  type SubgraphAnswer,
  type SubgraphFixture,
  type SubgraphOptions,
} from './subgraph-fixture.ts';
