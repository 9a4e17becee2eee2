import { relative, resolve, sep } from 'node:path';
import { judge } from '../check/judge.ts';
import { creationFiles, creationFilesAbove } from '../check/policy-files.ts';
import { FORMATS, type Format, formatNamed, renderReport } from '../check/report.ts';
import { verifyMacs } from '../check/verify-macs.ts';
import { readWorkTree, requireFolder } from '../check/work-tree.ts';
import type { Command, Invocation } from '../command.ts';
import { errorText } from '../error-text.ts';
import { repositoryOf } from '../files/repository.ts';
import { KEY_SERVICE_FLAGS } from '../flag-specs.ts';
import { localKeyServices } from '../key-services.ts';

const FOUND = 1;
const COULD_NOT_RUN = 2;

export const checkCommand: Command = {
  name: 'check',
  usage: 'check [DIR]',
  summary: 'judge who can read what by .sops.yaml and .tidelock.yaml, and find plaintext',
  flags: [
    { names: ['format'], kind: 'string', help: `${FORMATS.join(', ')} (default text)` },
    { names: ['verify'], kind: 'bool', help: 'also check the MAC of what the keys at hand open' },
    { names: ['policy-only'], kind: 'bool', help: 'do not look for plaintext' },
    ...KEY_SERVICE_FLAGS,
  ],
  async run(invocation) {
    try {
      return await checkTree(invocation, formatNamed(invocation.flags.text('format')));
    } catch (error) {
      invocation.ports.stderr(errorText(error));
      return COULD_NOT_RUN;
    }
  },
};

async function checkTree(
  { ports, flags, positionals }: Invocation,
  format: Format,
): Promise<number> {
  const [shown = '.'] = positionals;
  const folder = resolve(ports.cwd, shown);
  requireFolder(folder, shown);
  const root = repositoryOf(folder);
  const below = root === null ? '' : relative(root, folder).split(sep).join('/');
  const prefix = below === '' ? '' : `${below}/`;
  const files = await readWorkTree(ports, folder, root !== null);
  const above = root === null ? [] : await creationFilesAbove(ports, root, prefix);
  const verified = flags.isOn('verify')
    ? await verifyMacs(files.sources, localKeyServices(ports, flags))
    : null;
  const report = judge({
    files,
    creationFiles: [...creationFiles(files.sources, prefix), ...above],
    prefix,
    now: ports.now(),
    policyOnly: flags.isOn('policy-only'),
    more: verified?.verdicts ?? [],
  });
  ports.stdout(renderReport(report, format));
  if (verified !== null)
    ports.stderr(
      `${verified.opened} files opened and checked, ${verified.closed} without a key at hand\n`,
    );
  return report.findings.some(({ severity }) => severity === 'error') ? FOUND : 0;
}
