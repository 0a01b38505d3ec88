/** JSON that keeps NaN and the infinities, which a measurement may be. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      typeof part === 'number' && !Number.isFinite(part) ? { number: String(part) } : part,
    1,
  );
}

/** What `toJson` was given; throws for what is no JSON. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    const { number }: { number?: unknown } = typeof part === 'object' && part !== null ? part : {};
    return typeof number === 'string' && Object.keys(part as object).length === 1 ? Number(number) : part;
  });
}
