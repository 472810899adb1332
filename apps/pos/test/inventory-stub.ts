import { randomUUID } from 'node:crypto';
import { createSubgraphServer, type SubgraphServer } from '@onecount/graphql';
import type { InternalTokenVerifier } from '@onecount/identity';
import { createLogger } from '@onecount/telemetry';
import { neighbourSdl } from './neighbours.ts';

export type StubItem = {
  sku: string;
  title?: string;
  tracking: 'NONE' | 'QUANTITY' | 'SERIAL';
  onHand?: number;
  serial?: string;
};
type Hold = { saleId: string; lineId: string; sku: string; quantity: number; version?: number };
type Operation =
  | 'saleHoldPlace'
  | 'saleHoldsPlace'
  | 'saleHoldResize'
  | 'saleLineHoldsRenew'
  | 'saleHoldRelease'
  | 'saleClaim'
  | 'saleRelease'
  | 'unitsForLabels';
/** `lost`: the work is done and its answer is not; `down`: nothing is done. */
type Fault = 'lost' | 'down';
type Input = Record<string, string> & { quantity: number; lines: LineInput[] };
type LineInput = {
  lineId: string;
  sku: string;
  quantity: number;
  serial?: string;
  locationId?: string;
  anyLocation?: boolean;
};

const locationId = '01900000-0000-7000-8000-0000000000f1';

/**
 * Inventory's half of the sale protocol over real HTTP and its real SDL, on an in-memory count, with
 * answers that can be lost. It keeps the promises that inventory's own tests prove: claims are all or
 * nothing, idempotent by sale, and fenced by a release.
 */
