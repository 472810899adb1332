import { freePort, holdPort, type HeldPort } from '../process/ports.ts';
import { StackError } from '../stack.errors.ts';

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
  for (const name of portNames) {
    const port = asked[name];
    if (port === undefined) continue;
    const hold = await holdPort(port);
    if (!hold) {
      await release(portNames);
      throw new StackError(`${portVariable(name)}: port ${port} on 127.0.0.1 is in use.`);
    }
    ports[name] = port;
    held.set(name, hold);
  }
  for (const name of portNames) {
    if (ports[name] !== undefined) continue;
    const found = await holdFirstFree(name, rest);
    ports[name] = found.port;
    held.set(name, found.held);
  }
  return { ports: ports as SystemPorts, release };
}
