import { isCustomScalarType, isEnumType, type Type } from '@apollo/federation-internals';

const isInteger = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) && /^-?\d+$/.test(String(value));
const isText = (value: unknown) => typeof value === 'string';

/** Whether a subgraph's value may stand in a field of a leaf type. Custom scalars may be anything. */
export function compileLeaf(type: Type): (value: unknown) => boolean {
  if (isCustomScalarType(type)) return () => true;
  if (isEnumType(type)) {
    const values = new Set<unknown>(type.values.map((one) => one.name));
    return (value) => values.has(value);
  }
  switch (String(type)) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return isInteger;
    case 'Float':
      return (value) => typeof value === 'number' && Number.isFinite(value);
    case 'ID':
      return (value) => isText(value) || isInteger(value);
    default:
      return isText;
  }
}
