import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@onecount/db';
import { createSubgraphServer } from '@onecount/graphql';
import { createLogger } from '@onecount/telemetry';
import { testDatabase, timeoutFactor } from '@onecount/testing';
import type { BackgroundTask } from '@onecount/service';
import type { CatalogConfig } from '../src/config.ts';
import { definition } from '../src/service.ts';
import { inventoryStub } from './inventory-stub.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';
export const staff = ['catalog:read', 'catalog:write'];

type Answer = { data: any; errors?: { message: string; extensions: { code: string } }[] };

export type Catalog = Awaited<ReturnType<typeof startCatalog>>;

/** The catalog's subgraph over a database of its own and an inventory that is played. */
export async function startCatalog(
  options: { uploadBytesMax?: number; uploadSecondSecret?: string; fetchesLoopback?: boolean } = {},
) {
  const database = await testDatabase('catalog', { entities: definition.entities });
  const inventory = inventoryStub();
  const uploadDir = await mkdtemp(join(tmpdir(), 'onecount-uploads-'));
  const log = createLogger({ service: 'catalog', level: 'silent' });
  const secret = 'a secret of at least thirty-two characters';
  const config = {
    PUBLIC_URL: 'http://catalog.test',
    UPLOAD_SIGNING_SECRET: secret,
    UPLOAD_SECOND_SECRET: options.uploadSecondSecret,
    UPLOAD_DIR: uploadDir,
    MEDIA_DIR: join(uploadDir, 'media'),
    MEDIA_FETCH_LOOPBACK: options.fetchesLoopback ?? false,
    UPLOAD_BYTES_MAX: options.uploadBytesMax ?? 1_000_000,
    IMPORT_LEASE_SECONDS: 2,
    TIMEOUT_FACTOR: timeoutFactor,
  } as CatalogConfig;
  const unasked = async (): Promise<never> => {
    throw new Error('nothing here asks for it');
  };
  const parts = await definition.start({
    config,
    db: database.db,
    log,
    backgroundLog: log,
    signer: undefined,
    client: () => inventory.client,
    wakeRelay: () => undefined,
    verifyInternalToken: unasked,
    tail: unasked,
  });
  const server = await createSubgraphServer({
    name: 'catalog',
    typeDefs: [definition.typeDefs()],
    resolvers: parts.resolvers,
    // The token is the caller itself: what identity does has tests of its own.
    verifyInternalToken: async (token) => {
      const { tenantId, scopes } = JSON.parse(Buffer.from(token ?? '', 'base64url').toString()) as {
        tenantId: string;
        scopes: string[];
      };
      return { tenantId, subject: 'tester', scopes: new Set(scopes), issuer: 'gateway' };
    },
    log,
    routes: parts.routes,
  });

  const url = await server.listen({ host: '127.0.0.1', port: 0 });

  async function graphql(
    query: string,
    variables: object = {},
    caller: { tenantId?: string; scopes?: string[] } = {},
  ): Promise<Answer> {
    const { tenantId = tenantA, scopes = staff } = caller;
    const token = Buffer.from(JSON.stringify({ tenantId, scopes })).toString('base64url');
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  }

  async function ask(
    name: string,
    selection: string,
    input: object,
    caller: { tenantId?: string; scopes?: string[] } = {},
  ) {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { answer: ${name}(input: $input) { ${selection} } }`;
    const variables = { input: { idempotencyKey: randomUUID(), ...input } };
    const answer = await graphql(query, variables, caller);
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data.answer;
  }

  return {
    database,
    db: database.db,
    inventory,
    /** An upload address as it was given out, on the port that this catalog really has. */
    reachable: (address: string) => address.replace(config.PUBLIC_URL, url),
    background: (parts.background ?? []) as BackgroundTask[],
    uploadDir,
    graphql,
    /** The answer of a mutation, as the selection asks for it; its input type is called like the field. */
    ask,
    /** The same with the selection that the specs share. */
    async mutate(
      name: string,
      input: object,
      caller: { tenantId?: string; scopes?: string[] } = {},
    ) {
      return ask(name, selections[name]!, input, caller);
    },
    async stop() {
      for (const task of parts.background ?? []) await task.stop();
      await server.close();
      await database.drop();
      await rm(uploadDir, { recursive: true, force: true });
    },
  };
}

const variantFields =
  'id sku barcode title fullTitle position tracking price { amount currencyCode }';
const productFields = `id version handle title status vendor { name } category { name } tags
  options { position name values } media { url alt position }
  variantsTotal variants { nodes { ${variantFields} } }`;
const textFields =
  'title handle seoTitle seoDescription variantsTotal options { position name values }';
const inputFields = `__typename ... on UserError { code message } ... on InvalidInput { field value }`;
const commonFields = `${inputFields}
  ... on NotFound { kind id }`;
const errorFields = `__typename ... on UserError { code message } ... on InvalidInput { field value }
  ... on NotFound { kind id } ... on HandleTaken { handle }`;
const labelFields = 'id version name symbology sheet { columns rows }';
const fileFields = 'contentHash url thumbnailUrl(size: SMALL) contentType width height sizeBytes';
const mediaFields = `id url alt position isPrimary thumbnailUrl optionValues { name value } file { ${fileFields} }`;
const selections: Record<string, string> = {
  productCreate: `${errorFields} ... on SkuTaken { sku } ... on BarcodeTaken { barcode }
    ... on VariantLimitExceeded { requested limit } ... on IdempotencyKeyReused { idempotencyKey }
    ... on ProductCreateSuccess { variantsTotal inventoryTotal inventoryPending warnings { code message }
      product { ${productFields} } }`,
  productUpdate: `${errorFields} ... on VersionConflict { versionGiven product { version title } } ... on ProductUpdateSuccess { warnings { code message } product { ${productFields} } }`,
  variantsAdd: `__typename ... on UserError { code message } ... on InvalidInput { field value }
    ... on NotFound { kind id } ... on VersionConflict { versionGiven product { version } }
    ... on VariantLimitExceeded { requested limit }
    ... on VariantsAddSuccess { variantsAdded inventoryTotal inventoryPending warnings { code message }
      product { ${productFields} } }`,
  variantRemove: `__typename ... on UserError { code message } ... on InvalidInput { field value }
    ... on NotFound { kind id } ... on VersionConflict { versionGiven product { version } }
    ... on LastVariant { product { id variantsTotal } }
    ... on VariantInUse { sku onHand inTransit backorderLimit openingStockPending holdsTotal
      holds { holdId quantity locationCode expiresAt sale { id } } }
    ... on VariantRemoveSuccess { variant { id sku title isActive removedAt product { id } } product { ${productFields} } }`,
  variantUpdate: `__typename ... on UserError { code message } ... on InvalidInput { field value }
    ... on NotFound { kind id } ... on VersionConflict { versionGiven product { ${productFields} } }
    ... on VariantUpdateSuccess { warnings { code message } variant { id sku barcode stockCode isActive isTaxable
      requiresShipping weightGrams weightUnit taxCode price { amount currencyCode } compareAtPrice { amount currencyCode }
      cost { amount currencyCode } image { url } product { version } } }`,
  skuAbbreviationsSet: `__typename ... on UserError { code message } ... on InvalidInput { field value }
    ... on SkuAbbreviationsSetSuccess { abbreviations { value abbreviation } removed }`,
  variantBarcodesGenerate: `__typename ... on UserError { code message } ... on InvalidInput { field value }
    ... on NotFound { kind id } ... on VersionConflict { versionGiven product { version } }
    ... on VariantBarcodesGenerateSuccess { barcodesGenerated product { ${productFields} } }`,
  variantsUpdate: `__typename ... on UserError { code message } ... on InvalidInput { field value }
    ... on NotFound { kind id } ... on VersionConflict { versionGiven product { version } }
    ... on VariantRowsRefused { refusalsTotal refusals { row sku field value message } }
    ... on VariantsUpdateSuccess { isDryRun variantsChanged warnings { code message } product { version }
      differences { nodes { id sku fields { field before after } } } }`,
  priceListCreate: `__typename ... on UserError { code message } ... on InvalidInput { field value }
    ... on NotFound { kind id } ... on VariantRowsRefused { refusalsTotal refusals { row sku field value } }
    ... on PriceListCreateSuccess { priceList { id name kind status timeZone startsAt endsAt entriesTotal } }`,
  priceListCancel: `__typename ... on NotFound { kind id } ... on PriceListCancelSuccess { priceList { id status } }`,
  productSplit: `${errorFields} ... on VersionConflict { versionGiven product { version } }
    ... on OpeningStockPending { product { id } }
    ... on ProductSplitSuccess { isDryRun siblings { ${textFields} values product { ${productFields} } } }`,
  productsMerge: `${commonFields} ... on VersionConflict { versionGiven product { id } }
    ... on VariantsWouldCoincide { skus } ... on OpeningStockPending { product { id } }
    ... on ProductsMergeSuccess { isDryRun handlesTaken ${textFields} product { ${productFields} formerHandles } }`,
  productRestore: `${commonFields} ... on ProductMerged { product { id } } ... on ProductRestoreSuccess { product { id } }`,
  productStatusSet: `__typename ... on UserError { code message } ... on NotFound { kind id }
    ... on VersionConflict { versionGiven product { version status } }
    ... on ProductStatusSetSuccess { product { ${productFields} } }`,
  mediaFileStore: `${commonFields} ... on PictureRefused { reason field value } ... on UploadNotReady { uploadId }
    ... on MediaFileStoreSuccess { file { ${fileFields} } }`,
  mediaAttach: `${commonFields} ... on PictureRefused { reason field value } ... on UploadNotReady { uploadId }
    ... on MediaLimitExceeded { requested limit } ... on VersionConflict { versionGiven }
    ... on MediaAttachSuccess { media { ${mediaFields} } product { id version media { id url } } }`,
  ...Object.fromEntries(
    ['Reorder', 'PrimarySet', 'AltSet', 'Delete', 'OptionValuesSet', 'VariantsSet'].map((name) => [
      `media${name}`,
      `${commonFields} ... on VersionConflict { versionGiven } ... on MediaChangeSuccess { product { id version
        media { ${mediaFields} } variants { nodes { id title image { id } } } } }`,
    ]),
  ),
  labelTemplateCreate: `${inputFields} ... on LabelTemplateCreateSuccess { labelTemplate { ${labelFields} } }`,
  labelTemplateUpdate: `${commonFields} ... on LabelTemplateConflict { labelTemplate { version } }
    ... on LabelTemplateUpdateSuccess { labelTemplate { ${labelFields} } }`,
  labelTemplateDelete: `${commonFields} ... on LabelTemplateDeleteSuccess { labelTemplateId }`,
  labelsRender: `${commonFields} ... on LabelsAlike { first second fieldsToAdd } ... on LabelUnprintable { item labelField value }
    ... on LabelsRenderSuccess { file { url expiresAt } contentType labelsTotal pagesTotal }`,
  stagedUploadCreate: `__typename ... on UserError { code message } ... on InvalidInput { field }
    ... on StagedUploadCreateSuccess { upload { id url method sizeBytesMax headers { name value } expiresAt } }`,
  productImportStart: `__typename ... on UserError { code message } ... on InvalidInput { field }
    ... on NotFound { kind id } ... on UploadNotReady { uploadId }
    ... on ProductImportStartSuccess { productImport { id status } }`,
  productImportCancel: `__typename ... on UserError { code message } ... on NotFound { kind id }
    ... on ProductImportCancelSuccess { productImport { id status } }`,
  productImportMappingSave: `__typename ... on UserError { code message } ... on InvalidInput { field }
    ... on ProductImportMappingSaveSuccess { mapping { name columns { column field } } }`,
};

/** The same without what a key keeps: a refusal is kept as the answer to it (docs/idempotency.md). */
export async function factCounts(db: Database): Promise<Record<string, number>> {
  const { idempotency_record: _, ...facts } = await rowCounts(db);
  return facts;
}

/** How many rows each table has for the tenant: to show that a refusal wrote nothing. */
export async function rowCounts(db: Database, tenantId = tenantA): Promise<Record<string, number>> {
  const tables = [
    'product',
    'product_option',
    'variant',
    'media',
    'media_file',
    'vendor',
    'category',
    'stock_command',
    'label_template',
    'label_print',
    'outbox',
    'idempotency_record',
  ];
  return db.read(tenantId, async (tx) => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const [row] = await tx.query<{ total: number }>(
        `SELECT count(*)::integer AS total FROM ${table}`,
      );
      counts[table] = row?.total ?? 0;
    }
    return counts;
  });
}
