import type { MigrationClass } from '@onecount/db';
import { CreateStock1795200000001 } from './1795200000001-create-stock.ts';
import { CreateMovement1795200000002 } from './1795200000002-create-movement.ts';
import { CreateHold1795200000003 } from './1795200000003-create-hold.ts';
import { CreateLevelLock1795200000004 } from './1795200000004-create-level-lock.ts';
import { CreateHoldPlace1795200000005 } from './1795200000005-create-hold-place.ts';
import { CreateHoldRelease1795200000006 } from './1795200000006-create-hold-release.ts';
import { CreateSaleClaim1795200000007 } from './1795200000007-create-sale-claim.ts';
import { CreateSaleEnd1795200000008 } from './1795200000008-create-sale-end.ts';
import { CreateMessaging1795200000009 } from './1795200000009-create-messaging.ts';
import { CreateEvents1795200000010 } from './1795200000010-create-events.ts';
import { CreateReads1795200000011 } from './1795200000011-create-reads.ts';
import { FixHotPlans1795200000012 } from './1795200000012-fix-hot-plans.ts';
import { AddOnSale1795200000013 } from './1795200000013-add-on-sale.ts';
import { ExpandStock1795200000014 } from './1795200000014-expand-stock.ts';
import { AddCodeHistory1795200000015 } from './1795200000015-add-code-history.ts';
import { AddItemSettings1795200000016 } from './1795200000016-add-item-settings.ts';
import { AddUnitTransitions1795200000017 } from './1795200000017-add-unit-transitions.ts';
import { TellOfUnits1795200000018 } from './1795200000018-tell-of-units.ts';
import { SplitHold1795200000019 } from './1795200000019-split-hold.ts';
import { KeepAllocatedParts1795200000020 } from './1795200000020-keep-allocated-parts.ts';
import { CreateCost1795200000021 } from './1795200000021-create-cost.ts';
import { CreateStockReceipt1795200000022 } from './1795200000022-create-stock-receipt.ts';
import { IndexSaleCorrections1795200000023 } from './1795200000023-index-sale-corrections.ts';
import { CreateTransfer1795200000024 } from './1795200000024-create-transfer.ts';
import { CreateConversion1795200000025 } from './1795200000025-create-conversion.ts';
import { CreateStocktake1795200000027 } from './1795200000027-create-stocktake.ts';
import { PostStocktake1795200000028 } from './1795200000028-post-stocktake.ts';
import { TellThePast1795200000029 } from './1795200000029-tell-the-past.ts';
import { CheckTheLedger1795200000030 } from './1795200000030-check-the-ledger.ts';
import { WatchLowStock1795200000031 } from './1795200000031-watch-low-stock.ts';
import { CreateItemLedger1795200000032 } from './1795200000032-create-item-ledger.ts';
import { ReadLevelsCheaper1795200000034 } from './1795200000034-read-levels-cheaper.ts';
import { TakeLimitAtFirstLevel1795200000040 } from './1795200000040-take-limit-at-first-level.ts';
import { RetellRenamedItems1795200000041 } from './1795200000041-retell-renamed-items.ts';
import { ReturnCostOnce1795200000045 } from './1795200000045-return-cost-once.ts';
import { CountWithoutOverflow1795200000046 } from './1795200000046-count-without-overflow.ts';
import { RepublishOnce1795200000047 } from './1795200000047-republish-once.ts';
import { IndexLevelsByWholeKey1795200000048 } from './1795200000048-index-levels-by-whole-key.ts';

export const migrations: MigrationClass[] = [
  CreateStock1795200000001,
  CreateMovement1795200000002,
  CreateHold1795200000003,
  CreateLevelLock1795200000004,
  CreateHoldPlace1795200000005,
  CreateHoldRelease1795200000006,
  CreateSaleClaim1795200000007,
  CreateSaleEnd1795200000008,
  CreateMessaging1795200000009,
  CreateEvents1795200000010,
  CreateReads1795200000011,
  FixHotPlans1795200000012,
  AddOnSale1795200000013,
  ExpandStock1795200000014,
  AddCodeHistory1795200000015,
  AddItemSettings1795200000016,
  AddUnitTransitions1795200000017,
  TellOfUnits1795200000018,
  SplitHold1795200000019,
  KeepAllocatedParts1795200000020,
  CreateCost1795200000021,
  CreateStockReceipt1795200000022,
  IndexSaleCorrections1795200000023,
  CreateTransfer1795200000024,
  CreateConversion1795200000025,
  CreateStocktake1795200000027,
  PostStocktake1795200000028,
  TellThePast1795200000029,
  CheckTheLedger1795200000030,
  WatchLowStock1795200000031,
  CreateItemLedger1795200000032,
  ReadLevelsCheaper1795200000034,
  TakeLimitAtFirstLevel1795200000040,
  RetellRenamedItems1795200000041,
  ReturnCostOnce1795200000045,
  CountWithoutOverflow1795200000046,
  RepublishOnce1795200000047,
  IndexLevelsByWholeKey1795200000048,
];
