import { refuse } from '@onecount/refusal';
import type { TransferReason, TransferStatus } from './transfer.ts';

export function transferRefused(reasons: TransferReason[]) {
  const more = reasons.length > 1 ? ` ${reasons.length - 1} more stand against it.` : '';
  const message = `${reasons[0]!.message}${more}`;
  return refuse('TransferRefused', 'TRANSFER_REFUSED', message, { reasons });
}

export function transferNotInStatus(status: TransferStatus, allowed: readonly TransferStatus[]) {
  const words = (each: TransferStatus) => each.toLowerCase().replaceAll('_', ' ');
  const message = `The transfer is ${words(status)}; it would have to be ${allowed.map(words).join(' or ')}.`;
  return refuse('TransferNotInStatus', 'TRANSFER_NOT_IN_STATUS', message, {
    status,
    allowed: [...allowed],
  });
}
