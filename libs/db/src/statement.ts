/** A named prepared statement: parsed and planned once per connection. */
export type Statement = { readonly name: string; readonly text: string };

const textByName = new Map<string, string>();
const nameBytesMax = 63; // PostgreSQL cuts longer names (NAMEDATALEN), and two could become one.

/** Declares a statement at module load. A name stands for one text in the whole process. */
export function sql(name: string, text: string): Statement {
  if (Buffer.byteLength(name) > nameBytesMax)
    throw new RangeError(`statement name ${name} is longer than ${nameBytesMax} bytes`);
  const known = textByName.get(name);
  if (known !== undefined && known !== text) throw new Error(`two statements are named ${name}`);
  textByName.set(name, text);
  return { name, text };
}
