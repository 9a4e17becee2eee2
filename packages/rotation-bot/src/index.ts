export * from './plan/plan.ts';
export { type RewriteOptions, rewriteFile } from './rewrite/rewrite-file.ts';
export type { Rewritten } from './rewrite/rewritten.ts';
