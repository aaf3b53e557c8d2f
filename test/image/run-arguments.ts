/** How a container is run, as arguments of `podman run`, and what of its description they are made from. */
export interface RunDescription {
  readonly title: string;
  readonly arguments: readonly string[];
  /** Seconds that it gets to end by itself. */
  readonly graceSeconds: number;
  /** What holds of the process when the arguments work; looked up in the container itself. */
  readonly promised: {
    readonly user: number;
    readonly writable: readonly string[];
    readonly readOnly: readonly string[];
  };
  /** Token of an account that may trade. */
  readonly token: TokenSource;
}

/** Where a client's token comes from: signed with the pod's own key, or handed out by a development engine. */
export type TokenSource = { readonly keyFile: string } | "development";

/** A field of a description that nobody here reads would be promised and not tried. */
export function refuseUnknown(place: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  if (unknown.length > 0) {
    throw new Error(`${place} has ${unknown.join(", ")}, which test/image does not carry out; teach it what that does`);
  }
}
