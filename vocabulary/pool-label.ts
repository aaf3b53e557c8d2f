/** Node label that names the pool; pods select their pool by it. */
export const POOL_LABEL = "hft.platform/pool";
