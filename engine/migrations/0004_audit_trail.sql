-- Records of requests come from the audit file of the node that answered them. `position` is where a record begins in
-- that file: whatever is sent again after a failure is there already.
ALTER TABLE audit
  ADD COLUMN partition        integer,
  ADD COLUMN node             text,
  ADD COLUMN position         bigint,
  ADD COLUMN address          text,
  ADD COLUMN command_sequence bigint;
CREATE UNIQUE INDEX audit_once ON audit (node, position);
CREATE INDEX audit_by_command ON audit (partition, command_sequence) WHERE command_sequence IS NOT NULL;

-- Every command of a client as the journal tells it, whether anybody was answered or not. Written in the transaction
-- that moves the projection.
CREATE TABLE audit_commands (
  partition        integer     NOT NULL,
  command_sequence bigint      NOT NULL,
  at               timestamptz NOT NULL,
  source           text        NOT NULL CHECK (source IN ('http', 'websocket', 'kafka')),
  account          integer     NOT NULL,
  action           text        NOT NULL,
  outcome          text        NOT NULL,
  order_id         bigint,
  client_order_id  numeric(20) NOT NULL,
  -- Of a WebSocket command the connection, as in the records of its session; of a Kafka command the offset.
  origin           bigint      NOT NULL,
  PRIMARY KEY (partition, command_sequence)
);
CREATE INDEX audit_commands_by_time ON audit_commands (at);
CREATE TRIGGER audit_commands_append_only BEFORE UPDATE OR DELETE ON audit_commands
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

-- Everything: each command once, with who sent it where a node has said so, and each action that became no command.
CREATE VIEW audit_trail AS
  SELECT c.partition, c.command_sequence, c.at, c.source, a.subject, c.account, c.action, c.outcome, a.request_id,
         a.address, c.order_id, a.detail
    FROM audit_commands c LEFT JOIN audit a ON a.partition = c.partition AND a.command_sequence = c.command_sequence
  UNION ALL
  SELECT a.partition, a.command_sequence, a.at, 'http', a.subject, a.account, a.action, a.outcome, a.request_id,
         a.address, NULL, a.detail
    FROM audit a
   WHERE NOT EXISTS (SELECT 1 FROM audit_commands c
                      WHERE c.partition = a.partition AND c.command_sequence = a.command_sequence);

-- What a table refused, with the reason: it keeps nothing behind it from being stored. `record` is base64, for nobody
-- knows what is in it.
CREATE TABLE refused_records (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at        timestamptz NOT NULL DEFAULT now(),
  partition integer     NOT NULL,
  source    text        NOT NULL CHECK (source IN ('audit', 'events')),
  node      text        NOT NULL,
  position  bigint      NOT NULL,
  reason    text        NOT NULL,
  record    text        NOT NULL,
  UNIQUE (source, node, position)
);

-- Events that a database has missed because neither it nor the journal had them any more: it went on from a snapshot.
CREATE TABLE projection_gaps (
  partition      integer     NOT NULL,
  after_sequence bigint      NOT NULL,
  up_to_sequence bigint      NOT NULL,
  at             timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (partition, up_to_sequence)
);
