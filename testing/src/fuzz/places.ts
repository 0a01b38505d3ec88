// The places in the arguments of a call where a hostile value can stand.

/** `[1, 'validation', 'data']`: the field of a field of the second argument. */
export type Place = readonly (number | string)[];

const deepest = 4;

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Each argument, each of its fields, and the fields of those. Of an array, only the first entry. */
export function placesOf(args: readonly unknown[], checked: readonly number[] = [...args.keys()]): Place[] {
  const below = (place: Place, value: unknown): Place[] => {
    if (place.length >= deepest) return [place];
    const keys = Array.isArray(value)
      ? [0].slice(0, value.length)
      : isPlainObject(value)
        ? Object.keys(value)
        : [];
    return [place, ...keys.flatMap((key) => below([...place, key], Reflect.get(value as object, key)))];
  };
  return checked.flatMap((index) => below([index], args[index]));
}

/** `args` with `change` applied at one place; nothing that a caller still holds is changed. */
export function replaced(
  value: unknown,
  [key, ...rest]: Place,
  change: (valid: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  const before: unknown = Reflect.get(value as object, key);
  const after = replaced(before, rest, change);
  if (Array.isArray(value)) return value.with(key as number, after);
  return { ...(value as object), [key]: after };
}

export function describePlace([index = 0, ...fields]: Place): string {
  return [`argument ${String(Number(index) + 1)}`, ...fields.map(String)].join('.');
}
