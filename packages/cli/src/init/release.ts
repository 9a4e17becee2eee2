import { TIDELOCK_VERSION } from '@tidelock/core';

/** Where releases are published: hook managers and workflows take a fixed one from there. */
export const ACTION_REPOSITORY = 'tidelock/tidelock';

/** The release that wrote a file is the one the file asks for. */
export const RELEASE = TIDELOCK_VERSION;
