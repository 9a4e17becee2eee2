export const INTERRUPTED = 130;
let cancel: AbortController | null = null;

/**
 * Ends network calls under way on Ctrl-C; every file stays whole. A second one ends the process at
 * once.
 */
export function cancelOnInterrupt(): AbortSignal {
  if (cancel !== null) return cancel.signal;
  const controller = new AbortController();
  cancel = controller;
  const onInterrupt = () => controller.abort();
  // A child that does a share of the work may hear of it twice: from the terminal and from us.
  if (process.send === undefined) process.once('SIGINT', onInterrupt);
  else process.on('SIGINT', onInterrupt);
  return controller.signal;
}

/** Whether Ctrl-C has ended the work; then that, and no error it led to, decides the exit code. */
export function wasInterrupted(): boolean {
  return cancel?.signal.aborted === true;
}
