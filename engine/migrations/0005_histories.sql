-- After a promotion without the peer two histories have commands of the same sequence, and the node that was left still
-- has its records: they are of one command when the times of the command agree as well. A record from before this
-- migration does not say that time; it stands beside its command instead of with it, for nobody knows that it is of it.
ALTER TABLE audit ADD COLUMN command_at timestamptz;

CREATE OR REPLACE VIEW audit_trail AS
  SELECT c.partition, c.command_sequence, c.at, c.source, a.subject, c.account, c.action, c.outcome, a.request_id,
         a.address, c.order_id, a.detail
    FROM audit_commands c LEFT JOIN audit a
      ON a.partition = c.partition AND a.command_sequence = c.command_sequence AND a.command_at = c.at
  UNION ALL
  SELECT a.partition, a.command_sequence, a.at, 'http', a.subject, a.account, a.action, a.outcome, a.request_id,
         a.address, NULL, a.detail
    FROM audit a
   WHERE NOT EXISTS (SELECT 1 FROM audit_commands c
                      WHERE c.partition = a.partition AND c.command_sequence = a.command_sequence
                        AND c.at = a.command_at);

-- Of an order that a database took over from a snapshot these may be unknown.
ALTER TABLE orders
  ALTER COLUMN filled_value     DROP NOT NULL,
  ALTER COLUMN accepted_at      DROP NOT NULL,
  ALTER COLUMN changed_at       DROP NOT NULL,
  ALTER COLUMN changed_sequence DROP NOT NULL;
