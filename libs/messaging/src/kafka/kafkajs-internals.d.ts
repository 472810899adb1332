// Not part of kafkajs's public types; see kafka.request-queue.ts for why it is reached at all.
declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: new (options: Record<string, unknown>) => object;
  // eslint-disable-next-line no-restricted-syntax -- what a CommonJS module gives to an import is its default
  export default RequestQueue;
}
