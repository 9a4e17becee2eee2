/** Preloaded into a program: says at its end how much memory (KiB) and processor time (microseconds) it took. */
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write(`used ${maxRSS} ${userCPUTime + systemCPUTime}\n`);
});
