import { goldenFile } from '@kd/testing';

/** The held-out set of `golden/calibration.json`, with the reference results. */
export interface CalibrationCase {
  readonly name: string;
  readonly params: { readonly bins: number };
  readonly inputs: { readonly student: number[][]; readonly labels: number[] };
  readonly expected: {
    readonly ece: number;
    readonly nll: number;
    readonly optimalTemperature: number;
    readonly nllAtOptimum: number;
    readonly eceAtOptimum: number;
  };
}

/** All cases of `golden/calibration.json`. */
export function calibrationCases(): readonly CalibrationCase[] {
  return (goldenFile('temperature/calibration') as { cases: CalibrationCase[] }).cases;
}
