import { escapeTerminal } from '@tidelock/guard';
import { FAILED, USAGE } from './exit-codes.ts';
import { parseCommand } from './hook-options.ts';
import { runHook } from './run-hook.ts';
import { writeNow } from './write-now.ts';

const HELP = `usage: tidelock-pre-commit [--all] [--fix] [--stage pre-commit|pre-merge-commit|pre-push] [FILE...]
       tidelock-pre-commit --from REVISION --to REVISION
       tidelock-pre-commit --install | --uninstall | --version

Examines the staged files, or every commit of a range. FILE restricts; content is always Git's.
--all also reports what the committed version already had
--fix encrypts staged files by their creation rules (age and PGP keys) and stages the result
exit 0 clean, 1 findings, 2 usage, 3 something could not be examined
`;

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2), process.env);
  switch (command.run) {
    case 'help':
      writeNow(1, HELP);
      return 0;
    case 'version': {
      const { TIDELOCK_VERSION } = await import('@tidelock/core');
      process.stdout.write(`tidelock ${TIDELOCK_VERSION}\n`);
      return 0;
    }
    case 'wrong':
      writeNow(2, `tidelock: ${escapeTerminal(command.message)}\n`);
      return USAGE;
    case 'install':
    case 'uninstall': {
      const { changeHooks } = await import('./change-hooks.ts');
      return changeHooks(command.run);
    }
    case 'hook':
      return runHook(command.options, {
        cwd: process.cwd(),
        env: process.env,
        now: () => new Date(),
        stdin: readStdin,
        stderr: (text) => writeNow(2, text),
      });
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

main().then(
  (code) => process.exit(code),
  async (error: unknown) => {
    const { errorText } = await import('./error-text.ts');
    writeNow(2, errorText(error));
    process.exit(FAILED);
  },
);
