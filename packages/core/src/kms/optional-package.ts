import { KmsFailure } from './failure.ts';

/**
 * A package that is loaded only when a key asks for it, and may have been left out at installation.
 * @throws KmsFailure that names it
 */
export async function loadPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    throw new KmsFailure(
      `the package ${name} is not installed`,
      `Install it beside tidelock: npm install ${name}`,
    );
  }
}
