import type { Pictured } from './options.js';
import { cifar } from './works/cifar.js';
import { clothes, tiny, whole } from './works/clothes.js';
import type { Work } from './works/work.js';

/** The work that the options name. */
export async function workOf({ tiny: isTiny = false, data = [], pair }: Pictured): Promise<Work> {
  const [first, folder] = data;
  if (first === 'cifar100') return cifar(folder ?? 'cifar-100-binary', pair, isTiny);
  return clothes(isTiny ? tiny : whole, first);
}
