import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogGroupDescription } from "./log-groups";

const FLUENT_BIT_FILES = {
  main: "fluent-bit.conf",
  parsers: "parsers.conf",
  script: "route-and-mask.lua",
} as const;

type Section = readonly [name: string, settings: Readonly<Record<string, string | number>>];

const render = (sections: readonly Section[]) =>
  sections
    .map(([name, settings]) => {
      const lines = Object.entries(settings).map(([key, value]) => `    ${key} ${value}`);
      return [`[${name}]`, ...lines, ""].join("\n");
    })
    .join("\n");

export interface FluentBitProps {
  readonly region: string;
  readonly httpPort: number;
  /** Folder of the configuration files. */
  readonly folder: string;
  /** Folder on the node that survives a restart: how far each file was read, and what could not be sent yet. */
  readonly stateFolder: string;
  readonly logGroups: readonly LogGroupDescription[];
}

/**
 * Reads every container's log on a node, hides secrets, and sends each record to the group that keeps it long enough.
 */
export function fluentBitFiles(props: FluentBitProps): Record<string, string> {
  return {
    [FLUENT_BIT_FILES.main]: render([service(props), input(props), ...filters(props), ...outputs(props)]),
    [FLUENT_BIT_FILES.parsers]: render([["PARSER", { Name: "json", Format: "json" }]]),
    [FLUENT_BIT_FILES.script]: readFileSync(join(__dirname, FLUENT_BIT_FILES.script), "utf8"),
  };
}

function service({ httpPort, folder, stateFolder }: FluentBitProps): Section {
  return [
    "SERVICE",
    {
      Flush: 5,
      Grace: 30,
      Log_Level: "warn",
      Parsers_File: `${folder}/${FLUENT_BIT_FILES.parsers}`,
      HTTP_Server: "On",
      HTTP_Listen: "0.0.0.0",
      HTTP_Port: httpPort,
      "storage.path": stateFolder,
      "storage.backlog.mem_limit": "16M",
    },
  ];
}

function input({ stateFolder }: FluentBitProps): Section {
  return [
    "INPUT",
    {
      Name: "tail",
      Path: "/var/log/containers/*.log",
      // Its own log would feed itself.
      Exclude_Path: "/var/log/containers/log-shipper-*.log",
      Tag: "kube.<namespace>.<pod>.<container>",
      Tag_Regex: "(?<pod>[a-z0-9-]+)_(?<namespace>[a-z0-9-]+)_(?<container>[a-z0-9-]+)-[a-f0-9]{64}\\.log$",
      "multiline.parser": "cri",
      DB: `${stateFolder}/tail.db`,
      "storage.type": "filesystem",
      Mem_Buf_Limit: "32M",
      Skip_Long_Lines: "On",
      Read_from_Head: "On",
    },
  ];
}

function filters({ folder }: FluentBitProps): Section[] {
  return [
    ["FILTER", { Name: "parser", Match: "kube.*", Key_Name: "log", Parser: "json", Reserve_Data: "On" }],
    [
      "FILTER",
      { Name: "lua", Match: "kube.*", Script: `${folder}/${FLUENT_BIT_FILES.script}`, Call: "route_and_mask" },
    ],
    ["FILTER", { Name: "rewrite_tag", Match: "kube.*", Rule: "$stream ^[a-z]+$ $stream.$TAG false" }],
  ];
}

function outputs({ region, logGroups }: FluentBitProps): Section[] {
  return logGroups.map(({ stream, name }) => [
    "OUTPUT",
    {
      Name: "cloudwatch_logs",
      Match: `${stream}.*`,
      region,
      log_group_name: name,
      // The rest of the stream's name is the tag: namespace, pod and container.
      log_stream_prefix: "from-",
      // Retention and key are Terraform's to set.
      auto_create_group: "false",
      "storage.total_limit_size": "512M",
      // What the regulator asks for is tried for ever.
      Retry_Limit: stream === "transactions" ? "no_limits" : 10,
    },
  ]);
}
