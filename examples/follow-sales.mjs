// An integrator's consumer in plain kafkajs: prints every committed sale, once.
// KAFKA_BROKERS=127.0.0.1:9192 node examples/follow-sales.mjs
import { Kafka, logLevel } from 'kafkajs';

const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:9192').split(',');
const kafka = new Kafka({ clientId: 'follow-sales', brokers, logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: 'follow-sales' });
const seen = new Set(); // In your own system: a table with the event id as key, in the transaction of the effect.

await consumer.connect();
await consumer.subscribe({ topics: ['onecount.pos.sale.v1'], fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    const header = (name) => message.headers[name]?.toString();
    if (header('ce_type') !== 'pos.sale-committed' || seen.has(header('ce_id'))) return;
    seen.add(header('ce_id'));
    const sale = JSON.parse(message.value.toString());
    const lines = sale.lines.map((line) => `${line.quantity} × ${line.sku}`).join(', ');
    console.log(`${header('ce_time')} ${sale.receiptNumber} ${sale.channel}: ${lines}`);
  },
});
