/** Makes a repository of encrypted files, a tenth of them due; the identity that opens them all. */
export function makeRepository(folder: string, count: number): Promise<string>;
