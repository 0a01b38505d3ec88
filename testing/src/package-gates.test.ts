// The gates on package.json files and on known vulnerabilities, each as the program that .ci/run starts.
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = (name: string): string => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kd-gates-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('check-manifests', () => {
  const good = { name: '@kd/a', version: '1.0.0', publishConfig: { access: 'public', provenance: true } };
  /** Checks a repository with a published package and a private one. */
  const checked = async (published: object, hidden: object = {}): Promise<string> => {
    const files = {
      '.': { private: true, workspaces: ['packages/*', 'testing'], devDependencies: { eslint: '1.2.3' } },
      'packages/a': { ...good, ...published },
      testing: {
        name: 'testing',
        private: true,
        dependencies: { '@kd/a': '^1.0.0', tfjs: '4.22.0' },
        ...hidden,
      },
    };
    for (const [folder, manifest] of Object.entries(files)) {
      await mkdir(join(root, folder), { recursive: true });
      await writeFile(join(root, folder, 'package.json'), JSON.stringify(manifest));
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [script('check-manifests.js'), root], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(stdout === '' ? 0 : 1);
    return stdout;
  };

  it('accepts ranges in a published package and exact versions elsewhere', async () => {
    const dependencies = { 'p-queue': '^9.3.5' };
    const peerDependencies = { tfjs: '^4.22.0', ort: '>=1.20.1' };
    expect(await checked({ dependencies, peerDependencies, devDependencies: { duck: '1.5.6-r.1' } })).toBe(
      '',
    );
  });

  it.each<[string, object, object]>([
    ['packages/a/package.json: dependencies.p-queue', { dependencies: { 'p-queue': '9.3.5' } }, {}],
    ['packages/a/package.json: dependencies.p-queue', { dependencies: { 'p-queue': '*' } }, {}],
    ['packages/a/package.json: devDependencies.duck', { devDependencies: { duck: '^1.5.6' } }, {}],
    ['packages/a/package.json: peerDependencies.tfjs', { peerDependencies: { tfjs: '4.22.0' } }, {}],
    ['testing/package.json: dependencies.vega', {}, { dependencies: { vega: '^6.4.0' } }],
    ['testing/package.json: dependencies.@kd/a', {}, { dependencies: { '@kd/a': '1.0.0' } }],
    ['packages/a/package.json: publishConfig.provenance', { publishConfig: { access: 'public' } }, {}],
    ['packages/a/package.json: publishConfig.access', { publishConfig: { provenance: true } }, {}],
  ])('names %s with %j', async (fault, published, hidden) => {
    expect(await checked(published, hidden)).toMatch(fault);
  });
});

describe.skipIf(process.platform === 'win32')('check-audit', () => {
  /** Runs it with an npm that prints this. */
  const audited = async (printed: string): Promise<{ status: number | null; stdout: string }> => {
    await writeFile(join(root, 'report'), printed);
    await writeFile(join(root, 'npm'), `#!/bin/sh\ncat ${join(root, 'report')}\nexit 1\n`);
    await chmod(join(root, 'npm'), 0o755);
    const PATH = `${root}${delimiter}${process.env['PATH'] ?? ''}`;
    return spawnSync(process.execPath, [script('check-audit.js')], {
      encoding: 'utf8',
      env: { ...process.env, PATH },
    });
  };
  const vulnerable = (severity: string): string =>
    JSON.stringify({
      vulnerabilities: { tar: { name: 'tar', severity, range: '<7', via: [{ title: 'Overwrites files' }] } },
      metadata: { dependencies: { total: 9 } },
    });

  it('passes without a vulnerability of weight', async () => {
    const report = { vulnerabilities: {}, metadata: { dependencies: { total: 9 } } };
    for (const printed of [JSON.stringify(report), vulnerable('moderate')])
      expect(await audited(printed)).toMatchObject({
        status: 0,
        stdout: 'No known vulnerabilities of severity high or more in 9 packages.\n',
      });
  });

  it.each(['high', 'critical'])('fails with one that is %s, and names it', async (severity) => {
    const stdout = `tar <7: ${severity}, Overwrites files\n`;
    expect(await audited(vulnerable(severity))).toMatchObject({ status: 1, stdout });
  });

  it.each([
    ['{"message":"405 Method Not Allowed","error":{"summary":""}}', '405 Method Not Allowed'],
    ['{"error":{"code":"ENOLOCK","summary":"no lock"}}', 'no lock'],
    ['<html>proxy</html>', '<html>proxy</html>'],
    ['null', 'null'],
    ['', 'no output'],
  ])('says that it was skipped for the answer %j', async (printed, reason) => {
    const stdout = `skipped: npm audit, because the registry did not answer: ${reason}\n`;
    expect(await audited(printed)).toMatchObject({ status: 0, stdout });
  });
});
