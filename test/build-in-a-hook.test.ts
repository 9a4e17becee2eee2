import { expect, it } from 'vitest';
import { exampleEnvironment } from '../scripts/example-environment.mjs';

it('a build started by a Git hook plays outside of the repository that is committed to', () => {
  const hook = { PATH: '/bin', GIT_INDEX_FILE: '.git/index', GIT_DIR: '.git', GIT_PREFIX: '' };
  expect(exampleEnvironment('/home/example', hook)).toEqual({
    PATH: '/bin',
    GIT_CONFIG_GLOBAL: '/dev/null',
    HOME: '/home/example',
  });
});
