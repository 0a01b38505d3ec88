import { attributes } from './attributes.js';
import type { Attributes } from './attributes.js';
import { fieldsOf } from './wire-format.js';

/** One input of an operation, which may stand for several tensors. */
interface Argument {
  /** The attribute with the type of its tensors. */
  readonly type?: string;
  /** The attribute with the number of its tensors. */
  readonly count?: string;
  /** The attribute with the types of its tensors, which may differ. */
  readonly types?: string;
}

/** What graphs must know of an operation of TensorFlow. */
export interface Operation {
  readonly inputs: readonly Argument[];
  /** Whether two runs with equal inputs may differ. */
  readonly isStateful: boolean;
}

/** All operations of TensorFlow by name. */
export type Operations = ReadonlyMap<string, Operation>;

// Numbers of the fields in TensorFlow's op_def.proto.
const opOfList = 1;
const [nameOfOp, inputOfOp, isStatefulOfOp] = [1, 2, 17];
const [typeOfInput, countOfInput, typesOfInput] = [4, 5, 6];

const text = (value: number | Uint8Array): string => new TextDecoder().decode(value as Uint8Array);

/** Reads a serialised OpList. */
export function readOperations(list: Uint8Array): Operations {
  const operations = new Map<string, Operation>();
  for (const [field, op] of fieldsOf(list)) {
    if (field !== opOfList) continue;
    let name = '';
    let isStateful = false;
    const inputs: Argument[] = [];
    for (const [part, value] of fieldsOf(op as Uint8Array)) {
      if (part === nameOfOp) name = text(value);
      if (part === isStatefulOfOp) isStateful = value === 1;
      if (part === inputOfOp) inputs.push(readArgument(value as Uint8Array));
    }
    operations.set(name, { inputs, isStateful });
  }
  return operations;
}

function readArgument(message: Uint8Array): Argument {
  const names = { [typeOfInput]: 'type', [countOfInput]: 'count', [typesOfInput]: 'types' } as const;
  const found = [...fieldsOf(message)].flatMap(([field, value]) =>
    field in names ? [[names[field], text(value)]] : [],
  );
  return Object.fromEntries(found) as Argument;
}

/**
 * The attributes that follow from the types of the inputs, if they are not given: calls of single operations
 * may leave them out, graphs may not.
 */
export function inferredAttributes(
  inputs: readonly Argument[],
  given: Attributes,
  types: readonly number[],
): Attributes {
  const inferred: Record<string, Uint8Array> = {};
  const note = (name: string | undefined, value: () => Uint8Array): void => {
    if (name !== undefined && !(name in given)) inferred[name] = value();
  };
  const isList = ({ count, types: several }: Argument): boolean =>
    count !== undefined || several !== undefined;
  // A list takes what the single inputs leave.
  const rest = types.length - inputs.filter((input) => !isList(input)).length;
  let at = 0;
  for (const input of inputs) {
    const taken = types.slice(at, at + (isList(input) ? rest : 1));
    note(input.type, () => attributes.type(taken[0] ?? 0));
    note(input.count, () => attributes.int(taken.length));
    note(input.types, () => attributes.types(taken));
    at += taken.length;
  }
  return inferred;
}
