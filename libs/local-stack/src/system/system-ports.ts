import { firstFreePort, freePort, isPortFree } from '../process/ports.ts';
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

/**
 * A port that was asked for must be free, or the start ends with the line that says so; the others are
 * the first free ones from the defaults on, or random ones.
 */
export async function choosePorts(
  asked: Partial<SystemPorts>,
  rest: 'default' | 'random',
): Promise<SystemPorts> {
  const taken = new Set(Object.values(asked));
  for (const name of portNames) {
    const port = asked[name];
    if (port !== undefined && !(await isPortFree(port))) {
      throw new StackError(`${portVariable(name)}: port ${port} on 127.0.0.1 is in use.`);
    }
  }
  const ports = { ...asked };
  for (const name of portNames) {
    if (ports[name] !== undefined) continue;
    const port =
      rest === 'random' ? await freePort(taken) : await firstFreePort(defaultPorts[name], taken);
    ports[name] = port;
    taken.add(port);
  }
  return ports as SystemPorts;
}
