import { eventually } from '@onecount/testing';
import { shared, type Call, type World } from './isolation-call.ts';

// What comes from files and goes to web shops.

export async function importFile(call: Call, world: World): Promise<void> {
  const { word, client } = world;
  const rows = [
    'Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Status',
    `shared-import,${word('import-title')},<p>x</p>,${word('vendor')},${word('type')},x,TRUE,SHARED-IMPORT,shopify,4,12.00,active`,
    `shared-broken,${word('broken-title')},<p>x</p>,x,x,x,TRUE,SHARED-BROKEN,shopify,4,${word('price')},active`,
  ];
  const columns = [{ column: word('column'), field: 'PRICE' }];
  await call('productImportMappingSave', { name: word('mapping'), columns }, 'mapping { name }');
  const upload = 'upload { id url }';
  const filename = `${word('file')}.csv`;
  const used = await call('stagedUploadCreate', { filename }, upload);
  const unused = await call('stagedUploadCreate', { filename }, upload, word('stagedUploadCreate'));
  world.uploadUrls.push(used['upload'].url, unused['upload'].url);
  await fetch(used['upload'].url as string, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
    body: `${rows.join('\n')}\n`,
  });
  const input = {
    uploadId: used['upload'].id,
    locationCode: shared.locationCode,
    currencyCode: 'USD',
  };
  const started = await call('productImportStart', input, 'productImport { id }');
  await eventually(
    async () => {
      const query = 'query ($id: ID!) { productImport(id: $id) { status } }';
      const answer = await client.data<Record<string, { status: string }>>(query, {
        id: started['productImport'].id,
      });
      return answer['productImport']!.status === 'COMPLETED';
    },
    { intervalMs: 200, what: 'the import' },
  );
}

export async function connectShops(call: Call, { word }: World, webhookUrl: string): Promise<void> {
  const webhook = { url: webhookUrl };
  const locationCodes = [shared.locationCode];
  const connection = 'connection { id }';
  await call('connectionCreate', { name: word('shop'), locationCodes, webhook }, connection);
  const second = await call('connectionCreate', { name: word('shop-2'), webhook }, connection);
  const connectionId = second['connection'].id as string;
  await call('connectionPause', { connectionId }, connection);
  await call('connectionResume', { connectionId }, connection);
  await call('connectionPause', { connectionId }, connection);
}

// One red pixel.
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);

/** The same picture in every tenant, on a product whose option and value are this one's. */
export async function showPictures(call: Call, { word }: World): Promise<void> {
  const filename = `${word('picture')}.png`;
  const staged = await call(
    'stagedUploadCreate',
    { filename, purpose: 'PICTURE' },
    'upload { id url }',
  );
  const { id: uploadId, url } = staged['upload'];
  await fetch(url as string, { method: 'PUT', body: pixel });
  const options = [{ name: word('colour'), values: [word('red')] }];
  const created = await call('productCreate', { title: word('shown'), options }, 'product { id }');
  const productId = created['product'].id as string;
  const pictures = [{ uploadId, alt: word('alt') }];
  const { media } = await call('mediaAttach', { productId, pictures }, 'media { id }');
  const images = [{ value: word('red'), mediaId: media[0].id as string }];
  await call(
    'mediaOptionValuesSet',
    { productId, optionName: word('colour'), images },
    'product { id }',
  );
}
