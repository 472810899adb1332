import { createHmac, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  buildSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLField,
} from 'graphql';
import { generateSigningKey, impliedScopes, shopScopes, tenantScopes } from '@onecount/identity';
import { homePaths, services, subgraphs, tenantA, tenantB } from '@onecount/local-stack';
import {
  eventually,
  graphqlClient,
  type GraphqlAnswer,
  type GraphqlClient,
} from '@onecount/testing';
import {
  documentsOf,
  nestedArgsOf,
  nestedUsed,
  nestedVariables,
  selectionOf,
  type AskAll,
} from './support/isolation-documents.ts';
import {
  changesBetween,
  createWatch,
  idsIn,
  poolsOf,
  possessionsOf,
  stringsIn,
  type Pools,
  type Possessions,
  type Watch,
} from './support/isolation-evidence.ts';
import { askAboutPlaces, createPast } from './support/isolation-past.ts';
import { createRequests, type Variables } from './support/isolation-requests.ts';
import {
  openSubgraphs,
  type Described,
  type Subgraph,
  type Subgraphs,
} from './support/isolation-subgraphs.ts';
import { createWorld, shared, type World } from './support/isolation-world.ts';
import { openReceiver, type Receiver } from './support/isolation-receiver.ts';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

/**
 * I6 as requests see it. Two tenants have one of everything under the same names and keys. Then tenant B
 * calls whatever the schema offers with tenant A's ids: it must hear nothing of A and change nothing of A.
 * The schema is walked, so a later operation is tried too, or fails here for want of a value.
 */
const api = buildSchema(readFileSync(join(__dirname, '../../apps/gateway/api.graphql'), 'utf8'));
const queries = Object.values(api.getQueryType()!.getFields());
const mutations = Object.values(api.getMutationType()!.getFields());
type Field = GraphQLField<unknown, unknown>;

// Just below what the gateway lets through.
const limits = { tokensMax: 1_990, rowsMax: 9_900 };
const marks = { a: `tnta${randomUUID().slice(0, 8)}`, b: `tntb${randomUUID().slice(0, 8)}` };

let test_: TestSystem;
let receiver: Receiver;
let a: World;
let b: World;
let before: Possessions;
let watchA: Watch;
let watchB: Watch;
let theirs: Pools;
let ours: Pools;
let cursors: Map<string, string>;
let subgraphsOf: Subgraphs;
let described: Map<Subgraph, Described>;

beforeAll(async () => {
  receiver = await openReceiver();
  // Baskets outlive the run, however slow the machine: what expires by itself would look like a change. Units that are
  // none of a tenant's are asked for again and again here, and each is waited for: 3 s, with the factor of tests.
  const env = { LOG_LEVEL: 'debug', SALE_HOLD_SECONDS: '86400', EVENT_WAIT_MS: '100' };
  test_ = await startTestSystem({ env });
  const { graphqlUrl, tokens } = test_.system;
  const world = (tenantId: string, token: string, marker: string) =>
    createWorld({
      api,
      graphqlUrl,
      token,
      tenantId,
      marker,
      webhookUrl: `${receiver.url}/${marker}`,
    });
  a = await world(tenantA, tokens.owner, marks.a);
  b = await world(tenantB, tokens.otherTenant, marks.b);
  for (const each of [a, b]) {
    await createPast(test_.sources, each);
    await askAboutPlaces(each);
  }
  await test_.drained();
  await receiver.heard(marks.a);
  await receiver.heard(marks.b);
  await settled();
  before = await possessionsOf(test_.sources, tenantA);
  const others = await possessionsOf(test_.sources, tenantB);
  watchA = createWatch({ marker: marks.a, ids: idsIn(before) });
  watchB = createWatch({ marker: marks.b, ids: idsIn(others) });
  theirs = await poolsOf(test_.sources, tenantA);
  ours = await poolsOf(test_.sources, tenantB);
  theirs.set('idempotencyKey', keysOf(a));
  ours.set('idempotencyKey', keysOf(b));
  cursors = await cursorsOf(a.client);
  subgraphsOf = await openSubgraphs(test_);
  described = new Map();
  for (const name of subgraphs) {
    described.set(name, await subgraphsOf.describe(name, { tenantId: tenantB, scopes: ['admin'] }));
  }
});
afterAll(async () => {
  await test_?.stop();
  await receiver?.close();
});

const keysOf = ({ script, marker }: World): string[] => {
  const keys = script.filter(({ name }) => name === 'saleCommit' || name === 'saleOpen');
  const values = keys.map(({ variables }) => variables.input.idempotencyKey);
  return values.sort((one, other) => Number(other.includes(marker)) - Number(one.includes(marker)));
};

/** What is delivered and coalesced in the background has come to rest. */
async function settled(): Promise<void> {
  let last: Possessions | undefined;
  await eventually(
    async () => {
      await test_.drained();
      const now = await possessionsOf(test_.sources, tenantA);
      const isSame = last !== undefined && changesBetween(last, now).length === 0;
      last = now;
      return isSame;
    },
    { intervalMs: 200, what: 'tenant A at rest' },
  );
}

const days: Record<string, string> = { fromDate: '"2026-01-01"', toDate: '"2027-01-31"' };

