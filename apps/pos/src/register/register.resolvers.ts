import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../generated/resolver-types.ts';
import { openShiftLoader } from '../shift/shift.loaders.ts';
import type { RegisterManageService } from './register-manage.service.ts';
import type { RegisterService } from './register.service.ts';
import { registerLoader } from './register.loaders.ts';
import { countRegisters, registerPage, type Register } from './register.sql.ts';

type Deps = { db: Database; registers: RegisterService; management: RegisterManageService };

export function registerResolvers({ db, registers, management }: Deps) {
  return {
    Query: {
      register: (_, { id }, context) => loaded(db, context, id),
      async registers(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args, 50);
        const cursor = decodeCursor(after, ['text', 'text', 'uuid']);
        const rows = await db.read(caller.tenantId, (tx) =>
          registerPage(tx, { after: cursor, limit }),
        );
        const cursorOf = ({ locationCode, name, id }: Register) => [locationCode, name, id];
        return connectionFrom(rows, { first, after, cursorOf });
      },
    },
    Mutation: {
      registerOpen: (_, { input }, { caller }) => registers.open(caller, input),
      registerCreate: (_, { input }, { caller }) => management.create(caller, input),
      registerRename: (_, { input }, { caller }) => management.rename(caller, input),
      registerDeactivate: (_, { input }, { caller }) => management.deactivate(caller, input),
      registerReactivate: (_, { input }, { caller }) => management.reactivate(caller, input),
    },
    RegisterConnection: {
      totalCount: (_, _args, { caller }) => db.read(caller.tenantId, countRegisters),
    },
    Register: {
      __resolveReference: ({ id }, context) => loaded(db, context, id),
      location: ({ locationId }) => ({ id: locationId }),
      openShift: ({ id }, _, context) => openShiftLoader(db, context).load(id),
    },
  } satisfies Resolvers;
}

function loaded(db: Database, context: SubgraphContext, id: string) {
  return isUuid(id) ? registerLoader(db, context).load(id.toLowerCase()) : null;
}
