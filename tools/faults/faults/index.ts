import type { Fault } from '../fault.ts';
import { answers } from './answers.ts';
import { backends } from './backends.ts';
import { clock } from './clock.ts';
import { events } from './events.ts';
import { terminations } from './terminate.ts';

/** What breaks. A new kind of fault is a function and a line here. */
export const faults: readonly Fault[] = [...terminations, ...answers, ...events, backends, clock];