/** Of each list, where tenant A's first page ends. */
async function cursorsOf(client: GraphqlClient): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name, args } of queries) {
    if (!args.some((arg) => arg.name === 'after')) continue;
    const needed = args
      .filter(isRequiredArgument)
      .map(({ name: of }) => `, ${of}: ${days[of] ?? '$now'}`);
    const selection = `{ result: ${name}(first: 1${needed.join('')}) { pageInfo { endCursor } } }`;
    const declared = nestedUsed(selection).map((variable) => `(${variable})`);
    const answer = await client.data<any>(`query ${declared} ${selection}`, nestedVariables());
    found.set(name, answer.result.pageInfo.endCursor);
  }
  return found;
}

const requestsOf = (pools: { theirs: Pools; ours: Pools } = { theirs, ours }) =>
  createRequests({
    ...pools,
    cursorOf: (list) => cursors.get(list),
    newKey: randomUUID,
    webhookUrl: `${receiver.url}/${marks.b}`,
  });

type Job = { field: Field; document: AskAll; variables: Variables };
type Answered = Job & { answer: GraphqlAnswer<any>; text: string };

function jobsOf(operation: 'query' | 'mutation', isSplit: boolean): Job[] {
  const requests = requestsOf();
  const isChange = operation === 'mutation';
  const jobs = (isChange ? mutations : queries).flatMap((field) => {
    const documents = documentsOf(operation, field, { ...limits, isSplit: isSplit || isChange });
    const given = requests.of(field);
    const pairs = isChange
      ? inTurn(given, documents)
      : given.flatMap((variables) => documents.map((document) => [variables, document] as const));
    return pairs.map(([variables, document]) => {
      const paged = 'first' in variables ? { first: document.first } : {};
      return { field, document, variables: { ...variables, ...paged } };
    });
  });
  expect([...requests.problems]).toEqual([]);
  return jobs;
}

/** Each of either at least once: a change is refused alike, however much of the refusal is asked for. */
function inTurn<A, B>(some: readonly A[], others: readonly B[]): (readonly [A, B])[] {
  const total = some.length === 0 ? 0 : Math.max(some.length, others.length);
  return Array.from(
    { length: total },
    (_, n) => [some[n % some.length]!, others[n % others.length]!] as const,
  );
}

async function askAll(client: GraphqlClient, jobs: Job[]): Promise<Answered[]> {
  return inParallel(jobs, async (job) => {
    const answer = await client.ask<any>(job.document.text, {
      ...nestedVariables(),
      ...job.variables,
    });
    return { ...job, answer, text: JSON.stringify(answer) };
  });
}

async function inParallel<T, R>(items: T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return results;
}

// Names that B has used for things of its own are B's; A's ids never are, but where B wrote one down.
const adopted = new Set<string>();
const isId = (value: string) => /^[0-9a-f-]{36}$/.test(value);

function adopt(variables: Variables): void {
  for (const value of stringsIn(variables)) if (!isId(value)) adopted.add(value);
  const { referenceId, lineId } = (variables['input'] ?? {}) as Record<string, string | undefined>;
  for (const id of [referenceId, lineId]) if (id) adopted.add(id);
  // The items that B registers for A's variants are B's, and name them as B did.
  const { items = [] } = (variables['input'] ?? {}) as { items?: { variantId?: string }[] };
  for (const { variantId } of items) if (variantId) adopted.add(variantId);
}

const leaksOf = ({ field, variables, text }: Answered): string[] =>
  watchA
    .leaksIn(text, [...stringsIn(variables), ...adopted])
    .map(
      (leak) => `${field.name}(${JSON.stringify(variables)}) tells ${leak}: ${text.slice(0, 600)}`,
    );

const refusedOf = ({ answer }: { answer: GraphqlAnswer<any> }): string[] =>
  (answer.errors ?? []).map(({ extensions }) => String(extensions?.code));

/** What is said about a thing, other than that there is nothing. */
function leavesOf(value: unknown): unknown[] {
  if (value === null || value === false || value === 0 || value === undefined) return [];
  if (typeof value !== 'object') return [value];
  return Object.entries(value).flatMap(([name, nested]) =>
    name.startsWith('__') ? [] : leavesOf(nested),
  );
}

/** Errors that are no answer to what was asked. */
const brokenOf = (answered: Answered): string[] =>
  refusedOf(answered)
    .filter((code) => code !== 'BAD_USER_INPUT')
    .map(
      (code) =>
        `${answered.field.name}(${JSON.stringify(answered.variables)}): ${code} ${answered.text.slice(0, 300)}`,
    );

test('both tenants have everything under the same names and keys, and no row of one names the other', async () => {
  const otherIds = idsIn(await possessionsOf(test_.sources, tenantB));
  expect([...idsIn(before)].filter((id) => otherIds.has(id))).toEqual([]);
  const empty = [...before].filter(([, rows]) => rows.length === 0).map(([table]) => table);
  // Whatever is not listed here has a row of tenant A that could be seen or changed.
  expect(empty).toEqual([
    'catalog.dead_event',
    // What waits to be published again, for a moment.
    'catalog.product_refresh',
    'inventory.dead_event',
    // What waits to be looked at, for a moment.
    'inventory.level_dirty',
    'inventory.low_stock_due',
    'inventory.unit_dirty',
    'pos.dead_event',
    // Guesses of the last hour.
    'pos.gift_card_attempt',
    'workshop.dead_event',
    'passport.dead_event',
    'storefront-sync.dead_event',
  ]);
  const pools = [...theirs].filter(([, values]) => values.length === 0).map(([kind]) => kind);
  expect(pools).toEqual([]);
  expect([...cursors.values()].every(Boolean)).toBe(true);
});

