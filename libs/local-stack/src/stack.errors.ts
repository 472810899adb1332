/** A reason why the stack cannot start that the person at the terminal can act on: one line, no stack trace. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

/** Somebody else listens on the port: another one may do, unless this one was asked for. */
export class PortTakenError extends StackError {
  readonly code = 'EADDRINUSE';
}

export const isPortTaken = (err: unknown): boolean =>
  (err as NodeJS.ErrnoException | null)?.code === 'EADDRINUSE';
