import { escaped } from './html.js';

/** How a page shows a run or a model, in all charts. */
export interface Mark {
  /** A colour that the style sheet defines for light and for dark. */
  readonly colour: string;
  readonly dash: readonly number[];
  /** A shape of Vega. */
  readonly shape: string;
}

const colours = 6;
// For those who cannot tell the colours apart, and for more runs than there are colours.
const dashes: readonly (readonly number[])[] = [
  [1, 0],
  [6, 3],
  [2, 3],
  [8, 3, 2, 3],
  [12, 4],
  [5, 2, 1, 2, 1, 2],
];
/** Vega's shapes, with the same outline for the legend in a square from -5 to 5. */
const shapes: readonly (readonly [string, string])[] = [
  ['circle', 'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z'],
  ['square', 'M-4,-4h8v8h-8z'],
  ['triangle-up', 'M0,-4l4,8h-8z'],
  ['diamond', 'M0,-5l4,5l-4,5l-4,-5z'],
  ['cross', 'M-1.5,-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z'],
  ['triangle-down', 'M0,4l4,-8h-8z'],
];

/** A mark for each name; the first 36 differ. */
export function marksOf(names: readonly string[]): ReadonlyMap<string, Mark> {
  return new Map(names.map((name, at) => [name, markAt(at)]));
}

const styleAt = (at: number): number => (at + Math.floor(at / colours)) % dashes.length;

function markAt(at: number): Mark {
  return {
    colour: `var(--run-${String((at % colours) + 1)})`,
    dash: dashes[styleAt(at)] ?? [],
    shape: shapes[styleAt(at)]?.[0] ?? '',
  };
}

/** The names with their marks, as a list. */
export function legend(marks: ReadonlyMap<string, Mark>, names: readonly string[]): string {
  const items = names.map((name) => {
    const { colour = '', dash = [], shape = '' } = marks.get(name) ?? {};
    const outline = shapes.find(([one]) => one === shape)?.[1] ?? '';
    const drawn =
      `<line x1="-18" x2="18" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash.join()}"/>` +
      `<path d="${outline}" fill="${colour}"/>`;
    return `<li><svg class="mark" width="36" height="12" viewBox="-18 -6 36 12" aria-hidden="true">${drawn}</svg>${escaped(name)}</li>`;
  });
  return `<ul class="legend" aria-label="Legend">${items.join('')}</ul>`;
}

/** The scales of Vega-Lite that give each of these names its mark. */
export function scalesOf(
  marks: ReadonlyMap<string, Mark>,
  names: readonly string[],
): Record<'color' | 'strokeDash' | 'shape', { domain: string[]; range: never[] }> {
  const scale = (part: keyof Mark): { domain: string[]; range: never[] } => ({
    domain: [...names],
    range: names.map((name) => marks.get(name)?.[part]) as never[],
  });
  return { color: scale('colour'), strokeDash: scale('dash'), shape: scale('shape') };
}