test('every promise holds over both worlds', async () => {
  expect(await test_.violations()).toEqual([]);
});

test('every field of every type is asked for by some document', async () => {
  const asked = new Set<string>();
  const fields = [
    ...queries.map((field) => ['query', field] as const),
    ...mutations.map((field) => ['mutation', field] as const),
  ];
  for (const [operation, field] of fields) {
    const documents = documentsOf(operation, field, { ...limits, isSplit: true });
    for (const name of documents.flatMap((document) => document.fields)) asked.add(name);
    // The gateway closes connections that idle meanwhile; the client has to hear of it before it asks again.
    await setImmediate();
  }
  const all = Object.values(api.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter(({ name }) => !name.startsWith('__') && name !== 'Query' && name !== 'Mutation')
    .flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
  expect(all.filter((field) => !asked.has(field))).toEqual([]);
});

// Their answers are figures: no word of a tenant can stand there, and no id but the one that was asked for.
const toldInFigures = ['ledgerVerify', 'lowStockCount', 'tenderReport', 'commissionReport'];
// Their answers are part of the product, and no word of any tenant stands there.
const sameForAll = ['skuAbbreviationsStandard'];

// Figures that every tenant has, or sets for itself, and no word of it.
const ownFigures = ['layBySettings', 'saleReconcile', 'storedValueSettings'];
// By a code that is told once and kept as a hash: whoever does not know it finds nothing.
const bySecret = ['giftCardBalance'];

/** What an answer says in numbers and words that were not sent. */
const figuresOf = ({ answer, variables }: Answered): unknown[] => {
  const sent = stringsIn(variables);
  return leavesOf(answer.data?.result).filter(
    (leaf) => typeof leaf !== 'boolean' && !sent.includes(String(leaf)),
  );
};

const finds = (each: Answered): boolean =>
  toldInFigures.includes(each.field.name)
    ? figuresOf(each).length > 0
    : watchA.leaksIn(each.text, stringsIn(each.variables)).length > 0;

/** Asks one thing after the other until one of them finds something. */
async function askUntilFound(client: GraphqlClient, jobs: Job[]): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const job of jobs) {
    answered.push(...(await askAll(client, [job])));
    if (finds(answered.at(-1)!)) break;
  }
  return answered;
}

test('the questions do find what is there: tenant A itself hears of A in each of them', async () => {
  const byField = Map.groupBy(jobsOf('query', false), ({ field }) => field.name);
  const groups = await inParallel([...byField.values()], (jobs) => askUntilFound(a.client, jobs));
  const answered = groups.flat();
  const found = new Set(answered.filter(finds).map(({ field }) => field.name));
  const silent = queries.map(({ name }) => name).filter((name) => !found.has(name));
  expect(silent).toEqual([...sameForAll, ...ownFigures, ...bySecret].toSorted());
  expect(answered.flatMap(brokenOf)).toEqual([]);
});

test.each(sameForAll)('%s tells every tenant the same', async (name) => {
  const jobs = jobsOf('query', false).filter(({ field }) => field.name === name);
  const textsOf = async ({ client }: { client: GraphqlClient }) =>
    (await askAll(client, jobs)).map(({ text }) => text);
  const texts = await textsOf(a);
  expect(texts).not.toEqual([]);
  expect(await textsOf(b)).toEqual(texts);
});

test("every query as tenant B with tenant A's ids, names and cursors tells nothing of A", async () => {
  const answered = await askAll(b.client, jobsOf('query', false));
  expect(answered.flatMap(leaksOf)).toEqual([]);
  expect(answered.flatMap(brokenOf)).toEqual([]);
});

test("what is answered in figures counts nothing of A's for a tenant that has nothing", async () => {
  const claims = { tenantId: randomUUID(), subject: 'new-owner', scopes: ['admin'] };
  const client = graphqlClient(test_.system.graphqlUrl, await test_.system.mint(claims));
  const jobs = jobsOf('query', false).filter(({ field }) => toldInFigures.includes(field.name));
  expect(new Set(jobs.map(({ field }) => field.name)).size).toBe(toldInFigures.length);
  const answered = await askAll(client, jobs);
  const counted = answered.filter((each) => figuresOf(each).length > 0).map(({ text }) => text);
  expect(counted).toEqual([]);
  expect(answered.flatMap(brokenOf)).toEqual([]);
});

test("every mutation as tenant B with tenant A's ids and names tells nothing of A", async () => {
  const jobs = jobsOf('mutation', false);
  for (const { variables } of jobs) adopt(variables);
  const answered = await askAll(b.client, jobs);
  expect(answered.flatMap(leaksOf)).toEqual([]);
  expect(answered.flatMap(brokenOf)).toEqual([]);
  const answers = new Map<string, Set<string>>();
  for (const { field, answer } of answered) {
    const kinds = answers.get(field.name) ?? new Set();
    answers.set(field.name, kinds.add(answer.data?.result?.__typename));
  }
  // Refused for its form alone, a mutation would have looked for nothing.
  const unreached = [...answers].filter(([, kinds]) =>
    [...kinds].every((kind) => kind === 'InvalidInput'),
  );
  expect(unreached.map(([name]) => name)).toEqual([]);
  // The keys were new to tenant B.
  const reused = [...answers].filter(([, kinds]) => kinds.has('IdempotencyKeyReused'));
  expect(reused.map(([name]) => name)).toEqual([]);
});

