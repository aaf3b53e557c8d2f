/**
 * Why a workload does not pass a check of kube-score; by the check's id. Kept at the object, so that a reviewer meets
 * it there.
 */
export type Exemptions = Readonly<Record<string, string>>;

export const EXEMPTIONS_ANNOTATION = "hft.platform/exemptions";

/** Annotations that tell kube-score what to leave out, and people why. */
export function exemptionAnnotations(exemptions: Exemptions): Record<string, string> {
  return {
    "kube-score/ignore": Object.keys(exemptions).join(","),
    [EXEMPTIONS_ANNOTATION]: Object.entries(exemptions)
      .map(([check, reason]) => `${check}: ${reason}`)
      .join("; "),
  };
}
