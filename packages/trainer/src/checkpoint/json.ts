/** JSON that preserves NaN and the infinities, which a metric may return. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      typeof part === 'number' && !Number.isFinite(part) ? { number: String(part) } : part,
    1,
  );
}

/** Inverse of `toJson`; throws if the text is not JSON. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    const { number }: { number?: unknown } = typeof part === 'object' && part !== null ? part : {};
    return typeof number === 'string' && Object.keys(part as object).length === 1 ? Number(number) : part;
  });
}