test('the queries once more, with what the mutations left and to the last leaf', async () => {
  const answered = await askAll(b.client, jobsOf('query', true));
  expect(answered.flatMap(leaksOf)).toEqual([]);
  expect(answered.flatMap(brokenOf)).toEqual([]);
});

test("tenant A's own requests, word for word and with A's idempotency keys, are new to a third tenant", async () => {
  const tenantId = randomUUID();
  const token = await test_.system.mint({ tenantId, subject: 'third-owner', scopes: ['admin'] });
  const client = graphqlClient(test_.system.graphqlUrl, token);
  const answers: string[] = [];
  for (const { name, query, variables } of a.script) {
    const answer = await client.ask<any>(query, variables);
    // The texts were sent in this request or an earlier one; ids only count when sent right now.
    const texts = a.script
      .flatMap((each) => stringsIn(each.variables))
      .filter((value) => !isId(value));
    const leaks = watchA.leaksIn(JSON.stringify(answer), [...stringsIn(variables), ...texts]);
    expect({ name, leaks, errors: answer.errors }).toEqual({ name, leaks: [], errors: undefined });
    answers.push(`${name}: ${answer.data?.result?.__typename}`);
  }
  // What names one of A's ids is not found; the rest is done, as if A had never been.
  const namesIds = ({ variables }: World['script'][number]) =>
    stringsIn(variables.input).some((value) => isId(value));
  const expected = a.script.map((command) => {
    const { name, success } = command;
    return `${name}: ${namesIds(command) ? 'NotFound' : success}`;
  });
  expect(answers).toEqual(expected);
});

