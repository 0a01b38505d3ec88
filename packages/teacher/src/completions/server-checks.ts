import { check, KdError, optionFault, record, unchecked } from '@kd/core';
import type { Check, OptionPath } from '@kd/core';

const address = 'an address that begins with http:// or https://';

/** Where a server is. A message shows nothing of it that may be a secret. */
export const baseUrl: Check<string> = check(address, (at, value) => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const fault = url === undefined ? describeType(value) : faultOf(url);
  if (fault === undefined) return value as string;
  const remedy =
    'Pass the address in front of /completions: "http://localhost:8000/v1". A key belongs into apiKey.';
  throw hidden(at, address, fault, remedy);
});

function faultOf({ protocol, username, password }: URL): string | undefined {
  if (!/^https?:$/.test(protocol)) return `one that begins with ${protocol}`;
  return username === '' && password === '' ? undefined : 'one with a user name or a password';
}

/** A key that a header can hold. */
export const secret: Check<string> = check('a text without spaces and line breaks', (at, value) => {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value;
  throw hidden(
    at,
    'a text of printable ASCII characters, without spaces and line breaks',
    describeType(value),
    'Trim it, and look whether the variable that holds it is set.',
  );
});

const anyFields = record(unchecked<unknown>('a value of JSON'));

/** Fields that JSON can hold. */
export const jsonFields: Check<Readonly<Record<string, unknown>>> = check(
  'an object that JSON can hold',
  (at, value) => {
    const fields = anyFields.read(at, value);
    try {
      JSON.stringify(fields);
      return fields;
    } catch {
      const remedy = 'Use texts, numbers, booleans, lists and plain objects.';
      throw optionFault('TYPE', at, 'an object that JSON can hold', value, remedy);
    }
  },
);

/** An option's error that does not show its value, which may be a secret. */
function hidden(at: OptionPath, expected: string, received: string, remedy: string): KdError {
  return new KdError({ ...at, code: 'KD_OPTION_TYPE', expected, received, remedy });
}

function describeType(value: unknown): string {
  return typeof value === 'string'
    ? `another text of length ${String(value.length)}`
    : `a value of type ${typeof value}`;
}
