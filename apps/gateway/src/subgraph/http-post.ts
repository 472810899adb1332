import type { Dispatcher, Pool } from 'undici';

export type HttpAnswer = { status: number; text: string; date: string | undefined };

export class ResponseTooLarge extends Error {
  override readonly name = 'ResponseTooLarge';
}
export class ResponseTimeout extends Error {
  override readonly name = 'ResponseTimeout';
}

/**
 * One POST through undici's dispatch, the layer below `request()`: no body stream, no abort signal
 * per call. One timer spans queueing, connecting, waiting and reading, so that a server that hangs
 * or drips is cut off alike.
 */
export function httpPost(
  pool: Pool,
  options: {
    path: string;
    headers: Record<string, string>;
    body: string;
    timeoutMs: number;
    responseBytesMax: number;
  },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { path, headers, body, timeoutMs, responseBytesMax } = options;
    const answer = new Answer(resolve, reject, timeoutMs, responseBytesMax);
    pool.dispatch({ path, method: 'POST', headers, body }, answer);
  });
}

class Answer implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #date: string | undefined;
  #bytes = 0;
  readonly #chunks: Buffer[] = [];
  readonly #timer: NodeJS.Timeout;
  readonly #bytesMax: number;
  #failure: Error | undefined;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (err: Error) => void;

  constructor(
    resolve: (answer: HttpAnswer) => void,
    reject: (err: Error) => void,
    timeoutMs: number,
    bytesMax: number,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#bytesMax = bytesMax;
    this.#timer = setTimeout(() => this.#fail(new ResponseTimeout()), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Timed out while waiting for a connection: it must not be sent any more.
    if (this.#failure) controller.abort(this.#failure);
  }
  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = statusCode;
    this.#date = [headers['date'] ?? []].flat()[0];
  }
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bytesMax) this.#fail(new ResponseTooLarge());
    else this.#chunks.push(chunk);
  }
  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const body = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const text = body?.toString('utf8') ?? '';
    this.#resolve({ status: this.#status, text, date: this.#date });
  }
  onResponseError(_controller: Dispatcher.DispatchController, err: Error): void {
    clearTimeout(this.#timer);
    this.#reject(this.#failure ?? err);
  }

  #fail(failure: Error): void {
    clearTimeout(this.#timer);
    this.#failure = failure;
    this.#reject(failure);
    this.#controller?.abort(failure);
  }
}