describe('past the gateway', () => {
  const claims = () => ({ tenantId: tenantB, scopes: ['admin'] });

  /** Every entity by every key, as one of these tenants has it. */
  async function entitiesOf(subgraph: Subgraph, tenantId: string) {
    const { schema, keys } = described.get(subgraph)!;
    const union = schema.getType('_Entity');
    const types = isUnionType(union) ? union.getTypes() : [];
    const token = await subgraphsOf.tokenOf('gateway', subgraph, { tenantId, scopes: ['admin'] });
    const asked = types.flatMap((type) =>
      keys.get(type.name)!.flatMap((fields) => {
        const kind = (field: string) =>
          field === 'id' ? type.name[0]!.toLowerCase() + type.name.slice(1) : field;
        const pools = fields.map((field) => theirs.get(kind(field)));
        const unknown = fields.filter((_, index) => !pools[index]?.length);
        if (unknown.length > 0) throw new Error(`nothing fills ${type.name}.${unknown.join()}`);
        return pools[0]!.slice(0, 12).map((_, index) => ({
          type,
          representation: {
            __typename: type.name,
            ...Object.fromEntries(
              fields.map((field, at) => [field, pools[at]![index % pools[at]!.length]]),
            ),
          },
        }));
      }),
    );
    return inParallel(asked, async ({ type, representation }) => {
      const selection = selectionOf(type, { depth: 2, path: [] }).text;
      const declared = ['$of: [_Any!]!', ...nestedUsed(selection)].join(', ');
      const query = `query (${declared}) { _entities(representations: $of) { ... on ${type.name} ${selection} } }`;
      const answer = await subgraphsOf.ask(subgraph, token, query, {
        of: [representation],
        ...nestedVariables(),
      });
      const [entity] = (answer.body.data?.['_entities'] ?? []) as unknown[];
      return {
        name: `${subgraph} ${JSON.stringify(representation)}`,
        representation,
        entity,
        answer,
      };
    });
  }

  test.each(subgraphs)('%s resolves no entity of tenant A for tenant B', async (subgraph) => {
    const [asB, asA] = [await entitiesOf(subgraph, tenantB), await entitiesOf(subgraph, tenantA)];
    const leaks = asB.flatMap(({ name, representation, answer }) =>
      watchA
        .leaksIn(answer.text, [...stringsIn(representation), ...adopted])
        .map((leak) => `${name} tells ${leak}`),
    );
    expect(leaks).toEqual([]);
    expect(
      asB.flatMap(({ name, answer }) =>
        refusedOf({ answer: answer.body }).map((code) => `${name}: ${code}`),
      ),
    ).toEqual([]);
    // By an id of A there is nothing to be had but the id.
    const byId = asB.filter(({ representation }) => 'id' in representation);
    const answered = byId.flatMap(({ name, entity, representation }) =>
      leavesOf(entity)
        .filter((leaf) => !Object.values(representation).includes(leaf as string))
        .map((leaf) => `${name} tells ${String(leaf)}`),
    );
    expect(answered).toEqual([]);
    // The same for tenant A: there is something to be had.
    const found = new Set(
      asA
        .filter(({ entity }) => leavesOf(entity).length > 2)
        .map(({ representation }) => representation.__typename),
    );
    const { resolvable } = described.get(subgraph)!;
    expect([...resolvable].filter((type) => !found.has(type))).toEqual([]);
  });

  test.each(subgraphs)(
    '%s: no command between services reaches tenant A in the name of tenant B',
    async (subgraph) => {
      const { schema, scopes } = described.get(subgraph)!;
      const requests = requestsOf();
      const hidden = (['query', 'mutation'] as const).flatMap((operation) => {
        const root = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
        const open = operation === 'query' ? queries : mutations;
        return Object.values(root?.getFields() ?? {})
          .filter(({ name }) => !name.startsWith('_') && open.every((each) => each.name !== name))
          .map((field) => ({ operation, field }));
      });
      const jobs = hidden.flatMap(({ operation, field }) => {
        const root = operation === 'query' ? 'Query' : 'Mutation';
        const [scope] = scopes.get(`${root}.${field.name}`)!;
        const [document] = documentsOf(operation, field, {
          tokensMax: 5_000,
          rowsMax: 50_000,
          isSplit: false,
        });
        return requests.of(field).map((variables) => ({
          field,
          document: document!,
          variables,
          service: scope!.replace('service:', ''),
        }));
      });
      expect([...requests.problems]).toEqual([]);
      for (const { variables } of jobs) adopt(variables);
      const answered = await inParallel(jobs, async (job) => {
        const token = await subgraphsOf.tokenOf(job.service, subgraph, claims());
        const { body, text } = await subgraphsOf.ask(subgraph, token, job.document.text, {
          ...nestedVariables(),
          ...job.variables,
        });
        return { ...job, answer: body, text };
      });
      expect(answered.flatMap(leaksOf)).toEqual([]);
      expect(answered.flatMap(brokenOf)).toEqual([]);
      if (subgraph === 'inventory') await releaseClaims();
    },
  );

  // Claims of sales that point of sale knows nothing of would stay for ever.
  async function releaseClaims(): Promise<void> {
    const token = await subgraphsOf.tokenOf('pos', 'inventory', claims());
    const mutation =
      'mutation ($input: SaleReleaseInput!) { saleRelease(input: $input) { __typename } }';
    for (const saleId of [...theirs.get('sale')!, ...ours.get('sale')!]) {
      await subgraphsOf.ask('inventory', token, mutation, { input: { saleId } });
    }
  }

  test.each(subgraphs)(
    '%s answers nothing without a token that the gateway signed for it',
    async (subgraph) => {
      const { ask, forged, keyOf, tokenOf } = subgraphsOf;
      const other = subgraphs.find((name) => name !== subgraph)!;
      const owner = claims();
      const stranger = await generateSigningKey('gateway');
      const refused: Record<string, string | undefined> = {
        none: undefined,
        garbage: 'x.y.z',
        'an access token': test_.system.tokens.owner,
        'for another service': await tokenOf('gateway', other, owner),
        expired: await forged(subgraph, owner, { issuedSecondsAgo: 120 }),
        'not yet valid for long': await forged(subgraph, owner, { issuedSecondsAgo: -3_600 }),
        "a stranger's key": await forged(subgraph, owner, { key: stranger.privateJwk }),
        "pos's key under the gateway's name": await forged(subgraph, owner, { key: keyOf('pos') }),
        "pos's key, issuer gateway": await forged(subgraph, owner, {
          key: keyOf('pos'),
          kid: 'pos',
          issuer: 'gateway',
        }),
        'an unknown signer': await forged(subgraph, owner, { kid: 'nobody' }),
        'of another type': await forged(subgraph, owner, { type: 'at+jwt' }),
      };
      const documents = [
        '{ __typename }',
        '{ _service { sdl } }',
        '{ __schema { queryType { name } } }',
        'query { _entities(representations: [{ __typename: "Variant", id: "x" }]) { __typename } }',
      ];
      for (const [what, token] of Object.entries(refused)) {
        for (const document of documents) {
          const { status, body } = await ask(subgraph, token, document);
          const said = { what, status, data: body.data, codes: refusedOf({ answer: body }) };
          expect(said).toEqual({ what, status: 401, data: undefined, codes: ['UNAUTHENTICATED'] });
        }
      }
      const { body } = await ask(subgraph, await forged(subgraph, owner), '{ _service { sdl } }');
      expect(body.errors).toBeUndefined();
    },
  );

  test.each(subgraphs)('%s shows its dead events to nobody but the operator', async (subgraph) => {
    const scopes = ['admin', 'service:operator', 'operator'];
    const tokens = [
      test_.system.tokens.owner,
      await subgraphsOf.forged(subgraph, { tenantId: tenantB, scopes }),
      await subgraphsOf.tokenOf('pos', subgraph, { tenantId: tenantB, scopes }),
    ];
    for (const token of tokens) {
      for (const [method, path] of [
        ['GET', '/dead-events'],
        ['POST', '/dead-events/replay'],
        ['POST', '/dead-events/discard'],
      ] as const) {
        const url = `${test_.system.services[subgraph].url}${path}`;
        const response = await fetch(url, {
          method,
          headers: { authorization: `Bearer ${token}` },
        });
        expect([method, path, response.ok]).toEqual([method, path, false]);
        expect(watchA.leaksIn(await response.text())).toEqual([]);
      }
    }
  });

  test('commands between services are unknown at the gateway and open to no scope of a token', async () => {
    const commands = [...described].flatMap(([subgraph, { scopes }]) =>
      [...scopes]
        .filter(([, anyOf]) => anyOf.some((scope) => scope.startsWith('service:')))
        .map(([place]) => ({ subgraph, root: place.split('.')[0]!, name: place.split('.')[1]! })),
    );
    expect(commands.length).toBeGreaterThanOrEqual(9);
    const scopes = ['admin', 'service:pos', 'service:catalog', 'service:gateway'];
    const access = await test_.system.mint({ tenantId: tenantB, subject: 'pos', scopes });
    const gateway = graphqlClient(test_.system.graphqlUrl, access);
    for (const { subgraph, root, name } of commands) {
      const schema = described.get(subgraph)!.schema;
      const field = (
        root === 'Query' ? schema.getQueryType() : schema.getMutationType()
      )!.getFields()[name]!;
      const operation = root === 'Query' ? 'query' : 'mutation';
      const [variables] = requestsOf().of(field);
      const head = `${operation} (${field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')})`;
      const document = `${head} { ${name}(${field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')}) { __typename } }`;
      const outside = await gateway.ask(document, variables);
      expect([name, refusedOf({ answer: outside })[0]]).toEqual([
        name,
        'GRAPHQL_VALIDATION_FAILED',
      ]);
      expect(outside.data).toBeUndefined();
      // Even the gateway cannot say that it is a service.
      const internal = await subgraphsOf.forged(subgraph, { tenantId: tenantB, scopes });
      const inside = await subgraphsOf.ask(subgraph, internal, document, variables);
      expect([name, refusedOf({ answer: inside.body })]).toEqual([name, ['FORBIDDEN']]);
    }
  });
});

