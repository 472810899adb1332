import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const keptLines = 5_000;
const colours = [36, 32, 33, 35, 34, 96, 92];

export type LogOptions = {
  folder: string;
  /** undefined: nothing is shown. */
  write?: (line: string) => void;
  isColoured?: boolean;
};

export type Logs = {
  follow(name: string, stream: Readable): void;
  say(name: string, text: string): void;
  lines(name: string): string[];
  close(): Promise<void>;
};

const shown = new Set(['level', 'time', 'msg', 'service', 'pid', 'hostname', 'v']);

function fieldsOf(entry: Record<string, unknown>): string {
  return Object.entries(entry)
    .filter(([name, value]) => !shown.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** One JSON log line as a person reads it: time, level when it matters, message, the rest as name=value. */
export function compactLine(line: string): string {
  if (!line.startsWith('{')) return line;
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const time = typeof entry['time'] === 'string' ? entry['time'].slice(11, 23) : '';
  const level = String(entry['level'] ?? 'info');
  const parts = [time, level === 'info' ? '' : level.toUpperCase(), entry['msg'], fieldsOf(entry)];
  return parts.filter(Boolean).join(' ');
}

/** Every process's output: kept for `lines`, written to `<folder>/<name>.log`, shown with its name in front. */
export function createLogs(names: string[], options: LogOptions): Logs {
  const width = Math.max(...names.map((name) => name.length));
  const kept = new Map<string, string[]>();
  const files = new Map<string, WriteStream>();

  function label(name: string): string {
    const padded = name.padEnd(width);
    const colour = colours[Math.max(names.indexOf(name), 0) % colours.length];
    return options.isColoured ? `\u001b[${colour}m${padded}\u001b[0m` : padded;
  }
  function fileOf(name: string): WriteStream {
    const known = files.get(name);
    if (known) return known;
    const file = createWriteStream(join(options.folder, `${name}.log`), {
      flags: 'a',
      mode: 0o600,
    });
    // A full disk must not take the system down with its logs.
    file.on('error', () => undefined);
    files.set(name, file);
    return file;
  }
  function add(name: string, line: string): void {
    const lines = kept.get(name) ?? [];
    kept.set(name, lines);
    lines.push(line);
    if (lines.length > keptLines) lines.splice(0, lines.length - keptLines);
    fileOf(name).write(`${line}\n`);
    options.write?.(`${label(name)} │ ${compactLine(line)}`);
  }
  return {
    follow(name, stream) {
      createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => add(name, line));
    },
    say: add,
    lines: (name) => [...(kept.get(name) ?? [])],
    async close() {
      const ended = [...files.values()].map((file) => new Promise<void>((done) => file.end(done)));
      await Promise.all(ended);
    },
  };
}
