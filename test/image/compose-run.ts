import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { type RunDescription, refuseUnknown } from "./run-arguments";

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly secrets: readonly string[];
  readonly read_only: boolean;
  readonly tmpfs: readonly string[];
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly stop_grace_period: string;
}

/** Done by other parts of the test, or about other services. */
const ELSEWHERE = ["build", "depends_on", "ports"];

/**
 * The service `engine` of the compose file. Its stores are away, which an engine has to bear: what is durable is its
 * journal.
 * @param volumePrefix named volumes are fresh ones of this name: like Docker, podman fills them from the image
 */
export function composeRun(file: string, volumePrefix: string, scratch: string): RunDescription {
  const { services } = parse(readFileSync(file, "utf8")) as { services: { engine: Service } };
  const { engine } = services;
  refuseUnknown(`${file} engine`, engine, [
    ...ELSEWHERE,
    ...["environment", "volumes", "secrets", "read_only", "tmpfs", "cap_drop", "security_opt", "stop_grace_period"],
  ]);
  const volumes = engine.volumes.map((text) => volumeOf(text, dirname(file), volumePrefix));
  return {
    title: "as compose",
    arguments: [
      ...Object.entries(engine.environment).map(([name, value]) => `--env=${name}=${value}`),
      ...volumes.map(({ source, target, mode }) => `--volume=${source}:${target}:${mode}`),
      ...engine.secrets.map((name) => `--volume=${secretFile(scratch, name)}:/run/secrets/${name}:ro`),
      ...(engine.read_only ? ["--read-only", "--read-only-tmpfs=false"] : []),
      ...engine.tmpfs.map((path) => `--tmpfs=${path}`),
      ...engine.cap_drop.map((name) => `--cap-drop=${name.toLowerCase()}`),
      ...engine.security_opt.map((option) => `--security-opt=${option.replace(":true", "")}`),
    ],
    graceSeconds: Number(/^(\d+)s$/.exec(engine.stop_grace_period)![1]),
    promised: {
      user: imageUser(join(dirname(file), "../Dockerfile")),
      writable: [...volumes.filter(({ mode }) => mode !== "ro").map(({ target }) => target), ...engine.tmpfs],
      readOnly: ["/", ...volumes.filter(({ mode }) => mode === "ro").map(({ target }) => target)],
    },
    token: "development",
  };
}

function volumeOf(text: string, folder: string, prefix: string) {
  const [source, target, mode = "rw"] = text.split(":") as [string, string, string?];
  return { source: source.startsWith(".") ? resolve(folder, source) : `${prefix}-${source}`, target, mode };
}

/** As `make-secrets.sh` makes them: the container's user is not this machine's, and has to read them. */
function secretFile(scratch: string, name: string): string {
  mkdirSync(scratch, { recursive: true });
  const file = join(scratch, name);
  writeFileSync(file, "a password of a test");
  chmodSync(file, 0o644);
  return file;
}

/** The description names no user, so the image's own one runs. */
function imageUser(dockerfile: string): number {
  return Number(/^USER (\d+)/m.exec(readFileSync(dockerfile, "utf8"))![1]);
}
