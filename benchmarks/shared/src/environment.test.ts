import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expectKdError } from '@kd/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf } from './environment.js';

let folder = '';
let requirements = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'environment-'));
  requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, 'nothing==1.0\n');
});
afterAll(() => rm(folder, { recursive: true }));

/** A program that pretends to be Python. */
async function fakePython(name: string, version: string, venv: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\nif [ "$3" = venv ]; then\n${venv}\nfi\necho "${version}"\n`);
  await chmod(file, 0o755);
  return file;
}

const make = (python: string): Promise<string> =>
  environmentOf(
    {
      folder: join(folder, 'made'),
      requirements,
      python,
      contents: 'nothing',
      where: 'test',
      instead: 'Or do without.',
    },
    new AbortController().signal,
  );

describe('environmentOf', () => {
  it('reports a missing Python', async () => {
    await expectKdError(
      () => make('no-such-python'),
      'KD_PYTHON_MISSING',
      '"no-such-python", which does not run',
    );
  });

  it.skipIf(process.platform === 'win32')('reports a Python that is too old', async () => {
    const python = await fakePython('old', '3 10', 'exit 0');
    await expectKdError(() => make(python), 'KD_PYTHON_MISSING', 'which is 3.10');
  });

  it.skipIf(process.platform === 'win32')('runs Python isolated from the first call on', async () => {
    const called = join(folder, 'called');
    const python = join(folder, 'watched');
    await writeFile(python, `#!/bin/sh\necho "$1" >> "${called}"\n[ "$3" = venv ] && exit 1\necho "3 12"\n`);
    await chmod(python, 0o755);
    await expectKdError(() => make(python), 'KD_PIP_MISSING');
    expect(await readFile(called, 'utf8')).toBe('-I\n-I\n');
  });

  it.skipIf(process.platform === 'win32')('reports a missing venv', async () => {
    const python = await fakePython('bare', '3 12', 'echo "No module named venv" >&2; exit 1');
    await expectKdError(() => make(python), 'KD_PIP_MISSING', 'No module named venv');
  });

  it.skipIf(process.platform === 'win32')(
    'reports a failure of pip, and creates the environment once pip works',
    async () => {
      // Here one program serves as Python and as its environment; asked for pip, it runs the given commands.
      const inside = (pip: string): string =>
        `mkdir -p "$5/bin"\nprintf '#!/bin/sh\\n${pip}\\n' > "$5/bin/python"\nchmod +x "$5/bin/python"\nexit 0`;
      const offline = await fakePython('offline', '3 12', inside('echo first; echo No route >&2; exit 1'));
      await expectKdError(() => make(offline), 'KD_DOWNLOAD_FAILED', 'No route');
      const online = await fakePython('online', '3 12', inside('exit 0'));
      const made = await make(online);
      expect(made).toBe(join(folder, 'made', 'bin', 'python'));
      expect(existsSync(made)).toBe(true);
      // The environment exists now, so no other Python is asked.
      expect(await make('no-such-python')).toBe(made);
      // Other requirements need another installation.
      await writeFile(requirements, 'nothing==2.0\n');
      await expectKdError(() => make('no-such-python'), 'KD_PYTHON_MISSING');
    },
  );
});
