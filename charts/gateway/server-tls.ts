import { block, type Directive, directive } from "./directives";

/** AEAD only; forward secrecy always. TLS 1.3 brings its own. */
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

/**
 * Names a folder of `tls.crt` and `tls.key` by a variable: NGINX reads a path with a variable at each full handshake,
 * so a renewed certificate needs no reload.
 */
export const certificateFolder = (variable: string, folder: string): Directive =>
  block("map", ["$ssl_server_name", `$${variable}`], [directive("default", folder)]);

/** @param variable of `certificateFolder` */
export function serverTls(variable: string): Directive[] {
  return [
    directive("ssl_certificate", `$${variable}/tls.crt`),
    directive("ssl_certificate_key", `$${variable}/tls.key`),
    directive("ssl_protocols", "TLSv1.2", "TLSv1.3"),
    directive("ssl_ciphers", CIPHERS.join(":")),
    directive("ssl_prefer_server_ciphers", "off"),
    directive("ssl_session_cache", "shared:tls:10m"),
    directive("ssl_session_timeout", "1d"),
    // Tickets are decrypted by a key that lives as long as the process: forward secrecy would end there.
    directive("ssl_session_tickets", "off"),
  ];
}
