/** Names of folders that hold what real users depend on. */
const PRODUCTION = ['prod', 'production', 'prd', 'live'];
/** Names of folders that a test environment is made from. */
const TEST = ['dev', 'development', 'test', 'testing', 'local', 'sandbox'];
const OTHER = ['staging', 'stage', 'qa', 'preprod', 'preview', 'uat'];

export interface Environments {
  /** Names of folders that occur. */
  readonly production: readonly string[];
  readonly test: readonly string[];
  readonly other: readonly string[];
}

/** The environments that a repository keeps in folders of their own. */
export function detectEnvironments(paths: readonly string[]): Environments {
  const folders = new Set(paths.flatMap((path) => path.split('/').slice(0, -1)));
  const present = (names: readonly string[]) => names.filter((name) => folders.has(name));
  return { production: present(PRODUCTION), test: present(TEST), other: present(OTHER) };
}

/** The folders of test environments that occur, or the usual names. */
export function testFolders({ test }: Environments): readonly string[] {
  return test.length > 0 ? test : TEST;
}

/** `prod-eu` and `prod1` are production, `product` is not. */
const BEHIND = '{.,-,_,0,1,2,3,4,5,6,7,8,9}';

/** Globs of every path that looks like production, by folder or by file name. */
export function productionGlobs(): readonly string[] {
  const names = `{${PRODUCTION.join(',')}}`;
  return [
    `**/${names}/**`,
    `**/*{.,-,_}${names}/**`,
    `**/${names}${BEHIND}*/**`,
    `**/*{.,-,_}${names}{.,-,_}*`,
    `**/*{.,-,_}${names}`,
    `**/${names}${BEHIND}*`,
  ];
}
