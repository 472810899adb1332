import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const eventLog = resolve(__dirname, 'event-log.ts');

// In a process of its own, because what is found on the PATH decides.
async function open(options: object, env: Record<string, string>): Promise<unknown> {
  const script = `
const { openEventLog } = await import(${JSON.stringify(eventLog)});
const eventLogUrl = async () => 'postgresql://127.0.0.1/log';
const options = { eventLogUrl, dataDir: '/nonexistent', port: 1, say() {}, onLost() {}, ...${JSON.stringify(options)} };
const answer = await openEventLog(options).catch((err) => ({ error: err.name + ': ' + err.message }));
process.stdout.write(JSON.stringify(answer));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    env,
  });
  return JSON.parse(stdout);
}

test('without Java the embedded log serves, and the line says why', async () => {
  expect(await open({ choice: 'auto' }, { PATH: '/nonexistent' })).toEqual({
    mode: 'embedded',
    reason:
      'embedded event log in PostgreSQL, because there is no Java on the PATH (Kafka needs Java 17 or newer)',
    brokers: [],
    env: { EVENT_LOG_URL: 'postgresql://127.0.0.1/log' },
  });
});

test('Kafka that was asked for is not replaced in silence', async () => {
  expect(await open({ choice: 'kafka' }, { PATH: '/nonexistent' })).toEqual({
    error: 'StackError: there is no Java on the PATH (Kafka needs Java 17 or newer)',
  });
});

test('brokers that do not answer end the start', async () => {
  expect(await open({ choice: 'auto', brokers: ['127.0.0.1:9'] }, { PATH: '' })).toEqual({
    error: 'StackError: KAFKA_BROKERS: no broker answers at 127.0.0.1:9.',
  });
});
