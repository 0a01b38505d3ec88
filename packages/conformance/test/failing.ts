import { checks, Nonconformity } from '../src/index.js';
import type { Subject } from '../src/index.js';

/** The checks that a subject fails, with what they say. */
export async function failing(subject: Subject): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const term = subject.makeTerm(subject.claims.options);
  for (const { name, applies, run } of checks) {
    if (applies !== undefined && !applies(subject, term)) continue;
    try {
      await run(subject);
    } catch (error) {
      found[name] = error instanceof Nonconformity ? error.message : String(error);
    }
  }
  return found;
}
