import type { MigrationClass } from '@onecount/db';
import { CreateInventory1795300000000 } from './1795300000000-create-inventory.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';
import { OneNameOneThing1796100000000 } from './1796100000000-one-name-one-thing.ts';
import { MarkLowStockByItem1796200000000 } from './1796200000000-mark-low-stock-by-item.ts';
import { AHoldBecomesASale1797000000000 } from './1797000000000-a-hold-becomes-a-sale.ts';
import { AHoldFollowsItsLine1798000000000 } from './1798000000000-a-hold-follows-its-line.ts';
import { GoodsComeBackOfSales1799910000000 } from './1799910000000-goods-come-back-of-sales.ts';

export const migrations: MigrationClass[] = [
  CreateInventory1795300000000,
  DiscardDeadEvents1796000000000,
  OneNameOneThing1796100000000,
  MarkLowStockByItem1796200000000,
  AHoldBecomesASale1797000000000,
  AHoldFollowsItsLine1798000000000,
  GoodsComeBackOfSales1799910000000,
];
