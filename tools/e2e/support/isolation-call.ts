import { getNamedType, isUnionType, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { GraphqlClient, Outcome } from '@onecount/testing';

/**
 * What both tenants call alike. A tenant that could not use a SKU, a serial or a key because another one
 * does would learn that the other one has it.
 */
export const shared = {
  locationCode: 'SHARED',
  handle: 'shared-ring',
  sku: 'SHARED-RING-6',
  quantitySku: 'SHARED-RING-7',
  serial: 'SHARED-SN-1',
  stockNumber: 'SHARED-ST-1',
  code: 'SHARED-TAG-1',
  countedSku: 'SHARED-COUNTED',
  stoneSku: 'SHARED-STONE',
  supplier: 'SHARED-SUPPLIER',
  documentNumber: 'SHARED-DELIVERY-1',
  device: 'SHARED-DEVICE',
  batchKey: 'shared-batch-1',
  barcode: '4006381333931',
  externalId: 'shared-order-1001',
};

export type World = {
  tenantId: string;
  /** Stands in every text of this tenant, in any capitalisation, and nowhere else. */
  marker: string;
  word(label: string): string;
  client: GraphqlClient;
  /** Every mutation that made this world, in order and word for word. */
  script: Command[];
  passportUrls: string[];
  uploadUrls: string[];
};

/** `success`: the type of the answer when it is done. */
export type Command = { name: string; query: string; variables: Variables; success: string };
type Variables = { input: { idempotencyKey: string; [field: string]: unknown } };

export type Call = (
  name: string,
  input: object,
  selection: string,
  key?: string,
) => Promise<Outcome>;

export const money = (amount: string) => ({ amount, currencyCode: 'USD' });

/** Each call is kept in the script. A key is the same in every tenant, unless one is given that only this tenant has. */
export function callerOf(
  { client, script }: Pick<World, 'client' | 'script'>,
  api: GraphQLSchema,
): Call {
  const mutations = api.getMutationType()!.getFields();
  return async (name, input, selection, key) => {
    const { inputType, success } = typesOf(mutations[name]!);
    const idempotencyKey = key ?? `shared-${name}-${script.length}`;
    const query = `mutation ($input: ${inputType}!) { result: ${name}(input: $input) {
      __typename ... on UserError { code message } ... on ${success} { ${selection} } } }`;
    const variables = { input: { idempotencyKey, ...input } };
    script.push({ name, query, variables, success });
    const { result } = await client.data<{ result: Outcome }>(query, variables);
    if (result.__typename !== success) throw new Error(`${name}: ${JSON.stringify(result)}`);
    return result;
  };
}

function typesOf({ args, type }: GraphQLField<unknown, unknown>) {
  const answer = getNamedType(type);
  const members = isUnionType(answer) ? answer.getTypes().map(({ name }) => name) : [];
  return {
    inputType: getNamedType(args.find(({ name }) => name === 'input')!.type).name,
    success: members.find((name) => name.endsWith('Success'))!,
  };
}
