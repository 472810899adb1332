import { asyncApiDocument, eventSchemas, eventTypes, topics } from './index.ts';

test('every event has a plain JSON Schema whose fields are all described', () => {
  const files = eventSchemas();
  expect(files.map(({ type }) => type)).toEqual(eventTypes);
  for (const { type, path, schema } of files) {
    expect(path).toBe(`libs/events/schemas/${type}.v1.json`);
    expect(schema).toMatchObject({ $id: `urn:onecount:event:${type}:v1`, type: 'object' });
    expect(undescribed(schema, type)).toEqual([]);
  }
});

function undescribed(schema: any, path: string): string[] {
  const children = Object.entries<any>(schema.properties ?? {});
  return children.flatMap(([name, child]) => [
    ...(child.description ? [] : [`${path}.${name}`]),
    ...undescribed(child.items ?? child, `${path}.${name}`),
  ]);
}

test('no schema is closed: a field can be added later', () => {
  expect(JSON.stringify(eventSchemas())).not.toContain('additionalProperties');
});

test('the AsyncAPI document resolves every reference and names every topic', () => {
  const document = asyncApiDocument() as any;
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(eventTypes.length * 3);
  for (const [, path] of references) {
    const found = path!.split('/').reduce((node, part) => node?.[part], document);
    expect({ path, found: typeof found }).toEqual({ path, found: 'object' });
  }
  const addresses = Object.values<any>(document.channels).map(({ address }) => address);
  expect(addresses).toEqual(Object.values(topics).map(({ name }) => name));
  expect(document.channels.inventoryStockLevel.bindings.kafka.topicConfiguration).toEqual({
    'cleanup.policy': ['compact'],
  });
});
