/** The file as a whole cannot be read on from `row`; rows before it are sound. */
export class FileUnreadableError extends Error {
  readonly row: number;
  readonly code: 'INVALID';
  constructor(message: string, place: { row: number; code: 'INVALID' }) {
    super(message);
    this.name = 'FileUnreadableError';
    this.row = place.row;
    this.code = place.code;
  }
}
