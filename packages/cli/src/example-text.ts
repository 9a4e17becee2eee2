import type { Format } from '@tidelock/core';

const EXAMPLES: Readonly<Record<Format, string>> = {
  yaml: 'hello: Welcome to tidelock! Edit this file as you please.\nexample_key: example_value\n# Example comment\nexample_array:\n    - example_value1\n    - example_value2\nexample_number: 1234.56789\nexample_booleans:\n    - true\n    - false\n',
  json: '{\n\t"hello": "Welcome to tidelock! Edit this file as you please.",\n\t"example_key": "example_value",\n\t"example_array": [\n\t\t"example_value1",\n\t\t"example_value2"\n\t],\n\t"example_number": 1234.56789,\n\t"example_booleans": [\n\t\ttrue,\n\t\tfalse\n\t]\n}\n',
  dotenv: '# Example comment\nexample_key=example_value\n',
  ini: '[Welcome]\nhello = Edit this file as you please.\nexample_key = example_value\n',
  binary: 'Welcome to tidelock! Edit this file as you please.\n',
};

/** What the editor shows for a file that does not exist yet. */
export function exampleText(format: Format): string {
  return EXAMPLES[format];
}
