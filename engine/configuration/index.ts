/** What the platform may know of the engine: its configuration and its metrics. Imports nothing but zod and node. */
export { CONFIGURATION_FILE_VARIABLE, ENDPOINT_VARIABLES, ORDINAL_VARIABLE } from "./endpoints";
export { ConfigurationError, checkConfiguration, loadConfiguration } from "./load";
export { ENGINE_METRICS, type EngineMetric, type MetricDefinition } from "./metrics";
export {
  type EngineConfiguration,
  type EngineConfigurationInput,
  engineConfigurationSchema,
  type SymbolConfiguration,
  TOPIC_NAMES,
} from "./schema";