describe('scopes', () => {
  const typenameOf = (field: Field) =>
    isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  const minimal = (field: Field, operation: string) => {
    const [variables] = requestsOf({ theirs, ours }).of(field);
    const given = field.args.filter(({ name }) => name in variables!);
    const head = given.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
    const args = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
    const text = `${operation} ${head && `(${head})`} { result: ${field.name}${args && `(${args})`}${typenameOf(field)} }`;
    return { text, variables };
  };
  const neededBy = (place: string) =>
    [...described.values()].map(({ scopes }) => scopes.get(place)).find(Boolean);
  const everything = [...tenantScopes, ...shopScopes];
  const roots = [
    ...queries.map((field) => ({ place: `Query.${field.name}`, operation: 'query', field })),
    ...mutations.map((field) => ({
      place: `Mutation.${field.name}`,
      operation: 'mutation',
      field,
    })),
  ];
  const isOpenTo = (scopes: readonly string[], anyOf: string[]) => {
    const implied = impliedScopes(scopes);
    return anyOf.some((scope) => implied.has(scope));
  };

  async function codesFor(scopes: readonly string[], { field, operation }: (typeof roots)[number]) {
    const token = await test_.system.mint({ tenantId: tenantA, subject: 'scoped', scopes });
    const { text, variables } = minimal(field, operation);
    const answer = await graphqlClient(test_.system.graphqlUrl, token).ask<any>(text, variables);
    return { codes: refusedOf({ answer }), result: answer.data?.result ?? null };
  }

  test('every root field is FORBIDDEN to a token that has every other scope', async () => {
    const found = await inParallel(roots, async (root) => {
      const anyOf = neededBy(root.place) ?? [];
      const others = everything.filter((scope) => !isOpenTo([scope], anyOf));
      return { place: root.place, needs: anyOf.length > 0, ...(await codesFor(others, root)) };
    });
    expect(found).toEqual(
      roots.map(({ place }) => ({ place, needs: true, codes: ['FORBIDDEN'], result: null })),
    );
  });

  test.each([
    [
      'cashier',
      'catalog:read stock:read sale:read sale:write repair:read repair:write passport:read connection:read',
    ],
    ['publishable', 'shop:read shop:hold shop:sell'],
    ['no scope at all', ''],
    ['scopes of nobody', 'Admin stock:READ service:inventory *'],
  ])('a token with %s is FORBIDDEN where it has no scope', async (_, text) => {
    const scopes = text.split(' ');
    const closed = roots.filter(({ place }) => !isOpenTo(scopes, neededBy(place)!));
    expect(closed.length).toBeGreaterThan(0);
    const found = await inParallel(closed, async (root) => ({
      place: root.place,
      ...(await codesFor(scopes, root)),
    }));
    expect(found).toEqual(
      closed.map(({ place }) => ({ place, codes: ['FORBIDDEN'], result: null })),
    );
  });

  test('the fields of entities that need a scope are FORBIDDEN to a token that has every other one', async () => {
    const failures: string[] = [];
    for (const [subgraph, { keys, scopes }] of described) {
      for (const [place, anyOf] of scopes) {
        const [type, field] = place.split('.') as [string, string];
        if (!keys.has(type)) continue;
        const known = api.getType(type);
        const leaf = isObjectType(known) ? known.getFields()[field] : undefined;
        if (!leaf) throw new Error(`${place} is in no public schema`);
        const others = everything.filter((scope) => !isOpenTo([scope], anyOf));
        const token = await subgraphsOf.tokenOf('gateway', subgraph, {
          tenantId: tenantA,
          scopes: others,
        });
        const id = theirs.get(type[0]!.toLowerCase() + type.slice(1))![0];
        const selection = `{ field: ${field}${nestedArgsOf(leaf)}${typenameOf(leaf)} }`;
        const declared = ['$of: [_Any!]!', ...nestedUsed(selection)].join(', ');
        const query = `query (${declared}) { _entities(representations: $of) { ... on ${type} ${selection} } }`;
        const { body } = await subgraphsOf.ask(subgraph, token, query, {
          of: [{ __typename: type, id }],
          ...nestedVariables(),
        });
        const codes = refusedOf({ answer: body });
        if (codes.join() !== 'FORBIDDEN')
          failures.push(`${subgraph} ${place}: ${JSON.stringify(body)}`);
      }
    }
    expect(failures).toEqual([]);
  });
});

