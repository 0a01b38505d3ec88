import { createHash } from 'node:crypto';
import type { CheckpointFiles } from '../src/index.js';

interface Manifest {
  readonly files: Record<string, { bytes: number; sha256: string } | null>;
  readonly state: State;
  stateHash: string;
}
interface State {
  finished: Record<string, unknown>[];
  stage: number;
  position?: Record<string, unknown>;
  history: Record<string, unknown>[];
  best?: Record<string, unknown>;
  optimizer: Record<string, number>;
}
interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: number[];
}
/** The tensors of a file by name, each with its bytes. */
export type Entries = Record<string, Entry & { bytes: Buffer }>;

/** Changes a checkpoint as another program could. */
export type Forgery = (manifest: Manifest, files: Record<string, Uint8Array>) => void;

/** The manifest of a checkpoint. */
export function manifestOf(files: CheckpointFiles): Manifest {
  return JSON.parse(new TextDecoder().decode(files['manifest.json'])) as Manifest;
}

/** The checkpoint after changes, with hashes that fit. */
export function forged(checkpoint: CheckpointFiles, ...changes: readonly Forgery[]): CheckpointFiles {
  const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
  const files: Record<string, Uint8Array> = { ...checkpoint };
  const manifest = manifestOf(files);
  for (const change of changes) change(manifest, files);
  for (const [name, known] of Object.entries(manifest.files)) {
    const bytes = files[name] ?? new Uint8Array();
    if (known !== null) manifest.files[name] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  manifest.stateHash = sha256(JSON.stringify(manifest.state, null, 1));
  return { ...files, 'manifest.json': new TextEncoder().encode(JSON.stringify(manifest, null, 1)) };
}

/** Changes the state in the manifest. */
export const inState =
  (change: (state: State) => void): Forgery =>
  ({ state }) => {
    change(state);
  };

/** Changes the position in the manifest. */
export const atPosition = (change: Record<string, unknown>): Forgery =>
  inState((state) => Object.assign(state.position ?? {}, change));

/** Changes the tensors of a file, and puts them one after the other again. */
export const inTensors =
  (group: string, change: (tensors: Entries) => void): Forgery =>
  (_, files) => {
    const old = Buffer.from(files[`${group}.safetensors`] ?? []);
    const end = 8 + Number(old.readBigUInt64LE(0));
    const header = JSON.parse(old.toString('utf8', 8, end)) as Record<string, Entry>;
    const tensors: Entries = {};
    for (const [name, entry] of Object.entries(header)) {
      const [from = 0, to = 0] = entry.data_offsets;
      tensors[name] = { ...entry, bytes: old.subarray(end + from, end + to) };
    }
    change(tensors);
    let offset = 0;
    const placed = Object.entries(tensors).map(
      ([name, { dtype, shape, bytes }]) =>
        [name, { dtype, shape, data_offsets: [offset, (offset += bytes.length)] }] as const,
    );
    const text = Buffer.from(JSON.stringify(Object.fromEntries(placed)));
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(text.length));
    const all = Object.values(tensors).map(({ bytes }) => bytes);
    files[`${group}.safetensors`] = Buffer.concat([start, text, ...all]);
  };

/** Removes the tensors of a file whose names match. */
export const without = (group: string, names: RegExp): Forgery =>
  inTensors(group, (tensors) => {
    const found = Object.keys(tensors).filter((name) => names.test(name));
    if (found.length === 0) throw new Error(`${group} has no ${String(names)}`);
    for (const name of found) Reflect.deleteProperty(tensors, name);
  });

/** Changes one tensor of a file. */
export const altered = (group: string, name: string, change: Partial<Entry>): Forgery =>
  inTensors(group, (tensors) => {
    if (tensors[name] === undefined) throw new Error(`${group} has no ${name}`);
    Object.assign(tensors[name], change);
  });
