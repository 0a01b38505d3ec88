// Runs each `js` block of README.md as a program. The comment lines right below a console.log are what it
// prints.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Here, an import of this package's own name finds what package.json exports.
const folder = new URL('..', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8').replaceAll('\r\n', '\n');
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);

it('has examples in the README', () => {
  assert.ok(examples.length > 0);
});

for (const [place, code] of examples.entries())
  it(`prints what example ${String(place + 1)} of the README says`, async () => {
    const args = ['--input-type=module', '--eval', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: fileURLToPath(folder) });
    const comments = [...code.matchAll(/console\.log\(.*\n((?:\/\/.*\n)+)/g)].map(([, lines = '']) => lines);
    assert.equal(stdout, comments.join('').replaceAll(/^\/\/ ?/gm, ''));
  });
