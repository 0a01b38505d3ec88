import { checkOptions, describeValue, KdError } from '@kd/core';
import type { Schedule, TrainingTime } from '@kd/core';
import { checkExactlyOne } from './check-exactly-one.js';
import { checkValue } from './check-value.js';
import { timeZero } from './time-since.js';

/** A piece of `piecewise` that starts at a step. */
export interface PieceFromStep {
  /** The step that the piece starts at, whole and >= 1. */
  readonly step: number;
  readonly epoch?: never;
  /** A finite number or a schedule, whose time starts with the piece. */
  readonly value: number | Schedule;
}

/** A piece of `piecewise` that starts at an epoch. */
export interface PieceFromEpoch {
  /** The epoch that the piece starts at, whole and >= 1. */
  readonly epoch: number;
  readonly step?: never;
  /** A finite number or a schedule, whose time starts with the piece. */
  readonly value: number | Schedule;
}

/** Options of `piecewise`. */
export interface PiecewiseOptions {
  /** The first piece, from time zero: a finite number or a schedule. */
  readonly from: number | Schedule;
  /** The further pieces in the order of their start, all by step or all by epoch. */
  readonly at: readonly PieceFromStep[] | readonly PieceFromEpoch[];
}

/** A piece once read: what it is and when it starts. */
export interface Piece {
  readonly start: TrainingTime;
  readonly value: number | Schedule;
}

/** Checks the options of `piecewise`. Returns at least one piece, in the order of their start. */
export function readPieces(where: string, options: PiecewiseOptions): [Piece, ...Piece[]] {
  checkOptions(where, options, ['from', 'at']);
  const { from, at } = options;
  checkValue(where, 'options.from', from);
  checkArray(where, 'options.at', at);
  const pieces: [Piece, ...Piece[]] = [{ start: timeZero, value: from }];
  const unit = at[0]?.step === undefined ? 'epoch' : 'step';
  let before = 0;
  for (const [index, piece] of at.entries()) {
    const argument = `options.at[${String(index)}]`;
    checkOptions(where, piece, ['step', 'epoch', 'value'], argument);
    const { step, epoch, value } = piece;
    checkExactlyOne(where, argument, { step, epoch });
    checkStart(where, `${argument}.${unit}`, piece[unit], before);
    checkValue(where, `${argument}.value`, value);
    before = piece[unit];
    pieces.push({ start: { ...timeZero, [unit]: before }, value });
  }
  return pieces;
}

function checkArray(where: string, argument: string, value: unknown): void {
  if (Array.isArray(value)) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'an array',
    received: describeValue(value),
    remedy: 'Pass the pieces after the first as an array; it may be empty.',
  });
}

function checkStart(
  where: string,
  argument: string,
  start: unknown,
  before: number,
): asserts start is number {
  if (typeof start === 'number' && Number.isSafeInteger(start) && start > before) return;
  throw new KdError({
    code: typeof start === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
    where,
    argument,
    expected: `a whole number > ${String(before)}`,
    received: describeValue(start),
    remedy: 'List the pieces in the order of their start, all by step or all by epoch.',
  });
}
