/**
 * A table of Markdown, padded as prettier does it: the first columns aligned left, by default one, the others
 * right.
 */
export function markdown(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignedLeft = 1,
): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const padded = (cells: readonly string[]): string[] =>
    widths.map((width, column) => {
      const cell = cells[column] ?? '';
      return column < alignedLeft ? cell.padEnd(width) : cell.padStart(width);
    });
  const rule = widths.map((width, column) =>
    column < alignedLeft ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [padded(head), rule, ...rows.map(padded)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A text whose tables with the same heads as some tables are replaced by these. */
export function withTables(text: string, tables: readonly string[]): string {
  const headOf = (table: string): string => cellsOf(table.split('\n')[0] ?? '').join('|');
  const byHead = new Map(tables.map((table) => [headOf(table), table]));
  return text.replaceAll(/^\|.*\|(?:\n\|.*\|)+$/gm, (table) => byHead.get(headOf(table)) ?? table);
}

function cellsOf(row: string): string[] {
  return row.split('|').map((cell) => cell.trim());
}