export async function startInventoryStub(verifyInternalToken: InternalTokenVerifier) {
  const items = new Map<string, Required<StubItem> & { stockItemId: string; unitId: string }>();
  const holds = new Map<string, Hold>();
  const claims = new Map<string, Hold[]>();
  const fenced = new Set<string>();
  const unitNumbers = new Map<string, { serial: string | null; stockNumber: string | null }>();
  const calls: string[] = [];
  const claimsAsked: LineInput[][] = [];
  const faults: { operation: Operation; fault: Fault; times: number }[] = [];

  const keyOf = (saleId: string, lineId: string) => `${saleId}/${lineId}`;
  const taken = (sku: string, exceptSale?: string) =>
    [...holds.values(), ...[...claims.values()].flat()]
      .filter((hold) => hold.sku === sku && hold.saleId !== exceptSale)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const dropHolds = (saleId: string) => {
    for (const [key, hold] of holds) if (hold.saleId === saleId) holds.delete(key);
  };

  const guarded = (operation: Operation, work: (input: Input) => unknown) => {
    return (_: unknown, { input }: { input: Input }) => {
      calls.push(operation);
      const fault = faults.find((one) => one.operation === operation && one.times > 0);
      if (fault) fault.times -= 1;
      if (fault?.fault === 'down') throw new Error('down');
      const answer = work(input);
      if (fault?.fault === 'lost') throw new Error('lost');
      return answer;
    };
  };

  const insufficient = (sku: string, requested: number, available: number) => ({
    __typename: 'InsufficientStock',
    code: 'INSUFFICIENT_STOCK',
    message: `Only ${available} of ${items.get(sku)!.title} (${sku}).`,
    sku,
    requested,
    available,
    availableInAll: available,
    locationCode: 'HQ',
  });

  const isClosed = (saleId: string) => fenced.has(saleId) || claims.has(saleId);
  const closed = (saleId: string) => ({
    __typename: 'SaleClaimReleased',
    ...{ code: 'SALE_CLAIM_RELEASED', message: 'closed', saleId },
  });
  const place = (input: Input) => {
    const { saleId, lineId } = input as Input & { saleId: string; lineId: string };
    const quantity = input.quantity ?? 1;
    const wanted = input['sku'] ?? input['code'] ?? input['serial'];
    const item = [...items.values()].find((one) => one.sku === wanted || one.serial === wanted);
    if (!item)
      return {
        __typename: 'NotFound',
        code: 'NOT_FOUND',
        message: `${wanted} is unknown.`,
        kind: 'StockItem',
        id: wanted,
      };
    if (isClosed(saleId)) return closed(saleId);
    const isTracked = item.tracking !== 'NONE';
    const known = holds.get(keyOf(saleId, lineId));
    const available = item.onHand - taken(item.sku);
    if (isTracked && !known && available < quantity)
      return insufficient(item.sku, quantity, available);
    if (isTracked) holds.set(keyOf(saleId, lineId), { saleId, lineId, sku: item.sku, quantity });
    const isNamed = Boolean(input['serial']);
    return {
      __typename: 'SaleHoldPlaceSuccess',
      holdId: isTracked ? randomUUID() : null,
      stockItemId: item.stockItemId,
      sku: item.sku,
      title: item.title,
      tracking: item.tracking,
      serialUnitId: isNamed ? item.unitId : null,
      serial: isNamed ? item.serial : null,
      locationId: isTracked ? locationId : null,
      quantity,
      expiresAt: isTracked ? new Date(Date.now() + 900_000).toISOString() : null,
    };
  };

  const resize = (
    input: Input & { lineVersion: number; isWritten: boolean } & Record<
        'saleId' | 'lineId',
        string
      >,
  ) => {
    const { saleId, lineId, quantity, lineVersion: version, isWritten } = input;
    if (isClosed(saleId)) return closed(saleId);
    const key = keyOf(saleId, lineId);
    const known = holds.get(key);
    if ((known?.version ?? 0) > version || (!known && isWritten)) {
      const outdated = { code: 'SALE_HOLD_OUTDATED', message: 'outdated', lineId };
      return { __typename: 'SaleHoldOutdated', ...outdated };
    }
    const held = known?.quantity ?? 0;
    const sku = known?.sku ?? input['sku']!;
    const free = items.get(sku)!.onHand - taken(sku);
    if (!isWritten && quantity - held > free) return insufficient(sku, quantity, held + free);
    const answer = place({ ...input, sku, quantity: 0 } as unknown as Input) as object;
    const now = isWritten ? Math.min(held, quantity) : Math.max(held, quantity);
    holds.set(key, { saleId, lineId, sku, quantity: now, version });
    return { ...answer, quantity: now };
  };

  const unknownPieces = (saleId: string, lines: LineInput[]) => ({
    __typename: 'SaleClaimRefused',
    code: 'SALE_CLAIM_REFUSED',
    message: 'refused',
    saleId,
    reasons: lines.map(({ lineId, sku, quantity }) => {
      const message = `${sku} is unknown.`;
      return { lineId, sku, code: 'NOT_FOUND', message, requested: quantity, available: 0 };
    }),
  });

  const placeAll = ({ lines, ...terms }: Input & { saleId: string }) => {
    if (isClosed(terms.saleId)) return closed(terms.saleId);
    const before = new Map(holds);
    const answers = lines.map((line) => place({ ...terms, ...line } as unknown as Input));
    const refused = answers.flatMap((answer, index) =>
      answer.__typename === 'SaleHoldPlaceSuccess'
        ? []
        : { sku: null, available: null, requested: 1, ...answer, lineId: lines[index]!.lineId },
    );
    if (refused.length === 0) return { __typename: 'SaleHoldsPlaceSuccess', holds: answers };
    holds.clear();
    for (const [key, hold] of before) holds.set(key, hold);
    const { saleId } = terms;
    const refusal = { code: 'SALE_HOLDS_REFUSED', message: 'refused', saleId };
    return { __typename: 'SaleHoldsRefused', ...refusal, reasons: refused };
  };

  const claim = ({ saleId, lines }: Input & { saleId: string }) => {
    claimsAsked.push(lines);
    if (fenced.has(saleId))
      return {
        __typename: 'SaleClaimReleased',
        code: 'SALE_CLAIM_RELEASED',
        message: 'released',
        saleId,
      };
    const missing = lines.filter(
      ({ sku, serial }) => !items.has(sku) || (serial && items.get(sku)!.serial !== serial),
    );
    if (missing.length > 0) return unknownPieces(saleId, missing);
    const short = lines.filter(
      ({ sku, quantity }) => items.get(sku)!.onHand - taken(sku, saleId) < quantity,
    );
    if (short.length > 0 && !claims.has(saleId))
      return {
        __typename: 'SaleClaimRefused',
        code: 'SALE_CLAIM_REFUSED',
        message: 'refused',
        saleId,
        reasons: short.map(({ lineId, sku, quantity }) => ({
          ...insufficient(sku, quantity, items.get(sku)!.onHand - taken(sku, saleId)),
          lineId,
        })),
      };
    dropHolds(saleId);
    claims.set(
      saleId,
      lines.map((line) => ({ saleId, ...line })),
    );
    const answers = lines.map(({ lineId, sku, quantity }) => {
      const item = items.get(sku)!;
      const isSerial = item.tracking === 'SERIAL' && quantity === 1;
      return {
        lineId,
        stockItemId: item.stockItemId,
        sku,
        serialUnitId: isSerial ? item.unitId : null,
        serial: isSerial ? item.serial : null,
        locationId,
        units: [],
      };
    });
    return { __typename: 'SaleClaimed', saleId, lines: answers };
  };

  const release = ({ saleId }: Input & { saleId: string }) => {
    fenced.add(saleId);
    claims.delete(saleId);
    dropHolds(saleId);
    return { __typename: 'SaleReleased', saleId, released: 0 };
  };

  const server: SubgraphServer = await createSubgraphServer({
    name: 'inventory',
    typeDefs: neighbourSdl('inventory'),
    verifyInternalToken,
    log: createLogger({ service: 'inventory-stub', level: 'silent' }),
    resolvers: {
      Query: {
        locationForSale: (_: unknown, { id, code }: { id?: string; code?: string }) =>
          code === 'HQ' || id === locationId
            ? { id: locationId, code: 'HQ', name: 'Head quarters', isActive: true }
            : null,
        unitsForLabels: (_: unknown, input: { serialUnitIds: string[] }) =>
          guarded('unitsForLabels', () =>
            input.serialUnitIds.flatMap((id) => {
              const known = unitNumbers.get(id);
              return known === undefined ? [] : [{ id, ...known }];
            }),
          )(_, { input: input as unknown as Input }),
      },
      Mutation: {
        saleHoldPlace: guarded('saleHoldPlace', place),
        saleHoldsPlace: guarded('saleHoldsPlace', placeAll as (input: Input) => unknown),
        saleHoldResize: guarded('saleHoldResize', resize as (input: Input) => unknown),
        saleLineHoldsRenew: guarded('saleLineHoldsRenew', (input) => ({
          saleId: input['saleId'],
          holds: [...holds.values()]
            .filter(({ saleId }) => saleId === input['saleId'])
            .map(({ lineId }) => ({
              holdId: randomUUID(),
              lineId,
              expiresAt: new Date(Date.now() + Number(input['holdSeconds']) * 1000).toISOString(),
            })),
        })),
        saleHoldRelease: guarded('saleHoldRelease', (input) => {
          const released = holds.delete(keyOf(input['saleId']!, input['lineId']!)) ? 1 : 0;
          return { __typename: 'SaleHoldReleaseSuccess', released };
        }),
        saleClaim: guarded('saleClaim', claim as (input: Input) => unknown),
        saleRelease: guarded('saleRelease', release as (input: Input) => unknown),
      },
    },
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    calls,
    /** The lines of each claim that came through. */
    claimsAsked,
    locationId,
    /** By unit, what `unitsForLabels` says of it. */
    unitNumbers,
    close: () => server.close(),
    stock(item: StubItem) {
      const full = { onHand: 1, serial: `S-${item.sku}`, title: item.sku, ...item };
      items.set(item.sku, { ...full, stockItemId: randomUUID(), unitId: randomUUID() });
    },
    unitOf: (sku: string) => items.get(sku)!.unitId,
    /** The next `times` calls of the operation fail so; without times, all of them until `repair`. */
    fail(operation: Operation, fault: Fault, times = Infinity) {
      faults.push({ operation, fault, times });
    },
    repair: () => void faults.splice(0),
    available: (sku: string) => items.get(sku)!.onHand - taken(sku),
    /** How many pieces the holds of a sale, or of one line, are of. */
    piecesHeldFor: (saleId: string, lineId?: string) =>
      [...holds.values()]
        .filter((hold) => hold.saleId === saleId && hold.lineId === (lineId ?? hold.lineId))
        .reduce((sum, { quantity }) => sum + quantity, 0),
    heldFor: (saleId: string) =>
      [...holds.values()].filter((hold) => hold.saleId === saleId).length,
    claimedFor: (saleId: string) => claims.get(saleId)?.length ?? 0,
    isFenced: (saleId: string) => fenced.has(saleId),
    sellElsewhere(sku: string) {
      items.get(sku)!.onHand -= 1;
    },
    dropHolds,
  };
}

export type InventoryStub = Awaited<ReturnType<typeof startInventoryStub>>;
