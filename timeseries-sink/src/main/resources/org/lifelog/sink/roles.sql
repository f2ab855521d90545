-- Makes the roles that are missing and gives all of them their rights. Runs at every start of a sink, after the centers are
-- written. The roles cannot log in: people get roles of their own that are members of them.
DO $$
DECLARE
  seen CONSTANT text := 'center, v_reading, v_aggregate_1m, v_aggregate_1h, v_aggregate_1d, v_quarantined';
  name text;
  rights text[];
  granted text;
BEGIN
  -- Two sinks that start at once would get in each other's way.
  PERFORM pg_advisory_xact_lock(hashtextextended('lifelog roles', 0));
  FOR name, rights IN
    SELECT 'lifelog_center_' || replace(center, '-', '_'), ARRAY['SELECT ON ' || seen] FROM center
    UNION ALL SELECT 'lifelog_reader', ARRAY['SELECT ON ' || seen]
    UNION ALL SELECT 'lifelog_portal', ARRAY[
      'SELECT ON center, series, device, reading, aggregate_1m, aggregate_1h, aggregate_1d, quarantined, audit',
      'INSERT ON audit']
    UNION ALL SELECT 'lifelog_auditor', ARRAY['SELECT ON center, audit']
  LOOP
    IF to_regrole(quote_ident(name)) IS NULL THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL; -- made for another database of this server just now
        WHEN insufficient_privilege THEN
          RAISE WARNING 'There is no role %, and % may not make one: make it as a superuser with CREATE ROLE, and restart the sink.',
            name, current_user;
          CONTINUE;
      END;
    END IF;
    FOREACH granted IN ARRAY rights LOOP
      EXECUTE format('GRANT %s TO %I', granted, name);
    END LOOP;
  END LOOP;
END $$;
