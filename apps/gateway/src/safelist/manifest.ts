import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * The file in which a front end lists its operations, as Apollo's generators write it. `npm run manifest` writes
 * it too, and then an id is the SHA-256 of the text; other generators may choose their own.
 */
export const manifestSchema = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({ id: z.string().min(1), name: z.string(), body: z.string().min(1) }),
  ),
});

/** Text by id. */
export type ListedOperations = ReadonlyMap<string, string>;

/** What several manifests list together; throws an error whose message is about one of the files. */
export function readManifests(files: readonly string[]): ListedOperations {
  const listed = new Map<string, string>();
  for (const file of files)
    for (const { id, name, body } of readManifest(file).operations) {
      if ((listed.get(id) ?? body) !== body)
        throw new Error(`${file}: ${name} has an id that stands for another text`);
      listed.set(id, body);
    }
  return listed;
}

function readManifest(file: string): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Error(`${file} is no apollo-persisted-query-manifest of version 1 that can be read`);
  }
}
