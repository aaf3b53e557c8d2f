import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findTool, until } from "@hft/testing";
import { freePorts } from "./real-nginx";

/** A real Alertmanager with its data in a folder of the test. */
export class RealAlertmanager {
  private constructor(
    private readonly process: ChildProcess,
    readonly address: string,
  ) {}

  /** Resolves when it takes alerts. @param configuration of its file, which JSON is a form of */
  static async start(folder: string, configuration: object): Promise<RealAlertmanager> {
    const file = join(folder, "alertmanager.yml");
    writeFileSync(file, JSON.stringify(configuration));
    const [port] = await freePorts(1);
    const flags = [
      `--config.file=${file}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ];
    const child = spawn(findTool("prometheus-alertmanager")!, flags, { stdio: "ignore" });
    const alertmanager = new RealAlertmanager(child, `http://127.0.0.1:${port}`);
    await until(() => alertmanager.isReady(), "the start of Alertmanager");
    return alertmanager;
  }

  private isReady(): Promise<boolean> {
    return fetch(`${this.address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async stop(): Promise<void> {
    this.process.kill();
    await once(this.process, "exit");
  }
}
