import { join } from "node:path";
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { DynamicValue } from "./wire";

/** A problem as Terraform shows it. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath;
}

export interface AttributePath {
  readonly steps: readonly PathStep[];
}
export type PathStep = { readonly attribute_name: string } | { readonly element_key_int: number };

/** The fields of the requests that are read; which of them are present depends on the call. */
export interface PluginRequest {
  readonly type_name: string;
  readonly id: string;
  readonly config?: DynamicValue;
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly current_state?: DynamicValue;
  readonly raw_state?: { readonly json?: Uint8Array };
}

/** Answers to the calls of the protocol, by name; calls without a handler are answered with nothing. */
export type PluginHandlers = Readonly<
  Record<string, (request: PluginRequest, connection: string) => object | Promise<object>>
>;

export interface PluginServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  close(): void;
}

const UNLIMITED = -1;

/**
 * Serves one provider to any number of Terraform processes. The schema call names no provider, so each has a port of
 * its own; TCP and not a socket file, because only TCP tells connections apart, and each carries one configuration.
 */
export async function servePlugin(handlers: PluginHandlers): Promise<PluginServer> {
  const server = new Server({
    "grpc.max_receive_message_length": UNLIMITED,
    "grpc.max_send_message_length": UNLIMITED,
  });
  const definition = serviceDefinition();
  server.addService(
    definition,
    Object.fromEntries(Object.keys(definition).map((name) => [name, unary(handlers[name] ?? (() => ({})))])),
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function unary(handler: PluginHandlers[string]) {
  return (call: ServerUnaryCall<PluginRequest, object>, answer: sendUnaryData<object>): void => {
    Promise.resolve()
      .then(() => handler(call.request, call.getPeer()))
      .then(
        (response) => answer(null, response),
        // A defect of the simulation: Terraform prints it as a crash of the plugin.
        (error: Error) => answer({ code: status.INTERNAL, details: `rehearsal: ${error.stack}` }),
      );
  };
}

let definition: ServiceDefinition | undefined;

function serviceDefinition(): ServiceDefinition {
  if (!definition) {
    const loaded = loadSync(join(__dirname, "tfplugin6.proto"), {
      keepCase: true,
      longs: Number,
      enums: String,
      oneofs: true,
      defaults: false,
    });
    const grpcPackage = loadPackageDefinition(loaded).tfplugin6 as unknown as {
      Provider: { service: ServiceDefinition };
    };
    definition = grpcPackage.Provider.service;
  }
  return definition;
}
