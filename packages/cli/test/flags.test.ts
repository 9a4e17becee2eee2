import { describe, expect, it } from 'vitest';
import { type FlagSpec, parseFlags, UsageError } from '../src/flags.ts';

const SPECS: readonly FlagSpec[] = [
  { names: ['in-place', 'i'], kind: 'bool', help: '' },
  { names: ['age', 'a'], kind: 'list', env: 'SOPS_AGE_RECIPIENTS', help: '' },
  { names: ['output-type'], kind: 'string', help: '' },
];

const parse = (args: readonly string[], env: Record<string, string> = {}) =>
  parseFlags(args, SPECS, { env });

describe('flags', () => {
  it('take one dash or two, a space or an equals sign, before or behind the file', () => {
    const { flags, positionals } = parse([
      '-i',
      '--age',
      'x',
      'f.yaml',
      '-output-type=json',
      '-a=y',
    ]);
    expect(flags.isOn('in-place')).toBe(true);
    expect(flags.list('age')).toEqual(['x', 'y']);
    expect(flags.text('output-type')).toBe('json');
    expect(positionals).toEqual(['f.yaml']);
  });

  it('come from the environment unless given; an empty variable gives nothing', () => {
    expect(parse([], { SOPS_AGE_RECIPIENTS: 'e' }).flags.list('age')).toEqual(['e']);
    expect(parse(['--age', 'x'], { SOPS_AGE_RECIPIENTS: 'e' }).flags.list('age')).toEqual(['x']);
    expect(parse([], { SOPS_AGE_RECIPIENTS: '' }).flags.has('age')).toBe(false);
  });

  it('end at --, and are switched off by =false', () => {
    const { flags, positionals } = parse(['--in-place=false', '--', '-i']);
    expect(flags.isOn('in-place')).toBe(false);
    expect(positionals).toEqual(['-i']);
  });

  it('that nobody knows are an error before the file and ignored behind it', () => {
    expect(() => parse(['--nope', 'f'])).toThrow(UsageError);
    expect(() => parse(['--age'])).toThrow(UsageError);
    expect(parse(['f', '--nope']).ignored).toEqual(['--nope']);
  });

  it('stop at the first word where a command follows', () => {
    const { positionals } = parseFlags(['-i', 'encrypt', '--age', 'x'], SPECS, {
      env: {},
      stopAtPositional: true,
    });
    expect(positionals).toEqual(['encrypt', '--age', 'x']);
  });
});
