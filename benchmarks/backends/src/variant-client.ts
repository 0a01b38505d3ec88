import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Request } from './messages.js';
import { variants } from './variants.js';
import type { Variant } from './variants.js';

/** A running variant. */
export interface VariantClient {
  readonly variant: Variant;
  readonly ask: (request: Request) => Promise<Answer>;
  readonly close: () => void;
}

/** Starts the variants that are wanted and can be started here, and says which cannot. */
export async function startVariants(
  isWanted: (variant: Variant) => boolean = () => true,
): Promise<VariantClient[]> {
  const clients: VariantClient[] = [];
  for (const [index, variant] of variants.entries()) {
    if (!isWanted(variant)) continue;
    const child = fork(fileURLToPath(new URL('variant-process.ts', import.meta.url)), [String(index)], {
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    });
    const started = await nextAnswer(child);
    if (started.type === 'ready') {
      clients.push({
        variant,
        ask: (request) => {
          child.send(request);
          return nextAnswer(child);
        },
        close: () => {
          child.disconnect();
        },
      });
    } else {
      child.disconnect();
      const reason = started.type === 'failure' ? started.message : started.type;
      console.log(`left out: ${variant.backend} (${reason.slice(0, 120)})`);
    }
  }
  return clients;
}

function nextAnswer(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve) => {
    const onMessage = (answer: Answer): void => {
      child.off('exit', onExit);
      resolve(answer);
    };
    const onExit = (code: number | null): void => {
      child.off('message', onMessage);
      resolve({ type: 'failure', message: `its process ended with code ${String(code)}` });
    };
    child.once('message', onMessage).once('exit', onExit);
  });
}
