'use strict';
// Preloaded into a program under test: writes a line for each file it loads and each connection it
// opens. `modules` of an ES program are seen by the hook below, those of CommonJS by what is read.
const { appendFileSync } = require('node:fs');
const fs = require('node:fs');
const { register } = require('node:module');
const net = require('node:net');

const log = process.env.WATCH_LOG;
const note = (kind, what) => appendFileSync(log, `${kind} ${what}\n`);

const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (/\.[cm]?js$/.test(String(path))) note('file', path);
  return readFileSync(path, ...rest);
};
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  note('connect', JSON.stringify(args[0]));
  return connect.apply(this, args);
};
const hook = `
import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  if (url.startsWith('file:')) appendFileSync(${JSON.stringify(log)}, 'file ' + new URL(url).pathname + '\\n');
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
