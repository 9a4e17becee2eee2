import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GitError } from '../src/errors.ts';
import {
  NulSplitter,
  parseIndexEntry,
  parseRawDiff,
  parseTreeEntry,
  RawDiffParser,
} from '../src/parse.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(64);

test('records come out whole, however the output is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ min: 1, maxLength: 20 }), { maxLength: 10 }),
      fc.array(fc.nat(15), { maxLength: 20 }),
      (contents, cuts) => {
        const output = Buffer.concat(contents.flatMap((content) => [content, Buffer.from([0])]));
        const splitter = new NulSplitter();
        const found: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          found.push(...splitter.push(output.subarray(at, at + cut)));
          at = Math.min(output.length, at + cut);
        }
        found.push(...splitter.push(output.subarray(at)));
        splitter.end();
        expect(found.map((record) => [...record])).toEqual(contents.map((content) => [...content]));
      },
    ),
    { numRuns: 300 },
  );
});

test('an ordinary and a combined change', () => {
  const output = Buffer.from(
    `:100644 100755 ${A} ${B} M\0a b\0::100644 100644 120000 ${A} ${A} ${B} MM\0:x\n\0`,
  );
  expect(parseRawDiff(output)).toEqual([
    { path: 'a b', status: 'M', mode: '100755', oid: B, before: [{ mode: '100644', oid: A }] },
    {
      path: ':x\n',
      status: 'MM',
      mode: '120000',
      oid: B,
      before: [
        { mode: '100644', oid: A },
        { mode: '100644', oid: A },
      ],
    },
  ]);
});

test('a file named like an object id is a path, not a commit', () => {
  const parser = new RawDiffParser();
  expect(parser.push(Buffer.from(A))).toBeNull();
  expect(parser.push(Buffer.from(`:100644 100644 ${A} ${B} M`))).toBeNull();
  expect(parser.push(Buffer.from(B))).toMatchObject({ commit: A, change: { path: B } });
});

test('tree and index entries', () => {
  expect(parseTreeEntry(Buffer.from(`160000 commit ${C}\tsub\tmodule`))).toEqual({
    path: 'sub\tmodule',
    mode: '160000',
    type: 'commit',
    oid: C,
  });
  expect(parseIndexEntry(Buffer.from(`100644 ${A} 2\tf`))).toEqual({
    path: 'f',
    mode: '100644',
    oid: A,
    stage: 2,
  });
});

test('any other bytes are an error of ours, never a crash', () => {
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .string({ maxLength: 80, unit: fc.constantFrom(':', ' ', '0', 'a', 'M', '\t', '\0') })
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(any, (bytes) => {
      for (const parse of [parseRawDiff, parseTreeEntry, parseIndexEntry]) {
        try {
          parse(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(GitError);
        }
      }
    }),
    { numRuns: 500 },
  );
});
