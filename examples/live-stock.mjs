/* global fetch, setTimeout, TextDecoderStream */
// Live counts in a browser and in Node: one file, nothing of this repository, no dependency.
// TOKEN=… node examples/live-stock.mjs http://127.0.0.1:4000/live/stock?sku=RING

/**
 * Follows the counts until the signal aborts. `token` is asked at each connection, so that a new one can be
 * fetched when it has expired. EventSource cannot send a token in a header, and in an address it would be kept in logs.
 */
export async function followStock(url, { token, onStock, signal }) {
  let lastEventId;
  let retryMs = 2_000;
  while (!signal?.aborted) {
    try {
      const headers = { authorization: `Bearer ${await token()}`, accept: 'text/event-stream' };
      if (lastEventId) headers['last-event-id'] = lastEventId;
      const answer = await fetch(url, { headers, signal });
      if (answer.status === 400 || answer.status === 403) throw new Refused(await answer.text());
      if (answer.ok)
        for await (const event of eventsOf(answer.body)) {
          if (event.retry) retryMs = Number(event.retry);
          if (event.event === 'stock') onStock(JSON.parse(event.data));
          // An event without an id is followed by others that belong to it.
          if (event.id) lastEventId = event.id;
        }
    } catch (err) {
      if (err instanceof Refused) throw err;
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

class Refused extends Error {}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (text + value).split('\n\n');
    text = parts.pop();
    for (const part of parts)
      yield Object.fromEntries(part.split('\n').map((line) => line.split(/: ?(.*)/s)));
  }
}

if (globalThis.process?.argv[2]) {
  const token = () => process.env.TOKEN;
  const onStock = ({ sku, available }) => console.log(`${sku}: ${available}`);
  await followStock(process.argv[2], { token, onStock });
}
