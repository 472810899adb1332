import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type {
  MutationResolvers,
  VariantsUpdateSuccessResolvers,
} from '../generated/resolver-types.ts';
import type { MatrixService } from './matrix.service.ts';

export function matrixResolvers({ matrix }: { matrix: MatrixService }) {
  const Mutation: Pick<MutationResolvers, 'variantsUpdate'> = {
    variantsUpdate: (_, { input }, { caller }) => matrix.update(caller, input),
  };
  const VariantsUpdateSuccess: VariantsUpdateSuccessResolvers = {
    variantsChanged: ({ differences }) => differences.length,
    differences({ differences }, args) {
      const { first, limit, after } = pageArgs(args, 50);
      const [from = '0'] = decodeCursor(after, ['integer']) ?? [];
      const numbered = differences.map((node, index) => ({ ...node, number: index + 1 }));
      const page = numbered.slice(Number(from), Number(from) + limit);
      return connectionFrom(page, { first, after, cursorOf: ({ number }) => [number] });
    },
  };
  return { Mutation, VariantsUpdateSuccess };
}
