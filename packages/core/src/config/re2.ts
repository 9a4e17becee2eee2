import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

/**
 * The linear-time engine, loaded when the first pattern asks for it (it costs 40 ms). The bundler
 * replaces this module by one that carries the engine along (scripts/bundle.mjs).
 */
export function loadRe2(): { readonly RE2JS: typeof RE2JS } {
  return createRequire(import.meta.url)('re2js');
}
