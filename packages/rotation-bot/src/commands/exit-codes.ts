export const DONE = 0;
/** With `--check`: something is due. */
export const DUE = 1;
export const COULD_NOT_RUN = 2;
/** Everything else is done; some files were left out or could not be planned, and are named. */
export const SOME_LEFT_OUT = 3;
