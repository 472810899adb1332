/** How many seconds the clock of a thread is wrong; shared with whoever started it. */
export type ClockOffset = Int32Array<SharedArrayBuffer>;

export const newClockOffset = (): ClockOffset => new Int32Array(new SharedArrayBuffer(4));

/** `Date` of this thread is off by what stands in `offset`, as after somebody set the clock of a machine. */
export function followClock(offset: ClockOffset): void {
  const RealDate = Date;
  const now = () => RealDate.now() + Atomics.load(offset, 0) * 1_000;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [now()], newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
