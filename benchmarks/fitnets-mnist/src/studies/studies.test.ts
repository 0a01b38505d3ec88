import { slug } from '@kd-benchmarks/experiment/parts';
import { describe, expect, it } from 'vitest';
import { hintEpochsOf } from '../job.js';
import { studentJob, teacherJob, trialsOf } from '../jobs.js';
import { studies } from './index.js';
import type { Study } from './index.js';

const surroundings = { backend: 'cpu', out: 'out' } as const;
const all: Study[] = Object.values(studies).flatMap(({ full, small }) => [full, small]);

describe.each(all.map((study) => [study.name, study] as const))('the study %s', (_, study) => {
  const { kinds } = study;

  it('gives each part a name', () => {
    const jobs = kinds.flatMap((kind) => [
      studentJob(study, kind, 1, surroundings),
      ...trialsOf(study, kind, surroundings).map(({ job }) => job),
    ]);
    const names = [teacherJob(study.teacher, surroundings), ...jobs].map(({ name }) => slug(name));
    expect(new Set(names).size).toBe(names.length);
  });

  it('compares kinds that see the same digits as often, and start alike', () => {
    for (const kind of kinds) {
      const others = kinds.filter(({ group, arm }) => group === kind.group && arm === kind.against);
      expect(others).toHaveLength(kind.against === undefined ? 0 : 1);
      for (const { plan, uniform, digits, training } of others)
        expect({ plan, uniform, digits, training }).toEqual({
          plan: kind.plan,
          uniform: kind.uniform,
          digits: kind.digits,
          training: kind.training,
        });
    }
  });

  it('spends whole epochs on hints', () => {
    for (const kind of kinds) {
      const share = kind.lesson.hintShare ?? 0;
      expect(hintEpochsOf(kind)).toBeCloseTo(share * kind.training.epochs, 10);
    }
  });

  it('asks the teacher about no digit whose answer it has not kept', () => {
    const { learning, validation } = study.teacher.digits;
    for (const { digits } of kinds) {
      expect(digits.learning).toBeLessThanOrEqual(learning);
      expect(digits.validation).toBeLessThanOrEqual(validation);
    }
  });
});
