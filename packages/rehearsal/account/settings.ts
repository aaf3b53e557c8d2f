import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const names = z.union([z.literal("all"), z.array(z.string())]);

const schema = z.strictObject({
  /** Account that the credentials belong to. */
  id: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** IAM roles that somebody made outside of Terraform, by name; "all" means whichever is asked for. */
  roles: names.optional(),
  /** Hosts of OpenID Connect providers made outside of Terraform. */
  openIdProviders: z.array(z.string()).optional(),
  /** Regions that the account has not opted into. */
  regionsOff: z.array(z.string()).optional(),
  /** Zones that a region does not have, "eu-west-1c". */
  zonesAbsent: z.array(z.string()).optional(),
  /** Zones in which an instance type is not sold: `{ "c7i.4xlarge": ["eu-west-1a"] }`. */
  instanceTypesAbsent: z.record(z.string(), z.array(z.string())).optional(),
  /** Quotas other than AWS's defaults, `{ "ec2/L-1216C47A": 32 }`. */
  quotas: z.record(z.string(), z.number()).optional(),
  /** Addresses, VPCs and vCPUs in use by others, in each region. */
  inUse: z.strictObject({ addresses: z.number(), vpcs: z.number(), vcpus: z.number() }).partial().optional(),
  /** Versions offered besides those of the table, or instead of it where a service is named. */
  versions: z
    .strictObject({
      kubernetes: z.record(z.string(), z.string()),
      postgresql: z.record(z.string(), z.string()),
      kafka: z.record(z.string(), z.string()),
      valkey: z.record(z.string(), z.string()),
    })
    .partial()
    .optional(),
  /** Database classes that RDS does not sell. */
  databaseClassesAbsent: z.array(z.string()).optional(),
  /** Images in registries, by digest; "all" means whichever is asked for. */
  images: names.optional(),
  /** Secrets that somebody gave a value, by name. */
  secretValues: names.optional(),
  /** Buckets of other accounts. */
  bucketsOfOthers: z.array(z.string()).optional(),
  /** Actions that the credentials may not do, "iam:GetRole". */
  denied: z.array(z.string()).optional(),
  cloudflare: z
    .strictObject({
      token: z.enum(["active", "disabled", "expired"]),
      plan: z.enum(["free", "pro", "business", "enterprise"]),
      /** Whether registrars name the zones' servers. */
      delegated: z.boolean(),
      /** Settings that the plan fixes. */
      fixedSettings: z.array(z.string()),
      loadBalancing: z.boolean(),
      accountHidden: z.boolean(),
    })
    .partial()
    .optional(),
});

/** What the simulated account has that no Terraform made. Everything is there unless something else is written. */
export type AccountSettings = z.output<typeof schema>;

const FILE = "account.json";

/** Settings that a user wrote beside the simulated cloud. @throws Error with file, field and what may be written */
export function readAccountSettings(directory: string): AccountSettings {
  const file = join(directory, FILE);
  if (!existsSync(file)) return {};
  const parsed = schema.safeParse(json(file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(all)"}: ${message}`);
  throw new Error(`${file}: ${faults.join("; ")}; known fields are ${Object.keys(schema.shape).join(", ")}`);
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}
