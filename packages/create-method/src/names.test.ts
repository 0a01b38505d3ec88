import { expectKdError } from '@kd/testing';
import { expect, it } from 'vitest';
import { namesOf } from './names.js';

it.each([
  ['wttm', 'wttm', 'wttm', 'wttm', 'Wttm', 'wttm'],
  ['wttm-loss', 'wttm-loss', 'wttm', 'wttm', 'Wttm', 'wttm'],
  ['@me/kd-two.stage_x', 'kd-two.stage_x', 'two.stage_x', 'twoStageX', 'TwoStageX', 'two stage x'],
  ['kd-loss', 'kd-loss', 'loss', 'loss', 'Loss', 'loss'],
])('names everything after %s', (name, folder, method, camel, pascal, words) => {
  expect(namesOf(name)).toEqual({ package: name, folder, method, camel, pascal, words });
});

it.each([
  ['', 'greater than zero'],
  ['My-Loss', 'capital'],
  ['my loss', 'URL-friendly'],
  ['.loss', 'period'],
  ['../loss', 'period'],
  ['packages/loss', 'URL-friendly'],
  ['/loss', 'URL-friendly'],
  ['@me/../loss', 'URL-friendly'],
  ['@me/..', 'period'],
  ['http', 'core module'],
  ['node_modules', 'not a valid package name'],
  ['x'.repeat(215), '214'],
  ['3d-loss', 'letter'],
  ['kd-', 'letter'],
  ['delete', 'words of JavaScript'],
  ['await-loss', 'words of JavaScript'],
  ['--', 'hyphen'],
])('refuses %j', (name, reason) => expectKdError(() => namesOf(name), 'KD_OPTION_RANGE', 'the name', reason));

it.each([undefined, null, 3, {}])('refuses %j, which is no text', (name) =>
  expectKdError(() => namesOf(name as never), 'KD_OPTION_TYPE', 'the name'),
);
