import type { MeasuredModel } from '../../models/measured-model.js';
import { chartWidth } from '../draw.js';
import type { Drawing } from '../draw.js';

/** Accuracy by confidence as bars, with the diagonal on which a calibrated model lies. */
export function reliabilityChart({ name, bins, calibrationError }: MeasuredModel, colour: string): Drawing {
  const most = Math.max(...bins.map(({ count }) => count));
  const values = bins.map(({ from, to, count, accuracy }) => ({
    from,
    to,
    accuracy,
    strength: 0.2 + 0.7 * Math.sqrt(count / most),
  }));
  const axis = { format: '.0%', tickCount: 5 };
  const scale = { domain: [0, 1] };
  return {
    text: `Reliability diagram of ${name}: expected calibration error ${calibrationError.toFixed(4)}.`,
    chart: {
      width: chartWidth,
      height: 240,
      layer: [
        {
          data: { values },
          mark: { type: 'rect', fill: colour, stroke: colour, strokeWidth: 1 },
          encoding: {
            x: { field: 'from', type: 'quantitative', title: 'confidence', scale, axis },
            x2: { field: 'to' },
            y: { field: 'accuracy', type: 'quantitative', title: 'accuracy', scale, axis },
            y2: { datum: 0 },
            fillOpacity: { field: 'strength', type: 'quantitative', scale: null },
          },
        },
        {
          data: { values: [{ at: 0 }, { at: 1 }] },
          mark: { type: 'line', color: 'currentColor', strokeWidth: 1, strokeDash: [4, 4] },
          encoding: {
            x: { field: 'at', type: 'quantitative' },
            y: { field: 'at', type: 'quantitative' },
          },
        },
      ],
    },
  };
}
