import { build } from 'esbuild';

/**
 * Puts the exported values of a module in its place when a program is built: what a table says that
 * never changes need not be worked out at every start. Values are numbers, strings and lists of them.
 * @param {RegExp} filter the modules; they import nothing that does anything but define
 */
export function precomputed(filter) {
  return {
    name: 'precomputed',
    setup({ onLoad }) {
      onLoad({ filter }, async ({ path }) => {
        const { outputFiles } = await build({
          entryPoints: [path],
          bundle: true,
          write: false,
          format: 'esm',
          platform: 'node',
        });
        const source = Buffer.from(outputFiles[0].contents).toString('base64');
        const values = await import(`data:text/javascript;base64,${source}`);
        const lines = Object.entries(values).map(
          ([name, value]) => `export const ${name} = ${literal(value)};`,
        );
        return { contents: lines.join('\n'), loader: 'js' };
      });
    },
  };
}

/** A list of strings as one string: many are slower to load than to split. */
function literal(value) {
  const isText = (one) => typeof one === 'string' && !one.includes('\n');
  if (!Array.isArray(value) || !value.every(isText)) return JSON.stringify(value);
  return `${JSON.stringify(value.join('\n'))}.split('\\n')`;
}
