import type { Pictured } from './options.js';
import { clothes, tiny, whole } from './works/clothes.js';
import type { Work } from './works/work.js';

/** The work that the options name. */
export function workOf({ tiny: isTiny = false, data }: Pictured): Promise<Work> {
  return clothes(isTiny ? tiny : whole, data);
}