describe('what anybody can reach', () => {
  test('the page of a passport shows the facts of its piece and nothing else', async () => {
    const shown =
      /-(own-title|ring-title|vendor|category|type|six|seven|certificate|lab|grade|report|fact|value|photo|sku|own-1)$/;
    const passportIds = new Set(theirs.get('passport'));
    for (const url of a.passportUrls) {
      for (const accept of ['text/html', 'application/json', 'application/vc+jwt']) {
        const response = await fetch(url, { headers: { accept } });
        expect(response.status).toBe(200);
        const text = `${await response.text()} ${[...response.headers.values()].join(' ')}`;
        const leaks = watchA.leaksIn(text + decoded(text)).filter((leak) => !passportIds.has(leak));
        expect(leaks.filter((leak) => !shown.test(leak.replace(/(jpg|html)$/, '')))).toEqual([]);
        expect(watchB.leaksIn(text)).toEqual([]);
      }
    }
    const other = a.passportUrls[0]!.replace(/[^/]+$/, theirs.get('serialUnit')![0]!);
    const response = await fetch(other, { headers: { accept: 'application/json' } });
    expect(response.status).toBe(404);
    expect(watchA.leaksIn(await response.text())).toEqual([]);
  });

  // The payloads of tokens inside a text.
  const decoded = (text: string): string =>
    (text.match(/eyJ[\w-]+\.([\w-]+)\.[\w-]+/g) ?? [])
      .map((token) => Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'))
      .join(' ');

  // Made when it is needed: an address ends after a quarter of an hour, and this file may take longer. By B:
  // nothing of A's changes before the last look.
  const uploadAddress = async (): Promise<string> => {
    const mutation = `mutation ($input: StagedUploadCreateInput!) { stagedUploadCreate(input: $input) {
      ... on StagedUploadCreateSuccess { upload { url } } } }`;
    const input = { filename: 'late.csv', idempotencyKey: randomUUID() };
    const { stagedUploadCreate } = await b.client.data<any>(mutation, { input });
    return stagedUploadCreate.upload.url;
  };

  test('an address for an upload cannot be bent to another place, tenant or time', async () => {
    const secret = (
      JSON.parse(readFileSync(homePaths(test_.home).secrets, 'utf8')) as { uploadSecret: string }
    ).uploadSecret;
    const unused = await uploadAddress();
    const bent = (bend: (url: URL) => void): URL => {
      const url = new URL(unused);
      bend(url);
      return url;
    };
    const expired = bent((url) => {
      const signed = ['PUT', tenantB, url.pathname.split('/')[2], '1700000000'].join('\n');
      url.searchParams.set('expires', '1700000000');
      url.searchParams.set(
        'signature',
        createHmac('sha256', secret).update(signed).digest('base64url'),
      );
    });
    const idOfA = new URL(a.uploadUrls[1]!).pathname;
    const used = new URL(await uploadAddress());
    const cases: [URL, string, number][] = [
      [used, 'PUT', 201],
      [bent((url) => url.searchParams.set('signature', 'A'.repeat(43))), 'PUT', 403],
      [bent((url) => url.searchParams.set('tenant', tenantA)), 'PUT', 403],
      [bent((url) => void (url.pathname = idOfA)), 'PUT', 403],
      [bent((url) => url.searchParams.set('expires', '9999999999')), 'PUT', 403],
      [expired, 'PUT', 410],
      [used, 'PUT', 409],
      [used, 'GET', 404],
    ];
    for (const [url, method, status] of cases) {
      const body = method === 'PUT' ? 'Handle,Title\n' : null;
      const response = await fetch(url, { method, body, headers: { 'content-type': 'text/csv' } });
      expect([method, url.search, response.status]).toEqual([method, url.search, status]);
      expect(watchA.leaksIn(await response.text())).toEqual([]);
    }
  });

  test.each(services)('%s: health and metrics hold nothing of a tenant', async (service) => {
    for (const path of [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/dead-events',
      '/',
      '/graphql',
    ]) {
      const response = await fetch(`${test_.system.services[service].url}${path}`);
      const text = await response.text();
      expect([path, watchA.leaksIn(text), watchB.leaksIn(text)]).toEqual([path, [], []]);
      expect([path, text.includes(tenantA), text.includes(tenantB)]).toEqual([path, false, false]);
    }
  });

  test('a shop hears of its own tenant only', () => {
    const heard = (marker: string) => receiver.bodies.get(marker)!.join('\n');
    expect(watchB.leaksIn(heard(marks.a))).toEqual([]);
    expect(watchA.leaksIn(heard(marks.b), adopted)).toEqual([]);
  });
});

test('after all that, every row of tenant A in every database is as it was', async () => {
  await test_.drained();
  expect(changesBetween(before, await possessionsOf(test_.sources, tenantA))).toEqual([]);
});

describe('the token of a public shop', () => {
  const shop = () => graphqlClient(test_.system.graphqlUrl, test_.system.tokens.publishable);
  const forShop = [
    'sale',
    'saleLine',
    'hold',
    'register',
    'shift',
    'repair',
    'passport',
    'connection',
    'listing',
    'serialUnit',
    'productImport',
    'upload',
    'transfer',
    'transferLine',
    'stockReceipt',
    'stocktake',
    'itemLedgerEntry',
  ];
  const secretWords = new RegExp(
    `-(${[
      'customer|phone|work|heirloom|note|reason|delivery|till|till-2|slip|void|shop|shop-2|file',
      'draft-title|archived-title|broken-title|price',
      'supplier|document|pallet|first-pallet|called-off|van|robbed|count|reader|unknown|batch',
      'moved|retired|polished|worn|lost|rental|evening|postage|mistaken|cleaning|goldsmith',
      'expected|found',
    ].join('|')})$`,
  );

  test('shows active products and how many there are, nothing behind the counter', async () => {
    const requests = requestsOf();
    const open = queries.filter(({ name }) =>
      ['product', 'products', 'variant', 'stockItem'].includes(name),
    );
    const jobs = open.flatMap((field) => {
      const documents = documentsOf('query', field, { ...limits, isSplit: true });
      return requests.of(field).flatMap((variables) =>
        documents.map((document) => ({
          field,
          document,
          variables: 'first' in variables ? { ...variables, first: document.first } : variables,
        })),
      );
    });
    const answered = await askAll(shop(), jobs);
    const ids = new Set(forShop.flatMap((kind) => theirs.get(kind)!));
    const secret = createWatch({ marker: marks.a, ids });
    const leaks = answered.flatMap(({ field, variables, text }) =>
      secret
        .leaksIn(text, stringsIn(variables))
        .filter((leak) => ids.has(leak) || secretWords.test(leak))
        .map((leak) => `${field.name}(${JSON.stringify(variables)}) tells ${leak}`),
    );
    expect([...new Set(leaks)]).toEqual([]);
    const costs = answered.filter(({ text }) =>
      /117\.13|SHARED-(DRAFT|ARCHIVED)"/.test(text.replaceAll(/"message":"[^"]*"/g, '')),
    );
    expect(
      costs.map(
        ({ field, variables, text }) =>
          `${field.name}(${JSON.stringify(variables)}): ${text.slice(0, 300)}`,
      ),
    ).toEqual([]);
    expect(answered.some(({ text }) => text.includes(marks.a))).toBe(true);
  });

  test.each(['DRAFT', 'ARCHIVED'])('does not know a product that is %s', async (status) => {
    const sku = `SHARED-${status}`;
    const handle = sku.toLowerCase();
    const { data } = await shop().ask<any>(
      `query ($sku: String!, $handle: String!, $status: ProductStatus!) {
        variant(sku: $sku) { id } product(handle: $handle) { id } products(status: $status) { nodes { id status } }
        stockItem(sku: $sku) { id } }`,
      { sku, handle, status },
    );
    expect(data).toMatchObject({ variant: null, product: null, products: { nodes: [] } });
    expect(data.stockItem).toBeNull();
  });

  test("keeps stock softly and lets go of nobody else's", async () => {
    const hold = async (input: object) => {
      const mutation = `mutation ($input: HoldCreateInput!) { result: holdCreate(input: $input) { __typename ... on UserError { code }
        ... on HoldCreateSuccess { hold { id kind quantity } } } }`;
      const answer = await shop().ask<any>(mutation, {
        input: { idempotencyKey: randomUUID(), sku: shared.quantitySku, ...input },
      });
      return answer.data.result;
    };
    expect(await hold({ kind: 'SOFT' })).toMatchObject({ hold: { kind: 'SOFT', quantity: 1 } });
    expect(await hold({ kind: 'HARD' })).toMatchObject({ __typename: 'InvalidInput' });
    for (const holdId of theirs.get('hold')!) {
      const mutation = `mutation ($input: HoldReleaseInput!) { result: holdRelease(input: $input) { __typename } }`;
      const input = { holdId, idempotencyKey: randomUUID() };
      const answer = await shop().ask<any>(mutation, { input });
      expect(answer.data.result).toEqual({ __typename: 'NotFound' });
    }
    // The comparison above would have seen even this.
    const changes = changesBetween(before, await possessionsOf(test_.sources, tenantA));
    const [held] = changes.filter((change) => change.startsWith('inventory.hold gained'));
    expect(held).toContain('dev-shop');
  });
});

