/** A package for pip: which versions, and the hash of the only file that will do, if it is known. */
export interface Requirement {
  readonly name: string;
  /** As pip writes it: `==2.21.0`. */
  readonly versions: string;
  readonly sha256?: string;
}

/** The line of a requirements file. */
export function requirementLine({ name, versions, sha256 }: Requirement): string {
  return `${name}${versions}${sha256 === undefined ? '' : ` --hash=sha256:${sha256}`}`;
}

/** The CUDA packages that a wheel of TensorFlow names for its extra `and-cuda`, read from its METADATA. */
export function cudaRequirements(metadata: string): Requirement[] {
  const lines = metadata.matchAll(
    /^Requires-Dist: *(nvidia-[\w-]+) *\(?([^;)\n]*)\)? *;.*\bextra *== *["']and-cuda["']/gm,
  );
  return [...lines].map(([, name = '', versions = '']) => ({ name, versions: versions.trim() }));
}
