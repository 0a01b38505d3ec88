const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, between tags and in attributes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A number as people read it, by default with four digits. */
export function digits(value: number | undefined, count = 4): string {
  return value === undefined ? '' : value.toPrecision(count);
}

/** A whole number with separators: 1,913,640. */
export function counted(value: number | undefined): string {
  return value === undefined ? '' : value.toLocaleString('en-US');
}

/** A part of a page that scrolls by itself if it is wide, also by keyboard. */
export function scrolling(label: string, content: string): string {
  return `<div class="wide" role="region" aria-label="${escaped(label)}" tabindex="0">${content}</div>`;
}

/** A section with a heading. */
export function section(heading: string, content: readonly string[]): string {
  return `<section>\n<h2>${escaped(heading)}</h2>\n${content.join('\n')}\n</section>`;
}

/** A paragraph. */
export function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

/** Something to look at with its title, and what else there is to read about it, which may be nothing. */
export function figure(title: string, content: string, more = ''): string {
  return `<figure>\n<figcaption>${escaped(title)}</figcaption>\n${content}${more}\n</figure>`;
}

/** What the reader can open. */
export function details(summary: string, content: string): string {
  return `<details><summary>${escaped(summary)}</summary>${content}</details>`;
}
