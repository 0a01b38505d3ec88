import { describe, expect, it } from 'vitest';
import { expectedOutput, outputFault } from './documentation-output.js';

describe('expectedOutput', () => {
  it('reads the comment lines under a console.log, and the one after it on its line', () => {
    const code =
      'console.log(1); // 1\nconsole.log(\n  "a\\nb",\n);\n// a\n//  b\n\n// Not output.\ncall(); // nor this\n';
    expect(expectedOutput(code)).toEqual({ lines: ['1', 'a', ' b'], complete: true });
  });

  it('is incomplete if a console.log has no lines', () => {
    expect(expectedOutput('console.log(1);\n// 1\nconsole.log(2);\n')).toEqual({
      lines: ['1'],
      complete: false,
    });
    expect(expectedOutput('each((x) => console.log(x));\n// no statement\n')).toEqual({
      lines: [],
      complete: false,
    });
  });

  it('reads the comment lines in inner blocks', () => {
    const code = 'for (const a of [1, 2]) {\n  console.log(a);\n  // 1\n  // 2\n}\n';
    expect(expectedOutput(code)).toEqual({ lines: ['1', '2'], complete: true });
  });
});

describe('outputFault', () => {
  it('requires equal output if every console.log has lines', () => {
    expect(outputFault(['1', '2 '], { lines: ['1', '2'], complete: true })).toBeUndefined();
    expect(outputFault(['1', '2', '3'], { lines: ['1', '2'], complete: true })).toContain('It prints');
    expect(outputFault(['2'], { lines: ['1'], complete: true })).toContain('// 1');
    expect(outputFault(['1'], { lines: [], complete: true })).toContain('// 1');
  });

  it('otherwise requires the lines in order', () => {
    expect(outputFault(['1', 'x', '2'], { lines: ['1', '2'], complete: false })).toBeUndefined();
    expect(outputFault(['2', '1'], { lines: ['1', '2'], complete: false })).toContain('// 2');
    expect(outputFault(['1'], { lines: ['1', '1'], complete: false })).toContain('// 1');
  });
});
