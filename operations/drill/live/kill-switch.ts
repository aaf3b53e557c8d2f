import { ENGINE_METRICS } from "@hft/engine/configuration";
import { type Command, reads } from "./command";
import type { RegionResourceNames } from "./resource-names";

/**
 * What the active engine of a region itself says of its kill switch. The gateway's /health is a fixed text that says
 * nothing of trading, and metrics are not shown to the outside: so the engines are asked in their pods, and the active
 * one answers.
 */
export function readKillSwitch({ cluster, engines }: RegionResourceNames, on: boolean): Command {
  const script = killSwitchScript(on);
  const exec = `kubectl --context ${cluster} --namespace trading exec "$pod" -- node -e '${script}'`;
  return reads("sh", "-c", `for pod in ${engines.join(" ")}; do ${exec} && exit 0; done; exit 1`);
}

/** Runs in an engine's pod: exit code 0 when that engine is active and its switch is so. */
export function killSwitchScript(on: boolean): string {
  const { role, killSwitch } = ENGINE_METRICS;
  const lines = [`${role.name}{role="active"} 1`, `${killSwitch.name} ${on ? 1 : 0}`];
  return [
    'fetch("http://127.0.0.1:8080/metrics").then((answer)=>answer.text()).then((text)=>{',
    'const lines=text.split("\\n");',
    `console.log(lines.filter((line)=>line.startsWith("${killSwitch.name} ")).join());`,
    `process.exit([${lines.map((line) => JSON.stringify(line)).join(",")}].every((line)=>lines.includes(line))?0:1)})`,
  ].join("");
}
