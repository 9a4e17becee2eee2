/**
 * For `python3 -c`: runs the command (arguments 2 and on) on a terminal of its own and shows what it
 * wrote there. Argument 1 are answers, parted by commas, one for each question that ends in `(y/n)`;
 * `^C` types Ctrl-C as soon as something stands there. Kills what does not end.
 */
export const ON_A_TERMINAL = `
import os, pty, select, signal, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
answers, shown = sys.argv[1].split(","), b""
while True:
    ready, _, _ = select.select([terminal], [], [], 30)
    if not ready:
        os.kill(pid, signal.SIGKILL)
        break
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    shown += data
    if answers and answers[0] == "^C":
        os.write(terminal, b"\\x03")
        answers.pop(0)
    elif answers and shown.rstrip().endswith(b"(y/n)"):
        os.write(terminal, answers.pop(0).encode() + b"\\n")
        shown += b"\\n"
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`;
