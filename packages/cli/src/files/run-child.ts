export interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly user?: ChildUser;
}

export interface ChildUser {
  readonly uid: number;
  readonly gid: number;
}

/** Runs a program on this terminal and gives its exit code; 128 + n when a signal ended it. */
export function runChild(
  program: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(program, [...args], {
      stdio: 'inherit',
      shell: false,
      env: options.env as NodeJS.ProcessEnv,
      ...options.user,
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

/** Runs a command line in the platform's shell, as `exec-env` and `exec-file` promise. */
export function runShell(command: string, options: ChildOptions): Promise<number> {
  if (process.platform === 'win32') return runChild('cmd.exe', ['/C', command], options);
  return runChild('/bin/sh', ['-c', command], options);
}

/** Starts a command line and does not wait for it. */
export function startShell(command: string, { env, user }: ChildOptions): void {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const [shell, flag] = process.platform === 'win32' ? ['cmd.exe', '/C'] : ['/bin/sh', '-c'];
  const options = { stdio: 'inherit', detached: true, env: env as NodeJS.ProcessEnv } as const;
  spawn(shell, [flag, command], { ...options, ...user }).unref();
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === 'SIGKILL' ? 9 : signal === 'SIGTERM' ? 15 : 2;
}
