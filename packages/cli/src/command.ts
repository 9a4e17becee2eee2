import type { FlagSpec, Flags } from './flags.ts';
import type { Ports } from './ports.ts';

/** What a command gets: the world, its flags, and what stood behind them. */
export interface Invocation {
  readonly ports: Ports;
  /** Its own flags, and those that stood before the subcommand. */
  readonly flags: Flags;
  readonly positionals: readonly string[];
}

export interface Command {
  readonly name: string;
  /** `encrypt [FILE]`: what stands behind `tidelock`. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly FlagSpec[];
  /**
   * The exit code for flags that do not fit, where 1 has another meaning; then a flag nobody knows is
   * refused wherever it stands.
   */
  readonly exitWhenMisused?: number;
  /** The exit code. Failures are thrown; `main.ts` alone turns them into text. */
  run(invocation: Invocation): Promise<number>;
}

/** Commands are loaded when they are called: a start costs the parts it needs. */
export type CommandLoader = () => Promise<Command>;
