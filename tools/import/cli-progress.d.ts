// The package brings no types; this is the part that is used here.
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: {
      stream?: NodeJS.WritableStream;
      format?: string;
      hideCursor?: boolean;
      barsize?: number;
      clearOnComplete?: boolean;
    });
    start(total: number, done: number, payload?: object): void;
    update(done: number, payload?: object): void;
    setTotal(total: number): void;
    stop(): void;
  }
  const cliProgress: { SingleBar: typeof SingleBar };
  // eslint-disable-next-line no-restricted-syntax -- CommonJS: its module.exports is the default import
  export default cliProgress;
}
