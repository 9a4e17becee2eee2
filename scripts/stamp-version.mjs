import { readFileSync, writeFileSync } from 'node:fs';

/** Writes the version of the packages into the sources that print it; part of making a release. */
const manifest = new URL('../packages/cli/package.json', import.meta.url);
const source = new URL('../packages/core/src/product-version.ts', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
const text = readFileSync(source, 'utf8');
writeFileSync(source, text.replace(/'[^']*';/, `'${version}';`));
