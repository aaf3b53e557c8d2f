import { rmSync } from "node:fs";
import { join } from "node:path";
import type { SecureContextOptions } from "node:tls";
import { describeWithOpenssl } from "../testing/certificates";
import { newDirectory } from "../testing/server-process";
import { MountedIdentity, TestAuthority } from "../testing/test-authority";
import { CertificateWatch } from "./certificate-watch";

const NAMES = ["engine.example"];

describeWithOpenssl("an engine's certificate", () => {
  let directory: string;
  let authority: TestAuthority;
  let mounted: MountedIdentity;
  let changes: SecureContextOptions[];
  let problems: string[];
  let watch: CertificateWatch | undefined;

  beforeEach(() => {
    directory = newDirectory("certificate");
    authority = new TestAuthority(directory);
    mounted = new MountedIdentity(join(directory, "tls"));
    changes = [];
    problems = [];
  });
  afterEach(() => {
    watch?.stop();
    rmSync(directory, { recursive: true });
  });
  const start = () => {
    const onChange = (options: SecureContextOptions) => changes.push(options);
    watch = new CertificateWatch(mounted.files, { onChange, onProblem: (message) => problems.push(message) });
    return watch;
  };

  it("is what lies in the files, with the end that openssl gave it", () => {
    const issued = authority.issue({ names: NAMES, days: 30 });
    mounted.place(issued, [authority]);
    const { options, notAfterSeconds } = start();
    expect(options).toMatchObject({ cert: issued.certificate, key: issued.key, ca: [authority.certificate] });
    expect(notAfterSeconds - Date.now() / 1000).toBeCloseTo(30 * 86_400, -2);
  });

  it("is taken over when a mounted Secret is replaced, once", () => {
    mounted.place(authority.issue({ names: NAMES }), [authority]);
    start();
    const renewed = authority.issue({ names: NAMES });
    mounted.place(renewed, [authority]);
    watch!.look();
    watch!.look();
    expect(changes.map(({ cert }) => cert)).toEqual([renewed.certificate]);
  });

  it("is taken over with a second authority beside the first: both are believed", () => {
    const issued = authority.issue({ names: NAMES });
    mounted.place(issued, [authority]);
    start();
    const next = new TestAuthority(directory, "Next authority");
    mounted.place(issued, [authority, next]);
    watch!.look();
    expect(changes[0]?.ca).toEqual([authority.certificate, next.certificate]);
  });

  it("signed before its authority was renewed with the same key, still fits", () => {
    const issued = authority.issue({ names: NAMES });
    authority.renew();
    mounted.place(issued, [authority]);
    expect(() => start()).not.toThrow();
  });

  it.each<[string, () => void, RegExp]>([
    ["no file", () => {}, /tls\.certificateFile .*tls\.crt cannot be read \(ENOENT\); put a PEM file there/],
    [
      "an ended one",
      () => mounted.place(authority.issue({ names: NAMES, days: -1 }), [authority]),
      /tls\.certificateFile .*tls\.crt expired on .* GMT; have it reissued/,
    ],
    [
      "one of a foreign authority",
      () => mounted.place(new TestAuthority(directory, "Stranger").issue({ names: NAMES }), [authority]),
      /tls\.certificateFile .*tls\.crt is signed by "CN=Stranger", which is not in .*authorities; add that CA/,
    ],
    [
      "one of an authority of the same name with another key",
      () => mounted.place(new TestAuthority(directory).issue({ names: NAMES }), [authority]),
      /is signed by "CN=Test authority", which is not in/,
    ],
    [
      "a key of another issue",
      () => {
        const { certificate } = authority.issue({ names: NAMES });
        mounted.place({ certificate, key: authority.issue({ names: NAMES }).key }, [authority]);
      },
      /tls\.keyFile .*tls\.key does not match .*tls\.crt; install a matching pair/,
    ],
    [
      "half a certificate",
      () => {
        const { certificate, key } = authority.issue({ names: NAMES });
        mounted.place({ certificate: certificate.slice(0, 200), key }, [authority]);
      },
      /tls\.certificateFile .*tls\.crt contains no readable certificate; put one there in PEM format/,
    ],
    [
      "no authority",
      () => mounted.place(authority.issue({ names: NAMES }), []),
      /tls\.authoritiesDirectory .*authorities cannot be read \(ENOENT\); create it, or name another one/,
    ],
  ])("is refused at the start with the file and the remedy: %s", (_, place, message) => {
    place();
    expect(() => start()).toThrow(message);
  });

  it("stays in use while a rotation is broken, which is said once, and goes on when it is mended", () => {
    const first = authority.issue({ names: NAMES });
    mounted.place(first, [authority]);
    start();
    mounted.place(authority.issue({ names: NAMES, days: -1 }), [authority]);
    for (let time = 0; time < 3; time++) watch!.look();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/expired on .*; the previous certificate stays in use$/);
    expect(watch!.options.cert).toBe(first.certificate);
    const mended = authority.issue({ names: NAMES });
    mounted.place(mended, [authority]);
    watch!.look();
    expect(watch!.options.cert).toBe(mended.certificate);
  });

  it("looks by itself", async () => {
    mounted.place(authority.issue({ names: NAMES }), [authority]);
    const seen = new Promise((onChange) => {
      watch = new CertificateWatch(mounted.files, { onChange });
    });
    const renewed = authority.issue({ names: NAMES });
    mounted.place(renewed, [authority]);
    expect(await seen).toMatchObject({ cert: renewed.certificate });
  });
});
