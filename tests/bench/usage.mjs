// Loaded before a program: when it ends, writes what it took to the file that TEARSHEET_BENCH_USAGE names.
import { writeFileSync } from 'node:fs';

process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env.TEARSHEET_BENCH_USAGE,
    JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, maxRssMb: maxRSS / 1024, seconds: process.uptime() }),
  );
});
