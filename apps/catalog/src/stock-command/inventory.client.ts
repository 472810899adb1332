import type { ServiceClient } from '@onecount/graphql';
import type { CountResult, StockItemLine, StockLine } from './stock-command.ts';

/** Why inventory will never take the command as it is; `sku` when it names one. */
export type StockRefusal = { code: string; message: string; sku?: string };

export type InventoryClient = ReturnType<typeof createInventoryClient>;

const register = {
  name: 'CatalogStockItemsRegister',
  query: `mutation CatalogStockItemsRegister($input: StockItemsRegisterInput!) {
    answer: stockItemsRegister(input: $input) {
      __typename
      ... on UserError { code message }
      ... on StockItemsRegisterRefused { reasons { sku message } }
    }
  }`,
};

const receive = {
  name: 'CatalogOpeningStockReceive',
  query: `mutation CatalogOpeningStockReceive($input: OpeningStockReceiveInput!) {
    answer: openingStockReceive(input: $input) {
      __typename
      ... on UserError { code message }
      ... on StockReceiveRefused { reasons { sku message } }
    }
  }`,
};

const location = {
  name: 'CatalogLocation',
  query: `query CatalogLocation($id: ID, $code: String) {
    location: locationForSale(id: $id, code: $code) { code }
  }`,
};

const uses = {
  name: 'CatalogVariantUses',
  query: `query CatalogVariantUses($variantId: ID!) {
    uses: stockUses(variantId: $variantId) {
      onHand inTransit backorderLimit holdsTotal
      holds { holdId quantity locationCode expiresAt saleId }
    }
  }`,
};

const setCounts = {
  name: 'CatalogCountsSet',
  query: `mutation CatalogCountsSet($input: StockCountsSetInput!) {
    answer: stockCountsSet(input: $input) {
      __typename
      ... on UserError { code message }
      ... on StockCountsSetSuccess { lines { outcome before } }
    }
  }`,
};

const previewCounts = {
  name: 'CatalogCountsPreview',
  query: `query CatalogCountsPreview($isOverwriting: Boolean!, $lines: [StockCountLineInput!]!) {
    counts: stockCountsPreview(isOverwriting: $isOverwriting, lines: $lines) { outcome before }
  }`,
};

const counts = {
  name: 'CatalogCounts',
  query: `query CatalogCounts($skus: [String!]!) {
    counts: stockCounts(skus: $skus) { sku locationCode onHand }
  }`,
};

/** What a file says is on hand; `place` by code or name. */
type CountedLine = { sku: string; place: string; onHand: number };

/** Units on hand of a SKU at a location. */
export type StockCount = { sku: string; locationCode: string; onHand: number };

const labelUnits = {
  name: 'CatalogUnitsForLabels',
  query: `query CatalogUnitsForLabels($ids: [ID!]!) {
    units: unitsForLabels(serialUnitIds: $ids) {
      id sku serial stockNumber certificateLab certificateNumber attributes { kind value }
    }
  }`,
};

/** What the label of a unit can say. */
export type UnitForLabel = {
  id: string;
  sku: string;
  serial: string | null;
  stockNumber: string | null;
  certificateLab: string | null;
  certificateNumber: string | null;
  attributes: { kind: string; value: string }[];
};

/** What inventory has of a variant, and promises of it. */
export type StockUses = {
  onHand: number;
  inTransit: number;
  backorderLimit: number;
  holdsTotal: number;
  /** The oldest of them. */
  holds: {
    holdId: string;
    quantity: number;
    locationCode: string;
    expiresAt: string | null;
    saleId: string | null;
  }[];
};

export const inventoryOperations = [
  ...[register, receive, location, uses, labelUnits, setCounts, previewCounts, counts],
];

type Outcome = {
  __typename: string;
  code?: string;
  message?: string;
  reasons?: { sku: string; message: string }[];
};

/** Commands and questions to inventory. Each throws a ServiceCallError when there is no answer. */
export function createInventoryClient(client: Pick<ServiceClient, 'call'>) {
  async function command(tenantId: string, operation: typeof register, input: object) {
    const { answer } = await client.call<{ answer: Outcome }>(callerOf(tenantId), operation, {
      input,
    });
    return refusalOf(answer);
  }
  return {
    registerItems: (tenantId: string, items: StockItemLine[]) =>
      command(tenantId, register, { items }),
    receiveOpeningStock: (
      tenantId: string,
      input: { idempotencyKey: string; lines: Omit<StockLine, 'row'>[] },
    ) => command(tenantId, receive, input),
    /** Answers the lines in their order, or why none was looked at. */
    async setCounts(
      tenantId: string,
      input: {
        idempotencyKey: string;
        productImportId: string;
        isOverwriting: boolean;
        lines: CountedLine[];
      },
    ): Promise<CountResult[] | StockRefusal> {
      type Data = { answer: Outcome & { lines?: CountResult[] } };
      const { answer } = await client.call<Data>(callerOf(tenantId), setCounts, { input });
      return answer.lines ?? refusalOf(answer)!;
    },
    /** What setCounts would answer. */
    async previewCounts(
      tenantId: string,
      asked: { isOverwriting: boolean; lines: CountedLine[] },
    ): Promise<CountResult[]> {
      type Data = { counts: CountResult[] };
      return (await client.call<Data>(callerOf(tenantId), previewCounts, asked)).counts;
    },
    async counts(tenantId: string, skus: readonly string[]): Promise<StockCount[]> {
      const answer = await client.call<{ counts: StockCount[] }>(callerOf(tenantId), counts, {
        skus,
      });
      return answer.counts;
    },
    /** The code as inventory writes it; null for a location that is not there. */
    async locationCode(
      tenantId: string,
      named: { id: string } | { code: string },
    ): Promise<string | null> {
      type Data = { location: { code: string } | null };
      const answer = await client.call<Data>(callerOf(tenantId), location, named);
      return answer.location?.code ?? null;
    },
    async unitsForLabels(tenantId: string, ids: readonly string[]): Promise<UnitForLabel[]> {
      const answer = await client.call<{ units: UnitForLabel[] }>(callerOf(tenantId), labelUnits, {
        ids,
      });
      return answer.units;
    },
    async variantUses(tenantId: string, variantId: string): Promise<StockUses> {
      const answer = await client.call<{ uses: StockUses }>(callerOf(tenantId), uses, {
        variantId,
      });
      return answer.uses;
    },
  };
}

const callerOf = (tenantId: string) => ({ tenantId, subject: 'service:catalog' });

function refusalOf(answer: Outcome): StockRefusal | null {
  if (answer.code === undefined || answer.message === undefined) return null;
  const [reason] = answer.reasons ?? [];
  const { code } = answer;
  if (reason === undefined) return { code, message: answer.message };
  return { code, message: reason.message, sku: reason.sku };
}
