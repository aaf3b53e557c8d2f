import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { PROVIDER_NAMES, type ProviderName } from "@hft/provider-schemas";
import { type AccountSettings, readAccountSettings } from "./account/settings";
import { Cloud } from "./cloud/cloud";
import { DirectoryLock } from "./cloud/directory-lock";
import { changeObjects } from "./cloud/drift";
import { Faults } from "./cloud/faults";
import { awsApi } from "./endpoints/aws-api";
import { serveHttp } from "./endpoints/http-endpoint";
import { servePlugin } from "./protocol/plugin-server";
import { SimulatedProvider } from "./provider/simulated-provider";
import { TypesInUse } from "./provider/types-in-use";
import type { Rehearsal, RehearsalOptions } from "./rehearsal";
import { runCdktf } from "./terraform/cdktf";
import { environmentVariables } from "./terraform/environment-variables";
import { Planner } from "./terraform/plan-stack";
import { validateStack } from "./terraform/validate-stack";

/** Runs jobs one after the other: cdktf works in one folder. */
function queue(): <Result>(job: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const turn = last.then(job, job);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Starts a simulated cloud in this process, with what an earlier one left in the directory. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true });
  const lock = DirectoryLock.take(directory);
  try {
    const account = { ...readAccountSettings(directory), ...options.account };
    return await serve(directory, options.trees ?? [], account, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function serve(
  directory: string,
  trees: readonly string[],
  account: AccountSettings,
  lock: DirectoryLock,
): Promise<Rehearsal> {
  const cloud = Cloud.open(directory);
  const faults = new Faults();
  const types = new TypesInUse(cloud);
  for (const tree of [join(directory, "deploy", "cdktf.out"), ...trees]) types.addTree(resolve(tree));

  const plugins = await Promise.all(
    PROVIDER_NAMES.map(async (name) => {
      const server = await servePlugin(new SimulatedProvider(name, { cloud, faults, types }).handlers);
      return { name, server };
    }),
  );
  const aws = await serveHttp(awsApi(cloud, account));
  const addresses = Object.fromEntries(plugins.map(({ name, server }) => [name, server.address]));
  const environment = () =>
    environmentVariables({ providers: addresses as Record<ProviderName, string>, awsUrl: aws.url });
  const site = () => ({ directory, environment: environment(), buckets: cloud.contents });
  const planner = new Planner(site, (tree) => types.addTree(tree));

  const inTurn = queue();

  return {
    environmentVariables: environment,
    deployStacks: (deployment) => inTurn(() => runCdktf("deploy", deployment, site())),
    destroyStacks: (deployment) => inTurn(() => runCdktf("destroy", deployment, site())),
    planStack: (tree, stackName, planOptions) => planner.plan(tree, stackName, planOptions),
    validateStack: (tree, stackName) => {
      types.addTree(tree);
      return validateStack(tree, stackName, site());
    },
    loseRegion: (region) => cloud.loseRegion(region),
    restoreRegion: (region) => cloud.restoreRegion(region),
    lostRegions: () => cloud.lostRegions(),
    fail: (call, times = 1) => faults.fail(call, times),
    hang: (call, durationMs, times = 1) => faults.hang(call, durationMs, times),
    drift: (filter, change) => changeObjects(cloud, filter, change),
    objects: (filter) => cloud.list(filter),
    bucket: (name) => ({
      keys: () => cloud.contents.keys(name),
      read: (key) => cloud.contents.get(name, key),
      write: (key, content) => cloud.contents.put(name, key, content),
      delete: (key) => cloud.contents.delete(name, key),
    }),
    stop: async () => {
      for (const { server } of plugins) server.close();
      await aws.close();
      lock.release();
    },
  };
}
