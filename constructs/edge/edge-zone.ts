import { DnsRecord } from "@cdktf/provider-cloudflare/lib/dns-record";
import { Zone } from "@cdktf/provider-cloudflare/lib/zone";
import { ZoneDnssec } from "@cdktf/provider-cloudflare/lib/zone-dnssec";
import { ZoneSetting, type ZoneSettingConfig } from "@cdktf/provider-cloudflare/lib/zone-setting";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { type OriginTls, zoneSettings } from "./zone-settings";

/** Route 53 gives every zone this many name servers. Source: Route 53 Developer Guide, "NS record type". */
const NAME_SERVERS = 4;
const RECORD_TTL_SECONDS = 3600;

export interface EdgeZoneProps {
  /** Cloudflare's account. */
  readonly accountId: string;
  /** "example.com" */
  readonly zone: string;
  readonly originTls: OriginTls;
  /** Prevents plans that destroy the zone: its name servers, and thus the registrar's entry, would change. */
  readonly protect: boolean;
}

/** A subdomain that Route 53 answers for. */
export interface DelegatedZone {
  /** "aws.example.com" */
  readonly zone: string;
  readonly nameServers: string[];
}

/** The Cloudflare zone for user traffic: signed (DNSSEC), with every relevant setting made explicit. */
export class EdgeZone extends Construct {
  readonly zoneId: string;

  constructor(scope: Construct, id: string, props: EdgeZoneProps) {
    super(scope, id);
    const zone = new Zone(this, "zone", {
      account: { id: props.accountId },
      name: props.zone,
      type: "full",
      lifecycle: props.protect ? { preventDestroy: true } : undefined,
    });
    zone.overrideLogicalId("edge_zone");
    this.zoneId = zone.id;
    // The registrar gets the DS record that the dashboard shows; where Cloudflare is the registrar, it does so itself.
    new ZoneDnssec(this, "dnssec", { zoneId: this.zoneId, status: "active" });
    for (const [settingId, value] of Object.entries(zoneSettings(props.originTls))) {
      new ZoneSetting(this, settingId.replaceAll("_", "-"), {
        zoneId: this.zoneId,
        settingId,
        // The provider takes any JSON value; its generated type knows only objects, and makes `{}` of a number.
        value: Token.asAny(value) as unknown as ZoneSettingConfig["value"],
      });
    }
  }

  /** Delegates a subdomain to Route 53. */
  delegate({ zone, nameServers }: DelegatedZone): void {
    for (let index = 0; index < NAME_SERVERS; index++) {
      new DnsRecord(this, `delegation-${index + 1}`, {
        zoneId: this.zoneId,
        name: zone,
        type: "NS",
        content: Fn.element(nameServers, index),
        ttl: RECORD_TTL_SECONDS,
        comment: "Origins, certificates' proofs and static files",
      });
    }
  }

  /**
   * Lets cert-manager prove that a host name is ours by a record in the delegated zone, so that the cluster needs no
   * rights in Cloudflare. Its solver must follow the alias (`cnameStrategy: Follow`).
   */
  proveIn(delegatedZone: string, hostname: string): void {
    new DnsRecord(this, "certificate-proof", {
      zoneId: this.zoneId,
      name: `_acme-challenge.${hostname}`,
      type: "CNAME",
      content: `_acme-challenge.${delegatedZone}`,
      ttl: RECORD_TTL_SECONDS,
      proxied: false,
      comment: "Proof for the origin's certificate",
    });
  }
}
