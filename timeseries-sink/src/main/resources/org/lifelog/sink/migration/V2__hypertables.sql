-- Hypertables where TimescaleDB is there; the same tables without chunks, and a warning, where it is not.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
    RAISE WARNING 'This server has no TimescaleDB: readings and aggregates are kept in plain tables, which is well for a trial and slow for years of data.';
    RETURN;
  END IF;
  CREATE EXTENSION IF NOT EXISTS timescaledb;
  -- Every query names a series and a span of time, so the primary key serves it; an index on time alone would only cost.
  EXECUTE $sql$SELECT create_hypertable('reading', by_range('time', INTERVAL '7 days'), create_default_indexes => false)$sql$;
  EXECUTE $sql$SELECT create_hypertable('aggregate_1m', by_range('time', INTERVAL '7 days'), create_default_indexes => false)$sql$;
  EXECUTE $sql$SELECT create_hypertable('aggregate_1h', by_range('time', INTERVAL '90 days'), create_default_indexes => false)$sql$;
  EXECUTE $sql$SELECT create_hypertable('aggregate_1d', by_range('time', INTERVAL '1 year'), create_default_indexes => false)$sql$;
END $$;
