import {
  isCompositeType,
  isObjectType,
  isSubtype,
  type Schema,
} from '@apollo/federation-internals';

/** What shaping asks about types of the public schema, by name. */
export type TypeNames = {
  has(name: string): boolean;
  objects: ReadonlySet<string>;
  composites: ReadonlySet<string>;
  /** A composite type and all that may stand for it. */
  subtypesOf(name: string): ReadonlySet<string>;
};

const ofSchemas = new WeakMap<Schema, TypeNames>();

export function createTypeNames(schema: Schema): TypeNames {
  const known = ofSchemas.get(schema);
  if (known) return known;
  const types = [...schema.allTypes()];
  const composites = types.filter(isCompositeType);
  const subtypes = new Map<string, ReadonlySet<string>>();
  const names: TypeNames = {
    has: (name) => schema.type(name) !== undefined,
    objects: new Set(types.filter(isObjectType).map((type) => type.name)),
    composites: new Set(composites.map((type) => type.name)),
    subtypesOf(name) {
      const made = subtypes.get(name);
      if (made) return made;
      const type = composites.find((one) => one.name === name);
      const below = composites.filter((one) => type !== undefined && isSubtype(type, one));
      const set = new Set(below.map((one) => one.name));
      subtypes.set(name, set);
      return set;
    },
  };
  ofSchemas.set(schema, names);
  return names;
}
