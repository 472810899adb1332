import { writeSync } from 'node:fs';
import { createTransport, type TransportConfig } from '../src/index.ts';

// A group member that dies by SIGKILL inside onMessages, after its effect and before its offset.
const { config, group, topic, crashOn } = JSON.parse(process.argv[2] ?? '{}') as {
  config: TransportConfig;
  group: string;
  topic: string;
  crashOn: string;
};
const transport = await createTransport(config);
await transport.subscribe({
  group,
  topics: [topic],
  async onMessages(messages) {
    for (const { value } of messages) {
      writeSync(1, `${value}\n`);
      if (value === crashOn) process.kill(process.pid, 'SIGKILL');
    }
    return messages.length;
  },
});
