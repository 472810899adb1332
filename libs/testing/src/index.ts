export { eventually, type EventuallyOptions } from './eventually.ts';
export { emptyDatabase, testDatabase, type TestDatabase } from './database.ts';
export { testTransport, type TestTransport } from './transport.ts';
