import { crashAt } from '@onecount/failpoint';
import {
  checkId,
  checkText,
  checkWhole,
  firstOf,
  identifierOf,
  invalidInput,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { saleClaimReleased } from '../hold/hold.errors.ts';
import { idOf, quantityMax } from '../input.ts';
import { createSaleHoldResizeService } from './sale-hold-resize.service.ts';
import { createSaleHoldService, type SaleHoldDeps } from './sale-hold.service.ts';
import { saleAlreadyApplied, saleClaimRefused } from './sale.errors.ts';
import { claimSale, releaseSale, type ClaimLine } from './sale.sql.ts';

export type SaleClaimInput = {
  saleId: string;
  channel?: string | null;
  /** Under which a register sold while it was offline. */
  leaseId?: string | null;
  lines: {
    lineId: string;
    stockItemId?: string | null;
    sku: string;
    quantity: number;
    serialUnitId?: string | null;
    serial?: string | null;
    locationId?: string | null;
    anyLocation?: boolean;
  }[];
};
export type SaleService = ReturnType<typeof createSaleService>;

const claimLinesMax = 500;

/** The sale protocol's side of inventory (docs/sale.md): basket holds, claim, release. Apply is a consumer. */
export function createSaleService(
  deps: Omit<SaleHoldDeps, 'onChange'> & Partial<Pick<SaleHoldDeps, 'onChange'>>,
) {
  const { db, holds, onChange = () => {} } = deps;
  return {
    ...createSaleHoldService({ db, holds, onChange }),
    ...createSaleHoldResizeService({ db, onChange }),

    async claim(caller: Caller, input: SaleClaimInput) {
      const problem = checkClaim(input);
      if (problem) return problem;
      const { tenantId, subject } = caller;
      const saleId = idOf(input.saleId);
      const lines = input.lines.map(claimLineOf);
      // The claim is one autocommitted statement: just before it is sent is just before its commit.
      crashAt('claim.before-commit');
      const channel = input.channel ?? null;
      const leaseId = input.leaseId ? idOf(input.leaseId) : null;
      const sale = { tenantId, saleId, lines, subject, channel, leaseId };
      const claimed = await claimSale(db, sale);
      crashAt('claim.after-commit');
      if (claimed.outcome === 'RELEASED') return saleClaimReleased(saleId);
      if (claimed.outcome === 'REFUSED') return saleClaimRefused(saleId, claimed.reasons);
      onChange();
      return { __typename: 'SaleClaimed' as const, saleId, lines: claimed.lines };
    },

    async release(caller: Caller, input: { saleId: string }) {
      const problem = checkId('saleId', input.saleId);
      if (problem) return problem;
      const saleId = idOf(input.saleId);
      crashAt('release.before-commit');
      const released = await releaseSale(db.statement, { tenantId: caller.tenantId, saleId });
      crashAt('release.after-commit');
      if (released.outcome === 'APPLIED') return saleAlreadyApplied(saleId);
      onChange();
      return { __typename: 'SaleReleased' as const, saleId, released: released.released };
    },
  };
}

function claimLineOf(line: SaleClaimInput['lines'][number]): ClaimLine {
  return {
    lineId: idOf(line.lineId),
    stockItemId: line.stockItemId ?? null,
    sku: line.sku,
    quantity: line.quantity,
    serialUnitId: line.serialUnitId ?? null,
    serial: line.serial ? identifierOf(line.serial) : null,
    locationId: line.locationId ?? null,
    ...(line.anyLocation ? { anyLocation: true } : {}),
  };
}

function checkClaim({ saleId, channel, leaseId, lines }: SaleClaimInput): InvalidInput | undefined {
  return firstOf(
    checkId('saleId', saleId),
    checkId('leaseId', leaseId),
    checkText('channel', channel, { max: 32 }),
    checkWhole('lines', lines.length, { min: 0, max: claimLinesMax }),
    ...lines.flatMap((line, index) => [
      checkId(`lines.${index}.lineId`, line.lineId),
      checkId(`lines.${index}.stockItemId`, line.stockItemId),
      checkId(`lines.${index}.serialUnitId`, line.serialUnitId),
      checkId(`lines.${index}.locationId`, line.locationId),
      checkText(`lines.${index}.sku`, line.sku, { max: 255 }),
      checkText(`lines.${index}.serial`, line.serial, { min: 1, max: 255 }),
      checkWhole(`lines.${index}.quantity`, line.quantity, {
        min: 1,
        max: line.serial && !line.stockItemId ? 1 : quantityMax,
      }),
    ]),
    new Set(lines.map((line) => idOf(line.lineId))).size === lines.length
      ? undefined
      : invalidInput('lines', 'A line is named twice.'),
  );
}
