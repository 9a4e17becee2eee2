import type { KeyService, MasterKey } from '@tidelock/core';
import type { Ports } from './ports.ts';
import { Progress } from './progress.ts';

/**
 * The same services; on a terminal a line says so while their calls take longer than a second. For
 * those that ask a server: one that asks a person shows a question on that line.
 */
export function shownWhileWaiting(
  services: readonly KeyService[],
  ports: Ports,
): readonly KeyService[] {
  if (!ports.isTerminal) return services;
  let calls = 0;
  let end = () => {};
  const waiting = async <T>(call: () => Promise<T>): Promise<T> => {
    if (calls++ === 0) end = new Progress(ports).start(() => 'asking key services');
    try {
      return await call();
    } finally {
      if (--calls === 0) end();
    }
  };
  return services.map((service) => {
    const complete = service.complete?.bind(service);
    return {
      types: service.types,
      ...(complete && { complete: (key: MasterKey) => waiting(() => complete(key)) }),
      wrap: (key, dataKey) => waiting(() => service.wrap(key, dataKey)),
      unwrap: (key) => waiting(() => service.unwrap(key)),
    };
  });
}
