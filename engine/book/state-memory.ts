/** One named part of the core's memory. The snapshot writes all of them; nothing of the core's state lies elsewhere. */
export interface Section {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Hands out the typed arrays that hold the core's whole state, all of them at start. Because each one is registered
 * here, a snapshot is a copy of the sections, and two cores are equal when their sections are.
 */
export class StateMemory {
  readonly sections: Section[] = [];

  int32(name: string, length: number): Int32Array {
    return new Int32Array(this.add(name, length * 4));
  }

  float64(name: string, length: number): Float64Array {
    return new Float64Array(this.add(name, length * 8));
  }

  /** Two views of the same bytes, for records that hold words and doubles. */
  record(name: string, words: number): { readonly words: Int32Array; readonly doubles: Float64Array } {
    const buffer = this.add(name, words * 4);
    return { words: new Int32Array(buffer), doubles: new Float64Array(buffer) };
  }

  private add(name: string, byteLength: number): SharedArrayBuffer {
    if (this.sections.some((section) => section.name === name)) throw new Error(`state section ${name} already exists`);
    // Shared, so that other threads may read gauges (positions, open orders) without asking the matching thread.
    const buffer = new SharedArrayBuffer(byteLength);
    this.sections.push({ name, bytes: new Uint8Array(buffer) });
    return buffer;
  }
}
