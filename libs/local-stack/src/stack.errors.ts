/** A reason why the stack cannot start that the person at the terminal can act on: one line, no stack trace. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
