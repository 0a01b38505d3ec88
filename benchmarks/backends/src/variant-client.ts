import { fileURLToPath } from 'node:url';
import { startChild } from '@kd-benchmarks/shared';
import type { Child } from '@kd-benchmarks/shared';
import type { Answer, Request } from './messages.js';
import { variants } from './variants.js';
import type { Variant } from './variants.js';

/** A running variant. */
export interface VariantClient extends Pick<Child<Request, Answer>, 'ask' | 'close'> {
  readonly variant: Variant;
}

/** Starts the wanted variants; prints which of them cannot run here, and why. */
export async function startVariants(
  isWanted: (variant: Variant) => boolean = () => true,
): Promise<VariantClient[]> {
  const program = fileURLToPath(new URL('variant-process.ts', import.meta.url));
  const clients: VariantClient[] = [];
  for (const [index, variant] of variants.entries()) {
    if (!isWanted(variant)) continue;
    const { started, ask, close } = startChild<Request, Answer>(program, [String(index)]);
    const answer = await started;
    if (answer.type === 'ready') clients.push({ variant, ask, close });
    else {
      close();
      const reason = answer.type === 'failure' ? answer.message : answer.type;
      console.log(`skipped: ${variant.backend} (${reason.slice(0, 120)})`);
    }
  }
  return clients;
}
