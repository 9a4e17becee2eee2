const SWITCH = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * Makes a client without AWS' notice that a later version of it will want a later Node: versions are
 * pinned, and a user of the command can do nothing about it. No child inherits the switch.
 */
export function withoutVersionWarning<T>(make: () => T): T {
  const before = process.env[SWITCH];
  process.env[SWITCH] = 'true';
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env[SWITCH];
    else process.env[SWITCH] = before;
  }
}
