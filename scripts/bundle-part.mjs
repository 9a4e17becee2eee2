import { dirname, join } from 'node:path';
import { transform } from 'esbuild';

/**
 * One of esbuild's chunks as a property of an object: `"name": function (module, require, part,
 * __filename) {...}`. A module of ours asks for what it imports when it first uses it; foreign
 * code is run in the order it was written for.
 * @param {Map<string, { name: string }>} parts all of them, by path
 */
export async function asPart(part, parts) {
  const { code } = await transform(part.text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.20',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
  });
  const linked = code.replace(/require\("(\.[^"]+)"\)/g, (_, target) => {
    const { name } = parts.get(join(dirname(part.path), target));
    return `part(${JSON.stringify(name)})`;
  });
  const body = withOwnExports(part.isOurs ? withLateImports(linked) : linked);
  const url = body.includes('__url') ? URL_OF_FILE : '';
  const { code: minified } = await transform(`${url}${body}`, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.20',
    minify: true,
    treeShaking: true,
    legalComments: 'none',
    charset: 'ascii',
  });
  return `${JSON.stringify(part.name)}: function (module, require, part, __filename) {${minified}}`;
}

const URL_OF_FILE = `const __url = require('node:url').pathToFileURL(__filename).href;\n`;
const IMPORT = /^var (import_\w+) = (.*\b(?:part|require)\("[^"]+"\).*);$/gm;
const FOR_ITS_EFFECT = /^(?:var import_\w+ = )?part\("[^"]+"\);$/gm;

/** `import_x.name` becomes `(import_x()).name`, which runs the module the first time. */
function withLateImports(code) {
  const names = [];
  const declared = code.replace(IMPORT, (_, name, value) => {
    names.push(name);
    return `var got_${name}, ${name} = () => got_${name} ??= ${value};`;
  });
  const used = names.reduce(
    (text, name) => text.replace(new RegExp(`\\b${name}(?=\\.)`, 'g'), `(${name}())`),
    declared,
  );
  return used.replace(FOR_ITS_EFFECT, '').replace(/__toESM\((part\("[^"]+"\))\)/g, '$1');
}

const EXPORTS =
  /__export\(stdin_exports, \{\n([\s\S]*?)\n\}\);\nmodule\.exports = __toCommonJS\(stdin_exports\);/;

/** An object with a getter for each export, without the helpers that esbuild adds. */
function withOwnExports(code) {
  return code.replace(EXPORTS, (_, list) => {
    const getters = list
      .split(/,\n/)
      .map((line) => /^\s*(?:"(.+)"|(\S+)): \(\) => (\S+)$/.exec(line))
      .map(
        ([, quoted, plain, value]) =>
          `get ${JSON.stringify(quoted ?? plain)}() { return ${value}; }`,
      );
    return `module.exports = { ${getters.join(', ')} };`;
  });
}
