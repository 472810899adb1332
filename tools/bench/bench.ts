/** What a bench is told on the command line: `--rounds 1000 --seconds 10`. */
export type BenchOptions = {
  number(name: string, fallback: number): number;
  /** Where the free text goes; standard output is kept for it and for the one line of figures. */
  say(line: string): void;
};

export type Figures = Record<string, unknown>;

export type Bench = {
  help: string;
  /** Rejects when it could not measure or found a wrong result, and only then. */
  run(options: BenchOptions): Promise<Figures>;
};
