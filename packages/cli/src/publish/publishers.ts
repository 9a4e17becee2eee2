import {
  type AllowList,
  type Connect,
  DEFAULT_RETRY,
  type Environment,
  KmsFailure,
  TidelockError,
  withRetry,
} from '@tidelock/core';
import type { Publication, Publisher } from './publication.ts';

export interface PublishContext {
  readonly environment: Environment;
  readonly connect: Connect;
  readonly allowList: AllowList;
  /** For AWS' clients; undefined without a proxy. */
  readonly httpsAgent: () => Promise<object | undefined>;
  readonly cancel: AbortSignal;
}

/**
 * Sends objects wherever they go: a client is loaded when the first object for it comes. Retries as
 * key services do.
 * @throws TidelockError ERR_PUBLISH
 */
export function createPublish(
  context: PublishContext,
): (publication: Publication) => Promise<'written' | 'unchanged'> {
  const { environment, connect, allowList } = context;
  const s3 = once(async () => (await import('./to-s3.ts')).s3Publisher(await context.httpsAgent()));
  const gcs = once(async () => (await import('./to-gcs.ts')).gcsPublisher(environment, connect));
  const vault = once(async () =>
    (await import('./to-vault.ts')).vaultPublisher(environment, connect, allowList),
  );
  const secrets = once(async () =>
    (await import('./to-secrets-manager.ts')).secretsManagerPublisher(await context.httpsAgent()),
  );
  const send: Publisher = async (publication, signal) => {
    const { destination } = publication;
    switch (destination.kind) {
      case 's3':
        return (await s3())({ ...publication, destination }, signal);
      case 'gcs':
        return (await gcs())({ ...publication, destination }, signal);
      case 'vault':
        return (await vault())({ ...publication, destination }, signal);
      case 'secrets-manager':
        return (await secrets())({ ...publication, destination }, signal);
    }
  };
  return async (publication) => {
    try {
      return await withRetry(DEFAULT_RETRY, (signal) => send(publication, signal), context.cancel);
    } catch (error) {
      if (!(error instanceof KmsFailure)) throw error;
      throw new TidelockError('ERR_PUBLISH', error.message, { hint: error.hint });
    }
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
