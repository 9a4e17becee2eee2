import { dispatch } from './dispatch.ts';
import { errorText } from './error-text.ts';
import { exitCodeOf } from './exit-codes.ts';
import { INTERRUPTED, wasInterrupted } from './interrupt.ts';
import { realPorts } from './ports.ts';

const ports = realPorts();

dispatch(process.argv.slice(2), ports)
  .then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      ports.stderr(errorText(error));
      process.exitCode = exitCodeOf(error);
    },
  )
  .finally(() => {
    if (wasInterrupted()) process.exitCode = INTERRUPTED;
  });
