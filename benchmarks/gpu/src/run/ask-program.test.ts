import process from 'node:process';
import { expect, it } from 'vitest';
import { askProgram } from './ask-program.js';

const ask = (code: string, seconds = 20) => askProgram(process.execPath, ['-e', code], seconds);

it('says what a program printed, or why it failed', async () => {
  expect(await ask('console.log(3)')).toEqual({ text: '3' });
  expect(await ask('console.error("no device"); process.exitCode = 1')).toEqual({ fault: 'no device' });
  expect(await ask('process.kill(process.pid, "SIGSEGV")')).toEqual({ fault: 'it ended with SIGSEGV' });
  expect(await askProgram('nvidia-smi-of-nobody', [], 20)).toEqual({
    fault: 'nvidia-smi-of-nobody is not installed',
  });
});

it('kills what a program has started, too', async () => {
  const hangs = 'setInterval(() => undefined, 1000)';
  // It would hold the output open for ever.
  const code = `console.log(5); require('child_process').spawn(process.execPath, ['-e', '${hangs}'],
    { stdio: 'inherit' }).unref(); process.exit();`;
  expect(await ask(code)).toEqual({ text: '5' });
  expect(await ask(hangs, 0.2)).toEqual({ fault: 'no end within 0 seconds' });
});
