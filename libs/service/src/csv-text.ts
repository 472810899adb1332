// What a spreadsheet would run as a formula stands in a file behind an apostrophe, as spreadsheets write it.
const formula = /^'*[=+\-@\t\r]/u;

/** The text as a cell that no spreadsheet runs; a code keeps an apostrophe of its own behind a second one. */
export function protectedCell(text: string, { isCode = false } = {}): string {
  return formula.test(text) || (isCode && text.startsWith("'")) ? `'${text}` : text;
}

/** The text of such a cell. */
export function restoredText(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

/** A line of a CSV file. */
export function csvLine(cells: readonly string[]): string {
  const quoted = (cell: string) =>
    /[",\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return `${cells.map(quoted).join(',')}\n`;
}
