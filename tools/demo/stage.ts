import { styleText } from 'node:util';

/** Where the scene is shown: numbered steps with a few lines each. */
export type Stage = {
  step(title: string): void;
  /** One fact: a label and what was answered. */
  fact(label: string, answer: string): void;
  line(text: string): void;
  /** Rows in columns as wide as what stands in them. */
  table(rows: string[][]): void;
};

const labelWidth = 12;

export function createStage(write: (line: string) => void, isColoured: boolean): Stage {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    isColoured ? styleText(format, text, { validateStream: false }) : text;
  let steps = 0;
  const line = (text: string) => write(`   ${text}`.trimEnd());
  return {
    step(title) {
      steps += 1;
      if (steps > 1) write('');
      write(paint('bold', `${String(steps).padStart(2)} ${title}`));
    },
    fact: (label, answer) => line(`${paint('dim', label.padEnd(labelWidth))} ${answer}`),
    line,
    table(rows) {
      const columns = rows[0]?.map((_, at) => at) ?? [];
      const widths = columns.map((at) => Math.max(...rows.map((row) => row[at]!.length)));
      for (const [index, row] of rows.entries()) {
        const text = row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ');
        line(index === 0 ? paint('dim', text) : text);
      }
    },
  };
}

/** 10:07:30 UTC */
export const clock = (iso: string): string => `${new Date(iso).toISOString().slice(11, 19)} UTC`;

export const money = ({ amount, currencyCode }: { amount: string; currencyCode: string }): string =>
  `${amount} ${currencyCode}`;
