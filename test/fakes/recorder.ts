import { type AddressInfo, createServer } from 'node:net';

export interface Recorder {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** The first bytes of everyone who connected. */
  readonly connections: string[];
  close(): Promise<void>;
}

/** Whoever connects is written down, whatever protocol it speaks, and sent away. */
export async function startRecorder(): Promise<Recorder> {
  const connections: string[] = [];
  const server = createServer((socket) => {
    const at = connections.push('') - 1;
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      connections[at] = bytes.toString('latin1');
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
