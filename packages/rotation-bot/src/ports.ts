import type { Clock, Environment } from '@tidelock/core';

/** The world as the bot sees it; tests pass another one. */
export interface BotPorts extends Environment, Clock {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}
