-- Average cost method: `cost` is the sum of ticks x lots of the open position, `realised` the profit in the same unit.
CREATE TABLE positions (
  partition  integer NOT NULL,
  account    integer NOT NULL,
  symbol     text    NOT NULL,
  net_lots   bigint  NOT NULL,
  cost       numeric NOT NULL,
  realised   numeric NOT NULL,
  -- Executions that closed a part of a position, and how many of them with a profit.
  closes     bigint  NOT NULL,
  winners    bigint  NOT NULL,
  PRIMARY KEY (partition, account, symbol)
);

CREATE TABLE daily_pnl (
  partition  integer NOT NULL,
  day        date    NOT NULL,
  account    integer NOT NULL,
  symbol     text    NOT NULL,
  realised   numeric NOT NULL,
  trades     bigint  NOT NULL,
  winners    bigint  NOT NULL,
  losers     bigint  NOT NULL,
  PRIMARY KEY (partition, account, day, symbol)
);
