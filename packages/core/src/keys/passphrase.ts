/** Asks the person for a passphrase; null when there is nobody to ask. */
export type ReadPassphrase = (question: string) => Promise<string | null>;
