import { CONFIGURATION_FILE_VARIABLE } from "@hft/engine/configuration";
import type { Construct } from "constructs";
import { ENGINE_PATHS } from "../engine/engine-configuration";
import { releasedImage } from "../images";
import { tcp } from "../kubernetes/connections";
import { declareJob } from "../kubernetes/job";
import { hardenedContainer, hardenedPod, scratch } from "../kubernetes/pod";
import { Workload } from "../kubernetes/workload";
import { managedServices, SERVICE_TLS } from "../managed-services";
import { PLATFORM_ENDPOINTS } from "../platform-endpoints";
import { ENGINE_SECRET } from "../secrets/engine-secrets";
import type { Site } from "../site";

const DEADLINE_SECONDS = 600;
/** In the engine's image, beside the service. */
const MIGRATE_PROGRAM = "/opt/hft/engine/dist/migrate-command.js";

/**
 * Brings the database's tables to where an engine's release wants them, before its pods start. A release has a job of
 * its own, since the image is part of its template.
 */
export class Migration extends Workload {
  constructor(scope: Construct, site: Site) {
    super(scope, "migration", site, { namespace: "trading", component: "migration" });
    this.connectTo(
      managedServices(site).database,
      tcp(5432),
      "database migrations of the release",
      SERVICE_TLS.database,
    );
    const image = releasedImage(site, site.environment.images.engine);
    declareJob(this, {
      metadata: this.metadata(),
      labels: this.allLabels,
      deadlineSeconds: DEADLINE_SECONDS,
      retries: 3,
      pod: hardenedPod({
        serviceAccount: this.name,
        priorityClass: "hft-jobs",
        pool: "general",
        terminationGraceSeconds: 30,
        containers: [
          hardenedContainer({
            name: "migrate",
            image,
            command: ["node", MIGRATE_PROGRAM, "up"],
            env: [{ name: CONFIGURATION_FILE_VARIABLE, value: ENGINE_PATHS.configuration }],
            envFrom: [{ configMapRef: { name: PLATFORM_ENDPOINTS.name } }],
            requests: { cpuMillicores: 100, memoryMiB: 256, ephemeralMiB: 64 },
            limits: { cpuMillicores: 1000, memoryMiB: 512, ephemeralMiB: 128 },
            mounts: [
              { name: "configuration", mountPath: "/etc/engine", readOnly: true },
              { name: "secrets", mountPath: ENGINE_PATHS.secrets, readOnly: true },
              { name: "tmp", mountPath: ENGINE_PATHS.scratch },
            ],
          }),
        ],
        volumes: [
          { name: "configuration", configMap: { name: "engine" } },
          { name: "secrets", secret: { secretName: ENGINE_SECRET } },
          scratch("tmp", 64),
        ],
      }),
    });
  }
}
