#!/usr/bin/env node
// The command of this package, `npm create @kd/method`.
import process from 'node:process';
import { Command, Option } from 'commander';
import { ask, meanings } from './ask.js';
import { run } from './run.js';
import { kinds } from './template.js';
import type { Kind } from './template.js';

const command = new Command('npx @kd/create-method')
  .description('Starts the package of a distillation method: a loss, a term, tests and a README.')
  .argument('[name]', 'name of the package, such as my-loss or @me/my-loss')
  .addOption(new Option('--kind <kind>', 'what the method compares (default: features)').choices(kinds))
  .addHelpText(
    'after',
    `\nKinds:\n${kinds.map((kind) => `  ${kind.padEnd(10)} ${meanings[kind]}`).join('\n')}

With npm create, options come after --:
  npm create @kd/method my-loss -- --kind logits`,
  )
  .action(async (name: string | undefined, { kind }: { readonly kind?: Kind }) => {
    if (name !== undefined) await run(() => Promise.resolve({ name, kind: kind ?? 'features' }));
    else if (process.stdin.isTTY && process.stdout.isTTY) await run(() => ask(kind));
    else command.error('error: a name is needed where nobody can be asked');
  });

await command.parseAsync();
