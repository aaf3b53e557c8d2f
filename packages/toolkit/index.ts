/** Small ideas that several rooms need, each in one place. */
export { AddressRange } from "./address-range";
export { JsonLinesFile } from "./json-lines";
export { type ChartSeries, lineChart } from "./line-chart";
export { ProgramFailed, type ProgramOptions, type ProgramResult } from "./program";
export { canonicalQuantity, cpuMillicores, cpuQuantity, memoryMiB, memoryQuantity, quantityMicros } from "./quantity";
export { Random } from "./random";
export { containsRange, overlaps } from "./range-containment";
export { replaceFile } from "./replace-file";
export { programOutput, type RunOptions, runProgram } from "./run-program";
export { programOutputSync, runProgramSync } from "./run-program-sync";
