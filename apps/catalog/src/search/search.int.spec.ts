import { randomUUID } from 'node:crypto';
import { startCatalog, tenantB, type Catalog } from '../../test/catalog.ts';

const query = `query ($query: String, $filter: ProductFilterInput, $sort: ProductSortInput, $first: Int, $after: String) {
  products(query: $query, filter: $filter, sort: $sort, first: $first, after: $after) {
    nodes { title } total { count isExact } pageInfo { hasNextPage endCursor } } }`;
const usd = (amount: string) => ({ amount, currencyCode: 'USD' });

describe('finding products', () => {
  let catalog: Catalog;
  // A tenant of its own: what others find is not ours.
  const tenant = { tenantId: randomUUID() };
  const shop = { ...tenant, scopes: ['shop:read'] };
  const ids: Record<string, string> = {};
  const pieces = {
    necklace: {
      ...{ title: 'Collier Café “Łódź”', vendor: 'Müller & Söhne', category: 'Necklaces' },
      ...{ productType: 'Necklace', tags: ['Summer 26', 'Gift'], status: 'ACTIVE' },
      variants: [{ sku: 'NCK-001-RED', barcode: '4006381333931', price: usd('120.00') }],
      media: [{ url: 'https://img.example/a.jpg' }],
    },
    ring: {
      ...{
        title: 'Gold Ring',
        vendor: 'Aurum',
        category: 'Jewellery > Rings',
        productType: 'Ring',
      },
      ...{ tags: ['gift', "l'or \\ % rare"], status: 'ACTIVE' },
      options: [{ name: 'Size', values: ['50', '52'] }],
      variants: [
        { sku: 'RNG-50', optionValues: ['50'], price: usd('80.00') },
        { sku: 'RNG-52', optionValues: ['52'], price: usd('300.00'), barcode: '0036000291452' },
      ],
    },
    draft: {
      title: 'Gold Bracelet',
      status: 'DRAFT',
      variants: [{ sku: 'BRC-1', price: usd('15') }],
    },
    hidden: {
      ...{ title: 'Gold Brooch עִבְרִית', status: 'ACTIVE', isUnlisted: true },
      variants: [{ sku: 'BRO-1' }],
    },
  };
  const titles = Object.fromEntries(
    Object.entries(pieces).map(([name, { title }]) => [title, name]),
  );

  beforeAll(async () => {
    catalog = await startCatalog();
    for (const [name, input] of Object.entries(pieces)) {
      const answer = await catalog.mutate('productCreate', input, tenant);
      ids[name] = answer.product.id;
    }
  });
  afterAll(() => catalog.stop());

  async function ask(variables: object, caller: object = tenant) {
    const { data, errors } = await catalog.graphql(query, variables, caller);
    if (errors) return errors[0]!;
    const { nodes, total, pageInfo } = data.products;
    return {
      names: nodes.map(({ title }: { title: string }) => titles[title] ?? title),
      total: total.count,
      isExact: total.isExact,
      pageInfo,
    };
  }
  const found = async (variables: object, caller: object = tenant) => {
    const answer = await ask(variables, caller);
    if (!('names' in answer)) throw new Error(JSON.stringify(answer));
    expect(answer).toMatchObject({ total: answer.names.length, isExact: true });
    return answer.names;
  };

  it.each([
    ['cafe lodz', ['necklace']],
    ['COLL caf', ['necklace']],
    ['muller', ['necklace']],
    // Spelt otherwise than we fold it, and alike enough.
    ['soehne', ['necklace']],
    ['nck-001', ['necklace']],
    ['4006381333931', ['necklace']],
    ['04006381333931', ['necklace']],
    ['400638', ['necklace']],
    // UPC-A, and the same as EAN-13.
    ['036000291452', ['ring']],
    ['0036000291452', ['ring']],
    ['gold', ['hidden', 'draft', 'ring']],
    ['gold gift', ['ring']],
    ['jewel ring', ['ring']],
    ['rings summer', []],
    ['braclet', ['draft']],
    ['colier', ['necklace']],
    ['brocch gold', ['hidden']],
    ['summer-26', ['necklace']],
    ['עברית', ['hidden']],
    ['_%', []],
    ['💍', []],
    ['💍 ring', ['ring']],
    ["' | !'", []],
    ['  ', ['hidden', 'draft', 'ring', 'necklace']],
  ])('by %j', async (words, names) => {
    expect(await found({ query: words })).toEqual(names);
  });

  it.each<[object, string[]]>([
    [{ statuses: ['DRAFT', 'ARCHIVED'] }, ['draft']],
    [{ vendors: ['AURUM', 'müller & söhne'] }, ['ring', 'necklace']],
    [{ vendors: ['nobody'] }, []],
    [{ vendors: [] }, []],
    [{ productTypes: ['ring', 'NECKLACE'] }, ['ring', 'necklace']],
    [{ tags: ['GIFT'] }, ['ring', 'necklace']],
    [{ tags: ['gift', 'summer 26'] }, ['necklace']],
    [{ tags: ["L'OR \\ % RARE"] }, ['ring']],
    [{ isMissingBarcode: true }, ['hidden', 'draft', 'ring']],
    [{ isMissingBarcode: false }, ['necklace']],
    [{ isMissingImage: false }, ['necklace']],
    [{ isMissingImage: true, statuses: ['ACTIVE'] }, ['hidden', 'ring']],
    [{ price: { from: usd('100') } }, ['ring', 'necklace']],
    // No variant is between its cheapest and its dearest.
    [{ price: { from: usd('90'), to: usd('110.00') } }, []],
    [{ price: { to: usd('15') } }, ['draft']],
    [{ price: { from: { amount: '1', currencyCode: 'EUR' } } }, []],
    [{ categoryIds: ['no id', randomUUID()] }, []],
    [{ productGroupId: randomUUID() }, []],
  ])('by filter %j', async (filter, names) => {
    expect(await found({ filter })).toEqual(names);
  });

  it('by a category with all below it', async () => {
    const { data } = await catalog.graphql('{ categories { nodes { id name } } }', {}, tenant);
    const idOf = (name: string) =>
      data.categories.nodes.find((node: { name: string }) => node.name === name).id;
    expect(await found({ filter: { categoryIds: [idOf('Jewellery')] } })).toEqual(['ring']);
    expect(await found({ filter: { categoryIds: [idOf('Rings')] } })).toEqual(['ring']);
    expect(
      await found({ filter: { categoryIds: [idOf('Necklaces'), idOf('Jewellery')] } }),
    ).toEqual(['ring', 'necklace']);
    const theirs = { categoryIds: [idOf('Rings')] };
    expect(await found({ filter: theirs }, { tenantId: tenantB })).toEqual([]);
  });

  it('shows a public shop active and listed products only, whatever it asks for', async () => {
    expect(await found({ query: 'gold' }, shop)).toEqual(['ring']);
    expect(await found({ filter: { statuses: ['DRAFT'] } }, shop)).toEqual([]);
    expect(await found({ filter: { isMissingImage: true } }, shop)).toEqual(['ring']);
    expect(await found({ query: 'gold' }, { tenantId: tenantB })).toEqual([]);
  });

  it.each([
    ['TITLE', 'ASC', ['necklace', 'draft', 'hidden', 'ring']],
    ['TITLE', 'DESC', ['ring', 'hidden', 'draft', 'necklace']],
    ['PRICE', 'ASC', ['hidden', 'draft', 'ring', 'necklace']],
    ['PRICE', 'DESC', ['necklace', 'ring', 'draft', 'hidden']],
    ['NEWEST', 'ASC', ['necklace', 'ring', 'draft', 'hidden']],
    ['UPDATED', 'ASC', ['necklace', 'ring', 'draft', 'hidden']],
  ])('pages by %s %s without gaps or repeats', async (field, direction, names) => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await ask({ first: 1, after, sort: { field, direction } });
      if (!('names' in page)) throw new Error(JSON.stringify(page));
      expect(page).toMatchObject({ total: 4, isExact: true });
      seen.push(...page.names);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(names);
  });

  it('refuses the cursor of another sort, and a query that is no query', async () => {
    const page = await ask({ first: 1, sort: { field: 'TITLE' } });
    if (!('names' in page)) throw new Error(JSON.stringify(page));
    const after = page.pageInfo.endCursor;
    const badInput = (field: string, message: string) => ({
      message,
      extensions: { code: 'BAD_USER_INPUT', field },
    });
    expect(await ask({ after, sort: { field: 'PRICE' } })).toMatchObject(
      badInput('after', 'after is a cursor of the sort TITLE ASC, not of PRICE ASC.'),
    );
    expect(await ask({ query: 'ring '.repeat(2000) })).toMatchObject(
      badInput('query', 'query has 10000 characters; at most 1000 are searched.'),
    );
    expect(await ask({ filter: { tags: Array(101).fill('x') } })).toMatchObject({
      extensions: { field: 'filter.tags' },
    });
    expect(await ask({ filter: { price: {} } })).toMatchObject(
      badInput('filter.price', 'price needs from, to or both.'),
    );
    expect(await ask({ filter: { price: { from: usd('1e3') } } })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('tells how many there are of each kind', async () => {
    const values = '{ value label count }';
    const facets = `query ($query: String) { products(query: $query) { facets {
      statuses ${values} vendors ${values} productTypes ${values} tags ${values} categories { label count }
      prices { from { amount } to { amount currencyCode } count } isExact } } }`;
    const same = (value: string, count: number) => ({ value, label: value, count });
    const { data } = await catalog.graphql(facets, {}, tenant);
    expect(data.products.facets).toEqual({
      statuses: [same('ACTIVE', 3), same('DRAFT', 1)],
      vendors: [same('Aurum', 1), same('Müller & Söhne', 1)],
      productTypes: [same('Necklace', 1), same('Ring', 1)],
      tags: [same('Gift', 2), same('Summer 26', 1), same("l'or \\ % rare", 1)],
      categories: [
        { label: 'Jewellery > Rings', count: 1 },
        { label: 'Necklaces', count: 1 },
      ],
      prices: [
        { from: { amount: '10.00' }, to: { amount: '25.00', currencyCode: 'USD' }, count: 1 },
        { from: { amount: '50.00' }, to: { amount: '100.00', currencyCode: 'USD' }, count: 1 },
        { from: { amount: '100.00' }, to: { amount: '250.00', currencyCode: 'USD' }, count: 1 },
      ],
      isExact: true,
    });
    const none = await catalog.graphql(facets, { query: '%' }, tenant);
    expect(none.data.products.facets).toMatchObject({ statuses: [], prices: [], isExact: true });
  });

  it('names a variant by what was scanned', async () => {
    const scan = async (code: string, caller: object = tenant) => {
      const text = 'query ($code: String) { variant(code: $code) { sku product { title } } }';
      return (await catalog.graphql(text, { code }, caller)).data.variant?.sku ?? null;
    };
    expect(await scan('036000291452')).toBe('RNG-52');
    expect(await scan('00036000291452 ', shop)).toBe('RNG-52');
    expect(await scan('rng-50', shop)).toBe('RNG-50');
    expect(await scan('brc-1')).toBe('BRC-1');
    expect(await scan('brc-1', shop)).toBeNull();
    expect(await scan('03600029145')).toBeNull();
    const two = await catalog.graphql('{ variant(code: "a", sku: "b") { id } }', {}, tenant);
    expect(two.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('follows every change, and forgets what is no longer so', async () => {
    const change = { id: ids['draft'], title: 'Silver Anklet', handle: 'anklet', tags: ['new'] };
    await catalog.mutate('productUpdate', change, tenant);
    expect(await found({ query: 'bracelet' })).toEqual([]);
    expect(await found({ query: 'anklet', filter: { tags: ['new'] } })).toEqual(['Silver Anklet']);
    await catalog.mutate('productStatusSet', { id: ids['draft'], status: 'ARCHIVED' }, tenant);
    expect(await found({ filter: { statuses: ['DRAFT'] } })).toEqual([]);
    expect(await found({ filter: { statuses: ['ARCHIVED'] } })).toEqual(['Silver Anklet']);
  });

  it('indexes what was there before there was an index', async () => {
    const worker = catalog.background.find(({ name }) => name === 'search-index')!;
    await catalog.db.inTransaction(tenant.tenantId, async (tx) => {
      for (const table of ['product_search', 'product_word', 'search_gram'])
        await tx.query(`DELETE FROM ${table}`);
      await tx.query('UPDATE product SET is_search_due = true');
    });
    expect(await found({})).toEqual([]);
    await worker.start();
    const isFound = async () => (await ask({ query: 'colier' })) as { total?: number };
    while ((await isFound()).total !== 1);
    await worker.stop();
    expect((await found({})).length).toBe(4);
  });

  it('is served by indexes under row-level security', async () => {
    const lines = await catalog.db.read(tenant.tenantId, async (tx) => {
      await tx.query('SET LOCAL enable_seqscan = off');
      const explain = async (text: string) =>
        (await tx.query<Record<string, string>>(`EXPLAIN ${text}`)).map((row) => row['QUERY PLAN']);
      const words = `SELECT FROM product_word WHERE tenant_id = '${tenant.tenantId}' AND word >= 'a' AND word < 'b'`;
      const grams = `SELECT FROM search_gram WHERE tenant_id = '${tenant.tenantId}' AND gram = ANY ('{"  a"," ab"}')`;
      return [...(await explain(words)), ...(await explain(grams))].join('\n');
    });
    expect(lines).toMatch(/product_word_pkey[^]*Index Cond: .*word >= 'a'.*word < 'b'/);
    expect(lines).toMatch(/search_gram_pkey[^]*Index Cond: .*gram = ANY/);
  });
});
