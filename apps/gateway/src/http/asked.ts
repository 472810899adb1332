import type { FastifyRequest } from 'fastify';

/** What a request asks, wherever HTTP carries it. */
export type Asked = { isGet: boolean; body: unknown; search: string };

export function askedOf({ method, body, url }: FastifyRequest): Asked {
  const isGet = method === 'GET';
  const search = isGet && url.includes('?') ? url.slice(url.indexOf('?')) : '';
  return { isGet, body: isGet ? undefined : body, search };
}

type Named = { text: string | undefined; id: string | undefined };

/** The text that a request brings and the id by which it names one; another type is no text, and an id of nothing. */
export function namedIn({ isGet, body, search }: Asked): Named {
  if (isGet) {
    const parameters = new URLSearchParams(search);
    return named(parameters.get('query'), parsed(parameters.get('extensions')));
  }
  const { query, extensions } = (body ?? {}) as { query?: unknown; extensions?: unknown };
  return named(query, extensions);
}

/** The same request for this text, and without an id. */
export function withListed({ isGet, body, search }: Asked, text: string): Asked {
  if (!isGet) {
    const { extensions: _id, ...rest } = body as { extensions?: unknown };
    return { isGet, search, body: { ...rest, query: text } };
  }
  const parameters = new URLSearchParams(search);
  parameters.delete('extensions');
  parameters.set('query', text);
  return { isGet, body, search: `?${parameters}` };
}

function named(query: unknown, extensions: unknown): Named {
  const { persistedQuery } = (extensions ?? {}) as {
    persistedQuery?: { sha256Hash?: unknown } | null;
  };
  const id = persistedQuery?.sha256Hash ?? undefined;
  return { text: textOf(query), id: typeof id === 'string' ? id : JSON.stringify(id) };
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function parsed(json: string | null): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return undefined;
  }
}
