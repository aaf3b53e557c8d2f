import { type Directive, directive } from "./directives";

/** One JSON object a request for people and search; no query string, no header: tokens travel there. */
const JSON_FIELDS: Readonly<Record<string, string>> = {
  time: "$time_iso8601",
  requestId: "$request_id",
  client: "$remote_addr",
  method: "$request_method",
  path: "$uri",
  status: "$status",
  bytes: "$body_bytes_sent",
  seconds: "$request_time",
  upstream: "$upstream_addr",
  upstreamStatus: "$upstream_status",
  upstreamSeconds: "$upstream_response_time",
  agent: "$http_user_agent",
  ray: "$http_cf_ray",
};

/** One line a request for the log exporter. */
const exporterFormat = (request: string) =>
  `$remote_addr [$time_local] "${request}" $status $body_bytes_sent $request_time $route`;

/** The request line without its query. */
const WRITTEN_FORMAT = exporterFormat("$request_method $uri $server_protocol");

/** What the exporter is told: it takes method and path out of a field of this name, and knows no other. */
export const EXPORTER_FORMAT = exporterFormat("$request");

export const LOG_FORMATS: readonly Directive[] = [
  directive(
    "log_format",
    "people",
    "escape=json",
    `{${Object.entries(JSON_FIELDS)
      .map(([name, variable]) => `"${name}":"${variable}"`)
      .join(",")}}`,
  ),
  directive("log_format", "exporter", WRITTEN_FORMAT),
];

export function accessLogs(logPort: number): Directive[] {
  return [
    directive("access_log", "/dev/stdout", "people"),
    directive("access_log", `syslog:server=127.0.0.1:${logPort},facility=local7,tag=nginx,severity=info`, "exporter"),
  ];
}
