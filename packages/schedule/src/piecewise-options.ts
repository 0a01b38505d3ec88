import { describeValue, finite, KdError, list, nested, optionsOf, scheduled, whole } from '@kd/core';
import type { Schedule, TrainingTime } from '@kd/core';
import { notExactlyOne } from './not-exactly-one.js';
import { timeZero } from './time-since.js';

/** A piece of `piecewise` that starts at a step. */
export interface PieceFromStep {
  /** The step at which the piece starts, whole and >= 1. */
  readonly step: number;
  readonly epoch?: never;
  /** A finite number, or a schedule that starts with the piece. */
  readonly value: number | Schedule;
}

/** A piece of `piecewise` that starts at an epoch. */
export interface PieceFromEpoch {
  /** The epoch at which the piece starts, whole and >= 1. */
  readonly epoch: number;
  readonly step?: never;
  /** A finite number, or a schedule that starts with the piece. */
  readonly value: number | Schedule;
}

/** Options of `piecewise`. */
export interface PiecewiseOptions {
  /** The first piece, from time zero on: a finite number or a schedule. */
  readonly from: number | Schedule;
  /** The other pieces in the order of their start, all by step or all by epoch. */
  readonly at: readonly PieceFromStep[] | readonly PieceFromEpoch[];
}

/** A piece before the check of what it counts. */
type AnyPiece = Omit<PieceFromStep | PieceFromEpoch, 'step' | 'epoch'> & {
  readonly step?: number;
  readonly epoch?: number;
};
type AnyPieces = Omit<PiecewiseOptions, 'at'> & { readonly at: readonly AnyPiece[] };

const pieceOptions = optionsOf<AnyPiece>()({
  step: whole(1).optional(),
  epoch: whole(1).optional(),
  value: scheduled(finite),
});

const piecewiseOptions = optionsOf<AnyPieces>()({
  from: scheduled(finite),
  at: list(nested(pieceOptions)),
});

/** A checked piece: its value and its start. */
export interface Piece {
  readonly start: TrainingTime;
  readonly value: number | Schedule;
}

/** Reads the options of `piecewise`. Returns at least one piece, sorted by start. */
export function readPieces(where: string, options: PiecewiseOptions): [Piece, ...Piece[]] {
  const { from, at } = piecewiseOptions.read(where, options);
  const pieces: [Piece, ...Piece[]] = [{ start: timeZero, value: from }];
  const unit = at[0]?.step === undefined ? 'epoch' : 'step';
  let before = 0;
  for (const [index, { step, epoch, value }] of at.entries()) {
    const argument = `options.at[${String(index)}]`;
    if ((step === undefined) === (epoch === undefined))
      throw notExactlyOne(where, argument, ['step', 'epoch'], step !== undefined);
    const start = unit === 'step' ? step : epoch;
    if (start === undefined || start <= before)
      throw noNextStart(where, `${argument}.${unit}`, start, before);
    before = start;
    pieces.push({ start: { ...timeZero, [unit]: start }, value });
  }
  return pieces;
}

function noNextStart(where: string, argument: string, start: number | undefined, before: number): KdError {
  return new KdError({
    code: start === undefined ? 'KD_OPTION_TYPE' : 'KD_OPTION_RANGE',
    where,
    argument,
    expected: `a whole number > ${String(before)}`,
    received: describeValue(start),
    remedy: 'Sort the pieces by their start, and give all starts as steps or all as epochs.',
  });
}
