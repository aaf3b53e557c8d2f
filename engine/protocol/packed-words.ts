import {
  type KillScope,
  type OrderType,
  PROTOCOL_VERSION,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
} from "./command";

/**
 * The fields of packed words, which `command.ts` and `event.ts` draw: nobody else shifts and masks them. One
 * expression each, so that V8 puts it into its caller and it costs nothing on the hot path.
 */

/** header = type (8 bits) | version (8) | symbol (16), of commands and of events. */
export const headerOf = (type: number, symbol: number): number => type | (PROTOCOL_VERSION << 8) | (symbol << 16);
/** A CommandType in a command, an EventType in an event. */
export const typeIn = (header: number): number => header & 0xff;
export const versionIn = (header: number): number => (header >>> 8) & 0xff;
export const symbolIn = (header: number): number => header >>> 16;

/** traits = side (8 bits) | order type (8) | time in force (8) | self-trade prevention (8), of commands and orders. */
export const traitsOf = (side: Side, type: OrderType, timeInForce: TimeInForce, prevention: SelfTradePrevention) =>
  side | (type << 8) | (timeInForce << 16) | (prevention << 24);
export const sideIn = (traits: number): Side => traits & 0xff;
export const orderTypeIn = (traits: number): OrderType => (traits >>> 8) & 0xff;
export const timeInForceIn = (traits: number): TimeInForce => (traits >>> 16) & 0xff;
export const preventionIn = (traits: number): SelfTradePrevention => traits >>> 24;

/** detail = reason (8 bits) | the traits without the prevention (24), of events. */
export const detailOf = (reason: number, traits: number): number => reason | (traits << 8);
/** A RejectReason, a CancelReason, or the flags of a kill switch. */
export const reasonIn = (detail: number): number => detail & 0xff;
/** Without the prevention, which is 0. */
export const traitsIn = (detail: number): number => detail >>> 8;

/** flags of a kill switch = scope (2 bits) | KillFlag. */
export const scopeIn = (flags: number): KillScope => flags & 3;
