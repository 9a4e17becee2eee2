import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../src/sealed-secrets/render-template.ts';

const VALUES = new Map([
  ['password', Buffer.from('EXAMPLE')],
  ['a.b', Buffer.from('dotted')],
  ['bytes', Buffer.of(0xff, 0)],
]);

const rendered = (text: string) => {
  const bytes = renderTemplate(text, VALUES);
  return bytes === null ? null : Buffer.from(bytes).toString('latin1');
};

describe('a text of spec.template.data', () => {
  it.each([
    ['as it is', 'as it is'],
    ['p={{ .password }};', 'p=EXAMPLE;'],
    ['{{.password}}{{ index . "a.b" }}', 'EXAMPLEdotted'],
    ['{{ index . `a.b` }}', 'dotted'],
    ['a \n {{- .password -}} \n b', 'aEXAMPLEb'],
    ['a {{- .password }} b', 'aEXAMPLE b'],
    ['{{ .bytes }}', '\xff\0'],
    ['} }} {', '} }} {'],
  ])('%j becomes %j', (text, expected) => {
    expect(rendered(text)).toBe(expected);
  });

  it.each([
    '{{ .missing }}',
    '{{ .password | quote }}',
    '{{ if .password }}x{{ end }}',
    '{{ "{{" }}',
    '{{ .password.x }}',
    '{{ .a.b }}',
    '{{',
    '{{ .password',
    '{{-.password}}',
    '{{/* note */}}',
    '{{ index . "a\\u002eb" }}',
  ])('%j is left to the controller', (text) => {
    expect(rendered(text)).toBeNull();
  });
});
