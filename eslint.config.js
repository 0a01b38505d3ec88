import tseslint from 'typescript-eslint';

const readsBack = {
  selector: 'CallExpression[callee.property.name=/^(dataSync|arraySync|bytesSync)$/]',
  message:
    'Reading back synchronously stalls the backend and fails on WebGPU. Await one packed data() instead.',
};

const ofTheProcess =
  'changes what the next files in its process find. Name it *.alone.test.ts or *.long.test.ts.';
const tfjsNode = {
  selector: "ImportDeclaration[source.value='@kd/testing/tensorflow']",
  message: `A file that loads tfjs-node ${ofTheProcess}`,
};
const mocks = {
  selector:
    "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|resetModules|stubGlobal)$/]",
  message:
    'The files that run after this one in its process are changed too. Name it *.alone.test.ts or *.long.test.ts.',
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/.cache/', '**/runs/', '**/.turbo/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: 'tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // tfjs-layers types the variable of a layer's weight as a Tensor, so narrowing it is legitimate.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Prettier wraps code and Markdown, but not comments. Lines of code in examples may be longer.
      'max-len': ['error', { code: 1000, comments: 110, ignorePattern: '[;,{]$|^\\s*\\* (//|console)' }],
    },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    // Written for packages that have another configuration, or none.
    files: ['packages/*/templates/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: 'it', package: 'node:test' }] },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', readsBack] },
  },
  {
    files: ['**/*.test.ts'],
    ignores: ['**/*.{alone,long}.test.ts', 'packages/backend/**'],
    rules: { 'no-restricted-syntax': ['error', mocks, tfjsNode] },
  },
);
