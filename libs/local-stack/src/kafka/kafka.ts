import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../process/ports.ts';
import { commandLine, isRunning, stopProcess } from '../process/process.ts';
import { reapProcess, type Reaper } from '../process/reaper.ts';
import { PortTakenError, StackError } from '../stack.errors.ts';
import { checkJava, kafkaJars } from './kafka.jars.ts';
import { log4jXml, serverProperties, type Listener } from './kafka.settings.ts';

const run = promisify(execFile);
// Reading the logs of some 200 partitions again after kill -9 takes 3 s alone and half a minute on a
// machine that twenty other processes want. A broker that cannot start ends; this bounds one that hangs.
const readyWithinMs = 600_000;
const stopWithinMs = 8_000;
// One that an earlier run left behind may still read its logs: killed, the next one reads them again.
const leftoverWithinMs = 120_000;

export type KafkaOptions = {
  dataDir: string;
  port?: number;
  log?: (line: string) => void;
  listeners?: Listener[];
  settings?: Record<string, string>;
  /** Further arguments of the JVM. */
  javaArguments?: string[];
  /** Users for SCRAM, made with the data folder: `SCRAM-SHA-256=[name=…,password=…]`. */
  scramUsers?: string[];
  /** Called when the broker ends although neither stop() nor kill() was called. */
  onLost?: () => void;
};

export type Kafka = {
  mode: 'kafka';
  brokers: string[];
  port: number;
  pid(): number;
  logFile: string;
  /** Asks by SIGTERM, insists by SIGKILL after `withinMs` (8 s): then the next start reads every log again. */
  stop(withinMs?: number): Promise<void>;
  /** SIGKILL to the broker; `start` brings the same data back on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
};

type Context = {
  options: KafkaOptions;
  jars: string;
  port: number;
  logFile: string;
  settings: string;
};

const pidFileOf = (dataDir: string) => join(dataDir, 'kafka.pid');

async function writeSettings({ options, port, settings }: Context): Promise<void> {
  const controllerPort = await freePort();
  const dataDir = join(options.dataDir, 'data');
  const properties = serverProperties({ ...options, dataDir, port, controllerPort });
  await writeFile(settings, properties);
  await writeFile(join(options.dataDir, 'log4j2.xml'), log4jXml);
}

/** Made beside its place and moved there when it is whole: a format that dies half-way leaves no data folder. */
async function format({ options, jars, port }: Context): Promise<void> {
  const dataDir = join(options.dataDir, 'data');
  if (existsSync(join(dataDir, 'meta.properties'))) return;
  const draft = `${dataDir}.draft`;
  await rm(draft, { recursive: true, force: true });
  const settings = `${draft}.properties`;
  const properties = { ...options, dataDir: draft, port, controllerPort: port + 1 };
  await writeFile(settings, serverProperties(properties));
  const tool = ['-cp', `${jars}/*`, 'kafka.tools.StorageTool', 'format'];
  const users = (options.scramUsers ?? []).flatMap((user) => ['--add-scram', user]);
  const args = [...tool, '-t', newClusterId(), '-c', settings, ...users];
  await run('java', ['-XX:TieredStopAtLevel=1', '-Xshare:auto', ...args]).catch((err: Error) => {
    throw new StackError(`Kafka's data folder could not be made: ${err.message}`);
  });
  // Without its properties a folder holds nothing that was ever served.
  await rm(dataDir, { recursive: true, force: true });
  await rename(draft, dataDir);
  await rm(settings);
}

/** 16 random bytes as Kafka writes them, but for the first bit: an id that began with `-` would be read as an option. */
export function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes[0]! &= 0x7f;
  return bytes.toString('base64url');
}

/** Whether the broker of this data folder answers, and not another one that has the port. */
async function isUp({ options, port }: Context): Promise<boolean> {
  const { clusterIdOf } = await import('@onecount/messaging');
  const text = await readFile(join(options.dataDir, 'data/meta.properties'), 'utf8');
  const own = /^cluster\.id=(.+)$/m.exec(text)?.[1]?.trim();
  return own !== undefined && (await clusterIdOf(`127.0.0.1:${port}`)) === own;
}

