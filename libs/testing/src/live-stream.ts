export type LiveEvent = { event: string; id?: string; data: Record<string, any> };
export type LiveClient = {
  /** Everything received until now, in order. */
  events: LiveEvent[];
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  close(): void;
};

/** A client of live counts; throws the answer of one who was not let in. */
export async function openLiveStream(url: string, init: RequestInit): Promise<LiveClient> {
  const abort = new AbortController();
  const answer = await fetch(url, { ...init, signal: abort.signal });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  const events: LiveEvent[] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (text + chunk).split('\n\n');
      text = parts.pop()!;
      events.push(...parts.flatMap(eventOf));
    }
  };
  return { events, ended: read().catch(() => undefined), close: () => abort.abort() };
}

function eventOf(part: string): LiveEvent[] {
  const lines = part.split('\n').map((line) => line.split(/: ?(.*)/s) as [string, string]);
  const { event, id, data } = Object.fromEntries(lines);
  return event && data ? [{ event, ...(id ? { id } : {}), data: JSON.parse(data) }] : [];
}
