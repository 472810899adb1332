// Members in the publishing process need not wait for their next poll.
const listeners = new Map<string, Set<() => void>>();

export function ringLocally(eventLogUrl: string): void {
  for (const ring of listeners.get(eventLogUrl) ?? []) ring();
}

export function onLocalRing(eventLogUrl: string, ring: () => void): () => void {
  const others = listeners.get(eventLogUrl) ?? new Set();
  listeners.set(eventLogUrl, others.add(ring));
  return () => void others.delete(ring);
}
