import { join } from 'node:path';
import process from 'node:process';
import { makeProject } from './project.js';
import { run } from './run.js';

const others = ['pnpm@9', 'yarn@1'];

/**
 * npm, pnpm and yarn, the last two from the registry. Each has a name, and `run`, which runs it in a folder
 * and returns what it prints. Says which one it skips.
 */
export async function managersIn(folder) {
  const programs = [{ name: 'npm', command: ['npm'] }];
  for (const other of others) {
    const [name] = other.split('@');
    const home = join(folder, name);
    makeProject(home);
    try {
      await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', other], {
        cwd: home,
      });
      const { bin } = await manifestOf(join(home, 'node_modules', name));
      programs.push({ name, command: [process.execPath, join(home, 'node_modules', name, bin[name])] });
    } catch (error) {
      console.log(`skipped: ${name}, because it cannot be installed: ${error.message.split('\n')[0]}`);
    }
  }
  return programs.map(({ name, command: [program, ...before] }) => ({
    name,
    run: (args, cwd) => run(program, [...before, ...args], { cwd }),
  }));
}

async function manifestOf(folder) {
  const { default: manifest } = await import(join(folder, 'package.json'), { with: { type: 'json' } });
  return manifest;
}
