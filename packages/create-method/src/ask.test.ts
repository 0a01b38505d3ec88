import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ask } from './ask.js';
import type { Kind } from './template.js';

/** What `ask` returns when these keys are typed, and what it shows. */
async function typed(keys: readonly string[], given?: Kind): Promise<[answer: unknown, shown: string]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked = ask(given, { input, output });
  for (const key of keys) {
    await setTimeout(30);
    input.write(key);
  }
  return [await asked, String(output.read())];
}
const [enter, down, interrupt] = ['\r', '\u001B[B', '\u0003'];

it('asks for name and kind', async () => {
  const [answer, shown] = await typed(['wttm', enter, down, enter]);
  expect(answer).toEqual({ name: 'wttm', kind: 'logits' });
  expect(shown).toContain('compares their outputs');
});

it('does not ask for a kind that is given', async () => {
  expect((await typed(['wttm', enter], 'module'))[0]).toEqual({ name: 'wttm', kind: 'module' });
});

it('says what is wrong with a name, and asks again', async () => {
  const [answer, shown] = await typed(['W', enter, '\u007F', 'wttm', enter, enter]);
  expect(answer).toEqual({ name: 'wttm', kind: 'features' });
  expect(shown).toContain('capital letters');
});

it.each([[[interrupt]], [['wttm', enter, interrupt]]])('returns nothing after Ctrl-C', async (keys) => {
  expect((await typed(keys))[0]).toBeUndefined();
});
