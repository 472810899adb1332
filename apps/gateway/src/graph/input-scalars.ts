import { scalarResolvers } from '@onecount/graphql';
import { isScalarType, type GraphQLSchema } from 'graphql';

/**
 * The schema that @apollo/gateway makes takes anything for a scalar of ours. A wrong literal would pass into a
 * fetch that the subgraph then refuses as a mistake of the gateway; with the scalars' own checks it is told
 * to the client, as a wrong variable is.
 */
export function checkInputScalars(schema: GraphQLSchema): void {
  for (const [name, { parseValue, parseLiteral }] of Object.entries(scalarResolvers)) {
    const type = schema.getType(name);
    if (isScalarType(type)) Object.assign(type, { parseValue, parseLiteral });
  }
}
