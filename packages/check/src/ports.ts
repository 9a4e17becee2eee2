import type { Environment } from '@tidelock/core';

/** The world as the engine sees it. */
export interface CheckPorts extends Pick<Environment, 'env' | 'readFile'> {
  readonly now: () => Date;
}
