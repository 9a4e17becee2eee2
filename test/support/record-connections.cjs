'use strict';
// Preloaded into a program under test: notes every connection it opens and every name it looks up.
const { appendFileSync } = require('node:fs');
const dns = require('node:dns');
const net = require('node:net');

const file = process.env.TIDELOCK_TEST_CONNECTIONS;
const note = (text) => file && appendFileSync(file, `${text}\n`);

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  if (first && (first.host || first.port)) note(`${first.host ?? ''}:${first.port ?? ''}`);
  return connect.apply(this, args);
};
const lookup = dns.lookup;
dns.lookup = (name, ...rest) => {
  note(`lookup ${name}`);
  return lookup(name, ...rest);
};
