import { CommandError } from '../command-error.ts';
import type { Ports } from '../ports.ts';
import type { ChildUser } from './run-child.ts';

export interface UserEnvironment {
  readonly ids: ChildUser;
  readonly env: Readonly<Record<string, string>>;
}

/** The ids and the home of a user, as `/etc/passwd` has them. @throws CommandError */
export async function childUser(name: string, ports: Ports): Promise<UserEnvironment> {
  const table = await ports.readFile('/etc/passwd');
  const lines = table === null ? [] : Buffer.from(table).toString('utf8').split('\n');
  const fields = lines
    .map((line) => line.split(':'))
    .find(([user, , uid]) => user === name || uid === name);
  if (fields === undefined) {
    throw new CommandError(
      'ERR_USAGE',
      1,
      `there is no user ${name}`,
      'Name a user of this machine.',
    );
  }
  const [user = '', , uid = '', gid = '', , home = ''] = fields;
  return {
    ids: { uid: Number(uid), gid: Number(gid) },
    env: { HOME: home, USER: user, LOGNAME: user },
  };
}
