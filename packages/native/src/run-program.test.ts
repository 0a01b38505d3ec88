import { expect, it } from 'vitest';
import { runProgram, tailOf, trustedPath } from './run-program.js';

it('looks for programs only in folders that the user controls', () => {
  expect(trustedPath('/app/node_modules/.bin:/node_modules/.bin/:/usr/bin::.:bin:/opt/bin')).toBe(
    '/usr/bin:/opt/bin',
  );
  expect([trustedPath(':.'), trustedPath('')]).toEqual([undefined, undefined]);
});

it('kills a program that does not end', async () => {
  const start = performance.now();
  const ending = await runProgram(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { seconds: 0.3 });
  expect(ending?.ok).toBe(false);
  expect(performance.now() - start).toBeLessThan(10_000);
});

it('shortens what a compiler prints', () => {
  expect(tailOf('1\n2\n3\n', 2)).toBe('2\n3');
  expect(tailOf('x'.repeat(400), 1)).toHaveLength(303);
});
