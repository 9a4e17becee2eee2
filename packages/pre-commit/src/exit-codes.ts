export const CLEAN = 0;
export const FINDINGS = 1;
/** Wrong arguments, or a configuration with a mistake. */
export const USAGE = 2;
/** Something that had to be examined could not be. */
export const FAILED = 3;
