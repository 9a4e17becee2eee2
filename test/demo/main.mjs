import { runDemo } from './demo.mjs';

process.exitCode = await runDemo((text) => process.stdout.write(text));
