import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { SdlInvalid, type SubgraphSource } from './subgraphs.ts';

export class CompositionFailed extends SdlInvalid {
  override readonly name = 'CompositionFailed';
}

/**
 * The supergraph that the gateway loads, and the schema that the public sees (nothing of it
 * `@inaccessible`). Our gateway takes addresses from its configuration; the name as host is what
 * another router would find in a cluster.
 */
export function composeSupergraph(subgraphs: Pick<SubgraphSource, 'name' | 'document'>[]) {
  const result = composeServices(
    subgraphs.map(({ name, document }) => ({
      name,
      typeDefs: document,
      url: `http://${name}/graphql`,
    })),
  );
  if (result.errors) {
    const problems = result.errors.map((err) => `- ${err.message}`);
    throw new CompositionFailed(`The subgraphs do not compose:\n${problems.join('\n')}`);
  }
  const apiSchema = Supergraph.build(result.supergraphSdl).apiSchema().toGraphQLJSSchema();
  return {
    supergraphSdl: `${result.supergraphSdl.trim()}\n`,
    apiSdl: `${printSchema(lexicographicSortSchema(apiSchema)).trim()}\n`,
    hints: result.hints.map((hint) => hint.toString()),
  };
}
