/* Preloaded by trace-start.mjs: writes down what a program loads, and when, to the file TRACE_TO names. */
const Module = require('node:module');
const { performance } = require('node:perf_hooks');
const vm = require('node:vm');
const fs = require('node:fs');

const entries = [];
let open = null;

/** Runs `load` and writes down its time without the time of what it loads itself. */
function timed(kind, name, load) {
  const entry = { kind, name, from: performance.now(), inner: 0 };
  const outer = open;
  open = entry;
  try {
    return load();
  } finally {
    open = outer;
    const total = performance.now() - entry.from;
    if (outer !== null) outer.inner += total;
    entry.self = total - entry.inner;
    entry.at = performance.now();
    entries.push(entry);
  }
}

const loadModule = Module._load;
const loaded = new Set();
Module._load = function load(request, ...rest) {
  if (!Module.isBuiltin(request) || loaded.has(request))
    return loadModule.call(this, request, ...rest);
  loaded.add(request);
  return timed('built-in', request, () => loadModule.call(this, request, ...rest));
};

const runInThisContext = vm.Script.prototype.runInThisContext;
const RealScript = vm.Script;
vm.Script = function Script(source, options) {
  const name = require('node:path').basename(options.filename);
  return timed('compile', name, () => new RealScript(source, options));
};
RealScript.prototype.runInThisContext = function run(...args) {
  const functions = runInThisContext.apply(this, args);
  return Object.fromEntries(
    Object.entries(functions).map(([name, part]) => [
      name,
      (...inputs) => timed('part', name, () => part(...inputs)),
    ]),
  );
};

const note = (kind, name) =>
  entries.push({ kind, name, at: performance.now(), self: Number.POSITIVE_INFINITY });

/** Processes: their start, the first byte of each answer, their end. */
const { ChildProcess } = require('node:child_process');
const spawn = ChildProcess.prototype.spawn;
ChildProcess.prototype.spawn = function started(options) {
  const name = options.args.filter((word) => /^[a-z]+-[a-z]+$|^--batch/.test(word)).join(' ');
  const result = timed('spawn', name, () => spawn.call(this, options));
  this.stdin?.on?.('finish', () => note('closed', name));
  const write = this.stdin?.write;
  if (write)
    this.stdin.write = function written(...args) {
      note('asked', `${name}: ${String(args[0]).trim().slice(0, 40)}`);
      return write.apply(this, args);
    };
  this.stdout?.on?.('data', (data) => note('answer', `${name}: ${data.length} bytes`));
  return result;
};

process.on('exit', () => {
  const { bootstrapComplete } = performance.nodeTiming;
  const report = { bootstrapComplete, end: performance.now(), entries };
  fs.writeFileSync(process.env.TRACE_TO, JSON.stringify(report));
});
