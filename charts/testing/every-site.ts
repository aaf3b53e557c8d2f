import { type Environment, environmentInputs, loadEnvironments } from "../../environments";

const environments = loadEnvironments(environmentInputs);

/** Every region of every environment, for `describe.each`. */
export const EVERY_SITE: readonly (readonly [name: string, environment: Environment, region: string])[] =
  environments.flatMap((environment) =>
    environment.regions.map(({ name }) => [`${environment.name}/${name}`, environment, name] as const),
  );

export function environmentNamed(name: string): Environment {
  return environments.find((environment) => environment.name === name)!;
}
