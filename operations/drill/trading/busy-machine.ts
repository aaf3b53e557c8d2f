import { type ChildProcess, spawn } from "node:child_process";

/** Processes that never rest, so that everything else on this machine has to wait for a core. */
export class BusyMachine {
  private processes: ChildProcess[] = [];

  begin(count: number): void {
    for (let index = 0; index < count; index += 1) {
      // It ends with whoever started it: the pipe breaks.
      const program =
        "process.stdin.resume().once('end',()=>process.exit());setInterval(()=>{const end=Date.now()+50;while(Date.now()<end);},0)";
      this.processes.push(spawn(process.execPath, ["-e", program], { stdio: ["pipe", "ignore", "ignore"] }));
    }
  }

  end(): void {
    for (const each of this.processes) each.kill("SIGKILL");
    this.processes = [];
  }
}
