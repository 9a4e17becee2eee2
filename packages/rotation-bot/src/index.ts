export * from './plan/plan.ts';
export { botKeyServices } from './rewrite/key-services.ts';
export { proveRewritten } from './rewrite/prove-rewrite.ts';
export { type RewriteOptions, rewriteFile } from './rewrite/rewrite-file.ts';
export type { Rewritten } from './rewrite/rewritten.ts';
