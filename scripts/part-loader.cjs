/* The beginning of each program that bundle-program.mjs makes; FILES, MODES and FIRST stand before it. */
const nodeRequire =
  typeof require === 'function'
    ? require
    : process
        .getBuiltinModule('node:module')
        .createRequire(process.getBuiltinModule('node:fs').realpathSync(process.argv[1]));
const { dirname, join } = nodeRequire('node:path');
const fs = nodeRequire('node:fs');
const program = typeof __filename === 'string' ? __filename : fs.realpathSync(process.argv[1]);
const HEADER_BYTES = 64;
const SAMPLE_WORDS = 128;
/** Each kind of run keeps the code that it needs itself: reading more costs as much as compiling less saves. */
const mode = MODES.includes(process.argv[2]) ? process.argv[2] : 'any';
const isPlain = process.execArgv.length === 0 && !process.env.NODE_OPTIONS;
const files = new Map();
const parts = new Map();
/** File of the cache and script of what was compiled in this run. */
const compiled = new Map();

/** The parts in one file, as functions, with V8's compiled code when it was kept. */
function open(name) {
  const known = files.get(name);
  if (known !== undefined) return known;
  const { Script } = nodeRequire('node:vm');
  const filename = join(dirname(program), 'lazy', name);
  const cache = `${filename}.${process.version}-${process.arch}-${mode}.cache`;
  const cachedData = readCache(cache);
  const source = readSource(filename);
  const script = new Script(source, { filename, cachedData });
  const functions = script.runInThisContext();
  files.set(name, functions);
  const isFresh = cachedData !== undefined && !script.cachedDataRejected;
  if (isPlain && !isFresh) keepAtExit(cache, script);
  return functions;
}

/** One listener for all: Node warns of a leak at the eleventh. */
function keepAtExit(cache, script) {
  compiled.set(cache, script);
  if (compiled.size > 1) return;
  process.on('exit', (code) => {
    if (isWholeRun(code)) for (const [file, each] of compiled) keep(file, each);
  });
}

function readSource(filename) {
  try {
    return fs.readFileSync(filename, 'latin1');
  } catch (error) {
    process.stderr.write(
      `tidelock: this installation is not complete (${error.code}: ${filename}).\nhint: Install it again; a copy needs the folder lazy beside the program.\n`,
    );
    process.exit(3);
  }
}

/** 0, or 1 for findings. One that failed has not run what others will. */
const isWholeRun = (code) => code === 0 || code === 1;

function readCache(cache) {
  try {
    const bytes = fs.readFileSync(cache);
    const code = bytes.subarray(HEADER_BYTES);
    if (bytes.readUInt32LE(0) === sampleOf(code)) return code;
  } catch {}
  return undefined;
}

/** V8 trusts what has the right length and dies of a page that a power cut left empty. */
function sampleOf(code) {
  const words = new Int32Array(code.buffer, code.byteOffset, code.length >> 2);
  let sum = code.length;
  for (let at = 0; at < words.length; at += SAMPLE_WORDS)
    sum = (Math.imul(sum, 31) + words[at]) | 0;
  return sum >>> 0;
}

/** Two that write at once: the last one counts. A folder that cannot be written to: nothing is kept. */
function keep(cache, script) {
  const temporary = `${cache}.${process.pid}`;
  let file;
  try {
    const code = script.createCachedData();
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(sampleOf(code), 0);
    file = fs.openSync(temporary, 'wx');
    fs.writeSync(file, Buffer.concat([header, code]));
    fs.fsyncSync(file);
    fs.closeSync(file);
    fs.renameSync(temporary, cache);
  } catch {
    if (file !== undefined) fs.rmSync(temporary, { force: true });
  }
}

function part(name) {
  const known = parts.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  parts.set(name, module);
  open(FILES[name])[name](module, nodeRequire, part, program);
  return module.exports;
}

part(FIRST);
