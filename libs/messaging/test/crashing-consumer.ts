import { createDatabase } from '@onecount/db';
import { createInboxConsumer, createTransport, type TransportConfig } from '../src/index.ts';
import { effectHandler } from './fixture.ts';

// A service's consumer that dies by SIGKILL right after the commit of an effect on this aggregate, before its offset.
const { config, group, url, crashOn } = JSON.parse(process.argv[2] ?? '{}') as {
  config: TransportConfig;
  group: string;
  url: string;
  crashOn: string;
};
const db = await createDatabase({
  ...{ url, applicationName: 'crashing consumer', poolMax: 2 },
  onPoolError: () => undefined,
});
const { handle, ...handler } = effectHandler();
const dying = {
  ...handler,
  async handle(...[tx, event]: Parameters<typeof handle>) {
    await handle(tx, event);
    if (event.aggregateId !== crashOn) return;
    tx.afterCommit(() => void process.kill(process.pid, 'SIGKILL'));
  },
};
const transport = await createTransport(config);
createInboxConsumer({ db, transport, group, handlers: [dying] }).start();
