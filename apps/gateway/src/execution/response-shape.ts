import type {
  Field,
  FragmentElement,
  Operation,
  Selection,
  SelectionSet,
  Type,
} from '@apollo/federation-internals';
import { GraphQLError } from 'graphql';
import { compileCondition, type Variables } from './conditions.ts';
import { compileLeaf } from './leaf-values.ts';
import { notCovered } from './not-covered.ts';
import { createTypeNames, type TypeNames } from './type-names.ts';

export type JsonObject = Record<string, unknown>;
type Run = { variables: Variables; problems: GraphQLError[]; path: (string | number)[] };
type Place = { input: JsonObject; output: JsonObject; typeName: string };
/** Puts one selection into the output; true when the object around it can only be null. */
type Put = (place: Place, run: Run) => boolean;
/** What stands for a value that came from subgraphs: itself, null, or one of the two below. */
type Complete = (value: unknown, before: unknown, typeName: string, run: Run) => unknown;

// Null because of a problem that is reported already, and null where none may be.
const reported = Symbol('reported');
const invalid = Symbol('invalid');

type Shaped = { data: JsonObject | null; problems: GraphQLError[] };
export type ResponseShape = (input: JsonObject, variables: Variables) => Shaped;

/**
 * What the client asked for, out of what the subgraphs sent: in the order of the operation, without what
 * the planner added, null where something is missing or of a wrong type, and nulls carried up to the
 * nearest place that may be null. Compiled once from the operation; each rule is that of @apollo/gateway's
 * result shaping, to which differential.int.spec.ts holds it.
 */
export function compileShape(operation: Operation): ResponseShape {
  const schema = operation.schema();
  const compiler = new Compiler(createTypeNames(schema));
  const put = compiler.selectionSet(operation.selectionSet);
  const root = schema.schemaDefinition.rootType(operation.rootKind);
  const typeName = root?.name ?? notCovered('an operation without a root type');
  return (input, variables) => {
    const output: JsonObject = {};
    const run: Run = { variables, problems: [], path: [] };
    const isNull = put({ input, output, typeName }, run);
    return { data: isNull ? null : output, problems: run.problems };
  };
}

class Compiler {
  readonly #types: TypeNames;
  constructor(types: TypeNames) {
    this.#types = types;
  }

  selectionSet(set: SelectionSet): Put {
    const puts = set.selections().map((selection) => this.#selection(selection));
    return (place, run) => {
      for (const put of puts) if (put(place, run)) return true;
      return false;
    };
  }

  #selection(selection: Selection): Put {
    const put =
      selection.kind === 'FieldSelection'
        ? this.#field(selection.element, selection.selectionSet)
        : this.#fragment(selection.element, selection.selectionSet);
    const isSkipped = compileCondition(selection.element);
    if (!isSkipped) return put;
    return (place, run) => (isSkipped(run.variables) ? false : put(place, run));
  }

  #field(field: Field, set: SelectionSet | undefined): Put {
    const name = field.responseName();
    if (field.definition.isSchemaIntrospectionField()) notCovered('introspection');
    // An output object is a plain one, whose inherited names would be taken for values.
    if (name in Object.prototype) notCovered(`a field that is answered as ${name}`);
    if (field.name === '__typename') return this.#typename(name);
    const complete = this.#type(field.definition.type as Type, set);
    return ({ input, output, typeName }, run) => {
      run.path.push(name);
      const value = complete(input[name] ?? null, output[name], typeName, run);
      run.path.pop();
      output[name] = value === reported || value === invalid ? null : value;
      return value === invalid;
    };
  }

  #typename(name: string): Put {
    const { objects } = this.#types;
    return ({ input, output, typeName }) => {
      if (output[name] !== undefined) return false;
      const given = input[name] ?? input['__typename'];
      const isKnown = typeof given === 'string' && this.#types.has(given);
      const actual = isKnown ? given : typeName;
      if (!objects.has(actual)) return true;
      output[name] = actual;
      return false;
    };
  }

  #fragment(fragment: FragmentElement, set: SelectionSet): Put {
    const put = this.selectionSet(set);
    const condition = fragment.typeCondition?.name;
    if (condition === undefined) return put;
    const members = this.#types.subtypesOf(condition);
    return ({ input, output, typeName }, run) => {
      const given = input['__typename'];
      if (given && typeof given !== 'string') throw malformed('__typename is no text');
      if (!members.has((given as string) || typeName)) return false;
      return put({ input, output, typeName: condition }, run);
    };
  }

  #type(type: Type, set: SelectionSet | undefined): Complete {
    const complete = this.#typeOfNew(type, set);
    const isComposite = set !== undefined;
    return (value, before, typeName, run) => {
      // Asked for twice: an object is added to, anything else stays as it is.
      if (before === null || (before !== undefined && !isComposite)) return before;
      return complete(value, before, typeName, run);
    };
  }

  #typeOfNew(type: Type, set: SelectionSet | undefined): Complete {
    if (type.kind === 'NonNullType') return required(this.#type(type.ofType, set));
    const complete =
      type.kind === 'ListType'
        ? list(this.#type(type.ofType, set))
        : set
          ? this.#object(type, set)
          : leaf(compileLeaf(type));
    return (value, before, typeName, run) =>
      value === null ? null : complete(value, before, typeName, run);
  }

  #object(type: Type, set: SelectionSet): Complete {
    const { composites } = this.#types;
    const put = this.selectionSet(set);
    const declared = String(type);
    return (value, before, _typeName, run) => {
      if (typeof value !== 'object') throw malformed('an object is no object');
      const input = value as JsonObject;
      const given = input['__typename'];
      if (given !== undefined && typeof given !== 'string')
        throw malformed('__typename is no text');
      if (given && !composites.has(given)) return report(run, 'an unknown __typename');
      const output = (before as JsonObject | undefined) ?? {};
      return put({ input, output, typeName: given || declared }, run) ? reported : output;
    };
  }
}

function required(complete: Complete): Complete {
  return (value, before, typeName, run) => {
    const completed = complete(value, before, typeName, run);
    if (completed === null) report(run, 'null where a value must be');
    return completed === null || completed === reported ? invalid : completed;
  };
}

function list(complete: Complete): Complete {
  return (value, before, typeName, run) => {
    if (!Array.isArray(value)) throw malformed('a list is no list');
    const already = before as unknown[] | undefined;
    if (already && already.length !== value.length) throw malformed('a list changed its length');
    let isInvalid = false;
    const completed = value.map((element: unknown, index) => {
      run.path.push(index);
      const one = complete(element ?? null, already?.[index], typeName, run);
      run.path.pop();
      isInvalid ||= one === invalid;
      return one === reported || one === invalid ? null : one;
    });
    return isInvalid ? reported : completed;
  };
}

function leaf(isValid: (value: unknown) => boolean): Complete {
  return (value, _before, _typeName, run) =>
    isValid(value) ? value : report(run, 'a value of another type');
}

function report(run: Run, message: string): typeof reported {
  run.problems.push(new GraphQLError(`A subgraph sent ${message}.`, { path: [...run.path] }));
  return reported;
}

function malformed(what: string): Error {
  return new Error(`In the answer of a subgraph ${what}.`);
}
