const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** `8Gi` as 8192; undefined when it is no quantity of memory. */
export function memoryMiB(quantity: unknown): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(|k|M|G|Ki|Mi|Gi|Ti)$/.exec(String(quantity)) ?? [];
  return amount === undefined ? undefined : (Number(amount) * UNIT_BYTES[unit!]!) / UNIT_BYTES.Mi!;
}

/** `4` as 4000 and `250m` as 250; undefined when it is no quantity of CPU. */
export function cpuMillicores(quantity: unknown): number | undefined {
  const [, amount, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(quantity)) ?? [];
  return amount === undefined ? undefined : Number(amount) * (milli ? 1 : 1000);
}
