import { checkConfiguration } from "@hft/engine/configuration";
import { engineSettings } from "../../engine/entry/engine-core";
import { CoreState } from "../../engine/matching/core-state";
import { Instruments } from "../../engine/model/instruments";
import { allocateRings } from "../../engine/shared-memory/ring-buffers";

const HUGEPAGE_BYTES = 2 ** 21;
/**
 * glibc takes blocks of this size and more straight from the kernel, each in whole pages and with a header of its own.
 */
export const OWN_MAPPING_BYTES = 128 * 1024;
const HEADER_BYTES = 16;

/** What an engine with this configuration file allocates at start. */
export interface EngineMemory {
  readonly ringBytes: readonly number[];
  /** State of the matching core; the follower holds the same again. */
  readonly stateBytes: readonly number[];
}

export function engineMemory(configurationFile: object): EngineMemory {
  const configuration = checkConfiguration(configurationFile);
  const settings = engineSettings(configuration, new Instruments(configuration.symbols), 0);
  const { sections } = new CoreState(settings.capacity).memory;
  return {
    ringBytes: Object.values(allocateRings(settings.queueCapacity)).map(({ byteLength }) => byteLength),
    stateBytes: sections.map(({ bytes }) => bytes.length),
  };
}

/** Pages that buffers of these sizes take; small ones share pages, which the allocator's own budget covers. */
export function hugepagesOf(sizes: readonly number[]): number {
  return sizes
    .filter((bytes) => bytes >= OWN_MAPPING_BYTES)
    .reduce((pages, bytes) => pages + Math.ceil((bytes + HEADER_BYTES) / HUGEPAGE_BYTES), 0);
}
