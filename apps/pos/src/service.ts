import { defineService } from '@onecount/service';
import { cashMovementModule } from './cash/cash-movement.module.ts';
import { consignmentModule } from './consignment/consignment.module.ts';
import { commissionModule } from './commission/commission.module.ts';
import { customerModule } from './customer/customer.module.ts';
import { layByModule } from './lay-by/lay-by.module.ts';
import { leaseModule } from './lease/lease.module.ts';
import { discountModule } from './discount/discount.module.ts';
import { exchangeModule } from './exchange/exchange.module.ts';
import { parkingModule } from './parking/parking.module.ts';
import { priceModule } from './price/price.module.ts';
import { reconcileModule } from './reconcile/reconcile.module.ts';
import { receiptModule } from './receipt/receipt.module.ts';
import { registerModule } from './register/register.module.ts';
import { rentalModule } from './rental/rental.module.ts';
import { reportModule } from './report/report.module.ts';
import { returnModule } from './return/return.module.ts';
import { returnReceiptModule } from './return-receipt/return-receipt.module.ts';
import { saleModule } from './sale/sale.module.ts';
import { salespersonModule } from './salesperson/salesperson.module.ts';
import { shiftModule } from './shift/shift.module.ts';
import { storedValueModule } from './stored-value/stored-value.module.ts';
import { taxModule } from './tax/tax.module.ts';
import { webCheckoutModule } from './web-checkout/web-checkout.module.ts';
import { salesReportModule } from './sales-report/sales-report.module.ts';
import { sizeCorrectionModule } from './size-correction/size-correction.module.ts';
import { share } from './shared.ts';

export const definition = defineService({
  name: 'pos',
  modules: [
    priceModule,
    registerModule,
    shiftModule,
    cashMovementModule,
    reportModule,
    customerModule,
    saleModule,
    parkingModule,
    salespersonModule,
    discountModule,
    taxModule,
    receiptModule,
    webCheckoutModule,
    returnModule,
    returnReceiptModule,
    salesReportModule,
    reconcileModule,
    commissionModule,
    leaseModule,
    layByModule,
    consignmentModule,
    exchangeModule,
    sizeCorrectionModule,
    rentalModule,
    storedValueModule,
  ],
  share,
});
