/** The most points of a curve that a page draws: about one for each pixel and a half. */
export const mostPoints = 200;

/** Every k-th point and the last one, so that at most `most` remain; k is the smallest that does. */
export function thinned<T>(points: readonly T[], most: number = mostPoints): readonly T[] {
  if (points.length <= most) return points;
  const step = Math.ceil((points.length - 1) / (most - 1));
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
