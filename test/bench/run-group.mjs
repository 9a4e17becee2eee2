/** `node run-group.mjs NAME FOLDER`, forked by main.mjs: sends each figure of the group as it is measured. */
const [name, folder] = process.argv.slice(2);
const { run } = await import(`./${name}.mjs`);
for await (const line of run(folder)) {
  await new Promise((resolve) => process.send(line, resolve));
}
process.disconnect();
