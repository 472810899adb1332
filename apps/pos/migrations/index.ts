import type { MigrationClass } from '@onecount/db';
import { CreatePos1763800600000 } from './1763800600000-create-pos.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';
import { ASkuInAnyCase1796100000000 } from './1796100000000-a-sku-in-any-case.ts';
import { IdleBaskets1797050000000 } from './1797050000000-idle-baskets.ts';
import { LinesFromOtherLocations1798100000000 } from './1798100000000-lines-from-other-locations.ts';
import { SalesByWhatWasSold1797000001000 } from './1797000001000-sales-by-what-was-sold.ts';
import { ANoteOnALine1798200000000 } from './1798200000000-a-note-on-a-line.ts';
import { UnitsOfALine1798200001000 } from './1798200001000-units-of-a-line.ts';
import { RegistersArePutAway1799800000000 } from './1799800000000-registers-are-put-away.ts';
import { CashMovements1799800001000 } from './1799800001000-cash-movements.ts';
import { ZReports1799800002000 } from './1799800002000-z-reports.ts';
import { Customers1799840000000 } from './1799840000000-customers.ts';
import { ASaleNamesACustomer1799840001000 } from './1799840001000-a-sale-names-a-customer.ts';
import { SaleReturns1799910200000 } from './1799910200000-sale-returns.ts';
import { Receipts1799920000000 } from './1799920000000-receipts.ts';
import { CheckoutsAwaitTheirPayment1799930000000 } from './1799930000000-checkouts-await-their-payment.ts';
import { BasketsHaveASecret1799930001000 } from './1799930001000-baskets-have-a-secret.ts';
import { Taxes1799940000000 } from './1799940000000-taxes.ts';
import { ALineHasATotal1799950000000 } from './1799950000000-a-line-has-a-total.ts';
import { Leases1799987000000 } from './1799987000000-leases.ts';
import { StoredValue1799955000000 } from './1799955000000-stored-value.ts';
import { ReturnsOfSeveralKinds1799970000000 } from './1799970000000-returns-of-several-kinds.ts';
import { SalesAreReported1799980000000 } from './1799980000000-sales-are-reported.ts';
import { Consignments1799985000000 } from './1799985000000-consignments.ts';
import { MovementsOfSales1799980001000 } from './1799980001000-movements-of-sales.ts';
import { CommissionRates1799980002000 } from './1799980002000-commission-rates.ts';
import { Discounts1799950001000 } from './1799950001000-discounts.ts';
import { Exchanges1799970001000 } from './1799970001000-exchanges.ts';
import { Promotions1799950002000 } from './1799950002000-promotions.ts';
import { BasketsAreParked1799960000000 } from './1799960000000-baskets-are-parked.ts';
import { ListPrices1799950003000 } from './1799950003000-list-prices.ts';
import { Rentals1799985001000 } from './1799985001000-rentals.ts';
import { LayBys1799990000000 } from './1799990000000-lay-bys.ts';
import { ALineHasASalesperson1799960001000 } from './1799960001000-a-line-has-a-salesperson.ts';

export const migrations: MigrationClass[] = [
  CreatePos1763800600000,
  DiscardDeadEvents1796000000000,
  ASkuInAnyCase1796100000000,
  SalesByWhatWasSold1797000001000,
  IdleBaskets1797050000000,
  LinesFromOtherLocations1798100000000,
  ANoteOnALine1798200000000,
  UnitsOfALine1798200001000,
  RegistersArePutAway1799800000000,
  CashMovements1799800001000,
  ZReports1799800002000,
  Customers1799840000000,
  ASaleNamesACustomer1799840001000,
  SaleReturns1799910200000,
  Receipts1799920000000,
  CheckoutsAwaitTheirPayment1799930000000,
  BasketsHaveASecret1799930001000,
  Taxes1799940000000,
  ALineHasATotal1799950000000,
  StoredValue1799955000000,
  ReturnsOfSeveralKinds1799970000000,
  SalesAreReported1799980000000,
  Leases1799987000000,
  Consignments1799985000000,
  MovementsOfSales1799980001000,
  CommissionRates1799980002000,
  Discounts1799950001000,
  Exchanges1799970001000,
  Promotions1799950002000,
  BasketsAreParked1799960000000,
  ListPrices1799950003000,
  Rentals1799985001000,
  LayBys1799990000000,
  ALineHasASalesperson1799960001000,
];
