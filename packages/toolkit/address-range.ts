/**
 * An IPv4 range in CIDR notation, as a value: no Terraform tokens, so that environments can be checked
 * and subnets laid out before anything is synthesized.
 */
export class AddressRange {
  private constructor(
    /** First address as an unsigned 32-bit number. */
    readonly first: number,
    /** Bits of the network part, 0 to 32. */
    readonly prefixLength: number,
  ) {}

  /** Reads `a.b.c.d/n`. Returns undefined when the text is no range or has bits set behind the prefix. */
  static tryParse(text: string): AddressRange | undefined {
    const range = AddressRange.around(text);
    return range && text.startsWith(`${range.address(0)}/`) ? range : undefined;
  }

  /** The range in which `a.b.c.d/n` lies: bits behind the prefix are dropped. Undefined when the text is neither. */
  static around(text: string): AddressRange | undefined {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
    if (!match) return undefined;
    const [a, b, c, d, prefixLength] = match.slice(1).map(Number) as [number, number, number, number, number];
    if (Math.max(a, b, c, d) > 255 || prefixLength > 32) return undefined;
    const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    return new AddressRange(address - (address % 2 ** (32 - prefixLength)), prefixLength);
  }

  /** Reads `a.b.c.d/n`. @throws when the text is not a range. */
  static parse(text: string): AddressRange {
    const range = AddressRange.tryParse(text);
    if (!range) throw new Error(`"${text}" is not an IPv4 range; write one such as "10.20.0.0/16"`);
    return range;
  }

  /** How many addresses the range holds. */
  get size(): number {
    return 2 ** (32 - this.prefixLength);
  }

  /** Whether the two ranges share an address. */
  overlaps(other: AddressRange): boolean {
    return this.first < other.first + other.size && other.first < this.first + this.size;
  }

  /** Whether the other range lies inside of this one. */
  contains(other: AddressRange): boolean {
    return this.first <= other.first && other.first + other.size <= this.first + this.size;
  }

  /** Whether the range lies inside 10/8, 172.16/12 or 192.168/16 (RFC 1918). */
  get isPrivate(): boolean {
    return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
      .map((block) => AddressRange.parse(block))
      .some((block) => block.contains(this));
  }

  /** The `index`-th of the equal parts that a longer prefix cuts this range into. */
  part(prefixLength: number, index: number): AddressRange {
    const size = 2 ** (32 - prefixLength);
    const first = this.first + size * index;
    if (prefixLength < this.prefixLength || first + size > this.first + this.size) {
      throw new Error(`part ${index} of /${prefixLength} lies outside ${this}; use a larger range`);
    }
    return new AddressRange(first, prefixLength);
  }

  /** The address `offset` places into the range; AWS puts its DNS resolver at offset 2 of a VPC. */
  address(offset: number): string {
    const value = this.first + offset;
    return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
  }

  toString(): string {
    return `${this.address(0)}/${this.prefixLength}`;
  }
}
