/** `./a/../b/` as `b`; the root is empty. null: leads out of the repository. */
export function normalPath(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

/** The same where nothing leads out: Flux takes the repository for the root of all there is. */
export function pathBelowRoot(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** A path relative to a folder. null: leads out of the repository. */
export function joinPath(folder: string, path: string): string | null {
  return normalPath(folder === '' ? path : `${folder}/${path}`);
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What kustomize fetches from elsewhere. */
export function isRemote(reference: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:/i.test(reference) ||
    /\?(?:.*&)?(?:ref|version|timeout)=/.test(reference) ||
    /^(?:github\.com|gitlab\.com|bitbucket\.org|[\w.-]+@[\w.-]+:)/.test(reference) ||
    reference.includes('.git/') ||
    reference.endsWith('.git')
  );
}
