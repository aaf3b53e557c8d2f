-- Who did what, for as long as the law asks. Nothing in the engine updates or deletes a row.
CREATE TABLE audit (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL,
  subject     text        NOT NULL,
  account     integer,
  action      text        NOT NULL,
  outcome     text        NOT NULL,
  request_id  text        NOT NULL,
  detail      jsonb       NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit records cannot be changed';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

-- Each backup job writes a row when it has finished; the engine exports the newest as a metric.
CREATE TABLE backups (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         text        NOT NULL,
  finished_at  timestamptz NOT NULL,
  location     text        NOT NULL,
  bytes        bigint      NOT NULL CHECK (bytes >= 0)
);
CREATE INDEX backups_by_kind ON backups (kind, finished_at DESC);
