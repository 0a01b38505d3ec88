import { conventions, describeValue } from '@kd/core';
import type { Convention } from '@kd/core';
import { classesOf, sizeOf } from './row-shape.js';
import type { RowShape } from './row-shape.js';
import { areShares } from './weights.js';

type Fields = Readonly<Record<string, unknown>>;
type Checks = Readonly<Record<string, boolean>>;

/** What is wrong with the content of manifest.json; undefined for a manifest. */
export function faultOf(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null) return 'JSON, but no object';
  const { formatVersion, teacher, outputs, taps = [], members, values, ...rest } = content as Fields;
  const { sealed, count, files, writing, shard } = rest;
  if (formatVersion !== 2 && formatVersion !== 3) return `formatVersion ${describeValue(formatVersion)}`;
  const { dtype } = fieldsOf(values);
  const named = Object.entries(fieldsOf(outputs));
  const tapped: readonly unknown[] = Array.isArray(taps) ? taps : [];
  const checks: Checks = {
    'teacher.fingerprint': typeof fieldsOf(teacher)['fingerprint'] === 'string',
    outputs: isRecord(outputs) && named.length + tapped.length > 0,
    ...all(named.map(([name, output]) => checksOfOutput(`outputs.${name}`, output))),
    taps: Array.isArray(taps),
    ...all(tapped.map((tap, index) => checksOfTap(`taps[${String(index)}]`, tap))),
    members: Array.isArray(members) && areMembers(members, named.length),
    'values.dtype': dtype === 'float32' || dtype === 'float16',
    sealed: typeof sealed === 'boolean',
    count: isWhole(count),
    files: Array.isArray(files) && files.every(isStoredFile),
    writing: writing === undefined || isStoredFile(writing),
    shard: shard === undefined || isShard(shard),
  };
  const wrong = Object.entries(checks).find(([, right]) => !right);
  if (wrong !== undefined) return `a manifest whose ${wrong[0]} is missing or wrong`;
  const rows = (files as readonly { readonly rows: number }[]).reduce((sum, file) => sum + file.rows, 0);
  return rows === count
    ? undefined
    : `a manifest whose count is ${String(count)}, but whose files have ${String(rows)} rows`;
}

function all(checks: readonly Checks[]): Checks {
  return Object.assign({}, ...checks) as Checks;
}

function fieldsOf(value: unknown): Fields {
  return Object(value) as Fields;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, least = 0): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function checksOfOutput(at: string, output: unknown): Checks {
  const { convention, rowShape, classes, topK, type } = fieldsOf(output);
  const isKnown = typeof convention === 'string' && Object.hasOwn(conventions, convention);
  const { family } = isKnown ? conventions[convention as Convention] : {};
  // Only values need no axis of classes beside the length.
  const isShape = isRowShape(rowShape) && (rowShape.at(-1) !== null || family === 'values');
  const width = isShape ? classesOf({ rowShape }).classes : 0;
  const isCut = isWhole(topK, 1) && topK < width && family === 'classes';
  return {
    [`${at}.convention`]: isKnown,
    [`${at}.rowShape`]: isShape,
    [`${at}.classes`]: classes === undefined || areClasses(classes, width),
    [`${at}.topK`]: topK === undefined || isCut,
    [`${at}.type`]: type === undefined || (type === 'int32' && family === 'values'),
  };
}

function checksOfTap(at: string, value: unknown): Checks {
  const { tap, rowShape, activation, type } = fieldsOf(value);
  return {
    [`${at}.tap`]: typeof tap === 'string' || typeof fieldsOf(tap)['layer'] === 'string',
    [`${at}.rowShape`]: isRowShape(rowShape),
    [`${at}.activation`]: activation === undefined || typeof activation === 'string',
    [`${at}.type`]: type === undefined || type === 'int32',
  };
}

function isRowShape(value: unknown): value is RowShape {
  if (!Array.isArray(value)) return false;
  const sizes = value[0] === null ? value.slice(1) : value;
  // More numbers than the largest list of a Parquet file.
  return sizes.every((size) => isWhole(size, 1)) && sizeOf(sizes) < 2 ** 31;
}

function areClasses(value: unknown, count: number): boolean {
  return Array.isArray(value) && value.length === count && value.every((name) => typeof name === 'string');
}

function areMembers(members: readonly unknown[], outputs: number): boolean {
  if (members.length === 0) return outputs === 0;
  const weights = members.map((member) => fieldsOf(member)['weight']);
  return weights.every((weight) => typeof weight === 'number') && areShares(weights);
}

function isShard(value: unknown): boolean {
  const { index, count, complete, data } = fieldsOf(value);
  if (!isWhole(index) || !isWhole(count) || index >= count || typeof complete !== 'boolean') return false;
  return (
    data === undefined || (isWhole(fieldsOf(data)['count']) && typeof fieldsOf(data)['ids'] === 'string')
  );
}

function isStoredFile(value: unknown): boolean {
  const { name, rows, bytes, sha256 } = fieldsOf(value);
  // We never write a name that leads out of the directory.
  const isName = typeof name === 'string' && /^(?:shard-\d+-of-\d+\/)?part-\d+\.parquet$/.test(name);
  return isName && isWhole(rows) && isWhole(bytes) && typeof sha256 === 'string';
}
