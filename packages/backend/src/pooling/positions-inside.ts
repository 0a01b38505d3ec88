/** How many positions of each window along one axis lie inside the image. */
export function positionsInside(
  windows: number,
  stride: number,
  padding: number,
  filter: number,
  size: number,
): number[] {
  return Array.from({ length: windows }, (_, window) => {
    const start = window * stride - padding;
    return Math.max(0, Math.min(size, start + filter) - Math.max(0, start));
  });
}
