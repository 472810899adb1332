// Run as a process of its own: the exporter loads its transport in a way that jest's module loader refuses.
import { continueTrace, runInRequestContext, startTracing, withSpan } from '../src/index.ts';

const [endpoint, traceparent] = process.argv.slice(2);
const tracing = await startTracing({ service: 'pos', endpoint });
const inner = () => withSpan({ name: 'claim', kind: 'client' }, async () => 'claimed');
const outer = () => withSpan({ name: 'saleCommit', kind: 'server' }, inner);
await runInRequestContext({ requestId: 'r-1', trace: continueTrace(traceparent) }, outer);
await tracing.stop();
