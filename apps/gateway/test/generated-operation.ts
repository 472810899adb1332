import fc, { type GeneratorValue } from 'fast-check';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

export type GeneratedOperation = { text: string; variables: Record<string, unknown> };

type AnyField = GraphQLField<unknown, unknown>;

const depthMax = 6;

/** A query or some mutations over a schema, with everything that a client may write. Not always a valid one. */
export function createOperations(schema: GraphQLSchema, shared: readonly string[]) {
  const distances = distancesTo(schema, shared);
  return (g: GeneratorValue): GeneratedOperation => new Writer(g, schema, distances).operation();
}

/** How many fields lie between each type and the nearest of those. */
function distancesTo(schema: GraphQLSchema, types: readonly string[]): Map<string, number> {
  const distances = new Map(types.map((name) => [name, 0]));
  for (let distance = 1; distance < 10; distance += 1) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || distances.has(type.name)) continue;
      const next = Object.values(type.getFields()).map((one) => getNamedType(one.type).name);
      if (next.some((name) => distances.get(name) === distance - 1))
        distances.set(type.name, distance);
    }
  }
  return distances;
}

class Writer {
  readonly #declared: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  readonly #g: GeneratorValue;
  readonly #schema: GraphQLSchema;
  readonly #distances: ReadonlyMap<string, number>;
  constructor(g: GeneratorValue, schema: GraphQLSchema, distances: ReadonlyMap<string, number>) {
    this.#g = g;
    this.#schema = schema;
    this.#distances = distances;
  }

  operation(): GeneratedOperation {
    const isMutation = this.#chance(20);
    const root = isMutation ? this.#schema.getMutationType() : this.#schema.getQueryType();
    const set = this.#selectionSet(root!, 0);
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    const name = this.#chance(50) ? 'Generated' : declared && 'G';
    const head = `${isMutation ? 'mutation' : 'query'} ${name}${declared} ${set}`;
    return { text: [head, ...this.#fragments].join('\n'), variables: this.#variables };
  }

  #selectionSet(type: GraphQLCompositeType, depth: number): string {
    const count = this.#upTo(depth === 0 ? 1 : 2) + 1;
    const parts = Array.from({ length: count }, () => this.#selection(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    if (isUnionType(type) || (isAbstractType(type) && this.#chance(50)))
      return this.#chance(20) ? this.#typename() : this.#fragment(type, depth);
    if (depth > 0 && this.#chance(10)) return this.#typename();
    if (this.#chance(12)) return this.#fragment(type, depth);
    return this.#field(type, depth);
  }

  #typename(): string {
    return this.#chance(30) ? 'kind: __typename' : `__typename${this.#condition()}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const condition = this.#typeCondition(type);
    const set = this.#selectionSet(condition ?? type, depth);
    if (this.#chance(70))
      return `...${condition ? ` on ${condition.name}` : ''}${this.#condition()} ${set}`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${(condition ?? type).name} ${set}`);
    return `...${name}${this.#condition()}`;
  }

  #typeCondition(type: GraphQLCompositeType): GraphQLCompositeType | undefined {
    if (isObjectType(type) || this.#chance(10)) {
      if (!isObjectType(type)) return type;
      const wider = [undefined, type, ...type.getInterfaces()];
      return this.#one(wider);
    }
    return this.#one([...this.#schema.getPossibleTypes(type)]);
  }

  #field(type: GraphQLCompositeType, depth: number): string {
    const fields = Object.values('getFields' in type ? type.getFields() : {});
    const leaves = fields.filter((one) => !isCompositeType(getNamedType(one.type)));
    const isDeepEnough = depth >= depthMax;
    if (isDeepEnough && leaves.length === 0) return '__typename';
    // Leaves outnumber what leads to other subgraphs.
    const branches = fields.filter((one) => !leaves.includes(one));
    const goesOn = branches.length > 0 && this.#chance(65);
    const nearest = this.#chance(60) ? this.#nearest(branches) : branches;
    const field = this.#one(isDeepEnough ? leaves : goesOn ? nearest : fields);
    const inner = getNamedType(field.type);
    const set = isCompositeType(inner) ? ` ${this.#selectionSet(inner, depth + 1)}` : '';
    const args = this.#args(field);
    // Two fields of one name must ask the same: what has arguments mostly gets a name of its own.
    const hasAlias = args !== '' ? this.#chance(80) : this.#chance(10);
    const alias = hasAlias ? `a${this.#upTo(300)}: ` : '';
    return `${alias}${field.name}${args}${this.#condition()}${set}`;
  }

  /** The fields that lead soonest to a type that several subgraphs know. */
  #nearest(fields: AnyField[]): AnyField[] {
    const far = (field: AnyField) => this.#distances.get(getNamedType(field.type).name) ?? Infinity;
    const least = Math.min(...fields.map(far));
    return fields.filter((one) => far(one) === least);
  }

  #args(field: AnyField): string {
    const given = field.args.filter(
      (arg) => isRequiredArgument(arg) || arg.name === 'first' || this.#chance(20),
    );
    const written = given.map((arg) => `${arg.name}: ${this.#argument(arg)}`);
    return written.length > 0 ? `(${written.join(', ')})` : '';
  }

  #argument(arg: GraphQLArgument): string {
    return this.#chance(60) ? this.#variable(arg.type) : literal(this.#input(arg.type), arg.type);
  }

