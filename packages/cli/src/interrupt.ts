const INTERRUPTED = 130;
let cancel: AbortController | null = null;

/**
 * Ends network calls under way on Ctrl-C; every file stays whole. A second one ends the process at
 * once.
 */
export function cancelOnInterrupt(): AbortSignal {
  if (cancel !== null) return cancel.signal;
  const controller = new AbortController();
  cancel = controller;
  process.once('SIGINT', () => {
    controller.abort();
    process.exitCode = INTERRUPTED;
  });
  return controller.signal;
}
