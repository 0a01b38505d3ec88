const unused = [
  'class',
  'role',
  'aria-hidden',
  'aria-roledescription',
  'pointer-events',
  'xmlns',
  'xmlns:xlink',
  'version',
];

/**
 * The same picture in a third of the text: without what Vega writes for its own scripts and for files, and
 * with two decimals of a pixel. Vega escapes `<` and `>` in texts, so what is between them is a tag.
 */
export function compact(svg: string, font: string): string {
  const names = new RegExp(` (?:${unused.join('|')})="[^"]*"`, 'g');
  return svg
    .replaceAll(/<[^>]+>/g, (tag) =>
      tag
        .replaceAll(names, '')
        .replaceAll(` font-family="${font}"`, '')
        .replaceAll(/ (?:stroke-|fill-)?opacity="1"/g, '')
        .replaceAll(/ (?:d|transform)="[^"]*"/g, rounded)
        .replaceAll(' transform="translate(0,0)"', ''),
    )
    .replaceAll(/<path[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g, '');
}

const rounded = (attribute: string): string =>
  attribute.replaceAll(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
