/** Whether two lists agree, up to a share of the largest number among them. */
export function areClose(
  a: readonly number[],
  b: readonly number[],
  relative: number,
  absolute = 0,
): boolean {
  const scale = [...a, ...b].reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return (
    a.length === b.length &&
    a.every((x, index) => Math.abs(x - (b[index] as number)) <= relative * scale + absolute)
  );
}

/** Whether two lists have the same bits. */
export function areSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((x, index) => Object.is(x, b[index]));
}

/** Some numbers of a list, for a message. */
export function few(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 6).map((x) => String(Number(x.toPrecision(6))));
  return `[${shown.join(', ')}${numbers.length > 6 ? ', ...' : ''}]`;
}
