import type { GoverningRule, Grouping } from '@tidelock/guard';
import type { CodeOwners } from './codeowners.ts';
import { shortHash } from './digest.ts';

/** The request that a file belongs to. */
export interface GroupName {
  readonly id: string;
  readonly title: string;
  readonly branchSuffix: string;
}

export interface GroupedFile {
  readonly path: string;
  readonly rule: GoverningRule | null;
}

/** Names the group of a file by what its files have in common; the same file always the same group. */
export function groupName(
  { path, rule }: GroupedFile,
  { by, owners }: { readonly by: Grouping; readonly owners: CodeOwners | null },
): GroupName {
  switch (by) {
    case 'rule':
      return ruleGroup(rule);
    case 'directory': {
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      return named('directory', folder, folder === '' ? 'the top folder' : folder);
    }
    case 'owner': {
      const names = owners?.ownersOf(path) ?? [];
      const title = names.length === 0 ? 'files that nobody owns' : `files of ${names.join(', ')}`;
      return named('owner', [...names].sort().join(' '), title);
    }
    case 'file':
      return named('file', path, path);
    case 'all':
      return named('all', '', 'all files');
  }
}

/** By its words and not its number: a rule added above changes nothing for those below. */
function ruleGroup(rule: GoverningRule | null): GroupName {
  if (rule === null) return named('rule', '', 'files that no creation rule is for');
  const { config } = rule;
  const regex = rule.rule.pathRegex;
  const title = regex === null ? `every path in ${config.path}` : `${regex} in ${config.path}`;
  return named('rule', `${config.path} ${regex ?? ''}`, title);
}

const LONGEST_TITLE = 120;
const LONGEST_SLUG = 40;

function named(kind: Grouping, name: string, title: string): GroupName {
  const id = `${kind}:${name}`;
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG)
    .replace(/^-+|-+$/g, '');
  const branchSuffix = [kind, slug, shortHash(id)].filter((part) => part !== '').join('-');
  return {
    id,
    title: title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1)}…`,
    branchSuffix,
  };
}
