/** PATH with the folders that `go install` and `pip install` put programs into. */
export function peerPath(env?: Readonly<Record<string, string | undefined>>): string;
/** Installs what is missing; the names of those that could not be had. */
export function installPeers(): string[];
