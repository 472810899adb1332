import { Type } from '@sinclair/typebox';
import { token, uuid, version } from './parts.schema.ts';

export const receiptMailRequested = Type.Object(
  {
    printId: uuid(
      'The print that is to be mailed; `receiptMailDelivery` says where to, and has it.',
    ),
    version,
    saleId: uuid('The sale.'),
    kind: token('RECEIPT or GIFT.'),
  },
  {
    description:
      'Somebody wants a receipt to be mailed. Neither the address nor the document is in it: both are fetched with the scope receipt:mail.',
  },
);
