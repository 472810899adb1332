/** An OAuth client that is given tokens for its own credentials (RFC 6749, 4.4). */
export type TokenClient = {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string | undefined;
};

const timeoutMs = 10_000;
// A broker closes a session whose token has ended; a connection that begins now must not begin with such a one.
const marginMs = 30_000;

/** The endpoint gives no token: a secret that is wrong, or another answer than RFC 6749 has. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
}

/** One token for all connections until shortly before its end. Throws TokenRefusedError, or what fetch throws. */
export function createTokenSource(client: TokenClient): () => Promise<string> {
  let known: { value: string; endsAt: number } | undefined;
  return async () => {
    if (known && known.endsAt - marginMs > Date.now()) return known.value;
    const { access_token: value, expires_in: seconds = 0 } = await askedFor(client);
    known = { value, endsAt: Date.now() + seconds * 1000 };
    return value;
  };
}

async function askedFor({ tokenUrl, clientId, clientSecret, scope }: TokenClient) {
  const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = (await response.json().catch(() => ({}))) as {
    access_token?: string;
    expires_in?: number;
  };
  if (!response.ok || typeof body.access_token !== 'string')
    throw new TokenRefusedError(`KAFKA_OAUTH_TOKEN_URL gives no token (HTTP ${response.status})`);
  return { ...body, access_token: body.access_token };
}
