import { contrastive } from '@kd/contrastive';
import { correlation } from '@kd/correlation';
import { featureQueue } from '@kd/feature-queue';
import { probabilistic } from '@kd/probabilistic';
import { relational } from '@kd/relational';
import { beside } from './method.js';
import type { Method, Nets } from './method.js';

const features = ({ student, teacher }: Nets): { student: string; teacher: string } => ({
  student: student.features,
  teacher: teacher.features,
});

/** Methods that compare the vectors before the classifier. */
export const ofFeatures: readonly Method[] = [
  beside('relational (RKD)', 'features', 1, (nets, weight) => [relational({ ...features(nets), weight })]),
  beside('probabilistic (PKT)', 'features', 10_000, (nets, weight) => [
    probabilistic({ ...features(nets), weight }),
  ]),
  beside('correlation (CC)', 'features', 0.2, (nets, weight) => [correlation({ ...features(nets), weight })]),
  // A tenth of the data set as negatives: RepDistiller takes a third.
  beside('contrastive (CRD)', 'features', 0.8, (nets, weight) => [
    contrastive({ ...features(nets), negatives: 1024, weight }),
  ]),
  beside('feature queue', 'features', 1, (nets, weight) => [
    featureQueue({ ...features(nets), size: 2048, weight }),
  ]),
];
