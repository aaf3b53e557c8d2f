import { WaitingLines } from "./waiting-lines";

describe("WaitingLines", () => {
  const texts = (lines: WaitingLines): string => lines.bytes.toString();

  it("has lines as the bytes of a file, however many wait and whatever they are written in", () => {
    const lines = new WaitingLines();
    const added = Array.from({ length: 5_000 }, (_, number) => `{"ä":"€ ${number} 𝛑"}`);
    const told = added.map((line) => Buffer.from(lines.add(line)).toString());
    expect(told).toEqual(added);
    expect(lines.count).toBe(5_000);
    expect(texts(lines)).toBe(`${added.join("\n")}\n`);
  });

  it("takes a line that is longer than everything before it", () => {
    const lines = new WaitingLines();
    lines.add("short");
    lines.add("€".repeat(100_000));
    expect(texts(lines)).toBe(`short\n${"€".repeat(100_000)}\n`);
  });

  it("begins again, and gives back the memory of what had to wait", () => {
    const lines = new WaitingLines();
    for (let number = 0; number < 10_000; number += 1) lines.add("a record that could not be written");
    const memory = lines.bytes.buffer.byteLength;
    lines.clear();
    expect([lines.count, texts(lines)]).toEqual([0, ""]);
    lines.add("next");
    expect(texts(lines)).toBe("next\n");
    expect(lines.bytes.buffer.byteLength).toBeLessThan(memory);
  });
});
