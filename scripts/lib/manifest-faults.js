const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const caret = /^\^\d+\.\d+\.\d+(-[\w.]+)?$/;
const range = /^(\^|>=)\d+\.\d+\.\d+(-[\w.]+)?$/;

/** What is wrong in a package.json. `published` has the names of the published packages of the repository. */
export function manifestFaults(manifest, published) {
  return [...versionFaults(manifest, published), ...(manifest.private ? [] : publishFaults(manifest))];
}

function versionFaults(manifest, published) {
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  return kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).flatMap(([name, version]) => {
      const [pattern, rule] = ruleFor(kind, manifest.private === true, published.includes(name));
      return pattern.test(version) ? [] : [`${kind}.${name} is "${version}" and should be ${rule}.`];
    }),
  );
}

function ruleFor(kind, isPrivate, isPublished) {
  if (kind === 'peerDependencies') return [range, 'a range, ^1.2.3 or >=1.2.3'];
  if (isPublished) return [caret, 'a range, ^1.2.3: changesets raise it'];
  if (isPrivate || kind === 'devDependencies')
    return [exact, 'exact, 1.2.3: only this repository installs it'];
  return [caret, 'a range, ^1.2.3: users get its fixes, and share one copy'];
}

function publishFaults({ publishConfig = {} }) {
  const expected = { access: 'public', provenance: true };
  return Object.entries(expected)
    .filter(([key, value]) => publishConfig[key] !== value)
    .map(([key, value]) => `publishConfig.${key} should be ${JSON.stringify(value)}.`);
}
