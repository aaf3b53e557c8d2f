// One synthesis as its user runs it, with what it cost: wall time since the process started and its peak memory.
import "../main";

process.on("exit", () => {
  const wallMs = Math.round(performance.now());
  const memoryMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ wallMs, memoryMiB })}\n`);
});
