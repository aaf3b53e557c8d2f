/** A refusal of a service, in its own words. */
export class CloudError extends Error {
  constructor(
    /** As the service's API names it: `InvalidVpcID.NotFound`. */
    readonly code: string,
    message: string,
    readonly httpStatus = 400,
  ) {
    super(message);
    this.name = "CloudError";
  }
}
