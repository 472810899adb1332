export type Story = { say(line: string): void; text(): string };

/** What happened in a round, in order, with the milliseconds since its begin. */
export function createStory(): Story {
  const begun = performance.now();
  const lines: string[] = [];
  return {
    say: (line) =>
      void lines.push(`${Math.round(performance.now() - begun)} ms`.padStart(9) + `  ${line}`),
    text: () => lines.join('\n'),
  };
}
