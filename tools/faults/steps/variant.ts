import { isDone, type Mutation } from '../caller.ts';
import { price, usd } from '../goods.ts';
import { found, type Act, type Step } from '../step.ts';

const create: Mutation = {
  name: 'productCreate',
  selection:
    '... on ProductCreateSuccess { inventoryPending product { id version variants { nodes { id sku } } } }',
  selectsWhatChanges: true,
};

type Made = { productId: string; productVersion: number; variantIds: string[] };

/** A product of the act's own, with these variants and no stock; undefined when it was refused. */
async function made({ ask, mark }: Act, skus: string[]): Promise<Made | undefined> {
  const created = await ask(create, {
    ...{ title: mark, status: 'ACTIVE', options: [{ name: 'Kind', values: skus }] },
    variants: skus.map((sku) => ({ sku, tracking: 'QUANTITY', price, optionValues: [sku] })),
  });
  if (!isDone(created)) return undefined;
  const { id, version, variants } = created['product'];
  const nodes = variants.nodes as { id: string; sku: string }[];
  const idOf = (sku: string) => nodes.find((node) => node.sku === sku)!.id;
  return { productId: id, productVersion: version, variantIds: skus.map(idOf) };
}

/** Another name and another price: the till asks the new one, the count goes on under the new name. */
export const variantUpdate: Step = {
  name: 'variantUpdate',
  async act(act) {
    const product = await made(act, [`${act.mark}-old`]);
    if (!product) return false;
    const { productVersion, variantIds } = product;
    const change = { sku: `${act.mark}-new`, price: usd('12.50') };
    const input = { id: variantIds[0], productVersion, ...change };
    return isDone(await act.ask({ name: 'variantUpdate' }, input));
  },
  effects: [
    found('pos', `SELECT count(*) FROM price_book WHERE sku = $1 || '-new' AND price_minor = 1250`),
    found('inventory', `SELECT count(*) FROM stock_item WHERE sku = $1 || '-new'`),
  ],
};

/** A further variant, of which there is stock already. */
export const variantsAdd: Step = {
  name: 'variantsAdd',
  async act(act) {
    const product = await made(act, [act.mark]);
    if (!product) return false;
    const { productId, productVersion } = product;
    const sku = `${act.mark}-more`;
    const openingStock = [{ locationCode: 'HQ', quantity: 3 }];
    const variants = [{ sku, tracking: 'QUANTITY', price, optionValues: [sku], openingStock }];
    const selection = '... on VariantsAddSuccess { inventoryPending }';
    const input = { productId, productVersion, variants };
    return isDone(await act.ask({ name: 'variantsAdd', selection }, input));
  },
  effects: [
    found('pos', `SELECT count(*) FROM price_book WHERE sku = $1 || '-more'`),
    found(
      'inventory',
      `SELECT count(*) FROM movement m JOIN stock_item i ON i.tenant_id = m.tenant_id AND i.id = m.stock_item_id
       WHERE i.sku = $1 || '-more' AND m.reason = 'OPENING' AND m.quantity = 3`,
    ),
  ],
};

/** One of two variants goes: no till sells it, its name stays taken. */
export const variantRemove: Step = {
  name: 'variantRemove',
  async act(act) {
    const product = await made(act, [act.mark, `${act.mark}-gone`]);
    if (!product) return false;
    const { productVersion, variantIds } = product;
    const input = { id: variantIds[1], productVersion };
    return isDone(await act.ask({ name: 'variantRemove' }, input));
  },
  effects: [
    found(
      'catalog',
      `SELECT count(*) FROM variant WHERE sku = $1 || '-gone' AND removed_at IS NOT NULL`,
    ),
    found(
      'inventory',
      `SELECT count(*) FROM stock_item WHERE sku = $1 || '-gone' AND NOT is_on_sale`,
    ),
    // Either the till has its price, or it is removed.
    found(
      'pos',
      `SELECT count(*) FILTER (WHERE sku = $1) - count(*) FILTER (WHERE sku = $1 || '-gone') FROM price_book
       WHERE sku IN ($1, $1 || '-gone')`,
    ),
  ],
};
