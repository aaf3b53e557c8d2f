-- What happened, as the journal tells it. Prices are in ticks, quantities in lots: the engine's own whole numbers.
CREATE TABLE symbols (
  partition   integer NOT NULL,
  symbol      text    NOT NULL,
  tick_size   numeric NOT NULL CHECK (tick_size > 0),
  lot_size    numeric NOT NULL CHECK (lot_size > 0),
  PRIMARY KEY (partition, symbol)
);

CREATE TABLE orders (
  partition        integer     NOT NULL,
  order_id         bigint      NOT NULL,
  account          integer     NOT NULL,
  client_order_id  numeric(20) NOT NULL,
  symbol           text        NOT NULL,
  side             text        NOT NULL CHECK (side IN ('buy', 'sell')),
  type             text        NOT NULL,
  time_in_force    text        NOT NULL,
  limit_ticks      bigint,
  stop_ticks       bigint,
  display_lots     bigint,
  quantity_lots    bigint      NOT NULL CHECK (quantity_lots > 0),
  filled_lots      bigint      NOT NULL DEFAULT 0 CHECK (filled_lots BETWEEN 0 AND quantity_lots),
  -- Sum of ticks x lots over its executions: divided by filled_lots, the average price.
  filled_value     numeric     NOT NULL DEFAULT 0,
  status           text        NOT NULL,
  accepted_at      timestamptz NOT NULL,
  changed_at       timestamptz NOT NULL,
  changed_sequence bigint      NOT NULL,
  PRIMARY KEY (partition, order_id)
);
CREATE INDEX orders_by_account ON orders (partition, account, order_id DESC);

CREATE TABLE executions (
  partition       integer     NOT NULL,
  execution_id    bigint      NOT NULL,
  sequence        bigint      NOT NULL,
  symbol          text        NOT NULL,
  price_ticks     bigint      NOT NULL,
  quantity_lots   bigint      NOT NULL CHECK (quantity_lots > 0),
  taker_side      text        NOT NULL CHECK (taker_side IN ('buy', 'sell')),
  maker_order_id  bigint      NOT NULL,
  taker_order_id  bigint      NOT NULL,
  maker_account   integer     NOT NULL,
  taker_account   integer     NOT NULL,
  executed_at     timestamptz NOT NULL,
  PRIMARY KEY (partition, execution_id)
);
CREATE INDEX executions_by_symbol ON executions (partition, symbol, execution_id DESC);
CREATE INDEX executions_by_maker ON executions (partition, maker_account, execution_id DESC);
CREATE INDEX executions_by_taker ON executions (partition, taker_account, execution_id DESC);

-- How far the journal has been written into these tables. Moves in the same transaction as the rows, so that each
-- event takes effect once, whatever is sent again after a failure.
CREATE TABLE projections (
  partition integer NOT NULL PRIMARY KEY,
  sequence  bigint  NOT NULL
);

CREATE FUNCTION advance_projection(which integer, expected bigint, next bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO projections VALUES (which, 0) ON CONFLICT DO NOTHING;
  UPDATE projections SET sequence = next WHERE partition = which AND sequence = expected;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'projection of partition % is not at %', which, expected USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
