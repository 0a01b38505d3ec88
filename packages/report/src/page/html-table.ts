import { escaped, scrolling } from './html.js';

/** A table in a region that scrolls. The first cell of a row is its heading. */
export interface HtmlTable {
  /** The name of the region; no two of a page may share it. */
  readonly label: string;
  readonly caption: string;
  readonly columns: readonly string[];
  /** The number of columns that hold texts: the first ones. */
  readonly texts: number;
  readonly rows: readonly (readonly string[])[];
}

export function htmlTable({ label, caption, columns, texts, rows }: HtmlTable): string {
  const kind = (index: number): string => (index < texts ? ' class="text"' : '');
  const head = columns.map((name, index) => `<th scope="col"${kind(index)}>${escaped(name)}</th>`);
  const body = rows.map(([first = '', ...others]) => {
    const cells = others.map((cell, index) => `<td${kind(index + 1)}>${escaped(cell)}</td>`);
    return `<tr><th scope="row">${escaped(first)}</th>${cells.join('')}</tr>`;
  });
  return scrolling(
    label,
    `<table>
<caption><span>${escaped(caption)}</span></caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>`,
  );
}
