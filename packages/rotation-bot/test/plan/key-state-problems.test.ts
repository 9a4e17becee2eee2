import { parseKey } from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { keyStateProblems } from '../../src/plan/key-state-problems.ts';
import { type KeyStates, NO_KEY_STATES, stateName } from '../../src/plan/key-states.ts';
import { contextOf, daysAgo } from '../support/tree.ts';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/prod';
const key = parseKey('kms', ARN, { createdAt: '' });
const files = { '.sops.yaml': `creation_rules:\n  - kms: ${ARN}\n` };
type Cloud = KeyStates['cloudKeys'] extends ReadonlyMap<string, infer T> ? T : never;

function said(states: Partial<KeyStates>): readonly string[] {
  const context = contextOf({ files, keyStates: { ...NO_KEY_STATES, isAsked: true, ...states } });
  return keyStateProblems(context.creation, context).map(({ reason }) => reason);
}

const cloud = (state: Partial<Cloud>) => ({
  cloudKeys: new Map([[stateName(key), { trouble: null, ends: null, versions: null, ...state }]]),
});

describe('a key that a rule names', () => {
  it.each([
    [{ kind: 'disabled', word: 'Disabled' }, null, 'is disabled (Disabled)'],
    [{ kind: 'pending-deletion', word: 'X' }, daysAgo(-7), 'to be deleted on 2026-12-01'],
    [{ kind: 'pending-deletion', word: 'X' }, null, 'to be deleted (X): cancel that'],
    [{ kind: 'expired', word: 'exp' }, daysAgo(3), 'wraps nothing since 2026-11-21'],
    [{ kind: 'gone', word: 'not found' }, null, 'is not there (not found)'],
    [null, daysAgo(-29), 'wraps nothing any more from 2026-12-23 on'],
  ] as const)('and is in trouble is reported: %o', (trouble, ends, words) => {
    expect(said(cloud({ trouble, ends }))).toEqual([expect.stringContaining(words)]);
  });

  it('and is sound is not', () => {
    expect(said(cloud({}))).toEqual([]);
    expect(said(cloud({ ends: daysAgo(-31) }))).toEqual([]);
    expect(said({})).toEqual([]);
  });

  it('and of which nobody could tell is reported, and never taken for sound', () => {
    const unanswered = new Map([[stateName(key), 'AWS KMS denies permission']]);
    expect(said({ unanswered })).toEqual([
      `it names kms ${ARN}, whose state is not known: AWS KMS denies permission`,
    ]);
  });
});
