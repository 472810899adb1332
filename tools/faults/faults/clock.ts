import { services } from '@onecount/local-stack';
import type { Fault } from '../fault.ts';

const minutes = [-24 * 60, -60, -2, 2, 60, 24 * 60];

/** Somebody sets the clock of one service; at the end of the load it is set right again, which is a jump, too. */
export const clock: Fault = {
  name: 'a clock jumps',
  async strike({ system, random, struck }) {
    const service = random.pick(services);
    const by = random.pick(minutes);
    Atomics.store(system.clocks[service], 0, by * 60);
    struck(`the clock of ${service} is ${by} min off`);
    return async () => void Atomics.store(system.clocks[service], 0, 0);
  },
};
