import {
  EventInvalidError,
  fromMessage,
  messageOf,
  plainMessage,
  keyOf,
  newEvent,
  toMessage,
  topics,
  type EventMessage,
} from './index.ts';

const tenantId = '01900000-0000-7000-8000-00000000000a';
const repairId = '01900000-0000-7000-8000-000000000001';
const data = {
  repairId,
  version: 3,
  ticketNumber: 'R-1',
  stage: 'INTAKE',
  kind: 'CUSTOMER_PIECE',
} as const;
const args = { tenantId, aggregateId: repairId, sequence: 3, data };

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (err) {
    if (err instanceof EventInvalidError) return err.message;
    throw err;
  }
  throw new Error('nothing was refused');
}

describe('newEvent', () => {
  test('fills in id, topic and time', () => {
    const before = Date.now();
    const event = newEvent('workshop.repair-changed', args);
    expect(event).toMatchObject({ ...args, topic: 'onecount.workshop.repair.v1' });
    expect(event.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(Date.parse(event.time)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(event.time)).toBeLessThanOrEqual(Date.now());
  });

  test('ids rise with time', async () => {
    const first = newEvent('workshop.repair-changed', args).id;
    while (Date.now() <= parseInt(first.replace('-', '').slice(0, 12), 16)) await Promise.resolve();
    expect(newEvent('workshop.repair-changed', args).id > first).toBe(true);
  });

  test.each([
    [{ repairId: 'x' }, 'data.repairId must match format "uuid", got "x"'],
    [{ version: 1.5 }, 'data.version must be integer, got 1.5'],
    [{ kind: 'OURS' }, 'data.kind must be one of KNOWN_UNIT, CUSTOMER_PIECE, got "OURS"'],
    [{ stage: undefined }, 'data.stage is missing'],
    [{ stage: 'in take' }, 'data.stage must match pattern "^[A-Z][A-Z0-9_]*$", got "in take"'],
    [{ customer: 'Ada' }, 'data.customer is not part of the schema'],
    [{ unitSoldAt: 'yesterday' }, 'data.unitSoldAt must match format "date-time", got "yesterday"'],
  ])('refuses %j', (change, message) => {
    const wrong = { ...data, ...change } as typeof data;
    const refusal = refusalOf(() => newEvent('workshop.repair-changed', { ...args, data: wrong }));
    expect(refusal).toBe(`workshop.repair-changed: ${message}`);
  });

  test('names the place inside a list', () => {
    const refusal = refusalOf(() =>
      newEvent('pos.sale-committed', {
        ...args,
        data: {
          ...{ saleId: repairId, version: 1, channel: 'WEB', currencyCode: 'EUR', totalMinor: 1 },
          lines: [{ lineId: repairId, quantity: 0 } as never],
        },
      }),
    );
    expect(refusal).toContain('data.lines[0].quantity must be >= 1, got 0');
    expect(refusal).toContain('data.lines[0].sku is missing');
  });

  test('refuses an unusable envelope, all of it at once', () => {
    const wrong = { ...args, tenantId: 'a', aggregateId: '', sequence: -1 };
    expect(refusalOf(() => newEvent('workshop.repair-changed', wrong))).toBe(
      'workshop.repair-changed: tenantId must be a UUID, got "a"; aggregateId must not be empty, got ""; sequence must be a whole number from 0 on, got -1',
    );
  });
});

describe('message', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const event = newEvent('workshop.repair-changed', { ...args, traceparent });
  const message = toMessage(event);

  test('has the headers of the CloudEvents Kafka binding in binary mode', () => {
    expect(message).toEqual({
      topic: topics['workshop.repair'].name,
      key: `${tenantId}/${repairId}`,
      headers: {
        ...{ 'content-type': 'application/json; charset=utf-8', ce_specversion: '1.0' },
        ...{ ce_id: event.id, ce_type: 'workshop.repair-changed', ce_source: '/onecount/workshop' },
        ...{ ce_subject: repairId, ce_time: event.time, ce_tenantid: tenantId, ce_sequence: '3' },
        ...{ ce_dataschema: 'urn:onecount:event:workshop.repair-changed:v1', traceparent },
      },
      value: JSON.stringify(data),
    });
  });

  test('comes back as it went', () => {
    expect(fromMessage(message)).toEqual(event);
    expect(keyOf(event)).toBe(message.key);
  });

  test('a body beyond 512 KB travels compressed, and comes back as it went', () => {
    const variants = Array.from({ length: 2_048 }, (_, at) => ({
      at,
      title: `Größe 💍 ${at} `.repeat(40),
    }));
    const plain = JSON.stringify({ ...data, variants });
    expect(Buffer.byteLength(plain)).toBeGreaterThan(1_400_000);
    const compressed = messageOf(event, plain);
    expect(compressed.headers).toEqual({ ...message.headers, 'content-encoding': 'gzip, base64' });
    expect(compressed.value.length).toBeLessThan(plain.length / 10);
    expect(plainMessage(compressed)).toEqual({ ...message, value: plain });
    expect(fromMessage(compressed).data).toEqual(JSON.parse(plain));
    expect(messageOf(event, ' '.repeat(524_288)).headers).toEqual(message.headers);
  });

  test.each([
    ['br', message.value, 'content-encoding must be gzip, base64, got "br"'],
    ['gzip, base64', message.value, 'content-encoding cannot be undone'],
    ['gzip, base64', 'H4sIAAAAAAAAA6', 'content-encoding cannot be undone'],
  ])('refuses the encoding %s of %s', (given, value, reason) => {
    const wrong = { ...message, headers: { ...message.headers, 'content-encoding': given }, value };
    expect(refusalOf(() => fromMessage(wrong))).toContain(reason);
  });

  test('a consumer takes fields that it does not know', () => {
    const value = JSON.stringify({ ...data, addedLater: [1] });
    expect(fromMessage({ ...message, value }).data).toEqual({ ...data, addedLater: [1] });
  });

  const headers = (change: Record<string, string>): EventMessage => ({
    ...message,
    headers: { ...message.headers, ...change },
  });
  test.each<[string, EventMessage, string]>([
    ['type', headers({ ce_type: 'x.y' }), 'event: ce_type is not known, got "x.y"'],
    ['version', headers({ ce_specversion: '0.3' }), 'ce_specversion must be 1.0, got "0.3"'],
    [
      'media type',
      headers({ 'content-type': 'text/plain' }),
      'content-type must be application/json',
    ],
    ['tenant', headers({ ce_tenantid: '' }), 'ce_tenantid is missing'],
    ['sequence', headers({ ce_sequence: 'three' }), 'sequence must be a whole number from 0 on'],
    [
      'topic',
      { ...message, topic: 'other' },
      'topic must be onecount.workshop.repair.v1, got "other"',
    ],
    ['key', { ...message, key: 'other' }, `key must be ${tenantId}/${repairId}, got "other"`],
    ['body', { ...message, value: '{' }, 'value must be JSON, got "{"'],
    ['data', { ...message, value: '{}' }, 'data.repairId is missing'],
  ])('refuses a wrong %s', (_what, wrong, reason) =>
    expect(refusalOf(() => fromMessage(wrong))).toContain(reason),
  );

  test('a refused value is shortened', () => {
    const wrong = refusalOf(() => fromMessage({ ...message, value: `{${'x'.repeat(500)}` }));
    expect(wrong.length).toBeLessThan(160);
  });
});
