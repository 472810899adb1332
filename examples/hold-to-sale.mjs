// A web shop: the page holds, the server sells. Needs a running system (npm start) and a product with stock and a price:
// node examples/hold-to-sale.mjs BROOCH-1890
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const sku = process.argv[2] ?? 'BROOCH-1890';
const { graphqlUrl, tokens } = JSON.parse(await readFile('.onecount/dev.json', 'utf8'));

async function ask(token, mutation, input, fields) {
  const type = `${mutation[0].toUpperCase()}${mutation.slice(1)}`;
  const query = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
    ... on UserError { code message } ... on ${type}Success { ${fields} } } }`;
  // In your own shop a key belongs to a click, and is sent again when the answer is lost.
  const variables = { input: { idempotencyKey: randomUUID(), ...input } };
  const response = await globalThis.fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  const answer = data?.[mutation];
  if (!answer || answer.code) throw new Error(JSON.stringify(answer ?? errors));
  return answer;
}

// In the browser, with the publishable token. The secret stays in the page and goes to the shop's server only.
const secret = randomUUID();
const { hold } = await ask(
  tokens.publishable,
  'holdCreate',
  { sku, secret },
  'hold { id expiresAt }',
);
console.log(`held until ${hold.expiresAt}`);

// On the shop's server, with its own token. USD: the currency of the price.
const web = { channel: 'WEB', currencyCode: 'USD' };
const opened = await ask(tokens.cashier, 'saleOpen', web, 'sale { id }');
const line = { saleId: opened.sale.id, holdId: hold.id, holdSecret: secret };
const added = await ask(
  tokens.cashier,
  'saleLineAdd',
  line,
  'sale { total { amount currencyCode } }',
);
const tenders = [{ kind: 'CARD', amount: added.sale.total }];
const paid = await ask(
  tokens.cashier,
  'saleCommit',
  { saleId: opened.sale.id, tenders },
  'sale { receiptNumber lines { title serial } }',
);
console.log(`sold: ${JSON.stringify(paid.sale)}`);
