-- Commands that were entered again out of a file of another history name that as their source.
ALTER TABLE audit_commands DROP CONSTRAINT audit_commands_source_check;
ALTER TABLE audit_commands ADD CONSTRAINT audit_commands_source_check
  CHECK (source IN ('http', 'websocket', 'kafka', 'set-aside'));
