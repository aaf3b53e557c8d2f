import { ConfigurationError, type EngineConfiguration, loadConfiguration } from "../../configuration";
import { DirectoryError, DirectoryOwnership } from "../../data-directory/ownership";
import { RecoveryError } from "../../journal/recovery-error";
import { writeSymbols } from "../recovery/journal-symbols";
import { RecoverError, recoverFromSnapshot } from "../recovery/recover-from-snapshot";
import { directoriesOf } from "../stores/stores";

const USAGE = `usage: recover from-snapshot | symbols
  from-snapshot  moves the journal's segments aside and continues after the newest snapshot: everything after it
                 is lost; stores that are ahead (position in the orders topic, embedded database) are moved aside too
  symbols        records the configuration's symbols as those that the journal was written with`;

/** What an operator may decide when a start is refused: each accepts something that no program can know. */
async function main(command: string | undefined): Promise<readonly string[]> {
  if (command !== "from-snapshot" && command !== "symbols") throw new RecoverError(USAGE);
  const configuration = loadConfiguration(process.env);
  DirectoryOwnership.take(directoriesOf(configuration), "recover");
  return command === "symbols" ? [symbols(configuration)] : recoverFromSnapshot(configuration);
}

function symbols(configuration: EngineConfiguration): string {
  writeSymbols(configuration);
  return `recorded as the symbols of ${configuration.journal.directory}: ${configuration.symbols.map(({ name }) => name).join(", ")}`;
}

main(process.argv[2]).then(
  (lines) => process.stdout.write(`${lines.join("\n")}\n`),
  (error: Error) => {
    const known = [RecoverError, ConfigurationError, DirectoryError, RecoveryError].some(
      (kind) => error instanceof kind,
    );
    process.stderr.write(`${known ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