test("no log holds a tenant's words, a serial or a token", async () => {
  const secrets = JSON.parse(readFileSync(homePaths(test_.home).secrets, 'utf8')) as {
    passwords: Record<string, string>;
    uploadSecret: string;
  };
  const hidden = [
    ...Object.values(secrets.passwords),
    secrets.uploadSecret,
    ...[...a.uploadUrls, ...b.uploadUrls].map((url) => new URL(url).searchParams.get('signature')!),
  ];
  const words = createWatch({ marker: 'tnt[ab]', ids: new Set() });
  const folder = homePaths(test_.home).logs;
  const files = readdirSync(folder);
  expect(files).toEqual(expect.arrayContaining(services.map((name) => `${name}.log`)));
  const linesOf = (file: string) => readFileSync(join(folder, file), 'utf8').split('\n');
  // The refused tokens of above at least.
  for (const name of subgraphs)
    expect(
      linesOf(`${name}.log`).filter((line) => line.includes('was refused')).length,
    ).toBeGreaterThan(40);
  const found = files.flatMap((file) =>
    linesOf(file)
      .filter(
        (line) =>
          words.leaksIn(line).length > 0 ||
          /SHARED-SN|eyJ[\w-]{8,}\.|Bearer /.test(line) ||
          hidden.some((value) => line.includes(value)),
      )
      .map((line) => `${file}: ${line.slice(0, 500)}`),
  );
  expect(found.slice(0, 20)).toEqual([]);
});

test("the databases' own walls stand", async () => {
  const violations = await test_.findViolations();
  expect(violations.filter(({ promise }) => promise === 'I6')).toEqual([]);
});
