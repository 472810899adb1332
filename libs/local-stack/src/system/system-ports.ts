import { freePort, holdPort, type HeldPort } from '../process/ports.ts';
import { isPortTaken, StackError } from '../stack.errors.ts';

const defaultPorts = {
  gateway: 4000,
  catalog: 4001,
  inventory: 4002,
  pos: 4003,
  workshop: 4004,
  passport: 4005,
  'storefront-sync': 4006,
  issuer: 4010,
  postgres: 5540,
  kafka: 9192,
} as const;

export type PortName = keyof typeof defaultPorts;
export type SystemPorts = Record<PortName, number>;
export const portNames = Object.keys(defaultPorts) as PortName[];

/** The variable that asks for a port, e.g. STOREFRONT_SYNC_PORT. */
export const portVariable = (name: PortName) => `${name.replaceAll('-', '_').toUpperCase()}_PORT`;

export type ChosenPorts = {
  ports: SystemPorts;
  /** Lets go of the ports: their users start now. */
  release(names: readonly PortName[]): Promise<void>;
  /**
   * Takes another port in place of one that somebody else took between its release and its use; throws when
   * that one was asked for.
   */
  replace(name: PortName): Promise<void>;
};

const triesMax = 500;

/** A random candidate, or the default port and those after it. */
async function candidate(name: PortName, rest: 'default' | 'random', attempt: number) {
  return rest === 'random' ? freePort() : defaultPorts[name] + attempt;
}

async function holdFirstFree(
  name: PortName,
  rest: 'default' | 'random',
): Promise<{ port: number; held: HeldPort }> {
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const port = await candidate(name, rest, attempt);
    const held = await holdPort(port);
    if (held) return { port, held };
  }
  throw new StackError(`No free port for ${name}.`);
}

const inUse = (name: PortName, port: number) =>
  new StackError(`${portVariable(name)}: port ${port} on 127.0.0.1 is in use.`);

/**
 * A port that was asked for must be free, or the start ends with the line that says so; the others are
 * the first free ones from the defaults on, or random ones. All are held until they are released.
 */
export async function choosePorts(
  asked: Partial<SystemPorts>,
  rest: 'default' | 'random',
): Promise<ChosenPorts> {
  const ports: Partial<SystemPorts> = {};
  const held = new Map<PortName, HeldPort>();
  const release = async (names: readonly PortName[]) => {
    for (const name of names) await held.get(name)?.release();
  };
  const take = async (name: PortName) => {
    const found = await holdFirstFree(name, rest);
    ports[name] = found.port;
    held.set(name, found.held);
  };
  for (const name of portNames) {
    const port = asked[name];
    if (port === undefined) continue;
    const hold = await holdPort(port);
    if (!hold) {
      await release(portNames);
      throw inUse(name, port);
    }
    ports[name] = port;
    held.set(name, hold);
  }
  for (const name of portNames) if (ports[name] === undefined) await take(name);
  return {
    ports: ports as SystemPorts,
    release,
    async replace(name) {
      if (asked[name] !== undefined) throw inUse(name, asked[name]);
      await take(name);
    },
  };
}

/**
 * Starts something on its port, and on another one as long as somebody takes it first. Between the two it is
 * nobody's: the process that will listen there cannot be handed a port that is held.
 */
export async function onOwnPort<T>(
  chosen: ChosenPorts,
  name: PortName,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (;;) {
    await chosen.release([name]);
    try {
      return await start(chosen.ports[name]);
    } catch (err) {
      if (!isPortTaken(err)) throw err;
      await chosen.replace(name);
    }
  }
}
