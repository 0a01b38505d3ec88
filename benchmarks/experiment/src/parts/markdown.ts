/** A table of Markdown: the first columns aligned left, by default one, the others right. */
export function markdown(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignedLeft = 1,
): string {
  const rule = head.map((_, column) => (column < alignedLeft ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
