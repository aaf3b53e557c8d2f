import { IDENTITY_FILES } from "./identity-volume";

/** Name of such a file in a configuration. */
export const WEB_FILE = "web.yaml";

/**
 * Tells an exporter to serve its metrics by TLS (`--web.config.file` of prometheus/exporter-toolkit,
 * docs/web-configuration.md). It reads the file and the certificate anew for each connection, so a renewed one needs
 * neither a restart nor a signal. JSON is YAML too.
 */
export function webConfiguration(identityFolder: string): string {
  const tls = {
    cert_file: `${identityFolder}/${IDENTITY_FILES.certificate}`,
    key_file: `${identityFolder}/${IDENTITY_FILES.key}`,
    min_version: "TLS12",
  };
  return `${JSON.stringify({ tls_server_config: tls }, null, 2)}\n`;
}
