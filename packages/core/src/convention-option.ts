import { conventions } from './convention.js';
import type { Convention } from './convention.js';
import { like } from './options/checks.js';
import type { Check } from './options/check.js';

const names = Object.keys(conventions);

/** A convention, as an option. */
export const convention: Check<Convention> = like(
  names.map((name) => JSON.stringify(name)).join(' or '),
  (x): x is Convention => names.includes(x as string),
  'Say what the numbers that the model puts out mean.',
);
