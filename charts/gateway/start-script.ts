/** How the gateway's container begins. */
export interface GatewayStart {
  readonly configurationFile: string;
  /** Folder of authorities, which the kubelet replaces. */
  readonly authoritiesDirectory: string;
  /** The one file of authorities that NGINX reads, made out of the folder. */
  readonly authoritiesFile: string;
  /** How often the folder is looked at. */
  readonly lookEverySeconds: number;
}

/**
 * NGINX reads whom it believes (`proxy_ssl_trusted_certificate`, one file without variables) at a start or a reload
 * only. So the container starts by way of this script, which tells NGINX to reload when the authorities have changed
 * and the configuration still is good with them; otherwise NGINX goes on with the old ones. `exec` makes NGINX the
 * container's first process, which signals go to; the loop ends with it. A reload keeps requests whole: old workers end
 * after their last one.
 */
export function startScript(start: GatewayStart): string {
  const { configurationFile, authoritiesDirectory, authoritiesFile, lookEverySeconds } = start;
  return `#!/bin/sh
set -eu
nginx="nginx -c ${configurationFile}"
believed=${authoritiesFile}

gather() {
  cat ${authoritiesDirectory}/*.crt
}

follow() {
  while sleep ${lookEverySeconds} && kill -0 $$; do
    gather > "$believed.new" || continue
    [ "$(cat "$believed.new")" != "$(cat "$believed.seen")" ] || continue
    cp "$believed.new" "$believed.seen"
    cp "$believed" "$believed.old"
    mv "$believed.new" "$believed"
    if $nginx -t -q; then
      $nginx -s reload
      echo "gateway: the certificate authorities have changed; NGINX reloads" >&2
    else
      mv "$believed.old" "$believed"
      echo "gateway: ${authoritiesDirectory} contains a file that NGINX cannot use; the previous certificate authorities stay in use" >&2
    fi
  done
}

gather > "$believed"
cp "$believed" "$believed.seen"
follow &
exec $nginx -g "daemon off;"
`;
}
