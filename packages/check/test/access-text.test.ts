import { expect, it } from 'vitest';
import { accessText } from '../src/access-text.ts';

it('says who gains and who loses which file, with nothing of a name left to the terminal', () => {
  const change = {
    name: 'alice\u001b[31m',
    owner: '@alice',
    type: 'age' as const,
    id: 'age1x',
    gains: ['a.yaml'],
    loses: ['b.yaml'],
  };
  const text = accessText({ readers: [], changes: [change] });
  expect(text).toMatch(/^alice\S* \(@alice\) {2}age age1x\n {2}\+ a\.yaml\n {2}- b\.yaml\n$/);
  expect(text).not.toContain('\u001b');
});

it('says so where nothing changes and where nothing is encrypted', () => {
  expect(accessText({ readers: [], changes: [] })).toBe('Nobody gains or loses access.\n');
  expect(accessText({ readers: [], changes: null })).toBe('No encrypted files.\n');
});
