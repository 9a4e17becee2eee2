import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hookProgram, repositoryRoot, tidelockProgram } from '../support/program.ts';

/** What is on PATH while the commands of a document run. */
export interface Tools {
  /** Fills the folder and gives the environment that uses it. */
  install(bin: string): Record<string, string>;
}

const PROGRAMS = {
  tidelock: tidelockProgram,
  sops: tidelockProgram,
  'tidelock-pre-commit': hookProgram,
  'tidelock-rotate': join(repositoryRoot, 'packages/rotation-bot/dist/tidelock-rotate.js'),
};

/** The programs as they are built, before everything else on PATH. */
export const shippedTools: Tools = {
  install(bin) {
    for (const [name, program] of Object.entries(PROGRAMS)) {
      writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
      chmodSync(join(bin, name), 0o755);
    }
    return { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  },
};

/** Node, npm and Git, with the shell and the few small programs that every system has. */
const ON_EMPTY_MACHINE = 'node npm npx git sh env cat mkdir head tail od tr'.split(' ');
/** How this machine reaches the registry is not what is tried. */
const NETWORK =
  /^(?:https?_proxy|no_proxy|npm_config_registry|node_extra_ca_certs|ssl_cert_file)$/i;

/** A machine as a new user has it: nothing of ours, no cache, no settings. */
export const emptyTools: Tools = {
  install(bin) {
    for (const name of ON_EMPTY_MACHINE) {
      const found = spawnSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
      const path = found.stdout.trim();
      if (!path.startsWith('/')) throw new Error(`${name} is not on PATH`);
      symlinkSync(path, join(bin, name));
    }
    const network = Object.entries(process.env).filter(([name]) => NETWORK.test(name));
    return {
      ...(Object.fromEntries(network) as Record<string, string>),
      PATH: bin,
      REPOSITORY: repositoryRoot,
    };
  },
};
