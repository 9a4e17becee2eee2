export * from '../../core/src/cipher/token.ts';
export * from '../../core/src/document/metadata.ts';
export * from '../../core/src/errors.ts';
export * from '../../core/src/yaml/nodes.ts';
export * from '../../core/src/yaml/parse.ts';
