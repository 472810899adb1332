import type { Fault } from '../fault.ts';
import type { AnswerFault } from '../network.ts';

/** The next exchanges on one way do not go as they should. */
const onAWire = (name: string, kind: AnswerFault['kind']): Fault => ({
  name,
  async strike({ system, random, struck }) {
    const wire = random.pick(system.network.wires);
    const times = 1 + random.below(3);
    const lateMs = 50 + random.below(1_000);
    wire.planned = Array.from({ length: times }, () => ({ kind, lateMs }));
    wire.onStrike = () => struck(`${wire.from} asks ${wire.to}: ${name}`);
    return async () => void (wire.planned = []);
  },
});

export const answers = [
  onAWire('a request is lost', 'unasked'),
  onAWire('an answer is lost', 'lost'),
  onAWire('an answer is late', 'late'),
  onAWire('a request is doubled', 'doubled'),
];
