import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import type {
  CashMovementResolvers,
  MutationResolvers,
  Resolvers,
  ShiftResolvers,
} from '../generated/resolver-types.ts';
import { registerOf } from '../register/register.loaders.ts';
import { shiftOf } from '../shift/shift.loaders.ts';
import type { CashMovementService } from './cash-movement.service.ts';
import { movementPage, type CashMovement } from './cash-movement.sql.ts';

type Deps = { db: Database; movements: CashMovementService };

export function cashMovementResolvers(deps: Deps) {
  return {
    Mutation: {
      cashMovementAdd: (_, { input }, { caller }) => deps.movements.add(caller, input),
    } satisfies MutationResolvers,
    CashMovement: fields(deps),
    Shift: shiftFields(deps),
  } satisfies Resolvers;
}

function fields({ db }: Deps) {
  return {
    amount: moneyOf,
    register: registerOf(db),
    shift: shiftOf(db),
  } satisfies CashMovementResolvers;
}

function shiftFields({ db }: Deps) {
  return {
    async cashMovements({ id }, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const rows = await db.read(caller.tenantId, (tx) =>
        movementPage(tx, id, { after: cursor, limit }),
      );
      const cursorOf = (movement: CashMovement) => [movement.position, movement.id];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies ShiftResolvers;
}
