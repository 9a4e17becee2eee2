import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hookProgram, tidelockProgram } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const WATCH = fileURLToPath(new URL('../support/watch-loading.cjs', import.meta.url));
/** Words that stand in the code of a client and nowhere else. */
const CLIENTS =
  /KMSClient|TrentService|GoogleAuth|DefaultAzureCredential|x-vault-token|S3Client|SecretsManagerClient/;
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/prod';

function prepare(): Workspace {
  const workspace = makeWorkspace();
  workspace.git('init', '-q', '-b', 'main');
  workspace.write('.sops.yaml', `creation_rules:\n  - kms: ${KEY}\n    age: ${RECIPIENT_1}\n`);
  const wrapped = readFileSync(new URL('../vectors/kms.sample.yaml', import.meta.url));
  workspace.write('secret.enc.yaml', wrapped);
  workspace.write('note.md', 'nothing to see\n');
  workspace.git('add', '.');
  return workspace;
}

/** What the program loaded and whom it connected to. */
function watched(workspace: Workspace, args: readonly string[], env: Record<string, string> = {}) {
  const log = workspace.path('../watch.log');
  const watch = { WATCH_LOG: log, NODE_OPTIONS: `--require=${WATCH}`, ...env };
  const outcome = workspace.run(process.execPath, args, { env: watch });
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
  const of = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
  return { outcome, files: [...new Set(of('file'))], connections: of('connect') };
}

const clientsAmong = (files: readonly string[]) =>
  files.filter((file) => CLIENTS.test(readFileSync(file, 'utf8')));

describe('without a key service to ask', () => {
  it.each([
    ['scan', [tidelockProgram, 'scan']],
    ['check', [tidelockProgram, 'check']],
    ['access', [tidelockProgram, 'access']],
    ['inspect', [tidelockProgram, 'inspect', 'secret.enc.yaml']],
    ['filestatus', [tidelockProgram, 'filestatus', 'secret.enc.yaml']],
    ['the hook', [hookProgram]],
  ])('%s loads no client and connects to nobody', (_, args) => {
    const { outcome, files, connections } = watched(prepare(), args);
    expect(outcome.stderr).not.toContain('ERR_INTERNAL');
    expect(files).toContain(args[0]);
    expect(clientsAmong(files)).toEqual([]);
    expect(connections).toEqual([]);
  });

  it('decrypt with an AWS key does both, which shows that the watch sees it', () => {
    const nobody = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'none' };
    const env = { ...nobody, AWS_SECRET_ACCESS_KEY: 'none', SOPS_AGE_KEY_FILE: '/nonexistent' };
    const args = [tidelockProgram, 'decrypt', 'secret.enc.yaml'];
    const { outcome, files, connections } = watched(prepare(), args, env);
    expect(outcome.status).toBe(128);
    expect(clientsAmong(files).length).toBeGreaterThan(0);
    expect(connections[0]).toContain('"port":9');
  });
});
