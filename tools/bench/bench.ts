/** What a bench is told on the command line: `--rounds 1000 --path one`. */
export type BenchOptions = {
  number(name: string, fallback: number): number;
  /** Undefined when it was not given. */
  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined;
  /** Where the free text goes; standard output is kept for it and for the one line of figures. */
  say(line: string): void;
};

export type Figures = Record<string, unknown>;

export type Bench = {
  help: string;
  /** Rejects when it could not measure or found a wrong result, and only then. */
  run(options: BenchOptions): Promise<Figures>;
};