export async function stopLeftoverKafka(
  options: Pick<KafkaOptions, 'dataDir' | 'log'>,
): Promise<void> {
  const pidFile = pidFileOf(options.dataDir);
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (pid > 1 && (await isRunning(pid)) && (await commandLine(pid)).includes(options.dataDir)) {
    options.log?.(`stopping a Kafka that an earlier run left behind (pid ${pid})`);
    await stopProcess(pid, 'SIGTERM', leftoverWithinMs);
  }
  await rm(pidFile, { force: true });
}

async function spawnBroker({ options, jars, logFile, settings }: Context) {
  const output = openSync(logFile, 'a', 0o600);
  const logFrom = fstatSync(output).size;
  try {
    const args = [
      // C1 alone: half the CPU until the broker is up (3.2 s against 6.1 s), which is what matters here.
      ...[
        '-Xms256m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        // Counters in a file for tools that nobody runs here, sampled 20 times a second.
        '-XX:-UsePerfData',
        '-XX:+ExitOnOutOfMemoryError',
      ],
      ...(options.javaArguments ?? []),
      `-Dlog4j2.configurationFile=${join(options.dataDir, 'log4j2.xml')}`,
      ...['-cp', `${jars}/*`, 'kafka.Kafka', settings],
    ];
    const child = spawn('java', args, {
      detached: true,
      cwd: options.dataDir,
      stdio: ['ignore', output, output],
    });
    await once(child, 'spawn');
    await writeFile(pidFileOf(options.dataDir), String(child.pid));
    return { child, logFrom };
  } finally {
    closeSync(output);
  }
}

/** By what its log says since then. Its own port may be taken, or the one of its controller. */
async function whyItEnded({ options, port, logFile }: Context, logFrom: number) {
  const log = await readFile(logFile).catch(() => Buffer.of());
  const text = log.subarray(logFrom).toString().trim();
  if (/Address already in use/.test(text))
    return new PortTakenError(`Kafka: port ${port} on 127.0.0.1 is in use.`);
  const last = text.split('\n').findLast((line) => /ERROR|FATAL|Exception/.test(line));
  const reason = last?.slice(0, 200) ?? 'no message';
  return new StackError(
    `Kafka did not start from ${options.dataDir}: ${reason} (log: ${logFile}; the data was left as it is)`,
  );
}

/**
 * Starts one Apache Kafka broker in KRaft mode on 127.0.0.1. acks=all on a single broker survives
 * kill -9 (the page cache holds the data), not power loss.
 */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  await checkJava();
  const jars = await kafkaJars();
  await mkdir(options.dataDir, { recursive: true });
  const context: Context = {
    options,
    jars,
    port: options.port ?? (await freePort()),
    logFile: `${options.dataDir}.log`,
    settings: join(options.dataDir, 'server.properties'),
  };
  let running: { pid: number; reaper: Reaper } | undefined;

  async function start(): Promise<void> {
    await stopLeftoverKafka(options);
    await writeSettings(context);
    await format(context);
    const { child, logFrom } = await spawnBroker(context);
    const started = { pid: child.pid!, reaper: reapProcess(child.pid!, 'TERM') };
    running = started;
    child.unref();
    const endsAt = Date.now() + readyWithinMs;
    while (!(await isUp(context))) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (hasEnded || Date.now() > endsAt) {
        await stop();
        throw hasEnded
          ? await whyItEnded(context, logFrom)
          : new StackError(`Kafka was not ready in time (log: ${context.logFile})`);
      }
      await delay(50);
    }
    child.once('exit', () => {
      if (running !== started) return;
      running = undefined;
      void started.reaper.dismiss().then(options.onLost);
    });
  }
  async function end(signal: NodeJS.Signals, withinMs = stopWithinMs): Promise<void> {
    if (!running) return;
    const { pid, reaper } = running;
    running = undefined;
    await stopProcess(pid, signal, withinMs);
    await rm(pidFileOf(options.dataDir), { force: true });
    await reaper.dismiss();
  }
  const stop = (withinMs?: number) => end('SIGTERM', withinMs);

  await start();
  return {
    mode: 'kafka',
    brokers: [`127.0.0.1:${context.port}`],
    port: context.port,
    pid: () => running?.pid ?? 0,
    logFile: context.logFile,
    stop,
    kill: () => end('SIGKILL'),
    start,
  };
}
