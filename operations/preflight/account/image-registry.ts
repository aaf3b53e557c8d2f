/** Container registries of others. Throws `Unanswered` when a registry does not answer. */
export interface ImageRegistry {
  /** @param image `docker.io/nginxinc/nginx-unprivileged@sha256:…` */
  has(image: string): Promise<boolean>;
}
