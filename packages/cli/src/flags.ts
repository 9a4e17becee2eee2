/**
 * Flags as sops' users write them (SOPS-FORMAT 9.1): one dash or two, `--name value` or
 * `--name=value`, before or behind the file. `--` ends them.
 */
export interface FlagSpec {
  /** Long name first, then the others: `in-place`, `i`. */
  readonly names: readonly [string, ...string[]];
  readonly kind: 'bool' | 'string' | 'list';
  /** Used when the flag is not given. */
  readonly env?: string;
  readonly help: string;
}

export class UsageError extends Error {}

/** The values given, by long name. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value given, or undefined. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  isOn(name: string): boolean {
    const value = this.text(name);
    return value !== undefined && !FALSE_WORDS.has(value);
  }

  /** These values, and for names not among them those of `others`. */
  withDefaults(others: Flags): Flags {
    return new Flags(new Map([...others.#values, ...this.#values]));
  }
}

const FALSE_WORDS = new Set(['0', 'f', 'F', 'false', 'False', 'FALSE']);
const BOOL_WORDS = new Set([...FALSE_WORDS, '1', 't', 'T', 'true', 'True', 'TRUE']);

export interface ParsedArguments {
  readonly flags: Flags;
  readonly positionals: readonly string[];
  /** Flags nobody knows that stood behind the first positional: sops ignores them with a warning. */
  readonly ignored: readonly string[];
}

export interface ParseOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Stop at the first positional and hand the rest back untouched. */
  readonly stopAtPositional?: boolean;
}

/** @throws UsageError for an unknown flag before the first positional, or a missing value */
export function parseFlags(
  args: readonly string[],
  specs: readonly FlagSpec[],
  options: ParseOptions,
): ParsedArguments {
  const byName = new Map(specs.flatMap((spec) => spec.names.map((name) => [name, spec] as const)));
  const values = valuesFromEnvironment(specs, options.env);
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  const ignored: string[] = [];

  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      positionals.push(...args.slice(i + 1));
      break;
    }
    const flag = splitFlag(arg);
    if (flag === null) {
      if (options.stopAtPositional === true) {
        positionals.push(...args.slice(i));
        break;
      }
      positionals.push(arg);
      continue;
    }
    const spec = byName.get(flag.name);
    if (spec === undefined) {
      if (positionals.length === 0) throw new UsageError(`flag provided but not defined: ${arg}`);
      ignored.push(arg);
      continue;
    }
    let value = flag.value;
    if (value === undefined) {
      if (spec.kind === 'bool') value = 'true';
      else {
        value = args[++i];
        if (value === undefined) throw new UsageError(`flag needs an argument: ${arg}`);
      }
    } else if (spec.kind === 'bool' && !BOOL_WORDS.has(value) && spec.names[0] !== 'in-place') {
      throw new UsageError(`invalid value "${value}" for flag ${arg}`);
    }
    const list = given.get(spec.names[0]) ?? [];
    list.push(value);
    given.set(spec.names[0], list);
  }
  return { flags: new Flags(new Map([...values, ...given])), positionals, ignored };
}

function valuesFromEnvironment(
  specs: readonly FlagSpec[],
  env: ParseOptions['env'],
): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const spec of specs) {
    const value = spec.env === undefined ? undefined : env[spec.env];
    if (value !== undefined && value !== '') values.set(spec.names[0], [value]);
  }
  return values;
}

function splitFlag(arg: string): { name: string; value: string | undefined } | null {
  if (arg.length < 2 || !arg.startsWith('-')) return null;
  const body = arg.startsWith('--') ? arg.slice(2) : arg.slice(1);
  const equals = body.indexOf('=');
  if (equals < 0) return { name: body, value: undefined };
  return { name: body.slice(0, equals), value: body.slice(equals + 1) };
}
