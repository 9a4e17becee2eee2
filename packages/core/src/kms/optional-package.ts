import { KmsFailure } from './failure.ts';

/**
 * A package that is loaded only when a key asks for it, and may have been left out at installation.
 * @throws KmsFailure that names it
 */
export async function loadPackage<T extends object>(
  name: string,
  load: () => Promise<T & { readonly default?: T }>,
): Promise<T> {
  try {
    const loaded = await load();
    // What a bundler made of a CommonJS package has its exports there alone.
    return loaded.default ?? loaded;
  } catch {
    throw new KmsFailure(
      `the package ${name} is not installed`,
      `Install it beside tidelock: npm install ${name}`,
    );
  }
}