  #variable(type: GraphQLInputType): string {
    const name = `v${this.#declared.length}`;
    const hasDefault = this.#chance(30);
    const fallback = hasDefault ? ` = ${literal(this.#input(type), type)}` : '';
    this.#declared.push(`$${name}: ${String(type)}${fallback}`);
    const mayBeMissing = hasDefault || !isNonNullType(type);
    if (mayBeMissing && this.#chance(30)) return `$${name}`;
    const isNull = !isNonNullType(type) && this.#chance(10);
    this.#variables[name] = isNull ? null : this.#input(type);
    return `$${name}`;
  }

  #condition(): string {
    if (!this.#chance(12)) return '';
    const directive = this.#one(['skip', 'include']);
    return ` @${directive}(if: ${this.#chance(70) ? this.#flag() : this.#chance(50)})`;
  }

  #flag(): string {
    const name = `c${this.#declared.length}`;
    const type = this.#one(['Boolean!', 'Boolean! = true', 'Boolean = false']);
    this.#declared.push(`$${name}: ${type}`);
    if (type === 'Boolean!' || this.#chance(60)) this.#variables[name] = this.#chance(50);
    // Allowed by the type, and nothing to decide by.
    if (type === 'Boolean = false' && this.#chance(5)) this.#variables[name] = null;
    return `$${name}`;
  }

  #input(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.#input(type.ofType);
    if (isListType(type)) return [this.#input(type.ofType)];
    if (isEnumType(type)) return this.#one([...type.getValues()]).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      const given = fields.filter((one) => isRequiredInputField(one) || this.#chance(15));
      return Object.fromEntries(given.map((one) => [one.name, this.#input(one.type)]));
    }
    if (type.name === 'Int') return this.#upTo(3) + 1;
    if (type.name === 'Float') return this.#upTo(3) + 0.5;
    if (type.name === 'Boolean') return this.#chance(50);
    return this.#one(['a', 'b"c', '12.50', 'é']);
  }

  #chance(percent: number): boolean {
    return this.#upTo(99) < percent;
  }
  #upTo(max: number): number {
    return this.#g(fc.nat, { max });
  }
  #one<T>(of: readonly T[]): T {
    return of[this.#upTo(of.length - 1)]!;
  }
}

function literal(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (isListType(type))
    return `[${(value as unknown[]).map((one) => literal(one, type.ofType)).join(', ')}]`;
  if (isEnumType(type)) return String(value);
  if (isInputObjectType(type)) {
    const entries = Object.entries(value as object).map(
      ([name, one]) => `${name}: ${literal(one, type.getFields()[name]!.type)}`,
    );
    return `{ ${entries.join(', ')} }`;
  }
  return JSON.stringify(value);
}
