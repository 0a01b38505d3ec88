// The allowed directions of imports. `npm run check:imports` runs these rules.
const { readdirSync, readFileSync } = require('node:fs');
const { builtinModules } = require('node:module');

// Each package imports only from the rows above its own. A package that is not listed is a published method:
// it belongs to the row of the losses, and the packages below that row know no method by name.
const rows = [
  ['core'],
  ['model', 'data', 'files', 'schedule'],
  [
    'temperature',
    'soft-target-loss',
    'regression-loss',
    'hint-regressor',
    'attention',
    'teacher',
    'optimizers',
    'stored-soft-targets',
  ],
  ['recipe'],
  ['trainer'],
  ['two-stage-trainer', 'report', 'conformance'],
];
const methodRow = 2;
const exceptions = { 'soft-target-loss': ['temperature'] };
// Whoever runs a program chooses the backend; no package chooses it for them.
const besideTheRows = {
  backend: ['core', 'model', 'files'],
  native: ['core', 'files'],
  'create-method': ['core', 'files'],
};

// Unpublished files: tests, a package's test helpers and benchmarks, the fuzz, and comparisons of trainings.
const tests = '\\.test(-d)?\\.ts$|^packages/[^/]+/(test|bench)/|^testing/src/(fuzz|compiled)/';
const namedElsewhere = [...rows.filter((_, row) => row !== methodRow).flat(), ...Object.keys(besideTheRows)];

// Packages import each other by name. `preserveSymlinks` keeps symbolic links, so such an import appears as
// node_modules/@kd/<name>, and an import by relative path as packages/<name>.
const packages = (names) => `^packages/(${names.join('|')})/`;
const imported = (names) => `^node_modules/@kd/(${names.join('|')})/`;

const direction = (name, from, allowed) => [
  {
    name: `direction-${name}`,
    comment: `May import of @kd: ${allowed.join(', ') || 'nothing'}.`,
    severity: 'error',
    from: { ...from, pathNot: [tests, from.pathNot ?? []].flat() },
    to: { path: '^node_modules/@kd/', pathNot: imported([...allowed, 'testing']) },
  },
  {
    name: `direction-${name}-in-tests`,
    comment: `May import of @kd: ${allowed.join(', ') || 'nothing'}; tests also testing, conformance, and backend to make wasm train.`,
    severity: 'error',
    from: {
      path: `(?=${from.path}).*(${tests})`,
      ...(from.pathNot === undefined ? {} : { pathNot: from.pathNot }),
    },
    to: { path: '^node_modules/@kd/', pathNot: imported([...allowed, 'testing', 'backend', 'conformance']) },
  },
];

const rowDirections = rows.flatMap((names, row) => {
  const above = rows.slice(0, row).flat();
  const methods = { path: '^packages/', pathNot: packages([...namedElsewhere, ...Object.keys(exceptions)]) };
  const plain = { path: packages(names.filter((name) => !(name in exceptions))) };
  return [
    ...direction(`of-${names[0]}-row`, row === methodRow ? methods : plain, above),
    ...names
      .filter((name) => name in exceptions)
      .flatMap((name) =>
        direction(`of-${name}`, { path: packages([name]) }, [...above, ...exceptions[name]]),
      ),
  ];
});

/** The entries of the packages that browsers may load: all but those whose file is a `node.ts`. */
const browserEntries = readdirSync('packages').flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));
  return Object.entries(exports)
    .filter(([, target]) => target['@kd/source'] && !target['@kd/source'].endsWith('/node.ts'))
    .map(([, target]) => `packages/${name}/${target['@kd/source'].replace('./', '')}`);
});

module.exports = {
  forbidden: [
    ...rowDirections,
    ...Object.entries(besideTheRows).flatMap(([name, allowed]) =>
      direction(`of-${name}`, { path: packages([name]) }, allowed),
    ),
    // Its tests rank above all packages, because they test several packages together.
    direction('of-testing', { path: '^testing/' }, ['core', 'backend'])[0],
    {
      name: 'no-cycle',
      comment:
        'Two files that need each other are one idea, or hide a third. Types count too, because a reader follows them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'testing-only-in-tests',
      comment: '@kd/testing is private: a published file that imports it breaks for users.',
      severity: 'error',
      from: { path: '^(packages|datasets|examples)/', pathNot: tests },
      to: { path: '^(node_modules/@kd/testing|testing)/' },
    },
    {
      name: 'tests-not-in-sources',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'examples-stand-alone',
      comment:
        'An example imports what its reader can: packages, and the digits. What it shares with a benchmark is a data set.',
      severity: 'error',
      from: { path: '^(datasets|examples)/' },
      to: { path: '^node_modules/@kd-(examples|benchmarks)/' },
    },
    {
      name: 'benchmarks-apart-from-examples',
      comment: 'An example may be rewritten for its readers without a measured number changing.',
      severity: 'error',
      from: { path: '^(packages|benchmarks|testing)/' },
      to: { path: '^node_modules/@kd-examples/' },
    },
    {
      name: 'no-relative-path-into-a-package',
      comment: 'Import a package by its name: the path does not exist in an installed package.',
      severity: 'error',
      from: { path: '^([^/]+/[^/]+)/' },
      to: { path: '^(packages|datasets|examples|benchmarks|testing)/', pathNot: '^$1/' },
    },
    {
      name: 'no-node-in-browser-entries',
      comment:
        'Code that needs Node belongs to the entry ./node; otherwise a browser cannot load the package.',
      severity: 'error',
      from: { path: `^(${browserEntries.join('|')})$` },
      to: { path: `^((node:)?(${builtinModules.join('|')})$|packages/[^/]+/src/node\\.ts)`, reachable: true },
    },
    {
      name: 'declared',
      comment: 'A package imports what its package.json lists under dependencies or peerDependencies.',
      severity: 'error',
      from: { path: '^(packages|datasets|examples)/', pathNot: tests },
      to: { couldNotResolve: false, dependencyTypesNot: ['npm', 'npm-peer', 'local', 'core'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // Peers that are imported but not installed here.
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-backend-web(gl|gpu)$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types have directions too.
    tsPreCompilationDeps: true,
    preserveSymlinks: true,
    doNotFollow: { path: 'node_modules' },
    // A template declares its dependencies itself; `npm run check:create-method` installs them.
    exclude: { path: '^packages/[^/]+/(dist|templates)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@kd/source', 'import', 'node', 'default'],
    },
  },
};
