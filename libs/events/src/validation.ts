import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { EventInvalidError, type EventProblem } from './event.errors.ts';
import { eventRegistry, type EventType } from './registry.ts';

const ajv = new Ajv({ strict: true, allErrors: true, verbose: true });
// The package is CommonJS with a `default` on the function itself: one spelling that Node and jest share.
formats.default(ajv, ['uuid', 'date-time']);

type Side = 'publish' | 'consume';
const compiled = new Map<string, ValidateFunction>();

/** Throws EventInvalidError. The publisher may not send unknown fields; a consumer must accept them. */
export function assertValidData(type: EventType, data: unknown, side: Side): void {
  const validate = validatorOf(type, side);
  if (validate(data)) return;
  throw new EventInvalidError(type, (validate.errors ?? []).map(problemOf));
}

function validatorOf(type: EventType, side: Side): ValidateFunction {
  const key = `${side} ${type}`;
  const known = compiled.get(key);
  if (known) return known;
  const schema = eventRegistry[type].schema;
  const validate = ajv.compile(side === 'publish' ? (closed(schema) as object) : schema);
  compiled.set(key, validate);
  return validate;
}

/** The same schema with `additionalProperties: false` on every object. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  return copy['type'] === 'object' && copy['properties']
    ? { ...copy, additionalProperties: false }
    : copy;
}

function problemOf(error: ErrorObject): EventProblem {
  const at = fieldOf(error.instancePath);
  if (error.keyword === 'required') {
    return { field: `${at}.${error.params['missingProperty']}`, message: 'is missing' };
  }
  if (error.keyword === 'additionalProperties') {
    const field = `${at}.${error.params['additionalProperty']}`;
    return { field, message: 'is not part of the schema' };
  }
  if (error.keyword === 'enum') {
    const message = `must be one of ${error.params['allowedValues'].join(', ')}`;
    return { field: at, message, value: error.data };
  }
  return { field: at, message: error.message ?? 'is invalid', value: error.data };
}

/** `/variants/0/sku` → `data.variants[0].sku` */
function fieldOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), 'data');
}
