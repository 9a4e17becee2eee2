import { expect, it } from 'vitest';
import { RECIPIENT_1, RECIPIENT_2 } from '../support/recipients.ts';
import { makeWorkspace } from '../support/workspace.ts';

interface Answer {
  readonly readers: readonly { name: string; id: string; files: readonly { path: string }[] }[];
  readonly changes?: readonly { name: string; gains: string[]; loses: string[] }[];
}

it('says who can read what, by name, and who gains and loses what', () => {
  const workspace = makeWorkspace();
  const seal = (name: string, recipients: string) => {
    const args = ['encrypt', '--age', recipients, '--filename-override', name];
    workspace.write(
      name,
      workspace.tidelock(args, { input: 'a: b\n', cwd: workspace.home }).stdout,
    );
  };
  const access = (...args: string[]): Answer =>
    JSON.parse(workspace.tidelock(['access', '--json', ...args]).stdout);
  workspace.git('init', '-q');
  seal('a.yaml', `${RECIPIENT_1},${RECIPIENT_2}`);
  seal('b.yaml', RECIPIENT_1);
  workspace.write(
    '.tidelock.yaml',
    `version: 1\nrecipients:\n  ops: { age: ${RECIPIENT_1}, owner: "@ops" }\n`,
  );
  workspace.git('add', '-A');
  workspace.git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'one');
  const paths = (answer: Answer) =>
    answer.readers.map(({ name, files }) => [name, files.map(({ path }) => path)]);
  expect(paths(access())).toEqual([
    [RECIPIENT_2, ['a.yaml']],
    ['ops', ['a.yaml', 'b.yaml']],
  ]);
  seal('a.yaml', RECIPIENT_1);
  seal('c.yaml', RECIPIENT_2);
  expect(access('--base', 'HEAD').changes).toMatchObject([
    { name: RECIPIENT_2, gains: ['c.yaml'], loses: ['a.yaml'] },
  ]);
  expect(paths(access('--at', 'HEAD'))[0]).toEqual([RECIPIENT_2, ['a.yaml']]);
  const text = workspace.tidelock(['access']).stdout;
  expect(text).toContain(`ops (@ops)  age ${RECIPIENT_1}\n    a.yaml\n    b.yaml\n`);
  expect(workspace.tidelock(['access', '--format', 'markdown']).stdout).toContain('| who |');
  expect(workspace.tidelock(['access', '--at', 'nowhere']).status).toBe(2);
});
