import { releasedImageRepository } from "../../stacks";
import { chooseEnvironment } from "./commands/choose";
import { runProgram } from "./commands/program";

runProgram("image-repository", "Prints where an environment's engine image is kept", (program) =>
  program
    .argument("<environment>", "development, staging …")
    .option("--release", "with the digest of its current release", false)
    .action((name: string, { release }: { release: boolean }) => {
      const environment = chooseEnvironment(name);
      const [image, digest] = environment.images.engine.split("@") as [string, string];
      // The first region is where images are pushed; the registry copies them to the others.
      const repository = releasedImageRepository(environment, environment.regions[0]!.name, image);
      console.log(release ? `${repository}@${digest}` : repository);
    }),
);
