-- The whole schema in one place, for reading. Generated: renew it with config/schema, never edit it.
-- What a database is made from are the migrations; what each role is for stands in migrations/0001_ground.sql.
-- Everything belongs to plateau_owner unless it says otherwise.

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';

ALTER DEFAULT PRIVILEGES FOR ROLE plateau_owner REVOKE ALL ON FUNCTIONS  FROM PUBLIC;


-- plateau =================================================================================================================================

CREATE SCHEMA plateau;
COMMENT ON SCHEMA plateau IS 'What every slice uses: clock, time, ids, locks.';
GRANT USAGE ON SCHEMA plateau TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.actor_centres() RETURNS smallint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((NULLIF(current_setting('plateau.centres'::text, true), ''::text))::smallint[], '{}'::smallint[]);
COMMENT ON FUNCTION plateau.actor_centres() IS 'Numbers of the centres that the caller manages or works for.';
REVOKE ALL ON FUNCTION plateau.actor_centres() FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.actor_centres() TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.actor_is_network() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((current_setting('plateau.network'::text, true) = 'on'::text), false);
REVOKE ALL ON FUNCTION plateau.actor_is_network() FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.actor_is_network() TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.actor_organisation() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('plateau.organisation'::text, true), ''::text))::uuid;
REVOKE ALL ON FUNCTION plateau.actor_organisation() FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.actor_organisation() TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.centre_of(p_id uuid) RETURNS smallint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((((((get_byte(uuid_send(p_id), 6) & 7) << 12) | (get_byte(uuid_send(p_id), 7) << 4)) | ((get_byte(uuid_send(p_id), 8) & 60) >> 2)) | ((- ((get_byte(uuid_send(p_id), 6) >> 3) & 1)) & 32767)))::smallint;
COMMENT ON FUNCTION plateau.centre_of(p_id uuid) IS 'The number of the centre that a public id carries in its first 16 free bits (RFC 9562, UUIDv7). 0 is the network; 32767 stands for every number that no centre can have.';
REVOKE ALL ON FUNCTION plateau.centre_of(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.centre_of(p_id uuid) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.clock() RETURNS timestamp with time zone
    LANGUAGE sql PARALLEL SAFE
    RETURN clock_timestamp();
COMMENT ON FUNCTION plateau.clock() IS 'The only clock of every rule. plateau.set_clock_offset replaces it in a test database.';
REVOKE ALL ON FUNCTION plateau.clock() FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.clock() TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.instant_of(p_local timestamp without time zone, p_zone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (((((p_local - '1 day'::interval) AT TIME ZONE p_zone) + '24:00:00'::interval) AT TIME ZONE p_zone) = p_local) THEN (((p_local - '1 day'::interval) AT TIME ZONE p_zone) + '24:00:00'::interval) ELSE (p_local AT TIME ZONE p_zone) END;
COMMENT ON FUNCTION plateau.instant_of(p_local timestamp without time zone, p_zone text) IS 'The instant of a local time. One that happens twice means the first; one that does not exist moves forward by the gap.';
REVOKE ALL ON FUNCTION plateau.instant_of(p_local timestamp without time zone, p_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.instant_of(p_local timestamp without time zone, p_zone text) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.kilometres(p_latitude double precision, p_longitude double precision, p_to_latitude double precision, p_to_longitude double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((p_latitude IS NOT NULL) AND (p_longitude IS NOT NULL) AND (p_to_latitude IS NOT NULL) AND (p_to_longitude IS NOT NULL)) THEN ((((2)::numeric * 6371.0088))::double precision * asin(LEAST((1)::double precision, sqrt((power(sin((radians((p_to_latitude - p_latitude)) / (2)::double precision)), (2)::double precision) + ((cos(radians(p_latitude)) * cos(radians(p_to_latitude))) * power(sin((radians((p_to_longitude - p_longitude)) / (2)::double precision)), (2)::double precision))))))) ELSE NULL::double precision END;
COMMENT ON FUNCTION plateau.kilometres(p_latitude double precision, p_longitude double precision, p_to_latitude double precision, p_to_longitude double precision) IS 'Along the great circle of a sphere of the Earth''s mean radius, off by at most 0.6 %; null when a coordinate is missing.';
REVOKE ALL ON FUNCTION plateau.kilometres(p_latitude double precision, p_longitude double precision, p_to_latitude double precision, p_to_longitude double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.kilometres(p_latitude double precision, p_longitude double precision, p_to_latitude double precision, p_to_longitude double precision) TO plateau_app, plateau_functions;

CREATE FUNCTION plateau.label_lock(p_centre_id smallint) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (('-9223372036854775807'::bigint - 1) + (p_centre_id)::bigint);
COMMENT ON FUNCTION plateau.label_lock(p_centre_id smallint) IS 'Advisory lock of a centre''s label: shared by whoever depends on it, exclusive to whoever changes it. Negative, so that it sorts before every room lock.';
REVOKE ALL ON FUNCTION plateau.label_lock(p_centre_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.label_lock(p_centre_id smallint) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.local_day(p_at timestamp with time zone, p_zone text) RETURNS date
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN ((p_at AT TIME ZONE p_zone))::date;
REVOKE ALL ON FUNCTION plateau.local_day(p_at timestamp with time zone, p_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.local_day(p_at timestamp with time zone, p_zone text) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.local_days(p_period tstzrange, p_zone text) RETURNS daterange
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    AS $$
begin
    -- PL/pgSQL, which keeps its plan: daterange() takes nulls, so the planner could not expand an SQL function that is strict.
    return daterange(
        plateau.local_day(lower(p_period), p_zone),
        plateau.local_day(upper(p_period) - interval '1 microsecond', p_zone), '[]');
end
$$;
COMMENT ON FUNCTION plateau.local_days(p_period tstzrange, p_zone text) IS 'The local days that a period touches, half-open.';
REVOKE ALL ON FUNCTION plateau.local_days(p_period tstzrange, p_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.local_days(p_period tstzrange, p_zone text) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.low_bits(p_id uuid) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((((((((get_byte(uuid_send(p_id), 8))::bigint << 56) | ((get_byte(uuid_send(p_id), 9))::bigint << 48)) | ((get_byte(uuid_send(p_id), 10))::bigint << 40)) | ((get_byte(uuid_send(p_id), 11))::bigint << 32)) | ((get_byte(uuid_send(p_id), 12))::bigint << 24)) | ((get_byte(uuid_send(p_id), 13))::bigint << 16)) | ((get_byte(uuid_send(p_id), 14))::bigint << 8)) | (get_byte(uuid_send(p_id), 15))::bigint);
COMMENT ON FUNCTION plateau.low_bits(p_id uuid) IS 'The last eight bytes of an id, as a signed number.';
REVOKE ALL ON FUNCTION plateau.low_bits(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.low_bits(p_id uuid) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.plain(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, p_text));
COMMENT ON FUNCTION plateau.plain(p_text text) IS 'A text as it is searched: small letters, no accents. Immutable as long as nobody edits the dictionary''s file.';
REVOKE ALL ON FUNCTION plateau.plain(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.plain(p_text text) TO plateau_app, plateau_functions;

CREATE FUNCTION plateau.refuse_removal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% names rows that others depend on: they stay', tg_table_name using errcode = 'restrict_violation';
end
$$;
COMMENT ON FUNCTION plateau.refuse_removal() IS 'For tables whose rows are named elsewhere without a foreign key: nobody deletes them or changes their keys.';
REVOKE ALL ON FUNCTION plateau.refuse_removal() FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.refuse_removal() TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.rfc3339(p_at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN to_char((p_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text);
COMMENT ON FUNCTION plateau.rfc3339(p_at timestamp with time zone) IS 'An instant as answers write it: UTC, to the second.';
REVOKE ALL ON FUNCTION plateau.rfc3339(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.rfc3339(p_at timestamp with time zone) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.room_lock(p_resource_id uuid, p_utc_day integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((plateau.low_bits(p_resource_id) & '4611686018427387903'::bigint) # ((p_utc_day)::bigint & (1048575)::bigint));
COMMENT ON FUNCTION plateau.room_lock(p_resource_id uuid, p_utc_day integer) IS 'Advisory lock of one resource on one UTC day (days since 2000-01-01). Two resources that share a key only wait for each other.';
REVOKE ALL ON FUNCTION plateau.room_lock(p_resource_id uuid, p_utc_day integer) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.room_lock(p_resource_id uuid, p_utc_day integer) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.take_locks(p_keys bigint[], p_exclusive boolean[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    -- Ascending keys: two callers never wait for each other in a ring.
    for i in 1 .. coalesce(array_length(p_keys, 1), 0) loop
        if p_exclusive[i] then
            perform pg_advisory_xact_lock(p_keys[i]);
        else
            perform pg_advisory_xact_lock_shared(p_keys[i]);
        end if;
    end loop;
end
$$;
COMMENT ON FUNCTION plateau.take_locks(p_keys bigint[], p_exclusive boolean[]) IS 'Takes advisory locks to the end of the transaction, in the order given (callers sort ascending).';
REVOKE ALL ON FUNCTION plateau.take_locks(p_keys bigint[], p_exclusive boolean[]) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.take_locks(p_keys bigint[], p_exclusive boolean[]) TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION plateau.utc_day(p_at timestamp with time zone) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((p_at AT TIME ZONE 'UTC'::text))::date - '2000-01-01'::date);
REVOKE ALL ON FUNCTION plateau.utc_day(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION plateau.utc_day(p_at timestamp with time zone) TO plateau_app, plateau_functions, plateau_readonly;

CREATE PROCEDURE plateau.set_clock_offset(IN p_offset interval)
    LANGUAGE plpgsql
    AS $$
begin
    execute format(
        'create or replace function plateau.clock() returns timestamptz language sql volatile parallel safe return clock_timestamp() + %L::interval',
        p_offset);
end
$$;
COMMENT ON PROCEDURE plateau.set_clock_offset(IN p_offset interval) IS 'Moves the clock of this database. Only the owner can: nobody else may replace the function.';
REVOKE ALL ON PROCEDURE plateau.set_clock_offset(IN p_offset interval) FROM PUBLIC;


-- jobs ====================================================================================================================================

CREATE SCHEMA jobs;
COMMENT ON SCHEMA jobs IS 'Durable queue and outbox.';
GRANT USAGE ON SCHEMA jobs TO plateau_app, plateau_functions;

CREATE TABLE jobs.event (
    centre_id smallint NOT NULL,
    id bigint NOT NULL,
    type text NOT NULL,
    subject_id uuid NOT NULL,
    organisation_id uuid,
    version integer NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    xact bigint DEFAULT jobs.transaction_number() NOT NULL
);
ALTER TABLE ONLY jobs.event FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE jobs.event IS 'Outbox: one row for each change, written in the transaction of the change.';
COMMENT ON COLUMN jobs.event.xact IS 'The transaction that wrote it. Events are read in the order (xact, id), below jobs.horizon().';
ALTER TABLE jobs.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME jobs.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY jobs.event ADD CONSTRAINT event_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX event_by_centre ON jobs.event USING btree (centre_id, xact, id);
CREATE INDEX event_by_organisation ON jobs.event USING btree (organisation_id, xact, id) WHERE (organisation_id IS NOT NULL);
CREATE INDEX event_in_order ON jobs.event USING btree (xact, id);
ALTER TABLE jobs.event ENABLE ROW LEVEL SECURITY;
CREATE POLICY event_actor ON jobs.event FOR SELECT TO plateau_app USING (((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network) OR (EXISTS ( SELECT
   FROM jobs.event_elsewhere w
  WHERE ((w.centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) AND (w.xact = event.xact) AND (w.home_centre_id = event.centre_id) AND (w.subject_id = event.subject_id) AND (w.version = event.version))))));
CREATE POLICY event_functions ON jobs.event TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON TABLE jobs.event TO plateau_functions;
GRANT SELECT ON TABLE jobs.event TO plateau_app;

CREATE TABLE jobs.event_elsewhere (
    centre_id smallint NOT NULL,
    xact bigint NOT NULL,
    home_centre_id smallint NOT NULL,
    subject_id uuid NOT NULL,
    version integer NOT NULL
);
ALTER TABLE ONLY jobs.event_elsewhere FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE jobs.event_elsewhere IS 'The events of a booking with lines at several centres, for each of them but the one where the booking lives (home_centre_id).';
ALTER TABLE ONLY jobs.event_elsewhere ADD CONSTRAINT event_elsewhere_pkey PRIMARY KEY (centre_id, xact, home_centre_id, subject_id, version);
ALTER TABLE jobs.event_elsewhere ENABLE ROW LEVEL SECURITY;
CREATE POLICY event_elsewhere_actor ON jobs.event_elsewhere FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY event_elsewhere_functions ON jobs.event_elsewhere TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON TABLE jobs.event_elsewhere TO plateau_functions;
GRANT SELECT ON TABLE jobs.event_elsewhere TO plateau_app;

CREATE TABLE jobs.forgotten (
    is_only boolean DEFAULT true NOT NULL,
    xact bigint NOT NULL,
    id bigint NOT NULL,
    CONSTRAINT forgotten_one_row CHECK (is_only)
);
COMMENT ON TABLE jobs.forgotten IS 'One row: the last event in the order (xact, id) that was forgotten.';
ALTER TABLE ONLY jobs.forgotten ADD CONSTRAINT forgotten_pkey PRIMARY KEY (is_only);
GRANT SELECT, UPDATE ON TABLE jobs.forgotten TO plateau_functions;
GRANT SELECT ON TABLE jobs.forgotten TO plateau_app;

CREATE FUNCTION jobs.event_uid(p_centre_id smallint, p_id bigint, p_occurred_at timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((lpad(to_hex((((EXTRACT(epoch FROM p_occurred_at) * (1000)::numeric))::bigint & '281474976710655'::bigint)), 12, '0'::text) || lpad(to_hex((28672 | ((p_centre_id)::integer >> 4))), 4, '0'::text)) || lpad(to_hex(((('-9223372036854775807'::bigint - 1) | (((p_centre_id)::bigint & (15)::bigint) << 58)) | (p_id & '288230376151711743'::bigint))), 16, '0'::text)))::uuid;
COMMENT ON FUNCTION jobs.event_uid(p_centre_id smallint, p_id bigint, p_occurred_at timestamp with time zone) IS 'The public id of an event, a UUIDv7 that carries its centre and, in the 58 bits that are free otherwise, its number.';
REVOKE ALL ON FUNCTION jobs.event_uid(p_centre_id smallint, p_id bigint, p_occurred_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.event_uid(p_centre_id smallint, p_id bigint, p_occurred_at timestamp with time zone) TO plateau_functions, plateau_app;

CREATE FUNCTION jobs.forget_old_events(p_batch integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_last bigint;
    v_id bigint;
    v_count integer;
begin
    -- Whole transactions, in their order, up to the first that is young: whoever reads on after the last one has lost nothing.
    select max(o.xact) into v_last
    from (select e.xact, bool_and(e.occurred_at < plateau.clock() - interval '30 days') over (order by e.xact) as is_old
          from (select * from jobs.event e where e.xact < jobs.horizon() order by e.xact, e.id limit p_batch) e) o
    where o.is_old;
    if v_last is null then
        return 0;
    end if;
    select max(e.id) into v_id from jobs.event e where e.xact = v_last;
    delete from jobs.event e where e.xact <= v_last;
    get diagnostics v_count = row_count;
    delete from jobs.event_elsewhere w where w.xact <= v_last;
    update jobs.forgotten f set xact = v_last, id = v_id where (f.xact, f.id) < (v_last, v_id);
    return v_count;
end
$$;
ALTER FUNCTION jobs.forget_old_events(p_batch integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION jobs.forget_old_events(p_batch integer) IS 'Removes events of more than 30 days ago, oldest transactions first, and remembers how far. How many.';
REVOKE ALL ON FUNCTION jobs.forget_old_events(p_batch integer) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.forget_old_events(p_batch integer) TO plateau_app;

CREATE FUNCTION jobs.horizon() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (((pg_snapshot_xmin(pg_current_snapshot()))::text)::bigint + 0);
COMMENT ON FUNCTION jobs.horizon() IS 'Every transaction with a lower number has ended: its events are there or will never be. Events are read below it only, so that one who reads on from (xact, id) skips none, whatever commits first.';
REVOKE ALL ON FUNCTION jobs.horizon() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.horizon() TO plateau_functions, plateau_app;

CREATE FUNCTION jobs.note_elsewhere() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into jobs.event_elsewhere (centre_id, xact, home_centre_id, subject_id, version)
    select distinct c, jobs.transaction_number(), new.centre_id, new.id, new.version
    from unnest(new.centres) c
    where c <> new.centre_id
    on conflict do nothing;
    return null;
end
$$;
COMMENT ON FUNCTION jobs.note_elsewhere() IS 'Only called for bookings over several centres: others pay for the comparison alone.';
REVOKE ALL ON FUNCTION jobs.note_elsewhere() FROM PUBLIC;

CREATE FUNCTION jobs.transaction_number() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (((pg_current_xact_id())::text)::bigint + 0);
COMMENT ON FUNCTION jobs.transaction_number() IS 'The number of this transaction among all that ever wrote events. The 0 is what jobs.resume_numbering adds in a database that was restored elsewhere.';
REVOKE ALL ON FUNCTION jobs.transaction_number() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.transaction_number() TO plateau_functions, plateau_app;

CREATE PROCEDURE jobs.resume_numbering()
    LANGUAGE plpgsql
    AS $$
declare
    v_shift bigint;
begin
    -- A restored database keeps its events, but the new cluster counts transactions from its own number.
    select coalesce(max(e.xact), 0) - pg_current_xact_id()::text::bigint + 1 into v_shift from jobs.event e;
    if v_shift <= jobs.transaction_number() - pg_current_xact_id()::text::bigint then
        return;
    end if;
    execute format('create or replace function jobs.transaction_number() returns bigint language sql stable
                    return pg_current_xact_id()::text::bigint + %s', v_shift);
    execute format('create or replace function jobs.horizon() returns bigint language sql stable
                    return pg_snapshot_xmin(pg_current_snapshot())::text::bigint + %s', v_shift);
end
$$;
COMMENT ON PROCEDURE jobs.resume_numbering() IS 'After a restore into another cluster: numbers of transactions go on after the highest that an event has. Does nothing otherwise.';
REVOKE ALL ON PROCEDURE jobs.resume_numbering() FROM PUBLIC;


-- access ==================================================================================================================================

CREATE SCHEMA access;
COMMENT ON SCHEMA access IS 'Organisations, memberships, API keys, roles, idempotency.';
GRANT USAGE ON SCHEMA access TO plateau_app, plateau_functions;

CREATE TYPE access.actor AS (
    key_id uuid,
    organisation_id uuid,
    organisation_kind text,
    centre_id smallint,
    roles text[],
    role_centres smallint[],
    expires_at timestamp with time zone
);

CREATE TYPE access.agreement_verdict AS (
    code text,
    facts jsonb
);

CREATE TABLE access.agreement (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    during daterange NOT NULL,
    audiences text[],
    platforms uuid[],
    allows_production boolean DEFAULT false NOT NULL,
    tariff text,
    allowance_hours integer,
    renews uuid,
    note text,
    state text DEFAULT 'requested'::text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    requested_by uuid NOT NULL,
    decided_at timestamp with time zone,
    decided_by uuid,
    decision_note text,
    ended_at timestamp with time zone,
    ended_by uuid,
    end_reason text,
    agreed_last_day date,
    warned_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT agreement_allowance CHECK (((allowance_hours >= 1) AND (allowance_hours <= 100000))),
    CONSTRAINT agreement_audiences CHECK ((cardinality(audiences) > 0)),
    CONSTRAINT agreement_bounded_below CHECK (((NOT isempty(during)) AND (lower(during) IS NOT NULL))),
    CONSTRAINT agreement_decided CHECK (((state = 'requested'::text) = (decided_at IS NULL))),
    CONSTRAINT agreement_ended CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((agreed_last_day IS NULL) OR (ended_at IS NOT NULL)))),
    CONSTRAINT agreement_id_carries_number CHECK (((centre_id = 0) OR (plateau.centre_of(id) = centre_id))),
    CONSTRAINT agreement_membership_has_no_terms CHECK (((centre_id <> 0) OR ((audiences IS NULL) AND (platforms IS NULL) AND (NOT allows_production) AND (allowance_hours IS NULL)))),
    CONSTRAINT agreement_platforms CHECK ((cardinality(platforms) > 0)),
    CONSTRAINT agreement_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text]))),
    CONSTRAINT agreement_two_people CHECK (((state <> 'approved'::text) OR ((decided_by IS DISTINCT FROM requested_by) AND ((decided_by IS NOT NULL) OR (centre_id = 0))))),
    CONSTRAINT agreement_years CHECK (((lower(during) >= '1900-01-01'::date) AND (COALESCE(upper(during), '1900-01-01'::date) <= '3000-01-01'::date)))
);
ALTER TABLE ONLY access.agreement FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE access.agreement IS 'Between an organisation and a centre; with centre 0, the network, it is the membership. during: the days on which it holds, half-open.';
COMMENT ON COLUMN access.agreement.audiences IS 'The audiences with which the organisation comes; null: those of the recognition file.';
COMMENT ON COLUMN access.agreement.platforms IS 'The platforms that it is about, their equipment included; null: whatever the centre shares.';
COMMENT ON COLUMN access.agreement.decided_by IS 'Null for a membership that the network granted without being asked.';
COMMENT ON COLUMN access.agreement.agreed_last_day IS 'The last day as it was agreed, where it ended before; null: no last day had been agreed.';
ALTER TABLE ONLY access.agreement ADD CONSTRAINT agreement_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY access.agreement ADD CONSTRAINT membership_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&) WHERE (((centre_id = 0) AND (state = 'approved'::text)));
CREATE INDEX agreement_by_end ON access.agreement USING btree (upper(during)) WHERE ((state = 'approved'::text) AND (warned_at IS NULL) AND (ended_at IS NULL));
CREATE INDEX agreement_by_organisation ON access.agreement USING btree (organisation_id, centre_id, id);
ALTER TABLE ONLY access.agreement ADD CONSTRAINT agreement_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
ALTER TABLE ONLY access.agreement ADD CONSTRAINT agreement_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE ONLY access.agreement ADD CONSTRAINT agreement_renews FOREIGN KEY (centre_id, renews) REFERENCES access.agreement(centre_id, id);
ALTER TABLE access.agreement ENABLE ROW LEVEL SECURITY;
CREATE POLICY agreement_actor ON access.agreement FOR SELECT TO plateau_app USING (((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY agreement_functions ON access.agreement TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE access.agreement TO plateau_functions;
GRANT SELECT ON TABLE access.agreement TO plateau_app;

CREATE TABLE access.api_key (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    label text NOT NULL,
    prefix text NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT api_key_digest_length CHECK ((length(digest) = 32)),
    CONSTRAINT api_key_label_present CHECK (((length(btrim(label)) >= 1) AND (length(btrim(label)) <= 100)))
);
ALTER TABLE ONLY access.api_key FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN access.api_key.digest IS 'HMAC-SHA256 of the key under the server''s pepper. The key itself is shown once and never stored.';
ALTER TABLE ONLY access.api_key ADD CONSTRAINT api_key_digest_once UNIQUE (digest);
ALTER TABLE ONLY access.api_key ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);
CREATE INDEX api_key_by_organisation ON access.api_key USING btree (organisation_id, id);
CREATE TRIGGER api_key_announced AFTER DELETE OR UPDATE OR TRUNCATE ON access.api_key FOR EACH STATEMENT EXECUTE FUNCTION access.announce_keys();
ALTER TABLE ONLY access.api_key ADD CONSTRAINT api_key_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE access.api_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_key_actor ON access.api_key FOR SELECT TO plateau_app USING (((organisation_id = plateau.actor_organisation()) OR plateau.actor_is_network()));
CREATE POLICY api_key_functions ON access.api_key TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE access.api_key TO plateau_functions;
GRANT SELECT (organisation_id, id, label, prefix, created_at, created_by, expires_at, revoked_at, version) ON TABLE access.api_key TO plateau_app;

CREATE TABLE access.api_key_role (
    key_id uuid NOT NULL,
    role text NOT NULL,
    centre_id smallint,
    CONSTRAINT api_key_role_known CHECK ((role = ANY (ARRAY['member'::text, 'booker'::text, 'organisationAdmin'::text, 'instructor'::text, 'centreStaff'::text, 'centreManager'::text, 'networkAuditor'::text, 'networkManager'::text, 'labelAuthority'::text]))),
    CONSTRAINT api_key_role_scope CHECK (((role = ANY (ARRAY['instructor'::text, 'centreStaff'::text, 'centreManager'::text])) = (centre_id IS NOT NULL)))
);
ALTER TABLE ONLY access.api_key_role FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY access.api_key_role ADD CONSTRAINT api_key_role_once UNIQUE NULLS NOT DISTINCT (key_id, role, centre_id);
CREATE TRIGGER api_key_role_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON access.api_key_role FOR EACH STATEMENT EXECUTE FUNCTION access.announce_keys();
ALTER TABLE ONLY access.api_key_role ADD CONSTRAINT api_key_role_key FOREIGN KEY (key_id) REFERENCES access.api_key(id);
ALTER TABLE access.api_key_role ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_key_role_actor ON access.api_key_role FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM access.api_key k
  WHERE (k.id = api_key_role.key_id))));
CREATE POLICY api_key_role_functions ON access.api_key_role TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE access.api_key_role TO plateau_functions;
GRANT SELECT ON TABLE access.api_key_role TO plateau_app;

CREATE TABLE access.idempotency (
    organisation_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    subject_id uuid,
    status smallint,
    body bytea,
    etag text,
    location text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_hash_length CHECK ((length(request_hash) = 32)),
    CONSTRAINT idempotency_key_length CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);
ALTER TABLE ONLY access.idempotency FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE access.idempotency IS 'One row for each acknowledged effect, in its transaction: a refused or failed attempt leaves none. Kept 7 days.';
ALTER TABLE ONLY access.idempotency ADD CONSTRAINT idempotency_pkey PRIMARY KEY (organisation_id, key);
CREATE INDEX idempotency_by_age ON access.idempotency USING btree (created_at);
ALTER TABLE access.idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_functions ON access.idempotency TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE access.idempotency TO plateau_functions;

CREATE TABLE access.organisation (
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    enterprise_number text NOT NULL,
    establishment_number text,
    centre_id smallint,
    is_fictional boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    has_quota boolean DEFAULT false NOT NULL,
    CONSTRAINT organisation_centre_for_centres CHECK (((kind = ANY (ARRAY['centre'::text, 'network'::text])) = (centre_id IS NOT NULL))),
    CONSTRAINT organisation_enterprise_number_valid CHECK (access.is_enterprise_number(enterprise_number)),
    CONSTRAINT organisation_establishment_number_valid CHECK (access.is_establishment_number(establishment_number)),
    CONSTRAINT organisation_kind_known CHECK ((kind = ANY (ARRAY['trainingOrganisation'::text, 'company'::text, 'school'::text, 'centre'::text, 'network'::text]))),
    CONSTRAINT organisation_name_present CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200)))
);
ALTER TABLE ONLY access.organisation FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE access.organisation IS 'Who books. Small, shared by every centre. A carrier runs many centres, so enterprise numbers repeat.';
COMMENT ON COLUMN access.organisation.has_quota IS 'Whether bookings.quota has a row for it: asked by each booking, so it stands here.';
ALTER TABLE ONLY access.organisation ADD CONSTRAINT organisation_one_for_each_centre UNIQUE (centre_id);
ALTER TABLE ONLY access.organisation ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);
CREATE TRIGGER organisation_stays BEFORE DELETE OR UPDATE OF id OR TRUNCATE ON access.organisation FOR EACH STATEMENT EXECUTE FUNCTION plateau.refuse_removal();
ALTER TABLE access.organisation ENABLE ROW LEVEL SECURITY;
CREATE POLICY organisation_actor ON access.organisation FOR SELECT TO plateau_app USING (((id = plateau.actor_organisation()) OR plateau.actor_is_network()));
CREATE POLICY organisation_functions ON access.organisation TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE access.organisation TO plateau_functions;
GRANT SELECT ON TABLE access.organisation TO plateau_app;
GRANT UPDATE (has_quota) ON TABLE access.organisation TO plateau_functions;

CREATE TABLE access.session (
    id uuid NOT NULL,
    key_id uuid NOT NULL,
    token_digest bytea NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    idle_until timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT session_bounded CHECK (((idle_until <= ends_at) AND (ends_at <= (begun_at + '31 days'::interval)))),
    CONSTRAINT session_token_length CHECK ((length(token_digest) = 32))
);
ALTER TABLE ONLY access.session FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE access.session IS 'A browser that somebody signed in with. It acts as the key with which it was begun, for as long as that key is good.';
COMMENT ON COLUMN access.session.token_digest IS 'HMAC-SHA256 of the cookie''s token under the server''s pepper. The token itself is never stored.';
COMMENT ON COLUMN access.session.idle_until IS 'When it ends unless it is used before; never after ends_at.';
ALTER TABLE ONLY access.session ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY access.session ADD CONSTRAINT session_token_once UNIQUE (token_digest);
CREATE INDEX session_by_key ON access.session USING btree (key_id, ends_at);
ALTER TABLE ONLY access.session ADD CONSTRAINT session_key FOREIGN KEY (key_id) REFERENCES access.api_key(id);
ALTER TABLE access.session ENABLE ROW LEVEL SECURITY;
CREATE POLICY session_functions ON access.session TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE access.session TO plateau_functions;

CREATE VIEW access.membership WITH (security_invoker='true') AS
 SELECT a.organisation_id,
    a.id,
    a.during,
    COALESCE(a.decided_at, a.requested_at) AS recorded_at,
    COALESCE(a.decided_by, a.requested_by) AS recorded_by
   FROM access.agreement a
  WHERE ((a.centre_id = 0) AND (a.state = 'approved'::text));
COMMENT ON VIEW access.membership IS 'Membership of the network, by days, half-open: the approved agreements with centre 0.';
GRANT SELECT ON TABLE access.membership TO plateau_app, plateau_functions;

CREATE FUNCTION access.actor_of(p_key uuid) RETURNS SETOF access.actor
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return query
    select k.id, o.id, o.kind, o.centre_id,
           coalesce(array_agg(r.role order by r.role, r.centre_id) filter (where r.role is not null), '{}'),
           coalesce(array_agg(coalesce(r.centre_id, -1::smallint) order by r.role, r.centre_id) filter (where r.role is not null), '{}'),
           k.expires_at
    from access.api_key k
    join access.organisation o on o.id = k.organisation_id
    left join access.api_key_role r on r.key_id = k.id
    where k.id = p_key
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > plateau.clock())
    group by k.id, o.id;
end
$$;
ALTER FUNCTION access.actor_of(p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.actor_of(p_key uuid) IS 'Whose a key is, with its roles. No row: unknown, revoked or expired.';
REVOKE ALL ON FUNCTION access.actor_of(p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.actor_of(p_key uuid) TO plateau_app;

CREATE FUNCTION access.agreed(p_organisation uuid, p_centre_id smallint, p_resource uuid, p_days daterange, p_audiences text[], p_head_counts integer[]) RETURNS access.agreement_verdict
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_verdict access.agreement_verdict;
    v_best access.agreement;
    v_covers boolean;
    v_missing text[];
    v_during daterange;
begin
    select r.during into v_during
    from (select unnest(range_agg(a.during)) as during from access.agreement a
          where a.organisation_id = p_organisation and a.centre_id = p_centre_id and a.state = 'approved'
            and access.covers(a.platforms, p_resource)
            and (a.audiences is null or access.heads_outside(a.audiences, p_audiences, p_head_counts) is null)) r
    where r.during @> p_days;
    -- The agreement that comes nearest: the one to name, or the one to say what it lacks.
    select a.* into v_best from access.agreement a
    where a.organisation_id = p_organisation and a.centre_id = p_centre_id and a.state = 'approved'
    order by a.during && p_days desc, access.covers(a.platforms, p_resource) desc,
             coalesce(cardinality(access.heads_outside(a.audiences, p_audiences, p_head_counts)), 0), upper(a.during) desc nulls first
    limit 1;
    if v_best.id is null then
        return null;
    end if;
    v_covers := access.covers(v_best.platforms, p_resource);
    v_missing := access.heads_outside(v_best.audiences, p_audiences, p_head_counts);
    v_verdict.code := case when v_during is not null then 'agreementWithCentre'
                           when not v_best.during @> p_days then 'agreementOutsidePeriod'
                           when not v_covers then 'agreementNotForResource' else 'agreementNotForAudience' end;
    v_verdict.facts := jsonb_strip_nulls(jsonb_build_object(
        'agreementId', v_best.id, 'from', lower(coalesce(v_during, v_best.during)), 'to', upper(coalesce(v_during, v_best.during)) - 1,
        'slotFirstDay', lower(p_days), 'slotLastDay', upper(p_days) - 1,
        'missing', case v_verdict.code when 'agreementNotForAudience' then to_jsonb(v_missing) end,
        'agreed', case v_verdict.code when 'agreementNotForAudience' then to_jsonb(v_best.audiences) end));
    return v_verdict;
end
$$;
COMMENT ON FUNCTION access.agreed(p_organisation uuid, p_centre_id smallint, p_resource uuid, p_days daterange, p_audiences text[], p_head_counts integer[]) IS 'What agreements with a centre give an organisation for a resource on some days. code: agreementWithCentre, or agreementOutsidePeriod, agreementNotForResource, agreementNotForAudience; null without any agreement.';
REVOKE ALL ON FUNCTION access.agreed(p_organisation uuid, p_centre_id smallint, p_resource uuid, p_days daterange, p_audiences text[], p_head_counts integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION access.agreed(p_organisation uuid, p_centre_id smallint, p_resource uuid, p_days daterange, p_audiences text[], p_head_counts integer[]) TO plateau_functions;

CREATE FUNCTION access.announce_keys() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    -- Keys and their roles change seldom. Nothing that a booking writes may notify: commits that do wait for one another.
    perform pg_notify('plateau_keys', '');
    return null;
end
$$;
COMMENT ON FUNCTION access.announce_keys() IS 'Tells every server that keys have changed, once the change is committed: what they remember of keys is void.';
REVOKE ALL ON FUNCTION access.announce_keys() FROM PUBLIC;
GRANT ALL ON FUNCTION access.announce_keys() TO plateau_app, plateau_functions;

CREATE FUNCTION access.authenticate(p_digest bytea) RETURNS SETOF access.actor
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return query
    select k.id, o.id, o.kind, o.centre_id,
           coalesce(array_agg(r.role order by r.role, r.centre_id) filter (where r.role is not null), '{}'),
           coalesce(array_agg(coalesce(r.centre_id, -1::smallint) order by r.role, r.centre_id) filter (where r.role is not null), '{}'),
           k.expires_at
    from access.api_key k
    join access.organisation o on o.id = k.organisation_id
    left join access.api_key_role r on r.key_id = k.id
    where k.digest = p_digest
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > plateau.clock())
    group by k.id, o.id;
end
$$;
ALTER FUNCTION access.authenticate(p_digest bytea) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.authenticate(p_digest bytea) IS 'Who presents a key, with roles (role_centres is parallel to roles; -1: not tied to a centre). No row: unknown, revoked or expired.';
REVOKE ALL ON FUNCTION access.authenticate(p_digest bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION access.authenticate(p_digest bytea) TO plateau_app;

CREATE FUNCTION access.begin_session(p_id uuid, p_key_digest bytea, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_key uuid;
    v_now timestamptz := plateau.clock();
    v_end timestamptz := v_now + make_interval(mins => p_longest_minutes);
begin
    select a.key_id into v_key from access.authenticate(p_key_digest) a;
    if v_key is null then return false; end if;
    delete from access.session s where s.key_id = v_key and s.ends_at < v_now - interval '30 days';
    insert into access.session (id, key_id, token_digest, begun_at, last_seen_at, idle_until, ends_at)
    values (p_id, v_key, p_token_digest, v_now, v_now, least(v_end, v_now + make_interval(mins => p_idle_minutes)), v_end);
    return true;
end
$$;
ALTER FUNCTION access.begin_session(p_id uuid, p_key_digest bytea, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.begin_session(p_id uuid, p_key_digest bytea, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer) IS 'Whether the key was good: then its holder is signed in under the token.';
REVOKE ALL ON FUNCTION access.begin_session(p_id uuid, p_key_digest bytea, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION access.begin_session(p_id uuid, p_key_digest bytea, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer) TO plateau_app;

CREATE FUNCTION access.claim_idempotency(p_organisation uuid, p_key text, p_request_hash bytea) RETURNS TABLE(outcome text, status smallint, body bytea, etag text, location text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_row access.idempotency;
begin
    if not pg_try_advisory_xact_lock(hashtextextended(p_organisation::text || p_key, 77)) then
        return query select 'inFlight', null::smallint, null::bytea, null::text, null::text;
        return;
    end if;
    select * into v_row from access.idempotency i
    where i.organisation_id = p_organisation and i.key = p_key and i.created_at > plateau.clock() - interval '7 days';
    if not found then
        return query select 'claimed', null::smallint, null::bytea, null::text, null::text;
    elsif v_row.request_hash <> p_request_hash then
        return query select 'reused', null::smallint, null::bytea, null::text, null::text;
    else
        return query select 'replayed', v_row.status, v_row.body, v_row.etag, v_row.location;
    end if;
end
$$;
ALTER FUNCTION access.claim_idempotency(p_organisation uuid, p_key text, p_request_hash bytea) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.claim_idempotency(p_organisation uuid, p_key text, p_request_hash bytea) IS 'claimed, replayed (with the answer kept), reused (same key, another request) or inFlight. A try-lock: a duplicate never waits.';
REVOKE ALL ON FUNCTION access.claim_idempotency(p_organisation uuid, p_key text, p_request_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION access.claim_idempotency(p_organisation uuid, p_key text, p_request_hash bytea) TO plateau_app;

CREATE FUNCTION access.covers(p_platforms uuid[], p_resource uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return p_platforms is null or p_resource = any (p_platforms) or coalesce((
        select a.platform_id = any (p_platforms) or r.ancestors && p_platforms
        from platforms.resource r
        left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
        where r.centre_id = plateau.centre_of(p_resource) and r.id = p_resource), false);
end
$$;
COMMENT ON FUNCTION access.covers(p_platforms uuid[], p_resource uuid) IS 'Whether an agreement about these platforms is about a resource: one of them, a part of one, or equipment on one.';
REVOKE ALL ON FUNCTION access.covers(p_platforms uuid[], p_resource uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.covers(p_platforms uuid[], p_resource uuid) TO plateau_functions;

CREATE FUNCTION access.create_api_key(p_organisation uuid, p_id uuid, p_label text, p_prefix text, p_digest bytea, p_expires_at timestamp with time zone, p_roles text[], p_role_centres smallint[], p_by uuid) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
begin
    insert into access.api_key (organisation_id, id, label, prefix, digest, created_at, created_by, expires_at)
    values (p_organisation, p_id, p_label, p_prefix, p_digest, v_now, p_by, p_expires_at);
    insert into access.api_key_role (key_id, role, centre_id)
    select p_id, r.role, nullif(r.centre_id, -1::smallint)
    from unnest(p_roles, p_role_centres) as r (role, centre_id);
    return v_now;
end
$$;
ALTER FUNCTION access.create_api_key(p_organisation uuid, p_id uuid, p_label text, p_prefix text, p_digest bytea, p_expires_at timestamp with time zone, p_roles text[], p_role_centres smallint[], p_by uuid) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION access.create_api_key(p_organisation uuid, p_id uuid, p_label text, p_prefix text, p_digest bytea, p_expires_at timestamp with time zone, p_roles text[], p_role_centres smallint[], p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.create_api_key(p_organisation uuid, p_id uuid, p_label text, p_prefix text, p_digest bytea, p_expires_at timestamp with time zone, p_roles text[], p_role_centres smallint[], p_by uuid) TO plateau_app;

CREATE FUNCTION access.create_organisation(p_id uuid, p_kind text, p_name text, p_enterprise_number text, p_establishment_number text, p_centre_id smallint, p_is_fictional boolean) RETURNS SETOF access.organisation
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into access.organisation (id, kind, name, enterprise_number, establishment_number, centre_id, is_fictional, created_at)
    values (p_id, p_kind, p_name, p_enterprise_number, p_establishment_number, p_centre_id, p_is_fictional, plateau.clock())
    returning *
$$;
ALTER FUNCTION access.create_organisation(p_id uuid, p_kind text, p_name text, p_enterprise_number text, p_establishment_number text, p_centre_id smallint, p_is_fictional boolean) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION access.create_organisation(p_id uuid, p_kind text, p_name text, p_enterprise_number text, p_establishment_number text, p_centre_id smallint, p_is_fictional boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION access.create_organisation(p_id uuid, p_kind text, p_name text, p_enterprise_number text, p_establishment_number text, p_centre_id smallint, p_is_fictional boolean) TO plateau_app;

CREATE FUNCTION access.decide_agreement(p_centre_id smallint, p_id uuid, p_approves boolean, p_note text, p_by uuid) RETURNS TABLE(outcome text, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_agreement access.agreement;
    v_standing text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_standing := access.standing_of(v_agreement, p_by);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing <> 'runs' then 'forbidden'
                    when v_agreement.state <> 'requested' then 'alreadyDecided'
                    when p_approves and access.same_person(v_agreement.requested_by, p_by) then 'samePerson'
                    when p_approves then 'approved' else 'rejected' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome in ('approved', 'rejected') then
        update access.agreement a
        set state = outcome, decided_at = v_now, decided_by = p_by, decision_note = p_note, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, outcome, v_now);
        state := outcome;
    end if;
    return next;
end
$$;
ALTER FUNCTION access.decide_agreement(p_centre_id smallint, p_id uuid, p_approves boolean, p_note text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.decide_agreement(p_centre_id smallint, p_id uuid, p_approves boolean, p_note text, p_by uuid) IS 'Approves or rejects what was asked for. outcome: approved, rejected, notFound, forbidden, samePerson, alreadyDecided (state says what it is). Raises membership_no_overlap.';
REVOKE ALL ON FUNCTION access.decide_agreement(p_centre_id smallint, p_id uuid, p_approves boolean, p_note text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.decide_agreement(p_centre_id smallint, p_id uuid, p_approves boolean, p_note text, p_by uuid) TO plateau_app;

CREATE FUNCTION access.end_agreement(p_centre_id smallint, p_id uuid, p_last_day date, p_reason text, p_by uuid) RETURNS TABLE(outcome text, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_agreement access.agreement;
    v_standing text;
    v_now timestamptz := plateau.clock();
    v_today date;
    v_end date;
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_standing := access.standing_of(v_agreement, p_by);
    select plateau.local_day(v_now, c.zone) into v_today from centres.centre c where c.centre_id = p_centre_id;
    v_end := coalesce(p_last_day + 1, v_today);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing = 'forbidden' then 'forbidden'
                    when v_agreement.state <> 'approved' or upper(v_agreement.during) <= v_today then 'notInForce'
                    when v_end < v_today then 'lastDayPassed'
                    when v_end >= upper(v_agreement.during) then 'lastDayTooLate'
                    else 'ended' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome = 'ended' then
        update access.agreement a
        set state = case when v_end <= lower(a.during) then 'withdrawn' else a.state end,
            during = case when v_end <= lower(a.during) then a.during else daterange(lower(a.during), v_end) end,
            agreed_last_day = upper(a.during) - 1, ended_at = v_now, ended_by = p_by, end_reason = p_reason, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, 'ended', v_now);
        state := v_agreement.state;
    end if;
    return next;
end
$$;
ALTER FUNCTION access.end_agreement(p_centre_id smallint, p_id uuid, p_last_day date, p_reason text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.end_agreement(p_centre_id smallint, p_id uuid, p_last_day date, p_reason text, p_by uuid) IS 'Ends a membership or an agreement before its time: after a last day, or at once (yesterday was the last one); one that has not begun is withdrawn. Either side may. outcome: ended, notFound, forbidden, notInForce, lastDayPassed, lastDayTooLate.';
REVOKE ALL ON FUNCTION access.end_agreement(p_centre_id smallint, p_id uuid, p_last_day date, p_reason text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.end_agreement(p_centre_id smallint, p_id uuid, p_last_day date, p_reason text, p_by uuid) TO plateau_app;

CREATE FUNCTION access.end_session(p_token_digest bytea) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with ended as (
        update access.session set ended_at = plateau.clock() where token_digest = p_token_digest and ended_at is null returning 1
    )
    select exists (select from ended)
$$;
ALTER FUNCTION access.end_session(p_token_digest bytea) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION access.end_session(p_token_digest bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION access.end_session(p_token_digest bytea) TO plateau_app;

CREATE FUNCTION access.end_sessions(p_key uuid) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with ended as (
        update access.session set ended_at = plateau.clock() where key_id = p_key and ended_at is null returning 1
    )
    select count(*) from ended
$$;
ALTER FUNCTION access.end_sessions(p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.end_sessions(p_key uuid) IS 'Signs the holder of a key out everywhere.';
REVOKE ALL ON FUNCTION access.end_sessions(p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.end_sessions(p_key uuid) TO plateau_app;

CREATE FUNCTION access.forget_old_answers() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with gone as (
        delete from access.idempotency where created_at < plateau.clock() - interval '7 days' returning 1
    )
    select count(*) from gone
$$;
ALTER FUNCTION access.forget_old_answers() OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION access.forget_old_answers() FROM PUBLIC;
GRANT ALL ON FUNCTION access.forget_old_answers() TO plateau_app;

CREATE FUNCTION access.grant_membership(p_organisation uuid, p_id uuid, p_from date, p_to date, p_by uuid) RETURNS SETOF access.membership
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_agreement access.agreement;
    v_now timestamptz := plateau.clock();
begin
    insert into access.agreement (centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at)
    values (0, p_id, p_organisation, daterange(p_from, p_to, '[]'), 'approved', v_now, p_by, v_now)
    returning * into v_agreement;
    perform access.tell(v_agreement, 'granted', v_now);
    return query select m.* from access.membership m where m.organisation_id = p_organisation and m.id = p_id;
end
$$;
ALTER FUNCTION access.grant_membership(p_organisation uuid, p_id uuid, p_from date, p_to date, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.grant_membership(p_organisation uuid, p_id uuid, p_from date, p_to date, p_by uuid) IS 'Grants a membership that nobody asked for.';
REVOKE ALL ON FUNCTION access.grant_membership(p_organisation uuid, p_id uuid, p_from date, p_to date, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.grant_membership(p_organisation uuid, p_id uuid, p_from date, p_to date, p_by uuid) TO plateau_app;

CREATE FUNCTION access.has_role(p_key uuid, p_roles text[], p_centre smallint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role = any (p_roles) and (r.centre_id is null or r.centre_id = p_centre));
end
$$;
REVOKE ALL ON FUNCTION access.has_role(p_key uuid, p_roles text[], p_centre smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION access.has_role(p_key uuid, p_roles text[], p_centre smallint) TO plateau_app, plateau_functions;

CREATE FUNCTION access.heads_outside(p_agreed text[], p_audiences text[], p_head_counts integer[]) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    if p_agreed is null then
        return null;
    end if;
    return (select array_agg(a.code order by a.code) from unnest(p_audiences, p_head_counts) as a (code, head_count)
            where a.head_count > 0 and a.code <> all (p_agreed));
end
$$;
COMMENT ON FUNCTION access.heads_outside(p_agreed text[], p_audiences text[], p_head_counts integer[]) IS 'The audiences with heads that are not in a list; null: none, or no list.';
REVOKE ALL ON FUNCTION access.heads_outside(p_agreed text[], p_audiences text[], p_head_counts integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION access.heads_outside(p_agreed text[], p_audiences text[], p_head_counts integer[]) TO plateau_functions;

CREATE FUNCTION access.is_enterprise_number(p_number text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (p_number !~ '^[01][0-9]{9}$'::text) THEN false ELSE (("right"(p_number, 2))::integer = (97 - (("left"(p_number, 8))::integer % 97))) END;
COMMENT ON FUNCTION access.is_enterprise_number(p_number text) IS 'Belgian enterprise number (BCE): ten digits, first 0 or 1, last two = 97 - (first eight mod 97), in 01..97.';
REVOKE ALL ON FUNCTION access.is_enterprise_number(p_number text) FROM PUBLIC;
GRANT ALL ON FUNCTION access.is_enterprise_number(p_number text) TO plateau_app, plateau_functions;

CREATE FUNCTION access.is_establishment_number(p_number text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (p_number !~ '^[2-8][0-9]{9}$'::text) THEN false ELSE (("right"(p_number, 2))::integer = (97 - (("left"(p_number, 8))::integer % 97))) END;
REVOKE ALL ON FUNCTION access.is_establishment_number(p_number text) FROM PUBLIC;
GRANT ALL ON FUNCTION access.is_establishment_number(p_number text) TO plateau_app, plateau_functions;

CREATE FUNCTION access.keep_answer(p_organisation uuid, p_key text, p_request_hash bytea, p_status smallint, p_body bytea, p_etag text, p_location text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into access.idempotency (organisation_id, key, request_hash, status, body, etag, location, created_at)
    values (p_organisation, p_key, p_request_hash, p_status, p_body, p_etag, p_location, plateau.clock())
    on conflict (organisation_id, key) do update
        set request_hash = excluded.request_hash, status = excluded.status, body = excluded.body, etag = excluded.etag,
            location = excluded.location, subject_id = null, created_at = excluded.created_at
        where access.idempotency.created_at <= excluded.created_at - interval '7 days'
$$;
ALTER FUNCTION access.keep_answer(p_organisation uuid, p_key text, p_request_hash bytea, p_status smallint, p_body bytea, p_etag text, p_location text) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION access.keep_answer(p_organisation uuid, p_key text, p_request_hash bytea, p_status smallint, p_body bytea, p_etag text, p_location text) FROM PUBLIC;
GRANT ALL ON FUNCTION access.keep_answer(p_organisation uuid, p_key text, p_request_hash bytea, p_status smallint, p_body bytea, p_etag text, p_location text) TO plateau_app;

CREATE FUNCTION access.may_book_for(p_key uuid, p_organisation uuid, p_centres smallint[]) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from access.api_key k
        where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and (
              (k.organisation_id = p_organisation
               and exists (select from access.api_key_role r where r.key_id = k.id
                           and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager')))
              or not exists (
                  select from unnest(p_centres) as c (centre_id)
                  where not exists (select from access.api_key_role r where r.key_id = k.id
                                    and (r.role = 'networkManager'
                                         or r.role in ('centreStaff', 'centreManager') and r.centre_id = c.centre_id)))));
end
$$;
COMMENT ON FUNCTION access.may_book_for(p_key uuid, p_organisation uuid, p_centres smallint[]) IS 'A booker books for its own organisation; the staff of every centre concerned may book on behalf of any.';
REVOKE ALL ON FUNCTION access.may_book_for(p_key uuid, p_organisation uuid, p_centres smallint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION access.may_book_for(p_key uuid, p_organisation uuid, p_centres smallint[]) TO plateau_app, plateau_functions;

CREATE FUNCTION access.may_produce(p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_zones text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return not exists (
        select from unnest(p_resources, p_starts, p_ends, p_zones) as l (resource_id, starts, ends, zone)
        where l.zone is null or not coalesce((
            select range_agg(a.during) @> plateau.local_days(tstzrange(l.starts, l.ends), l.zone)
            from access.agreement a
            where a.organisation_id = p_organisation and a.centre_id = plateau.centre_of(l.resource_id) and a.centre_id <> 0
              and a.state = 'approved' and a.allows_production and access.covers(a.platforms, l.resource_id)), false));
end
$$;
COMMENT ON FUNCTION access.may_produce(p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_zones text[]) IS 'Whether agreements allow an organisation its own production on every line of a request.';
REVOKE ALL ON FUNCTION access.may_produce(p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_zones text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION access.may_produce(p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_zones text[]) TO plateau_functions;

CREATE FUNCTION access.name_of(p_organisation uuid) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return (select o.name from access.organisation o where o.id = p_organisation);
end
$$;
ALTER FUNCTION access.name_of(p_organisation uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.name_of(p_organisation uuid) IS 'The name of the other side of an agreement, for who may see the agreement.';
REVOKE ALL ON FUNCTION access.name_of(p_organisation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.name_of(p_organisation uuid) TO plateau_app;

CREATE FUNCTION access.request_agreement(p_centre_id smallint, p_id uuid, p_organisation uuid, p_from date, p_to date, p_audiences text[], p_platforms uuid[], p_allows_production boolean, p_tariff text, p_allowance_hours integer, p_renews uuid, p_note text, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_agreement access.agreement;
    v_now timestamptz := plateau.clock();
begin
    if not access.speaks_for(p_by, p_organisation) and not access.runs(p_by, p_centre_id) then
        return 'forbidden';
    elsif not exists (select from access.organisation o where o.id = p_organisation) then
        return 'organisationUnknown';
    elsif exists (select from access.organisation o where o.id = p_organisation and o.centre_id = p_centre_id) then
        return 'withItself';
    elsif exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        return 'audienceUnknown';
    elsif exists (
        select from unnest(p_platforms) p
        where not exists (select from platforms.platform r where r.centre_id = p_centre_id and r.id = p)) then
        return 'platformUnknown';
    elsif p_renews is not null and not exists (
        select from access.agreement a
        where a.centre_id = p_centre_id and a.id = p_renews and a.organisation_id = p_organisation and a.state = 'approved') then
        return 'renewsUnknown';
    end if;
    insert into access.agreement (
        centre_id, id, organisation_id, during, audiences, platforms, allows_production, tariff, allowance_hours, renews, note,
        requested_at, requested_by)
    values (p_centre_id, p_id, p_organisation, daterange(p_from, p_to, '[]'), p_audiences, p_platforms, p_allows_production, p_tariff,
            p_allowance_hours, p_renews, p_note, v_now, p_by)
    returning * into v_agreement;
    perform access.tell(v_agreement, 'requested', v_now);
    return 'requested';
end
$$;
ALTER FUNCTION access.request_agreement(p_centre_id smallint, p_id uuid, p_organisation uuid, p_from date, p_to date, p_audiences text[], p_platforms uuid[], p_allows_production boolean, p_tariff text, p_allowance_hours integer, p_renews uuid, p_note text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.request_agreement(p_centre_id smallint, p_id uuid, p_organisation uuid, p_from date, p_to date, p_audiences text[], p_platforms uuid[], p_allows_production boolean, p_tariff text, p_allowance_hours integer, p_renews uuid, p_note text, p_by uuid) IS 'Asks for a membership (centre 0) or an agreement, first and last day included. Nothing follows from it until another person approves. outcome: requested, forbidden, organisationUnknown, withItself, audienceUnknown, platformUnknown, renewsUnknown.';
REVOKE ALL ON FUNCTION access.request_agreement(p_centre_id smallint, p_id uuid, p_organisation uuid, p_from date, p_to date, p_audiences text[], p_platforms uuid[], p_allows_production boolean, p_tariff text, p_allowance_hours integer, p_renews uuid, p_note text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.request_agreement(p_centre_id smallint, p_id uuid, p_organisation uuid, p_from date, p_to date, p_audiences text[], p_platforms uuid[], p_allows_production boolean, p_tariff text, p_allowance_hours integer, p_renews uuid, p_note text, p_by uuid) TO plateau_app;

CREATE FUNCTION access.resume_session(p_token_digest bytea, p_idle_minutes integer) RETURNS SETOF access.actor
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_session access.session;
begin
    select * into v_session from access.session s
    where s.token_digest = p_token_digest and s.ended_at is null and s.idle_until > v_now;
    if not found then return; end if;
    -- Written once a minute at most: reading a page should not wait for a commit.
    if v_session.last_seen_at < v_now - interval '1 minute' then
        update access.session s
        set last_seen_at = v_now, idle_until = least(s.ends_at, v_now + make_interval(mins => p_idle_minutes))
        where s.id = v_session.id and s.ended_at is null;
    end if;
    return query
    select a.* from access.api_key k cross join lateral access.authenticate(k.digest) a where k.id = v_session.key_id;
end
$$;
ALTER FUNCTION access.resume_session(p_token_digest bytea, p_idle_minutes integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.resume_session(p_token_digest bytea, p_idle_minutes integer) IS 'Who is signed in under a token. No row: unknown, ended, too long idle, too old, or the key is not good any more.';
REVOKE ALL ON FUNCTION access.resume_session(p_token_digest bytea, p_idle_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION access.resume_session(p_token_digest bytea, p_idle_minutes integer) TO plateau_app;

CREATE FUNCTION access.revoke_api_key(p_organisation uuid, p_id uuid) RETURNS SETOF timestamp with time zone
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    update access.api_key set revoked_at = coalesce(revoked_at, plateau.clock()), version = version + 1
    where organisation_id = p_organisation and id = p_id
    returning revoked_at
$$;
ALTER FUNCTION access.revoke_api_key(p_organisation uuid, p_id uuid) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION access.revoke_api_key(p_organisation uuid, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.revoke_api_key(p_organisation uuid, p_id uuid) TO plateau_app;

CREATE FUNCTION access.runs(p_key uuid, p_centre_id smallint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return access.has_role(p_key, array['networkManager'], p_centre_id)
        or p_centre_id <> 0 and access.has_role(p_key, array['centreManager'], p_centre_id);
end
$$;
COMMENT ON FUNCTION access.runs(p_key uuid, p_centre_id smallint) IS 'Whether a key decides on agreements with a centre: its manager''s, or that of the network''s manager, who alone decides on memberships.';
REVOKE ALL ON FUNCTION access.runs(p_key uuid, p_centre_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION access.runs(p_key uuid, p_centre_id smallint) TO plateau_functions;

CREATE FUNCTION access.same_person(p_one uuid, p_other uuid) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    with recursive maker (start, id, created_by) as (
        select k.id, k.id, k.created_by from access.api_key k where k.id in (p_one, p_other)
        union
        select m.start, k.id, k.created_by from maker m join access.api_key k on k.id = m.created_by
    )
    select p_one = p_other
        or exists (select from maker a join maker b on b.id = a.id where a.start = p_one and b.start = p_other)
$$;
COMMENT ON FUNCTION access.same_person(p_one uuid, p_other uuid) IS 'Whether one person may hold both keys: whoever makes a key sees its secret, so keys that go back to one maker count as one person''s. Keys made on the server''s command line go back to nobody.';
REVOKE ALL ON FUNCTION access.same_person(p_one uuid, p_other uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.same_person(p_one uuid, p_other uuid) TO plateau_app, plateau_functions;

CREATE FUNCTION access.speaks_for(p_key uuid, p_organisation uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id and r.role = 'organisationAdmin'
        where k.id = p_key and k.organisation_id = p_organisation
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock()));
end
$$;
REVOKE ALL ON FUNCTION access.speaks_for(p_key uuid, p_organisation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.speaks_for(p_key uuid, p_organisation uuid) TO plateau_functions;

CREATE FUNCTION access.standing_of(p_agreement access.agreement, p_by uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return case when p_agreement.id is null then 'notFound'
                when access.runs(p_by, p_agreement.centre_id) then 'runs'
                when access.speaks_for(p_by, p_agreement.organisation_id) then 'speaks'
                when exists (select from access.api_key k where k.id = p_by and k.organisation_id = p_agreement.organisation_id)
                    or access.has_role(p_by, array['centreStaff', 'instructor'], p_agreement.centre_id)
                    or access.has_role(p_by, array['networkAuditor', 'labelAuthority'], p_agreement.centre_id) then 'forbidden'
                else 'notFound' end;
end
$$;
COMMENT ON FUNCTION access.standing_of(p_agreement access.agreement, p_by uuid) IS 'As what a key may change an agreement: runs (the centre), speaks (for the organisation), forbidden (it only reads), notFound.';
REVOKE ALL ON FUNCTION access.standing_of(p_agreement access.agreement, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.standing_of(p_agreement access.agreement, p_by uuid) TO plateau_functions;

CREATE FUNCTION access.state_on(p_agreement access.agreement, p_day date) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN ((p_agreement).state <> 'approved'::text) THEN (p_agreement).state WHEN (lower((p_agreement).during) > p_day) THEN 'upcoming'::text WHEN ((upper((p_agreement).during) IS NULL) OR (upper((p_agreement).during) > p_day)) THEN 'inForce'::text WHEN ((p_agreement).ended_at IS NOT NULL) THEN 'ended'::text ELSE 'expired'::text END;
COMMENT ON FUNCTION access.state_on(p_agreement access.agreement, p_day date) IS 'requested, rejected or withdrawn; of what was approved: upcoming, inForce, expired, or ended before its time.';
REVOKE ALL ON FUNCTION access.state_on(p_agreement access.agreement, p_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION access.state_on(p_agreement access.agreement, p_day date) TO plateau_app, plateau_functions;

CREATE FUNCTION access.tell(p_agreement access.agreement, p_what text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    -- Memberships are shown with their organisation, so it gets a new version.
    if p_agreement.centre_id = 0 then
        update access.organisation o set version = o.version + 1 where o.id = p_agreement.organisation_id;
    end if;
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    values (p_agreement.centre_id, case p_agreement.centre_id when 0 then 'membership.' else 'agreement.' end || p_what, p_agreement.id,
            p_agreement.organisation_id, p_agreement.version,
            jsonb_strip_nulls(jsonb_build_object('from', lower(p_agreement.during), 'to', upper(p_agreement.during) - 1)), p_now);
end
$$;
COMMENT ON FUNCTION access.tell(p_agreement access.agreement, p_what text, p_now timestamp with time zone) IS 'The event of what became of an agreement or a membership.';
REVOKE ALL ON FUNCTION access.tell(p_agreement access.agreement, p_what text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION access.tell(p_agreement access.agreement, p_what text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION access.warn_of_expiry(p_lead_days integer, p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_today date := plateau.local_day(v_now, 'UTC');
    v_agreement access.agreement;
    v_count integer := 0;
begin
    for v_agreement in
        select a.* from access.agreement a
        where a.state = 'approved' and a.warned_at is null and a.ended_at is null
          and upper(a.during) > v_today and upper(a.during) <= v_today + p_lead_days + 1
          and not exists (
              select from access.agreement n
              where n.organisation_id = a.organisation_id and n.centre_id = a.centre_id and n.state = 'approved'
                and n.during @> upper(a.during))
        order by upper(a.during) limit p_limit for update skip locked
    loop
        update access.agreement a set warned_at = v_now where a.centre_id = v_agreement.centre_id and a.id = v_agreement.id;
        perform access.tell(v_agreement, 'expiring', v_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
ALTER FUNCTION access.warn_of_expiry(p_lead_days integer, p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.warn_of_expiry(p_lead_days integer, p_limit integer) IS 'Tells once, so many days before, that a membership or an agreement ends and nothing follows it. How many were told of.';
REVOKE ALL ON FUNCTION access.warn_of_expiry(p_lead_days integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION access.warn_of_expiry(p_lead_days integer, p_limit integer) TO plateau_app;

CREATE FUNCTION access.withdraw_agreement(p_centre_id smallint, p_id uuid, p_by uuid) RETURNS TABLE(outcome text, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_agreement access.agreement;
    v_standing text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_standing := access.standing_of(v_agreement, p_by);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing = 'forbidden' or v_standing = 'runs' and exists (
                        select from access.api_key k
                        where k.id = v_agreement.requested_by and k.organisation_id = v_agreement.organisation_id) then 'forbidden'
                    when v_agreement.state <> 'requested' then 'alreadyDecided' else 'withdrawn' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome = 'withdrawn' then
        update access.agreement a set state = 'withdrawn', decided_at = v_now, decided_by = p_by, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, 'withdrawn', v_now);
        state := 'withdrawn';
    end if;
    return next;
end
$$;
ALTER FUNCTION access.withdraw_agreement(p_centre_id smallint, p_id uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION access.withdraw_agreement(p_centre_id smallint, p_id uuid, p_by uuid) IS 'Takes a request back: the organisation, and the centre where it asked in the organisation''s name. outcome: withdrawn, notFound, forbidden, alreadyDecided.';
REVOKE ALL ON FUNCTION access.withdraw_agreement(p_centre_id smallint, p_id uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION access.withdraw_agreement(p_centre_id smallint, p_id uuid, p_by uuid) TO plateau_app;


-- centres =================================================================================================================================

CREATE SCHEMA centres;
COMMENT ON SCHEMA centres IS 'Centres, sites, opening calendars, holidays.';
GRANT USAGE ON SCHEMA centres TO plateau_app, plateau_functions, plateau_readonly;

CREATE TABLE centres.calendar (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    site_id uuid NOT NULL,
    parent_id uuid,
    CONSTRAINT calendar_of_a_site_is_the_top CHECK (((id = site_id) = (parent_id IS NULL)))
);
COMMENT ON TABLE centres.calendar IS 'Whose hours are kept: a site (with its id) or a resource (with its id) that has hours of its own. A day that a calendar says nothing about is its parent''s.';
ALTER TABLE ONLY centres.calendar ADD CONSTRAINT calendar_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX calendar_by_site ON centres.calendar USING btree (centre_id, site_id);
ALTER TABLE ONLY centres.calendar ADD CONSTRAINT calendar_parent FOREIGN KEY (centre_id, parent_id) REFERENCES centres.calendar(centre_id, id);
ALTER TABLE ONLY centres.calendar ADD CONSTRAINT calendar_site FOREIGN KEY (centre_id, site_id) REFERENCES centres.site(centre_id, id);
GRANT SELECT ON TABLE centres.calendar TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.calendar TO plateau_functions;

CREATE TABLE centres.centre (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    kind text DEFAULT 'centre'::text NOT NULL,
    zone text DEFAULT 'Europe/Brussels'::text NOT NULL,
    is_fictional boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT centre_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT centre_kind_known CHECK ((kind = ANY (ARRAY['centre'::text, 'network'::text]))),
    CONSTRAINT centre_network_is_zero CHECK (((kind = 'network'::text) = (centre_id = 0))),
    CONSTRAINT centre_number_range CHECK (((centre_id >= 0) AND (centre_id <= 32766)))
);
COMMENT ON TABLE centres.centre IS 'Stable identity of a centre. centre_id is its number; 0 is the network itself.';
ALTER TABLE ONLY centres.centre ADD CONSTRAINT centre_id_once UNIQUE (id);
ALTER TABLE ONLY centres.centre ADD CONSTRAINT centre_pkey PRIMARY KEY (centre_id);
GRANT SELECT ON TABLE centres.centre TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.centre TO plateau_functions;

CREATE TABLE centres.centre_carrier (
    centre_id smallint NOT NULL,
    during daterange NOT NULL,
    carrier text NOT NULL,
    CONSTRAINT centre_carrier_known CHECK ((carrier = ANY (ARRAY['asbl'::text, 'forem'::text, 'ifapme'::text])))
);
COMMENT ON TABLE centres.centre_carrier IS 'Who ran a centre by day; the network has none.';
ALTER TABLE ONLY centres.centre_carrier ADD CONSTRAINT centre_carrier_one_a_day EXCLUDE USING gist (centre_id WITH =, during WITH &&);
ALTER TABLE ONLY centres.centre_carrier ADD CONSTRAINT centre_carrier_pkey PRIMARY KEY (centre_id, during);
ALTER TABLE ONLY centres.centre_carrier ADD CONSTRAINT centre_carrier_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
GRANT SELECT ON TABLE centres.centre_carrier TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.centre_carrier TO plateau_functions;

CREATE TABLE centres.centre_name (
    centre_id smallint NOT NULL,
    during daterange NOT NULL,
    name text NOT NULL,
    CONSTRAINT centre_name_present CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200)))
);
ALTER TABLE ONLY centres.centre_name ADD CONSTRAINT centre_name_one_a_day EXCLUDE USING gist (centre_id WITH =, during WITH &&);
ALTER TABLE ONLY centres.centre_name ADD CONSTRAINT centre_name_pkey PRIMARY KEY (centre_id, during);
CREATE TRIGGER centre_name_is_searched AFTER INSERT OR UPDATE OF name, during ON centres.centre_name FOR EACH ROW EXECUTE FUNCTION platforms.note_searched();
ALTER TABLE ONLY centres.centre_name ADD CONSTRAINT centre_name_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
GRANT SELECT ON TABLE centres.centre_name TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.centre_name TO plateau_functions;

CREATE TABLE centres.closed_day (
    centre_id smallint NOT NULL,
    day date NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE centres.closed_day IS 'Days on which every site of a centre is closed: the public holidays that apply to it, its replacement days, closures. reason is a text key.';
ALTER TABLE ONLY centres.closed_day ADD CONSTRAINT closed_day_pkey PRIMARY KEY (centre_id, day);
ALTER TABLE ONLY centres.closed_day ADD CONSTRAINT closed_day_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
GRANT SELECT ON TABLE centres.closed_day TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.closed_day TO plateau_functions;

CREATE TABLE centres.former_open_hours (
    centre_id smallint NOT NULL,
    calendar_id uuid NOT NULL,
    day date NOT NULL,
    during tstzrange NOT NULL,
    known tstzrange NOT NULL
);
COMMENT ON TABLE centres.former_open_hours IS 'Open hours that a change replaced, and while they were what was known. Rows are only added.';
ALTER TABLE ONLY centres.former_open_hours ADD CONSTRAINT former_open_hours_pkey PRIMARY KEY (centre_id, calendar_id, day, during, known);
GRANT SELECT ON TABLE centres.former_open_hours TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT ON TABLE centres.former_open_hours TO plateau_functions;

CREATE TABLE centres.open_hours (
    centre_id smallint NOT NULL,
    calendar_id uuid NOT NULL,
    day date NOT NULL,
    during tstzrange NOT NULL,
    known_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT open_hours_not_empty CHECK ((NOT isempty(during)))
);
COMMENT ON TABLE centres.open_hours IS 'Compiled in Swift from weekly opening, exceptions and closed days: when a calendar is open, by local day, and since when that is known. What the guard and the reports test.';
ALTER TABLE ONLY centres.open_hours ADD CONSTRAINT open_hours_no_overlap EXCLUDE USING gist (centre_id WITH =, calendar_id WITH =, during WITH &&);
ALTER TABLE ONLY centres.open_hours ADD CONSTRAINT open_hours_pkey PRIMARY KEY (centre_id, calendar_id, day, during);
CREATE TRIGGER hours_counted AFTER INSERT OR DELETE ON centres.open_hours FOR EACH ROW EXECUTE FUNCTION utilisation.mark_hours();
ALTER TABLE ONLY centres.open_hours ADD CONSTRAINT open_hours_calendar FOREIGN KEY (centre_id, calendar_id) REFERENCES centres.calendar(centre_id, id);
GRANT SELECT ON TABLE centres.open_hours TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.open_hours TO plateau_functions;

CREATE TABLE centres.open_hours_horizon (
    centre_id smallint NOT NULL,
    calendar_id uuid NOT NULL,
    compiled daterange NOT NULL,
    compiled_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY centres.open_hours_horizon ADD CONSTRAINT open_hours_horizon_pkey PRIMARY KEY (centre_id, calendar_id);
ALTER TABLE ONLY centres.open_hours_horizon ADD CONSTRAINT open_hours_horizon_calendar FOREIGN KEY (centre_id, calendar_id) REFERENCES centres.calendar(centre_id, id);
GRANT SELECT ON TABLE centres.open_hours_horizon TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.open_hours_horizon TO plateau_functions;

CREATE TABLE centres.opening_exception (
    centre_id smallint NOT NULL,
    calendar_id uuid NOT NULL,
    day date NOT NULL,
    opens smallint[] NOT NULL,
    closes smallint[] NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT opening_exception_minutes CHECK (((0 <= ALL (opens)) AND (1440 >= ALL (closes)))),
    CONSTRAINT opening_exception_parallel CHECK ((cardinality(opens) = cardinality(closes))),
    CONSTRAINT opening_exception_reason_present CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 200)))
);
COMMENT ON TABLE centres.opening_exception IS 'The hours of one day in place of the usual ones (minutes after midnight; none: closed), and why. Stronger than a closed day.';
ALTER TABLE ONLY centres.opening_exception ADD CONSTRAINT opening_exception_pkey PRIMARY KEY (centre_id, calendar_id, day);
ALTER TABLE ONLY centres.opening_exception ADD CONSTRAINT opening_exception_calendar FOREIGN KEY (centre_id, calendar_id) REFERENCES centres.calendar(centre_id, id);
GRANT SELECT ON TABLE centres.opening_exception TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.opening_exception TO plateau_functions;

CREATE TABLE centres.own_opening (
    centre_id smallint NOT NULL,
    calendar_id uuid NOT NULL,
    during daterange NOT NULL
);
COMMENT ON TABLE centres.own_opening IS 'The days on which a resource has a weekly opening of its own, maybe an empty one; on others it follows what it stands in. A site always has its own.';
ALTER TABLE ONLY centres.own_opening ADD CONSTRAINT own_opening_no_overlap EXCLUDE USING gist (centre_id WITH =, calendar_id WITH =, during WITH &&);
ALTER TABLE ONLY centres.own_opening ADD CONSTRAINT own_opening_pkey PRIMARY KEY (centre_id, calendar_id, during);
ALTER TABLE ONLY centres.own_opening ADD CONSTRAINT own_opening_calendar FOREIGN KEY (centre_id, calendar_id) REFERENCES centres.calendar(centre_id, id);
GRANT SELECT ON TABLE centres.own_opening TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.own_opening TO plateau_functions;

CREATE TABLE centres.school_holiday (
    calendar text NOT NULL,
    during daterange NOT NULL,
    reason text NOT NULL,
    version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT school_holiday_calendar_is_code CHECK ((calendar ~ '^[a-z]{2}-[a-z]{2,10}$'::text)),
    CONSTRAINT school_holiday_reason_is_key CHECK ((reason ~ '^schoolHoliday\.[a-zA-Z]+$'::text))
);
COMMENT ON TABLE centres.school_holiday IS 'When the schools of a calendar are closed, by version: data beside the opening of the centres, which they do not decide. The newest version is in force.';
ALTER TABLE ONLY centres.school_holiday ADD CONSTRAINT school_holiday_pkey PRIMARY KEY (calendar, version, during);
GRANT SELECT ON TABLE centres.school_holiday TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT ON TABLE centres.school_holiday TO plateau_functions;

CREATE TABLE centres.site (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text DEFAULT 'fixed'::text NOT NULL,
    town text NOT NULL,
    zone text NOT NULL,
    latitude double precision,
    longitude double precision,
    created_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT site_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT site_kind_known CHECK ((kind = ANY (ARRAY['fixed'::text, 'mobile'::text, 'temporary'::text]))),
    CONSTRAINT site_latitude_range CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT site_longitude_range CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT site_name_present CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200)))
);
ALTER TABLE ONLY centres.site ADD CONSTRAINT site_pkey PRIMARY KEY (centre_id, id);
CREATE TRIGGER site_is_searched AFTER UPDATE OF name, town ON centres.site FOR EACH ROW EXECUTE FUNCTION platforms.note_searched();
ALTER TABLE ONLY centres.site ADD CONSTRAINT site_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
GRANT SELECT ON TABLE centres.site TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.site TO plateau_functions;

CREATE TABLE centres.succession (
    centre_id smallint NOT NULL,
    successor_id smallint NOT NULL,
    from_day date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    CONSTRAINT succession_not_of_the_network CHECK (((centre_id <> 0) AND (successor_id <> 0))),
    CONSTRAINT succession_of_another CHECK ((centre_id <> successor_id))
);
COMMENT ON TABLE centres.succession IS 'From a day on another centre stands in a centre''s place: a merger when it does so for several. A label does not pass on: the successor needs its own.';
ALTER TABLE ONLY centres.succession ADD CONSTRAINT succession_pkey PRIMARY KEY (centre_id);
CREATE INDEX succession_by_successor ON centres.succession USING btree (successor_id);
ALTER TABLE ONLY centres.succession ADD CONSTRAINT succession_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
ALTER TABLE ONLY centres.succession ADD CONSTRAINT succession_successor FOREIGN KEY (successor_id) REFERENCES centres.centre(centre_id);
GRANT SELECT ON TABLE centres.succession TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, UPDATE ON TABLE centres.succession TO plateau_functions;

CREATE TABLE centres.weekly_opening (
    centre_id smallint NOT NULL,
    calendar_id uuid NOT NULL,
    during daterange NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT weekly_opening_order CHECK ((opens < closes)),
    CONSTRAINT weekly_opening_weekday CHECK (((weekday >= 1) AND (weekday <= 7)))
);
COMMENT ON TABLE centres.weekly_opening IS 'The weekly opening that was in force by day (weekday 1 is Monday, closes may be 24:00). A change ends the old rows and adds new ones.';
ALTER TABLE ONLY centres.weekly_opening ADD CONSTRAINT weekly_opening_no_overlap EXCLUDE USING gist (centre_id WITH =, calendar_id WITH =, weekday WITH =, during WITH &&, int4range((((EXTRACT(hour FROM opens))::integer * 60) + (EXTRACT(minute FROM opens))::integer), (((EXTRACT(hour FROM closes))::integer * 60) + (EXTRACT(minute FROM closes))::integer)) WITH &&);
ALTER TABLE ONLY centres.weekly_opening ADD CONSTRAINT weekly_opening_pkey PRIMARY KEY (centre_id, calendar_id, during, weekday, opens);
ALTER TABLE ONLY centres.weekly_opening ADD CONSTRAINT weekly_opening_calendar FOREIGN KEY (centre_id, calendar_id) REFERENCES centres.calendar(centre_id, id);
GRANT SELECT ON TABLE centres.weekly_opening TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE centres.weekly_opening TO plateau_functions;

CREATE VIEW centres.named_centre WITH (security_invoker='true') AS
 SELECT c.centre_id,
    c.id,
    c.kind,
    k.carrier,
    c.zone,
    c.is_fictional,
    c.created_at,
    c.version,
    n.name
   FROM ((centres.centre c
     JOIN centres.centre_name n ON (((n.centre_id = c.centre_id) AND (n.during @> plateau.local_day(plateau.clock(), c.zone)))))
     LEFT JOIN centres.centre_carrier k ON (((k.centre_id = c.centre_id) AND (k.during @> plateau.local_day(plateau.clock(), c.zone)))));
COMMENT ON VIEW centres.named_centre IS 'Centres under the name that they bear and with the carrier that they have today.';
GRANT SELECT ON TABLE centres.named_centre TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION centres.change_carrier(p_centre_id smallint, p_carrier text, p_from date, p_version integer) RETURNS SETOF integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_version integer;
begin
    update centres.centre set version = version + 1 where centre_id = p_centre_id and version = p_version returning version into v_version;
    if not found then
        return;
    end if;
    delete from centres.centre_carrier where centre_id = p_centre_id and lower(during) >= p_from;
    update centres.centre_carrier set during = daterange(lower(during), p_from) where centre_id = p_centre_id and during @> p_from;
    insert into centres.centre_carrier (centre_id, during, carrier) values (p_centre_id, daterange(p_from, null), p_carrier);
    return next v_version;
end
$$;
ALTER FUNCTION centres.change_carrier(p_centre_id smallint, p_carrier text, p_from date, p_version integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.change_carrier(p_centre_id smallint, p_carrier text, p_from date, p_version integer) IS 'The new version; no row when the version given is not the current one.';
REVOKE ALL ON FUNCTION centres.change_carrier(p_centre_id smallint, p_carrier text, p_from date, p_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.change_carrier(p_centre_id smallint, p_carrier text, p_from date, p_version integer) TO plateau_app;

CREATE FUNCTION centres.create_centre(p_centre_id smallint, p_id uuid, p_kind text, p_carrier text, p_name text, p_named_from date, p_zone text, p_is_fictional boolean) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
begin
    perform now() at time zone p_zone;
    insert into centres.centre (centre_id, id, kind, zone, is_fictional, created_at)
    values (p_centre_id, p_id, p_kind, p_zone, p_is_fictional, v_now);
    insert into centres.centre_name (centre_id, during, name) values (p_centre_id, daterange(p_named_from, null), p_name);
    if p_carrier is not null then
        insert into centres.centre_carrier (centre_id, during, carrier) values (p_centre_id, daterange(p_named_from, null), p_carrier);
    end if;
    return v_now;
end
$$;
ALTER FUNCTION centres.create_centre(p_centre_id smallint, p_id uuid, p_kind text, p_carrier text, p_name text, p_named_from date, p_zone text, p_is_fictional boolean) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION centres.create_centre(p_centre_id smallint, p_id uuid, p_kind text, p_carrier text, p_name text, p_named_from date, p_zone text, p_is_fictional boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.create_centre(p_centre_id smallint, p_id uuid, p_kind text, p_carrier text, p_name text, p_named_from date, p_zone text, p_is_fictional boolean) TO plateau_app;

CREATE FUNCTION centres.create_site(p_centre_id smallint, p_id uuid, p_name text, p_kind text, p_town text, p_zone text, p_latitude double precision, p_longitude double precision) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
begin
    perform now() at time zone p_zone;
    insert into centres.site (centre_id, id, name, kind, town, zone, latitude, longitude, created_at)
    values (p_centre_id, p_id, p_name, p_kind, p_town, p_zone, p_latitude, p_longitude, v_now);
    insert into centres.calendar (centre_id, id, site_id) values (p_centre_id, p_id, p_id);
    return v_now;
end
$$;
ALTER FUNCTION centres.create_site(p_centre_id smallint, p_id uuid, p_name text, p_kind text, p_town text, p_zone text, p_latitude double precision, p_longitude double precision) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION centres.create_site(p_centre_id smallint, p_id uuid, p_name text, p_kind text, p_town text, p_zone text, p_latitude double precision, p_longitude double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.create_site(p_centre_id smallint, p_id uuid, p_name text, p_kind text, p_town text, p_zone text, p_latitude double precision, p_longitude double precision) TO plateau_app;

CREATE FUNCTION centres.open_hours_known(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_known_at timestamp with time zone) RETURNS TABLE(day date, during tstzrange)
    LANGUAGE sql STABLE
    AS $$
    select h.day, h.during from centres.open_hours h
    where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and p_days @> h.day and h.known_from <= p_known_at
    union all
    select f.day, f.during from centres.former_open_hours f
    where f.centre_id = p_centre_id and f.calendar_id = p_calendar_id and p_days @> f.day and f.known @> p_known_at
$$;
COMMENT ON FUNCTION centres.open_hours_known(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_known_at timestamp with time zone) IS 'The open hours of some days as they were known at a moment.';
REVOKE ALL ON FUNCTION centres.open_hours_known(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.open_hours_known(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_known_at timestamp with time zone) TO plateau_app, plateau_functions;

CREATE FUNCTION centres.put_exceptions(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from centres.opening_exception e
    where e.centre_id = p_centre_id and e.calendar_id = p_calendar_id and p_days @> e.day;
    insert into centres.opening_exception (centre_id, calendar_id, day, opens, closes, reason, recorded_at)
    select p_centre_id, p_calendar_id, x.day,
           coalesce(array_agg(x.opens::smallint order by x.opens) filter (where x.opens >= 0), '{}'),
           coalesce(array_agg(x.closes::smallint order by x.opens) filter (where x.opens >= 0), '{}'),
           min(x.reason), plateau.clock()
    from unnest(p_day, p_opens, p_closes, p_reasons) as x (day, opens, closes, reason)
    group by x.day;
end
$$;
COMMENT ON FUNCTION centres.put_exceptions(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) IS 'Replaces the exceptions of a range of days. The arrays are parallel, an entry for each period; opens -1: closed that day.';
REVOKE ALL ON FUNCTION centres.put_exceptions(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.put_exceptions(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) TO plateau_functions;

CREATE FUNCTION centres.put_open_hours(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens timestamp with time zone[], p_closes timestamp with time zone[]) RETURNS SETOF date
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz;
    v_changed date[];
    v_compiled daterange;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    v_changed := array(
        select day
        from (select o.day, array_agg(tstzrange(o.opens, o.closes) order by o.opens) as hours
              from unnest(p_day, p_opens, p_closes) as o (day, opens, closes) group by o.day) d
        full join (select h.day, array_agg(h.during order by h.during) as hours
                   from centres.open_hours h
                   where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and p_days @> h.day group by h.day) f using (day)
        where d.hours is distinct from f.hours
        order by day);
    insert into centres.former_open_hours (centre_id, calendar_id, day, during, known)
    select h.centre_id, h.calendar_id, h.day, h.during, tstzrange(h.known_from, v_now)
    from centres.open_hours h
    where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day = any (v_changed) and h.known_from < v_now;
    delete from centres.open_hours h
    where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day = any (v_changed);
    insert into centres.open_hours (centre_id, calendar_id, day, during, known_from)
    select p_centre_id, p_calendar_id, o.day, tstzrange(o.opens, o.closes), v_now
    from unnest(p_day, p_opens, p_closes) as o (day, opens, closes)
    where o.day = any (v_changed);
    select z.compiled into v_compiled from centres.open_hours_horizon z
    where z.centre_id = p_centre_id and z.calendar_id = p_calendar_id;
    insert into centres.open_hours_horizon (centre_id, calendar_id, compiled, compiled_at)
    values (p_centre_id, p_calendar_id, p_days, v_now)
    on conflict (centre_id, calendar_id) do update
        set compiled = range_merge(centres.open_hours_horizon.compiled, excluded.compiled), compiled_at = excluded.compiled_at;
    -- A day that was never compiled has not changed for anybody.
    return query select c from unnest(v_changed) c where v_compiled @> c;
end
$$;
ALTER FUNCTION centres.put_open_hours(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens timestamp with time zone[], p_closes timestamp with time zone[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.put_open_hours(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens timestamp with time zone[], p_closes timestamp with time zone[]) IS 'Replaces the compiled open hours of a calendar for a range of local days, touching only the days that differ; what stood there is kept as former. The days that were compiled before and changed.';
REVOKE ALL ON FUNCTION centres.put_open_hours(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens timestamp with time zone[], p_closes timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.put_open_hours(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens timestamp with time zone[], p_closes timestamp with time zone[]) TO plateau_app;

CREATE FUNCTION centres.put_school_calendar(p_calendar text, p_first date[], p_last date[], p_reasons text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_version integer;
begin
    perform pg_advisory_xact_lock(hashtextextended(p_calendar, 16));
    select coalesce(max(h.version), 0) + 1 into v_version from centres.school_holiday h where h.calendar = p_calendar;
    insert into centres.school_holiday (calendar, during, reason, version, recorded_at)
    select p_calendar, daterange(h.first, h.last, '[]'), h.reason, v_version, plateau.clock()
    from unnest(p_first, p_last, p_reasons) as h (first, last, reason);
    return v_version;
end
$$;
ALTER FUNCTION centres.put_school_calendar(p_calendar text, p_first date[], p_last date[], p_reasons text[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.put_school_calendar(p_calendar text, p_first date[], p_last date[], p_reasons text[]) IS 'A new version of a school calendar, whole; earlier versions stay readable. Its number.';
REVOKE ALL ON FUNCTION centres.put_school_calendar(p_calendar text, p_first date[], p_last date[], p_reasons text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.put_school_calendar(p_calendar text, p_first date[], p_last date[], p_reasons text[]) TO plateau_app;

CREATE FUNCTION centres.put_weekly_opening(p_centre_id smallint, p_calendar_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from centres.weekly_opening where centre_id = p_centre_id and calendar_id = p_calendar_id and lower(during) >= p_from;
    update centres.weekly_opening set during = daterange(lower(during), p_from)
    where centre_id = p_centre_id and calendar_id = p_calendar_id and during @> p_from;
    insert into centres.weekly_opening (centre_id, calendar_id, during, weekday, opens, closes, recorded_at)
    select p_centre_id, p_calendar_id, daterange(p_from, null), o.weekday, o.opens, o.closes, plateau.clock()
    from unnest(p_weekdays, p_opens, p_closes) as o (weekday, opens, closes);
end
$$;
COMMENT ON FUNCTION centres.put_weekly_opening(p_centre_id smallint, p_calendar_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) IS 'Replaces the weekly opening of a calendar from a day on; past days keep theirs.';
REVOKE ALL ON FUNCTION centres.put_weekly_opening(p_centre_id smallint, p_calendar_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.put_weekly_opening(p_centre_id smallint, p_calendar_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) TO plateau_functions;

CREATE FUNCTION centres.rename_centre(p_centre_id smallint, p_name text, p_from date, p_version integer) RETURNS SETOF integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_version integer;
begin
    update centres.centre set version = version + 1 where centre_id = p_centre_id and version = p_version returning version into v_version;
    if not found then
        return;
    end if;
    delete from centres.centre_name where centre_id = p_centre_id and lower(during) >= p_from;
    update centres.centre_name set during = daterange(lower(during), p_from) where centre_id = p_centre_id and during @> p_from;
    insert into centres.centre_name (centre_id, during, name) values (p_centre_id, daterange(p_from, null), p_name);
    return next v_version;
end
$$;
ALTER FUNCTION centres.rename_centre(p_centre_id smallint, p_name text, p_from date, p_version integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.rename_centre(p_centre_id smallint, p_name text, p_from date, p_version integer) IS 'The new version; no row when the version given is not the current one.';
REVOKE ALL ON FUNCTION centres.rename_centre(p_centre_id smallint, p_name text, p_from date, p_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.rename_centre(p_centre_id smallint, p_name text, p_from date, p_version integer) TO plateau_app;

CREATE FUNCTION centres.set_closed_days(p_centre_id smallint, p_days date[], p_reasons text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    insert into centres.closed_day (centre_id, day, reason, recorded_at)
    select p_centre_id, d.day, d.reason, plateau.clock()
    from unnest(p_days, p_reasons) as d (day, reason)
    on conflict (centre_id, day) do nothing;
end
$$;
ALTER FUNCTION centres.set_closed_days(p_centre_id smallint, p_days date[], p_reasons text[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.set_closed_days(p_centre_id smallint, p_days date[], p_reasons text[]) IS 'Adds closed days; a day that is closed already keeps its reason.';
REVOKE ALL ON FUNCTION centres.set_closed_days(p_centre_id smallint, p_days date[], p_reasons text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.set_closed_days(p_centre_id smallint, p_days date[], p_reasons text[]) TO plateau_app;

CREATE FUNCTION centres.set_exceptions(p_centre_id smallint, p_site_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) RETURNS SETOF integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_version integer;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    update centres.site set version = version + 1
    where centre_id = p_centre_id and id = p_site_id and version = p_version
    returning version into v_version;
    if not found then
        return;
    end if;
    perform centres.put_exceptions(p_centre_id, p_site_id, p_days, p_day, p_opens, p_closes, p_reasons);
    return next v_version;
end
$$;
ALTER FUNCTION centres.set_exceptions(p_centre_id smallint, p_site_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.set_exceptions(p_centre_id smallint, p_site_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) IS 'centres.put_exceptions for a site. The new version, or no row when the version given is not current.';
REVOKE ALL ON FUNCTION centres.set_exceptions(p_centre_id smallint, p_site_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.set_exceptions(p_centre_id smallint, p_site_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) TO plateau_app;

CREATE FUNCTION centres.set_weekly_opening(p_centre_id smallint, p_site_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[], p_version integer) RETURNS SETOF integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_version integer;
begin
    -- Bookings read the open hours under the shared form of this lock.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    update centres.site set version = version + 1
    where centre_id = p_centre_id and id = p_site_id and version = p_version
    returning version into v_version;
    if not found then
        return;
    end if;
    perform centres.put_weekly_opening(p_centre_id, p_site_id, p_from, p_weekdays, p_opens, p_closes);
    return next v_version;
end
$$;
ALTER FUNCTION centres.set_weekly_opening(p_centre_id smallint, p_site_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[], p_version integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.set_weekly_opening(p_centre_id smallint, p_site_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[], p_version integer) IS 'Replaces the weekly opening from a day on; past days keep theirs. The new version, or no row when the version given is not current.';
REVOKE ALL ON FUNCTION centres.set_weekly_opening(p_centre_id smallint, p_site_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[], p_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.set_weekly_opening(p_centre_id smallint, p_site_id uuid, p_from date, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[], p_version integer) TO plateau_app;

CREATE FUNCTION centres.succeed(p_centre_id smallint, p_successor_id smallint, p_from date, p_version integer, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_centre centres.centre;
    v_today date;
begin
    -- The gate reads successions under the shared form of this lock.
    perform pg_advisory_xact_lock(plateau.label_lock(c)) from unnest(array[least(p_centre_id, p_successor_id),
                                                                           greatest(p_centre_id, p_successor_id)]) c;
    select * into v_centre from centres.centre c where c.centre_id = p_centre_id;
    v_today := plateau.local_day(v_now, v_centre.zone);
    if not access.has_role(p_by, array['networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_centre.version <> p_version then
        return 'versionMismatch';
    elsif p_centre_id = 0 or p_successor_id = 0 or not exists (select from centres.centre c where c.centre_id = p_successor_id) then
        return 'successorUnknown';
    elsif p_from < v_today then
        return 'inThePast';
    elsif exists (select from centres.succession s where s.centre_id = p_centre_id and s.from_day <= v_today) then
        return 'alreadySucceeded';
    elsif p_centre_id = p_successor_id or exists (
        with recursive line (centre_id) as (
            select s.successor_id from centres.succession s where s.centre_id = p_successor_id
            union
            select s.successor_id from line l join centres.succession s on s.centre_id = l.centre_id
        )
        select from line l where l.centre_id = p_centre_id) then
        return 'succeedsItself';
    end if;
    insert into centres.succession (centre_id, successor_id, from_day, recorded_at, recorded_by)
    values (p_centre_id, p_successor_id, p_from, v_now, p_by)
    on conflict (centre_id) do update
        set successor_id = excluded.successor_id, from_day = excluded.from_day, recorded_at = excluded.recorded_at,
            recorded_by = excluded.recorded_by;
    update centres.centre c set version = c.version + 1 where c.centre_id in (p_centre_id, p_successor_id);
    insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
    select p_centre_id, 'centre.succeeded', v_centre.id, v_centre.version + 1,
           jsonb_build_object('successorId', s.id, 'from', p_from), v_now
    from centres.centre s where s.centre_id = p_successor_id;
    return 'recorded';
end
$$;
ALTER FUNCTION centres.succeed(p_centre_id smallint, p_successor_id smallint, p_from date, p_version integer, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION centres.succeed(p_centre_id smallint, p_successor_id smallint, p_from date, p_version integer, p_by uuid) IS 'From a day on another centre stands in this one''s place; changed until that day has come. outcome: recorded, forbidden, versionMismatch, successorUnknown, inThePast, alreadySucceeded, succeedsItself.';
REVOKE ALL ON FUNCTION centres.succeed(p_centre_id smallint, p_successor_id smallint, p_from date, p_version integer, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION centres.succeed(p_centre_id smallint, p_successor_id smallint, p_from date, p_version integer, p_by uuid) TO plateau_app;


-- labels ==================================================================================================================================

CREATE SCHEMA labels;
COMMENT ON SCHEMA labels IS 'Recognition files, label decisions, status for (day asked, moment known), the gate.';
GRANT USAGE ON SCHEMA labels TO plateau_app, plateau_functions, plateau_readonly;

CREATE TYPE labels.gate_result AS (
    verdict text,
    conditional_until date,
    label_status text,
    label_decision_id uuid,
    file_number integer,
    rules jsonb
);
COMMENT ON TYPE labels.gate_result IS 'verdict: allow, conditional or deny. conditional_until: the last day that the label covers for certain. rules: one object a rule (rule, verdict, code, facts), in order; null when everything is allowed and no explanation was asked for.';

CREATE TYPE labels.slot_verdict AS (
    verdict text,
    code text,
    until date,
    first_status text,
    first_decision_id uuid,
    period labels.label_period
);
COMMENT ON TYPE labels.slot_verdict IS 'until: the last certain day. first_status, first_decision_id: of the first day. period: what the code is about.';

CREATE TABLE labels.application_event (
    centre_id smallint NOT NULL,
    application_id uuid NOT NULL,
    event text NOT NULL,
    kind text NOT NULL,
    on_day date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    is_fictional boolean DEFAULT false NOT NULL,
    CONSTRAINT application_event_kind CHECK ((kind = ANY (ARRAY['candidate'::text, 'renewal'::text, 'secondEvaluation'::text]))),
    CONSTRAINT application_event_known CHECK ((event = ANY (ARRAY['submitted'::text, 'withdrawn'::text])))
);
ALTER TABLE ONLY labels.application_event FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY labels.application_event ADD CONSTRAINT application_event_pkey PRIMARY KEY (centre_id, application_id, event);
ALTER TABLE ONLY labels.application_event ADD CONSTRAINT application_event_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
ALTER TABLE labels.application_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY application_event_actor ON labels.application_event FOR SELECT TO plateau_app USING ((plateau.actor_is_network() OR (centre_id = ANY (plateau.actor_centres()))));
CREATE POLICY application_event_functions ON labels.application_event TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.application_event TO plateau_app;
GRANT SELECT, INSERT ON TABLE labels.application_event TO plateau_functions;

CREATE TABLE labels.application_file (
    centre_id smallint NOT NULL,
    application_id uuid NOT NULL,
    number integer NOT NULL,
    file_id uuid NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    linked_by uuid NOT NULL
);
ALTER TABLE ONLY labels.application_file FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.application_file IS 'The recognition file on which an application rests; the last one counts. Rows are only ever added.';
ALTER TABLE ONLY labels.application_file ADD CONSTRAINT application_file_pkey PRIMARY KEY (centre_id, application_id, number);
ALTER TABLE ONLY labels.application_file ADD CONSTRAINT application_file_draft FOREIGN KEY (centre_id, file_id) REFERENCES labels.file_draft(centre_id, id);
ALTER TABLE labels.application_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY application_file_actor ON labels.application_file FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY application_file_functions ON labels.application_file TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.application_file TO plateau_app;
GRANT SELECT, INSERT ON TABLE labels.application_file TO plateau_functions;

CREATE TABLE labels.audience (
    code text NOT NULL,
    CONSTRAINT audience_code_form CHECK ((code ~ '^[a-z][A-Za-z]{2,39}$'::text))
);
COMMENT ON TABLE labels.audience IS 'Publics that a recognition file can target. Data: a network adds its own.';
ALTER TABLE ONLY labels.audience ADD CONSTRAINT audience_pkey PRIMARY KEY (code);
GRANT SELECT ON TABLE labels.audience TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT ON TABLE labels.audience TO plateau_functions;

CREATE TABLE labels.criterion (
    "position" smallint NOT NULL,
    code text NOT NULL,
    specification text NOT NULL,
    element text NOT NULL
);
COMMENT ON TABLE labels.criterion IS 'What an evaluation notes for each element, by version of the specifications.';
ALTER TABLE ONLY labels.criterion ADD CONSTRAINT criterion_pkey PRIMARY KEY (specification, code);
ALTER TABLE ONLY labels.criterion ADD CONSTRAINT criterion_position_once UNIQUE (specification, "position");
ALTER TABLE ONLY labels.criterion ADD CONSTRAINT criterion_element FOREIGN KEY (element) REFERENCES labels.element(code);
GRANT SELECT ON TABLE labels.criterion TO plateau_app, plateau_functions, plateau_readonly;

CREATE TABLE labels.element (
    "position" smallint NOT NULL,
    code text NOT NULL
);
COMMENT ON TABLE labels.element IS 'The four elements that the specifications expect of a centre since 2017.';
ALTER TABLE ONLY labels.element ADD CONSTRAINT element_pkey PRIMARY KEY (code);
ALTER TABLE ONLY labels.element ADD CONSTRAINT element_position_once UNIQUE ("position");
GRANT SELECT ON TABLE labels.element TO plateau_app, plateau_functions, plateau_readonly;

CREATE TABLE labels.evaluation (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    specification text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_by uuid NOT NULL,
    closed_at timestamp with time zone,
    closed_by uuid,
    opinion text,
    comment text,
    is_fictional boolean DEFAULT false NOT NULL,
    CONSTRAINT evaluation_closed_whole CHECK ((((closed_at IS NULL) = (closed_by IS NULL)) AND ((closed_at IS NULL) = (opinion IS NULL)) AND ((closed_at IS NOT NULL) OR (comment IS NULL)))),
    CONSTRAINT evaluation_comment CHECK (((length(comment) >= 1) AND (length(comment) <= 10000))),
    CONSTRAINT evaluation_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT evaluation_opinion_known CHECK ((opinion = ANY (ARRAY['favourable'::text, 'favourableWithConditions'::text, 'unfavourable'::text])))
);
ALTER TABLE ONLY labels.evaluation FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.evaluation IS 'What the network finds of an application, element by element. A closed one stays as it is.';
ALTER TABLE ONLY labels.evaluation ADD CONSTRAINT evaluation_pkey PRIMARY KEY (centre_id, id);
CREATE UNIQUE INDEX evaluation_one_open ON labels.evaluation USING btree (centre_id, application_id) WHERE (closed_at IS NULL);
ALTER TABLE labels.evaluation ENABLE ROW LEVEL SECURITY;
CREATE POLICY evaluation_actor ON labels.evaluation FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY evaluation_functions ON labels.evaluation TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.evaluation TO plateau_app;
GRANT SELECT, INSERT, UPDATE ON TABLE labels.evaluation TO plateau_functions;

CREATE TABLE labels.evaluation_note (
    centre_id smallint NOT NULL,
    evaluation_id uuid NOT NULL,
    criterion text NOT NULL,
    specification text NOT NULL,
    note smallint NOT NULL,
    comment text,
    CONSTRAINT evaluation_note_comment CHECK (((length(comment) >= 1) AND (length(comment) <= 4000))),
    CONSTRAINT evaluation_note_range CHECK (((note >= 0) AND (note <= 20)))
);
ALTER TABLE ONLY labels.evaluation_note FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.evaluation_note IS 'The note out of 20 of one criterion, and why.';
ALTER TABLE ONLY labels.evaluation_note ADD CONSTRAINT evaluation_note_pkey PRIMARY KEY (centre_id, evaluation_id, criterion);
ALTER TABLE ONLY labels.evaluation_note ADD CONSTRAINT evaluation_note_criterion FOREIGN KEY (specification, criterion) REFERENCES labels.criterion(specification, code);
ALTER TABLE ONLY labels.evaluation_note ADD CONSTRAINT evaluation_note_evaluation FOREIGN KEY (centre_id, evaluation_id) REFERENCES labels.evaluation(centre_id, id);
ALTER TABLE labels.evaluation_note ENABLE ROW LEVEL SECURITY;
CREATE POLICY evaluation_note_actor ON labels.evaluation_note FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR ((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) AND (EXISTS ( SELECT
   FROM labels.evaluation e
  WHERE ((e.centre_id = evaluation_note.centre_id) AND (e.id = evaluation_note.evaluation_id) AND (e.closed_at IS NOT NULL)))))));
CREATE POLICY evaluation_note_functions ON labels.evaluation_note TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.evaluation_note TO plateau_app;
GRANT SELECT, INSERT, DELETE ON TABLE labels.evaluation_note TO plateau_functions;

CREATE TABLE labels.evidence (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    file_id uuid NOT NULL,
    element text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL,
    sha256 bytea NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by uuid NOT NULL,
    CONSTRAINT evidence_media_type CHECK ((media_type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text, 'text/plain'::text, 'text/csv'::text, 'application/vnd.oasis.opendocument.text'::text, 'application/vnd.oasis.opendocument.spreadsheet'::text, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'::text, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'::text]))),
    CONSTRAINT evidence_name CHECK ((((length(name) >= 1) AND (length(name) <= 200)) AND (name !~ '[[:cntrl:]/\\]'::text))),
    CONSTRAINT evidence_size CHECK (((size >= 1) AND (size <= 5242880)))
);
ALTER TABLE ONLY labels.evidence FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.evidence IS 'Documents that support an answer of a draft.';
ALTER TABLE ONLY labels.evidence ADD CONSTRAINT evidence_once UNIQUE (centre_id, file_id, element, sha256);
ALTER TABLE ONLY labels.evidence ADD CONSTRAINT evidence_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY labels.evidence ADD CONSTRAINT evidence_draft FOREIGN KEY (centre_id, file_id) REFERENCES labels.file_draft(centre_id, id);
ALTER TABLE ONLY labels.evidence ADD CONSTRAINT evidence_element FOREIGN KEY (element) REFERENCES labels.element(code);
ALTER TABLE labels.evidence ENABLE ROW LEVEL SECURITY;
CREATE POLICY evidence_actor ON labels.evidence FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY evidence_functions ON labels.evidence TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.evidence TO plateau_app;
GRANT SELECT, INSERT, DELETE ON TABLE labels.evidence TO plateau_functions;

CREATE TABLE labels.evidence_content (
    centre_id smallint NOT NULL,
    evidence_id uuid NOT NULL,
    size integer NOT NULL,
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT evidence_content_is_whole CHECK (((size = octet_length(content)) AND (sha256 = sha256(content))))
);
ALTER TABLE ONLY labels.evidence_content ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE ONLY labels.evidence_content FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.evidence_content IS 'The bytes of documents, apart from what is listed; never compressed, most are already. A row whose bytes are not those of its hash is refused.';
ALTER TABLE ONLY labels.evidence_content ADD CONSTRAINT evidence_content_pkey PRIMARY KEY (centre_id, evidence_id);
ALTER TABLE ONLY labels.evidence_content ADD CONSTRAINT evidence_content_evidence FOREIGN KEY (centre_id, evidence_id) REFERENCES labels.evidence(centre_id, id) ON DELETE CASCADE;
ALTER TABLE labels.evidence_content ENABLE ROW LEVEL SECURITY;
CREATE POLICY evidence_content_actor ON labels.evidence_content FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY evidence_content_functions ON labels.evidence_content TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.evidence_content TO plateau_app;
GRANT SELECT, INSERT, DELETE ON TABLE labels.evidence_content TO plateau_functions;

CREATE TABLE labels.file_draft (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    based_on uuid,
    specification text DEFAULT '2017'::text NOT NULL,
    effective_from date,
    effective_to date,
    sectors text[] DEFAULT '{}'::text[] NOT NULL,
    sector_codes jsonb DEFAULT '[]'::jsonb NOT NULL,
    audiences text[] DEFAULT '{}'::text[] NOT NULL,
    missions text[] DEFAULT '{}'::text[] NOT NULL,
    answers jsonb DEFAULT '{}'::jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    submitted_by uuid,
    is_fictional boolean DEFAULT false NOT NULL,
    CONSTRAINT file_draft_answers_object CHECK ((jsonb_typeof(answers) = 'object'::text)),
    CONSTRAINT file_draft_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT file_draft_not_for_the_network CHECK ((centre_id <> 0)),
    CONSTRAINT file_draft_order CHECK ((effective_to >= effective_from)),
    CONSTRAINT file_draft_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'recognised'::text]))),
    CONSTRAINT file_draft_submitter CHECK (((state = 'draft'::text) OR (submitted_by IS NOT NULL))),
    CONSTRAINT file_draft_years CHECK (((COALESCE(effective_from, '2000-01-01'::date) >= '1900-01-01'::date) AND (COALESCE(effective_to, effective_from, '2000-01-01'::date) <= '2999-12-31'::date)))
);
ALTER TABLE ONLY labels.file_draft FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.file_draft IS 'A recognition file while it is written and examined. Recognition makes it a row of labels.recognition_file under the same id; answers and evidence stay here, for the centre and the network.';
ALTER TABLE ONLY labels.file_draft ADD CONSTRAINT file_draft_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY labels.file_draft ADD CONSTRAINT file_draft_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
ALTER TABLE labels.file_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY file_draft_actor ON labels.file_draft FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY file_draft_functions ON labels.file_draft TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.file_draft TO plateau_app;
GRANT SELECT, INSERT, UPDATE ON TABLE labels.file_draft TO plateau_functions;

CREATE TABLE labels.file_event (
    centre_id smallint NOT NULL,
    file_id uuid NOT NULL,
    number integer NOT NULL,
    event text NOT NULL,
    at timestamp with time zone NOT NULL,
    by uuid NOT NULL,
    comment text,
    CONSTRAINT file_event_comment CHECK ((length(comment) <= 4000)),
    CONSTRAINT file_event_known CHECK ((event = ANY (ARRAY['drafted'::text, 'submitted'::text, 'returned'::text, 'recognised'::text])))
);
ALTER TABLE ONLY labels.file_event FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.file_event IS 'What happened to a draft: who did what when. Rows are only ever added.';
ALTER TABLE ONLY labels.file_event ADD CONSTRAINT file_event_pkey PRIMARY KEY (centre_id, file_id, number);
ALTER TABLE ONLY labels.file_event ADD CONSTRAINT file_event_draft FOREIGN KEY (centre_id, file_id) REFERENCES labels.file_draft(centre_id, id);
ALTER TABLE labels.file_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY file_event_actor ON labels.file_event FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY file_event_functions ON labels.file_event TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.file_event TO plateau_app;
GRANT SELECT, INSERT ON TABLE labels.file_event TO plateau_functions;

CREATE TABLE labels.label_decision (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    authority text NOT NULL,
    reference text NOT NULL,
    decided_on date NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    supersedes uuid,
    note text,
    proposed_by uuid NOT NULL,
    approved_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    is_fictional boolean DEFAULT false NOT NULL,
    CONSTRAINT label_decision_kind_known CHECK ((kind = ANY (ARRAY['grant'::text, 'provisional'::text, 'extend'::text, 'refuse'::text, 'suspend'::text, 'lift'::text, 'withdraw'::text, 'annul'::text]))),
    CONSTRAINT label_decision_not_for_the_network CHECK ((centre_id <> 0)),
    CONSTRAINT label_decision_order CHECK ((effective_to >= effective_from)),
    CONSTRAINT label_decision_two_people CHECK ((proposed_by <> approved_by)),
    CONSTRAINT label_decision_years CHECK (((effective_from >= '1900-01-01'::date) AND (COALESCE(effective_to, effective_from) <= '2999-12-31'::date)))
);
COMMENT ON TABLE labels.label_decision IS 'Immutable. recorded_at is assigned inside the centre''s exclusive lock, so its order is the order of commits. effective_to is the last day, inclusive.';
ALTER TABLE ONLY labels.label_decision ADD CONSTRAINT label_decision_moment UNIQUE (centre_id, recorded_at);
ALTER TABLE ONLY labels.label_decision ADD CONSTRAINT label_decision_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY labels.label_decision ADD CONSTRAINT label_decision_superseded_once UNIQUE (centre_id, supersedes);
CREATE TRIGGER label_decision_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON labels.label_decision FOR EACH STATEMENT EXECUTE FUNCTION labels.refuse_change();
CREATE TRIGGER label_has_changed AFTER INSERT OR UPDATE ON labels.label_decision FOR EACH ROW EXECUTE FUNCTION bookings.note_label();
CREATE TRIGGER seals_marked AFTER INSERT ON labels.label_decision FOR EACH ROW EXECUTE FUNCTION utilisation.mark_seals();
ALTER TABLE ONLY labels.label_decision ADD CONSTRAINT label_decision_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
ALTER TABLE ONLY labels.label_decision ADD CONSTRAINT label_decision_supersedes FOREIGN KEY (centre_id, supersedes) REFERENCES labels.label_decision(centre_id, id);
GRANT SELECT ON TABLE labels.label_decision TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT ON TABLE labels.label_decision TO plateau_functions;

CREATE TABLE labels.label_period (
    centre_id smallint NOT NULL,
    during daterange NOT NULL,
    status text NOT NULL,
    decision_id uuid,
    ends_on date
);
COMMENT ON TABLE labels.label_period IS 'Derived from the facts by labels.derive_periods in the transaction that adds one: the status of every day as known now. ends_on: last day of the term.';
ALTER TABLE ONLY labels.label_period ADD CONSTRAINT label_period_no_overlap EXCLUDE USING gist (centre_id WITH =, during WITH &&);
ALTER TABLE ONLY labels.label_period ADD CONSTRAINT label_period_pkey PRIMARY KEY (centre_id, during);
ALTER TABLE ONLY labels.label_period ADD CONSTRAINT label_period_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
GRANT SELECT ON TABLE labels.label_period TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE ON TABLE labels.label_period TO plateau_functions;

CREATE TABLE labels.mission (
    code text NOT NULL,
    CONSTRAINT mission_code_form CHECK ((code ~ '^[a-z][A-Za-z]{2,39}$'::text))
);
COMMENT ON TABLE labels.mission IS 'Missions of a centre (decree of 6 May 1999, article 1bis, 7°, as replaced by that of 10 May 2012). A file names each of them.';
ALTER TABLE ONLY labels.mission ADD CONSTRAINT mission_pkey PRIMARY KEY (code);
GRANT SELECT ON TABLE labels.mission TO plateau_app, plateau_functions, plateau_readonly;

CREATE TABLE labels.policy (
    only_one boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    term_years integer DEFAULT 3 NOT NULL,
    ends_inside text DEFAULT 'conditional'::text NOT NULL,
    renewal_pending text DEFAULT 'conditional'::text NOT NULL,
    after_provisional text DEFAULT 'conditional'::text NOT NULL,
    term_ended text DEFAULT 'refuse'::text NOT NULL,
    beyond_horizon text DEFAULT 'conditional'::text NOT NULL,
    provisional_horizon_days integer DEFAULT 183 NOT NULL,
    withdrawal_notice_days integer DEFAULT 30 NOT NULL,
    file_notice_days integer DEFAULT 30 NOT NULL,
    pending_release_days integer,
    reminder_months integer[] DEFAULT '{12,6,3}'::integer[] NOT NULL,
    CONSTRAINT policy_after_provisional CHECK ((after_provisional = ANY (ARRAY['honour'::text, 'conditional'::text, 'refuse'::text]))),
    CONSTRAINT policy_beyond_horizon CHECK ((beyond_horizon = ANY (ARRAY['honour'::text, 'conditional'::text, 'refuse'::text]))),
    CONSTRAINT policy_ends_inside CHECK ((ends_inside = ANY (ARRAY['honour'::text, 'conditional'::text, 'refuse'::text]))),
    CONSTRAINT policy_file_notice CHECK (((file_notice_days >= 0) AND (file_notice_days <= 366))),
    CONSTRAINT policy_horizon CHECK (((provisional_horizon_days >= 0) AND (provisional_horizon_days <= 3660))),
    CONSTRAINT policy_only_one CHECK (only_one),
    CONSTRAINT policy_pending_release CHECK (((pending_release_days >= 0) AND (pending_release_days <= 366))),
    CONSTRAINT policy_reminder_months CHECK (((cardinality(reminder_months) <= 12) AND (array_position(reminder_months, NULL::integer) IS NULL) AND (1 <= ALL (reminder_months)) AND (60 >= ALL (reminder_months)))),
    CONSTRAINT policy_renewal_pending CHECK ((renewal_pending = ANY (ARRAY['honour'::text, 'conditional'::text, 'refuse'::text]))),
    CONSTRAINT policy_term CHECK (((term_years >= 1) AND (term_years <= 10))),
    CONSTRAINT policy_term_ended CHECK ((term_ended = ANY (ARRAY['honour'::text, 'conditional'::text, 'refuse'::text]))),
    CONSTRAINT policy_withdrawal_notice CHECK (((withdrawal_notice_days >= 0) AND (withdrawal_notice_days <= 366)))
);
COMMENT ON TABLE labels.policy IS 'What the gate does where a label is neither in force for the whole slot nor denied by a decision: honour (allow), conditional or refuse.';
COMMENT ON COLUMN labels.policy.term_years IS 'How long a grant lasts that names no last day.';
COMMENT ON COLUMN labels.policy.ends_inside IS 'The label ends inside the slot.';
COMMENT ON COLUMN labels.policy.renewal_pending IS 'The slot lies after the end of the term, and a renewal waits for its answer.';
COMMENT ON COLUMN labels.policy.after_provisional IS 'The slot lies after the last day of a provisional label: the authority still has to decide.';
COMMENT ON COLUMN labels.policy.term_ended IS 'The slot lies after the end of the term, and no renewal was filed.';
COMMENT ON COLUMN labels.policy.beyond_horizon IS 'A provisional label without a last day, and a slot further ahead than provisional_horizon_days.';
COMMENT ON COLUMN labels.policy.withdrawal_notice_days IS 'Days between a decision that takes the label away and the cancellation of what was booked for later; 0: at once.';
COMMENT ON COLUMN labels.policy.file_notice_days IS 'The same for bookings whose audience a new recognition file does not target any more.';
COMMENT ON COLUMN labels.policy.pending_release_days IS 'A conditional booking is cancelled so many days before it starts when nothing was decided until then; null: never.';
COMMENT ON COLUMN labels.policy.reminder_months IS 'How many months before the last day of a label its centre is reminded; empty: never.';
ALTER TABLE ONLY labels.policy ADD CONSTRAINT policy_pkey PRIMARY KEY (only_one);
GRANT SELECT ON TABLE labels.policy TO plateau_app, plateau_readonly;
GRANT SELECT, UPDATE ON TABLE labels.policy TO plateau_functions;

CREATE TABLE labels.proposal (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    authority text NOT NULL,
    reference text NOT NULL,
    decided_on date NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    supersedes uuid,
    note text,
    proposed_at timestamp with time zone NOT NULL,
    proposed_by uuid NOT NULL,
    CONSTRAINT proposal_annul_names_its_decision CHECK (((kind <> 'annul'::text) OR (supersedes IS NOT NULL))),
    CONSTRAINT proposal_authority_present CHECK (((length(btrim(authority)) >= 1) AND (length(btrim(authority)) <= 100))),
    CONSTRAINT proposal_grant_has_end CHECK (((kind <> ALL (ARRAY['grant'::text, 'extend'::text])) OR (effective_to IS NOT NULL))),
    CONSTRAINT proposal_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT proposal_kind_known CHECK ((kind = ANY (ARRAY['grant'::text, 'provisional'::text, 'extend'::text, 'refuse'::text, 'suspend'::text, 'lift'::text, 'withdraw'::text, 'annul'::text]))),
    CONSTRAINT proposal_no_end CHECK (((kind <> ALL (ARRAY['refuse'::text, 'lift'::text])) OR (effective_to IS NULL))),
    CONSTRAINT proposal_not_for_the_network CHECK ((centre_id <> 0)),
    CONSTRAINT proposal_order CHECK ((effective_to >= effective_from)),
    CONSTRAINT proposal_reference_present CHECK (((length(btrim(reference)) >= 1) AND (length(btrim(reference)) <= 200))),
    CONSTRAINT proposal_years CHECK (((effective_from >= '1900-01-01'::date) AND (COALESCE(effective_to, effective_from) <= '2999-12-31'::date)))
);
ALTER TABLE ONLY labels.proposal FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.proposal IS 'A decision as one person proposed it. Another person''s approval makes it a decision.';
ALTER TABLE ONLY labels.proposal ADD CONSTRAINT proposal_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY labels.proposal ADD CONSTRAINT proposal_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
ALTER TABLE labels.proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY proposal_actor ON labels.proposal FOR SELECT TO plateau_app USING ((plateau.actor_is_network() OR (centre_id = ANY (plateau.actor_centres()))));
CREATE POLICY proposal_functions ON labels.proposal TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.proposal TO plateau_app;
GRANT SELECT, INSERT ON TABLE labels.proposal TO plateau_functions;

CREATE TABLE labels.proposal_withdrawal (
    centre_id smallint NOT NULL,
    proposal_id uuid NOT NULL,
    withdrawn_at timestamp with time zone NOT NULL,
    withdrawn_by uuid NOT NULL
);
ALTER TABLE ONLY labels.proposal_withdrawal FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.proposal_withdrawal IS 'A proposal that was taken back: it can''t be approved any more.';
ALTER TABLE ONLY labels.proposal_withdrawal ADD CONSTRAINT proposal_withdrawal_pkey PRIMARY KEY (centre_id, proposal_id);
ALTER TABLE ONLY labels.proposal_withdrawal ADD CONSTRAINT proposal_withdrawal_proposal FOREIGN KEY (centre_id, proposal_id) REFERENCES labels.proposal(centre_id, id);
ALTER TABLE labels.proposal_withdrawal ENABLE ROW LEVEL SECURITY;
CREATE POLICY proposal_withdrawal_actor ON labels.proposal_withdrawal FOR SELECT TO plateau_app USING ((plateau.actor_is_network() OR (centre_id = ANY (plateau.actor_centres()))));
CREATE POLICY proposal_withdrawal_functions ON labels.proposal_withdrawal TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.proposal_withdrawal TO plateau_app;
GRANT SELECT, INSERT ON TABLE labels.proposal_withdrawal TO plateau_functions;

CREATE TABLE labels.recognition_file (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    sectors text[] NOT NULL,
    audiences text[] NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    is_fictional boolean DEFAULT false NOT NULL,
    specification text DEFAULT '2017'::text NOT NULL,
    sector_codes jsonb DEFAULT '[]'::jsonb NOT NULL,
    missions text[] DEFAULT '{}'::text[] NOT NULL,
    authority text,
    reference text,
    CONSTRAINT recognition_file_act CHECK (((authority IS NULL) = (reference IS NULL))),
    CONSTRAINT recognition_file_audiences CHECK ((cardinality(audiences) > 0)),
    CONSTRAINT recognition_file_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT recognition_file_order CHECK ((effective_to >= effective_from)),
    CONSTRAINT recognition_file_sectors CHECK ((cardinality(sectors) > 0)),
    CONSTRAINT recognition_file_specification_present CHECK (((length(specification) >= 1) AND (length(specification) <= 40)))
);
COMMENT ON TABLE labels.recognition_file IS 'Dossier de reconnaissance. The file in force on a day is the one with the highest number that covers it; a file is superseded, never edited.';
COMMENT ON COLUMN labels.recognition_file.sectors IS 'As the act of recognition words them.';
COMMENT ON COLUMN labels.recognition_file.specification IS 'Version of the specifications (cahier des charges) that the file answers.';
COMMENT ON COLUMN labels.recognition_file.sector_codes IS 'The same in classifications: objects with scheme, version (of the list) and code. One sector may be several classes.';
COMMENT ON COLUMN labels.recognition_file.reference IS 'Of the act that recognises; null: recorded before acts were.';
ALTER TABLE ONLY labels.recognition_file ADD CONSTRAINT recognition_file_id_once UNIQUE (centre_id, id);
ALTER TABLE ONLY labels.recognition_file ADD CONSTRAINT recognition_file_pkey PRIMARY KEY (centre_id, number);
CREATE TRIGGER recognition_file_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON labels.recognition_file FOR EACH STATEMENT EXECUTE FUNCTION labels.refuse_change();
ALTER TABLE ONLY labels.recognition_file ADD CONSTRAINT recognition_file_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
GRANT SELECT ON TABLE labels.recognition_file TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT ON TABLE labels.recognition_file TO plateau_functions;

CREATE TABLE labels.reminder (
    centre_id smallint NOT NULL,
    ends_on date NOT NULL,
    months integer NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    renewal_pending boolean NOT NULL
);
ALTER TABLE ONLY labels.reminder FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE labels.reminder IS 'That an end of a label was announced, once for each of its dates.';
ALTER TABLE ONLY labels.reminder ADD CONSTRAINT reminder_pkey PRIMARY KEY (centre_id, ends_on, months);
ALTER TABLE ONLY labels.reminder ADD CONSTRAINT reminder_centre FOREIGN KEY (centre_id) REFERENCES centres.centre(centre_id);
ALTER TABLE labels.reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY reminder_actor ON labels.reminder FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY reminder_functions ON labels.reminder TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE labels.reminder TO plateau_app;
GRANT SELECT, INSERT ON TABLE labels.reminder TO plateau_functions;

CREATE TABLE labels.sector_list (
    scheme text NOT NULL,
    version text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    divisions text[] NOT NULL,
    CONSTRAINT sector_list_order CHECK ((valid_to >= valid_from))
);
COMMENT ON TABLE labels.sector_list IS 'Versions of a classification of activities, with the days on which a file that begins may use them, and their divisions (two digits).';
ALTER TABLE ONLY labels.sector_list ADD CONSTRAINT sector_list_pkey PRIMARY KEY (scheme, version);
GRANT SELECT ON TABLE labels.sector_list TO plateau_app, plateau_functions, plateau_readonly;

CREATE TABLE labels.sector_successor (
    scheme text NOT NULL,
    version text NOT NULL,
    code text NOT NULL,
    next_version text NOT NULL,
    next_codes text[] NOT NULL
);
COMMENT ON TABLE labels.sector_successor IS 'Classes that a later version of a list has no more, and where their activities went: a proposal to a person, never applied by itself.';
ALTER TABLE ONLY labels.sector_successor ADD CONSTRAINT sector_successor_pkey PRIMARY KEY (scheme, version, code);
ALTER TABLE ONLY labels.sector_successor ADD CONSTRAINT sector_successor_list FOREIGN KEY (scheme, version) REFERENCES labels.sector_list(scheme, version);
ALTER TABLE ONLY labels.sector_successor ADD CONSTRAINT sector_successor_next FOREIGN KEY (scheme, next_version) REFERENCES labels.sector_list(scheme, version);
GRANT SELECT ON TABLE labels.sector_successor TO plateau_app, plateau_functions, plateau_readonly;

CREATE FUNCTION labels.add_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_element text, p_name text, p_media_type text, p_content bytea, p_by uuid) RETURNS TABLE(outcome text, evidence_id uuid, sha256 bytea, added_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_state <> 'draft' then
        outcome := case v_state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    elsif (select count(*) from labels.evidence e where e.centre_id = p_centre_id and e.file_id = p_file) >= 100 then
        outcome := 'tooMuchEvidence';
    else
        sha256 := pg_catalog.sha256(p_content);
        added_at := plateau.clock();
        select e.id into evidence_id from labels.evidence e
        where e.centre_id = p_centre_id and e.file_id = p_file and e.element = p_element and e.sha256 = add_evidence.sha256;
        if found then
            outcome := 'evidenceTwice';
        else
            insert into labels.evidence (centre_id, id, file_id, element, name, media_type, size, sha256, added_at, added_by)
            values (p_centre_id, p_id, p_file, p_element, p_name, p_media_type, octet_length(p_content), add_evidence.sha256,
                    add_evidence.added_at, p_by);
            insert into labels.evidence_content (centre_id, evidence_id, size, sha256, content)
            values (p_centre_id, p_id, octet_length(p_content), add_evidence.sha256, p_content);
            outcome := 'added';
            evidence_id := p_id;
        end if;
    end if;
    return next;
end
$$;
ALTER FUNCTION labels.add_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_element text, p_name text, p_media_type text, p_content bytea, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.add_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_element text, p_name text, p_media_type text, p_content bytea, p_by uuid) IS 'outcome: added, notFound, forbidden, fileInForce, fileSubmitted, tooMuchEvidence, evidenceTwice (evidence_id is the one that is there).';
REVOKE ALL ON FUNCTION labels.add_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_element text, p_name text, p_media_type text, p_content bytea, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.add_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_element text, p_name text, p_media_type text, p_content bytea, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.add_file_event(p_centre_id smallint, p_file uuid, p_event text, p_by uuid, p_comment text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into labels.file_event (centre_id, file_id, number, event, at, by, comment)
    select p_centre_id, p_file, coalesce(max(e.number), 0) + 1, p_event, plateau.clock(), p_by, p_comment
    from labels.file_event e where e.centre_id = p_centre_id and e.file_id = p_file;
    if p_event <> 'drafted' then
        insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
        select p_centre_id, 'recognitionFile.' || p_event, p_file, d.version, jsonb_strip_nulls(jsonb_build_object('comment', p_comment)),
               plateau.clock()
        from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file;
    end if;
end
$$;
REVOKE ALL ON FUNCTION labels.add_file_event(p_centre_id smallint, p_file uuid, p_event text, p_by uuid, p_comment text) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.add_file_event(p_centre_id smallint, p_file uuid, p_event text, p_by uuid, p_comment text) TO plateau_functions;

CREATE FUNCTION labels.application_answer(p_centre_id smallint, p_day date) RETURNS uuid
    LANGUAGE sql STABLE
    AS $$
    -- As labels.status_of has it: what ends the waiting of an application of that day.
    select d.id from labels.decisions_known(p_centre_id, 'infinity') d
    where d.kind in ('grant', 'provisional', 'refuse') and d.decided_on >= p_day
    order by d.recorded_at limit 1
$$;
REVOKE ALL ON FUNCTION labels.application_answer(p_centre_id smallint, p_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.application_answer(p_centre_id smallint, p_day date) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.application_file_of(p_centre_id smallint, p_application uuid) RETURNS uuid
    LANGUAGE sql STABLE
    AS $$
    select f.file_id from labels.application_file f
    where f.centre_id = p_centre_id and f.application_id = p_application order by f.number desc limit 1
$$;
REVOKE ALL ON FUNCTION labels.application_file_of(p_centre_id smallint, p_application uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.application_file_of(p_centre_id smallint, p_application uuid) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.application_gaps(p_centre_id smallint, p_application uuid) RETURNS TABLE(code text, element text, facts jsonb)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_application labels.application_event;
    v_file uuid := labels.application_file_of(p_centre_id, p_application);
    v_state text;
    v_status text;
begin
    select * into v_application from labels.application_event a
    where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted';
    if not found then
        return;
    end if;
    -- The kind fits what the centre has: a second evaluation follows a provisional label, a renewal any label.
    select p.status into v_status from labels.label_period p
    where p.centre_id = p_centre_id and p.during @> v_application.on_day;
    if v_application.kind = 'secondEvaluation' and not exists (
        select from labels.label_period p
        where p.centre_id = p_centre_id and p.status = 'provisional' and lower(p.during) <= v_application.on_day) then
        code := 'noProvisionalLabel';
        facts := jsonb_build_object('status', coalesce(v_status, 'none'), 'day', v_application.on_day);
        return next;
    elsif v_application.kind = 'renewal' and not exists (
        select from labels.label_decision d
        where d.centre_id = p_centre_id and d.kind in ('grant', 'provisional', 'extend') and d.effective_from <= v_application.on_day) then
        code := 'noLabelToRenew';
        facts := jsonb_build_object('status', coalesce(v_status, 'none'), 'day', v_application.on_day);
        return next;
    end if;
    facts := '{}';
    if v_file is null then
        code := 'fileMissing';
        return next;
        return;
    end if;
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = v_file;
    if v_state = 'draft' then
        code := 'fileStillDraft';
        return next;
        return query select g.code, g.element, g.facts from labels.file_gaps(p_centre_id, v_file) g;
    end if;
end
$$;
COMMENT ON FUNCTION labels.application_gaps(p_centre_id smallint, p_application uuid) IS 'What an application lacks before it can be evaluated; no row when it is complete.';
REVOKE ALL ON FUNCTION labels.application_gaps(p_centre_id smallint, p_application uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.application_gaps(p_centre_id smallint, p_application uuid) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.application_state(p_centre_id smallint, p_application uuid) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select case
               when exists (select from labels.application_event w where w.centre_id = a.centre_id
                            and w.application_id = a.application_id and w.event = 'withdrawn') then 'withdrawn'
               when labels.application_answer(a.centre_id, a.on_day) is not null then 'answered'
               when exists (select from labels.evaluation e where e.centre_id = a.centre_id
                            and e.application_id = a.application_id and e.closed_at is null) then 'underEvaluation'
               when exists (select from labels.evaluation e where e.centre_id = a.centre_id
                            and e.application_id = a.application_id) then 'evaluated'
               else 'submitted'
           end
    from labels.application_event a
    where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted'
$$;
COMMENT ON FUNCTION labels.application_state(p_centre_id smallint, p_application uuid) IS 'submitted, underEvaluation, evaluated, answered (a decision of its day or later), withdrawn; null where the caller sees none.';
REVOKE ALL ON FUNCTION labels.application_state(p_centre_id smallint, p_application uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.application_state(p_centre_id smallint, p_application uuid) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.approve_decision(p_centre_id smallint, p_proposal uuid, p_by uuid) RETURNS TABLE(outcome text, recorded_at timestamp with time zone, changed datemultirange)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_proposal labels.proposal;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_proposal from labels.proposal p where p.centre_id = p_centre_id and p.id = p_proposal;
    if not found then
        outcome := 'notFound';
    elsif exists (select from labels.label_decision d where d.centre_id = p_centre_id and d.id = p_proposal) then
        outcome := 'alreadyApproved';
    elsif exists (select from labels.proposal_withdrawal w where w.centre_id = p_centre_id and w.proposal_id = p_proposal) then
        outcome := 'alreadyWithdrawn';
    elsif not access.has_role(p_by, array['labelAuthority'], p_centre_id) then
        outcome := 'forbidden';
    elsif access.same_person(v_proposal.proposed_by, p_by) then
        outcome := 'samePerson';
    else
        outcome := coalesce(labels.objection_to(v_proposal), 'recorded');
    end if;
    if outcome = 'recorded' then
        select w.recorded_at, w.changed into recorded_at, changed from labels.write_decision(v_proposal, p_by) w;
        insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
        values (p_centre_id, 'label.decided', p_proposal, 1, jsonb_build_object('kind', v_proposal.kind, 'changed', changed::text), recorded_at);
    end if;
    return next;
end
$$;
ALTER FUNCTION labels.approve_decision(p_centre_id smallint, p_proposal uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.approve_decision(p_centre_id smallint, p_proposal uuid, p_by uuid) IS 'Makes a proposal a decision, under the centre''s exclusive lock; changed: the days about which something else is known now. outcome: recorded, notFound, alreadyApproved, alreadyWithdrawn, forbidden, samePerson, or what labels.objection_to says.';
REVOKE ALL ON FUNCTION labels.approve_decision(p_centre_id smallint, p_proposal uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.approve_decision(p_centre_id smallint, p_proposal uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.ask_periods(p_centre_id smallint, p_known_at timestamp with time zone) RETURNS TABLE(during daterange, status text, decision_id uuid, ends_on date)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select p.during, p.status, p.decision_id, p.ends_on from labels.periods_known(p_centre_id, p_known_at) p
$$;
ALTER FUNCTION labels.ask_periods(p_centre_id smallint, p_known_at timestamp with time zone) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION labels.ask_periods(p_centre_id smallint, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.ask_periods(p_centre_id smallint, p_known_at timestamp with time zone) TO plateau_app;

CREATE FUNCTION labels.ask_status(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) RETURNS TABLE(status text, decision_id uuid, ends_on date)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.status, s.decision_id, s.ends_on from labels.status_of(p_centre_id, p_day, p_known_at) s
$$;
ALTER FUNCTION labels.ask_status(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.ask_status(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) IS 'labels.status_of for the server, whose role does not read applications.';
REVOKE ALL ON FUNCTION labels.ask_status(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.ask_status(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) TO plateau_app;

CREATE FUNCTION labels.author_of(p_key uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select jsonb_build_object('keyId', k.id, 'label', k.label, 'organisation', o.name)
    from access.api_key k join access.organisation o on o.id = k.organisation_id
    where k.id = p_key
$$;
ALTER FUNCTION labels.author_of(p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.author_of(p_key uuid) IS 'Who did something about a label, for those who may read its timeline: the key''s name and its organisation''s.';
REVOKE ALL ON FUNCTION labels.author_of(p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.author_of(p_key uuid) TO plateau_app;

CREATE FUNCTION labels.change_file(p_centre_id smallint, p_id uuid, p_version integer, p_specification text, p_effective_from date, p_effective_to date, p_sectors text[], p_schemes text[], p_list_versions text[], p_codes text[], p_audiences text[], p_missions text[], p_elements text[], p_answers text[], p_by uuid) RETURNS TABLE(outcome text, subject text, facts jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_draft labels.file_draft;
    v_objection record;
begin
    select * into v_draft from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_draft.state <> 'draft' then
        outcome := case v_draft.state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    elsif v_draft.version <> p_version then
        outcome := 'versionMismatch';
    elsif exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        outcome := 'audienceUnknown';
    elsif exists (select from unnest(p_missions) m where not exists (select from labels.mission k where k.code = m)) then
        outcome := 'missionUnknown';
    else
        select s.position - 1 as position, o.code, o.facts into v_objection
        from unnest(p_schemes, p_list_versions, p_codes) with ordinality as s (scheme, version, code, position)
        cross join lateral labels.objection_to_sector(
            s.scheme, s.version, s.code, coalesce(p_effective_from, plateau.local_day(plateau.clock(), 'UTC'))) o
        where o.code is not null order by s.position limit 1;
        if found then
            outcome := v_objection.code;
            subject := v_objection.position::text;
            facts := v_objection.facts;
        else
            update labels.file_draft d
            set version = d.version + 1, specification = p_specification, effective_from = p_effective_from, effective_to = p_effective_to,
                sectors = p_sectors, audiences = p_audiences, missions = p_missions,
                sector_codes = coalesce((
                    select jsonb_agg(jsonb_build_object('scheme', s.scheme, 'version', s.version, 'code', labels.code_of(s.code))
                                     order by s.position)
                    from unnest(p_schemes, p_list_versions, p_codes) with ordinality as s (scheme, version, code, position)), '[]'),
                answers = jsonb_object(p_elements, p_answers), changed_at = plateau.clock(), changed_by = p_by
            where d.centre_id = p_centre_id and d.id = p_id;
            outcome := 'changed';
        end if;
    end if;
    return next;
end
$$;
ALTER FUNCTION labels.change_file(p_centre_id smallint, p_id uuid, p_version integer, p_specification text, p_effective_from date, p_effective_to date, p_sectors text[], p_schemes text[], p_list_versions text[], p_codes text[], p_audiences text[], p_missions text[], p_elements text[], p_answers text[], p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.change_file(p_centre_id smallint, p_id uuid, p_version integer, p_specification text, p_effective_from date, p_effective_to date, p_sectors text[], p_schemes text[], p_list_versions text[], p_codes text[], p_audiences text[], p_missions text[], p_elements text[], p_answers text[], p_by uuid) IS 'Replaces what a draft says. outcome: changed, notFound, forbidden, fileInForce, fileSubmitted, versionMismatch, audienceUnknown, missionUnknown, or what labels.objection_to_sector says of the first such sector (subject: its place, facts).';
REVOKE ALL ON FUNCTION labels.change_file(p_centre_id smallint, p_id uuid, p_version integer, p_specification text, p_effective_from date, p_effective_to date, p_sectors text[], p_schemes text[], p_list_versions text[], p_codes text[], p_audiences text[], p_missions text[], p_elements text[], p_answers text[], p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.change_file(p_centre_id smallint, p_id uuid, p_version integer, p_specification text, p_effective_from date, p_effective_to date, p_sectors text[], p_schemes text[], p_list_versions text[], p_codes text[], p_audiences text[], p_missions text[], p_elements text[], p_answers text[], p_by uuid) TO plateau_app;

CREATE FUNCTION labels.change_policy(p_version integer, p_term_years integer, p_ends_inside text, p_renewal_pending text, p_after_provisional text, p_term_ended text, p_beyond_horizon text, p_provisional_horizon_days integer, p_withdrawal_notice_days integer, p_file_notice_days integer, p_pending_release_days integer, p_reminder_months integer[], p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not access.has_role(p_by, array['labelAuthority', 'networkManager'], 0::smallint) then
        return 'forbidden';
    end if;
    update labels.policy o
    set version = o.version + 1, term_years = p_term_years, ends_inside = p_ends_inside, renewal_pending = p_renewal_pending,
        after_provisional = p_after_provisional, term_ended = p_term_ended, beyond_horizon = p_beyond_horizon,
        provisional_horizon_days = p_provisional_horizon_days, withdrawal_notice_days = p_withdrawal_notice_days,
        file_notice_days = p_file_notice_days, pending_release_days = p_pending_release_days, reminder_months = p_reminder_months
    where o.version = p_version;
    return case when found then 'changed' else 'versionMismatch' end;
end
$$;
ALTER FUNCTION labels.change_policy(p_version integer, p_term_years integer, p_ends_inside text, p_renewal_pending text, p_after_provisional text, p_term_ended text, p_beyond_horizon text, p_provisional_horizon_days integer, p_withdrawal_notice_days integer, p_file_notice_days integer, p_pending_release_days integer, p_reminder_months integer[], p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.change_policy(p_version integer, p_term_years integer, p_ends_inside text, p_renewal_pending text, p_after_provisional text, p_term_ended text, p_beyond_horizon text, p_provisional_horizon_days integer, p_withdrawal_notice_days integer, p_file_notice_days integer, p_pending_release_days integer, p_reminder_months integer[], p_by uuid) IS 'For what is booked from now on. outcome: changed, versionMismatch, forbidden.';
REVOKE ALL ON FUNCTION labels.change_policy(p_version integer, p_term_years integer, p_ends_inside text, p_renewal_pending text, p_after_provisional text, p_term_ended text, p_beyond_horizon text, p_provisional_horizon_days integer, p_withdrawal_notice_days integer, p_file_notice_days integer, p_pending_release_days integer, p_reminder_months integer[], p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.change_policy(p_version integer, p_term_years integer, p_ends_inside text, p_renewal_pending text, p_after_provisional text, p_term_ended text, p_beyond_horizon text, p_provisional_horizon_days integer, p_withdrawal_notice_days integer, p_file_notice_days integer, p_pending_release_days integer, p_reminder_months integer[], p_by uuid) TO plateau_app;

CREATE FUNCTION labels.close_evaluation(p_centre_id smallint, p_id uuid, p_opinion text, p_comment text, p_by uuid) RETURNS TABLE(outcome text, missing text[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_evaluation labels.evaluation;
begin
    select * into v_evaluation from labels.evaluation e where e.centre_id = p_centre_id and e.id = p_id for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_evaluation.closed_at is not null then
        outcome := 'evaluationClosed';
    else
        missing := array(select c.code from labels.criterion c
                         where c.specification = v_evaluation.specification and not exists (
                             select from labels.evaluation_note n
                             where n.centre_id = p_centre_id and n.evaluation_id = p_id and n.criterion = c.code)
                         order by c.position);
        if cardinality(missing) > 0 then
            outcome := 'evaluationIncomplete';
        else
            update labels.evaluation e
            set closed_at = plateau.clock(), closed_by = p_by, opinion = p_opinion, comment = p_comment, version = e.version + 1
            where e.centre_id = p_centre_id and e.id = p_id;
            insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
            values (p_centre_id, 'labelEvaluation.closed', p_id, v_evaluation.version + 1,
                    jsonb_build_object('applicationId', v_evaluation.application_id, 'opinion', p_opinion), plateau.clock());
            outcome := 'closed';
        end if;
    end if;
    return next;
end
$$;
ALTER FUNCTION labels.close_evaluation(p_centre_id smallint, p_id uuid, p_opinion text, p_comment text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.close_evaluation(p_centre_id smallint, p_id uuid, p_opinion text, p_comment text, p_by uuid) IS 'Ends an evaluation with an opinion once every criterion has its note. outcome: closed, notFound, forbidden, evaluationClosed, evaluationIncomplete (missing: the criteria).';
REVOKE ALL ON FUNCTION labels.close_evaluation(p_centre_id smallint, p_id uuid, p_opinion text, p_comment text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.close_evaluation(p_centre_id smallint, p_id uuid, p_opinion text, p_comment text, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.code_of(p_code text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (p_code ~ '^[0-9]{2}(\.?[0-9]{1,3})?$'::text) THEN regexp_replace(replace(p_code, '.'::text, ''::text), '^([0-9]{2})([0-9]+)$'::text, '\1.\2'::text) ELSE NULL::text END;
COMMENT ON FUNCTION labels.code_of(p_code text) IS 'A code of NACE as it is stored: 62, 62.1, 62.10, 62.100; null: it is none.';
REVOKE ALL ON FUNCTION labels.code_of(p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.code_of(p_code text) TO plateau_functions;

CREATE FUNCTION labels.decide_access(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_audiences text[], p_head_counts integer[], p_resource uuid) RETURNS labels.gate_result
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation,
        (select o.centre_id from access.organisation o where o.id = p_organisation), p_audiences, p_head_counts, true, p_resource)
$$;
ALTER FUNCTION labels.decide_access(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_audiences text[], p_head_counts integer[], p_resource uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.decide_access(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_audiences text[], p_head_counts integer[], p_resource uuid) IS 'The gate''s explanation, without booking.';
REVOKE ALL ON FUNCTION labels.decide_access(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_audiences text[], p_head_counts integer[], p_resource uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.decide_access(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_audiences text[], p_head_counts integer[], p_resource uuid) TO plateau_app;

CREATE FUNCTION labels.decisions_known(p_centre_id smallint, p_known_at timestamp with time zone) RETURNS SETOF labels.label_decision
    LANGUAGE sql STABLE
    AS $$
    -- An annulled term stays, for the days that its annulment leaves alone; whatever else is superseded is as if never taken.
    select d.* from labels.label_decision d
    where d.centre_id = p_centre_id and d.recorded_at <= p_known_at
      and not exists (
          select from labels.label_decision s
          where s.centre_id = d.centre_id and s.supersedes = d.id and s.recorded_at <= p_known_at
            and not (s.kind = 'annul' and d.kind in ('grant', 'provisional', 'extend')))
$$;
COMMENT ON FUNCTION labels.decisions_known(p_centre_id smallint, p_known_at timestamp with time zone) IS 'The decisions known at a moment, less those that a known decision supersedes.';
REVOKE ALL ON FUNCTION labels.decisions_known(p_centre_id smallint, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.decisions_known(p_centre_id smallint, p_known_at timestamp with time zone) TO plateau_functions, plateau_app;

CREATE FUNCTION labels.derive_periods(p_centre_id smallint) RETURNS datemultirange
    LANGUAGE plpgsql
    AS $$
declare
    v_old labels.label_period[] := array(select p from labels.label_period p where p.centre_id = p_centre_id);
begin
    delete from labels.label_period where centre_id = p_centre_id;
    insert into labels.label_period (centre_id, during, status, decision_id, ends_on)
    select p_centre_id, p.during, p.status, p.decision_id, p.ends_on
    from labels.periods_known(p_centre_id, 'infinity') p;
    return (
        with life as (
            select o.status, o.decision_id, o.ends_on, o.during, true as is_old from unnest(v_old) o
            union all
            select n.status, n.decision_id, n.ends_on, n.during, false from labels.label_period n where n.centre_id = p_centre_id
        ), fact as (
            select coalesce(range_agg(l.during) filter (where l.is_old), '{}') as old_days,
                   coalesce(range_agg(l.during) filter (where not l.is_old), '{}') as new_days
            from life l
            group by l.status, l.decision_id, l.ends_on
        )
        select coalesce(range_agg(d.days), '{}')
        from fact f
        cross join lateral (select unnest(f.old_days - f.new_days) union all select unnest(f.new_days - f.old_days)) as d (days));
end
$$;
COMMENT ON FUNCTION labels.derive_periods(p_centre_id smallint) IS 'Stores the status of every day as known now. Gives the days about which something else is known than before.';
REVOKE ALL ON FUNCTION labels.derive_periods(p_centre_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.derive_periods(p_centre_id smallint) TO plateau_functions;

CREATE FUNCTION labels.file_gaps(p_centre_id smallint, p_id uuid) RETURNS TABLE(code text, element text, facts jsonb)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_draft labels.file_draft;
begin
    -- Reads as its caller: of a draft that the caller may not see nothing is said.
    select * into v_draft from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id;
    if not found then
        return;
    end if;
    return query
    select 'effectiveFromMissing', null::text, '{}'::jsonb where v_draft.effective_from is null
    union all
    select 'sectorsMissing', null, '{}' where cardinality(v_draft.sectors) = 0
    union all
    select 'sectorCodesMissing', null, '{}' where jsonb_array_length(v_draft.sector_codes) = 0
    union all
    select 'audiencesMissing', null, '{}' where cardinality(v_draft.audiences) = 0
    union all
    select 'missionsMissing', null, jsonb_build_object('missing', array_agg(m.code order by m.code))
    from labels.mission m where m.code <> all (v_draft.missions) having count(*) > 0
    union all
    select g.code, g.element, '{}'::jsonb
    from (select 'answerMissing' as code, e.code as element, e.position, 1 as kind from labels.element e
          where not v_draft.answers ? e.code
          union all
          select 'evidenceMissing', e.code, e.position, 2 from labels.element e
          where not exists (select from labels.evidence v
                            where v.centre_id = p_centre_id and v.file_id = p_id and v.element = e.code)
          order by 3, 4) g;
end
$$;
COMMENT ON FUNCTION labels.file_gaps(p_centre_id smallint, p_id uuid) IS 'What a draft lacks before it can be submitted; no row when it is complete.';
REVOKE ALL ON FUNCTION labels.file_gaps(p_centre_id smallint, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.file_gaps(p_centre_id smallint, p_id uuid) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.file_in_force(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) RETURNS labels.recognition_file
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_file labels.recognition_file;
begin
    select f.* into v_file from labels.recognition_file f
    where f.centre_id = p_centre_id and f.recorded_at <= p_known_at and f.effective_from <= p_day
      and (f.effective_to is null or f.effective_to >= p_day)
    order by f.number desc
    limit 1;
    return v_file;
end
$$;
REVOKE ALL ON FUNCTION labels.file_in_force(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.file_in_force(p_centre_id smallint, p_day date, p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION labels.gate(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_explain boolean, p_resource uuid DEFAULT NULL::uuid) RETURNS labels.gate_result
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_result labels.gate_result;
    v_days daterange := plateau.local_days(p_slot, p_zone);
    v_first date := lower(v_days);
    v_last date := upper(v_days) - 1;
    v_rules jsonb := '[]'::jsonb;
    v_policy labels.policy;
    v_whole labels.slot_verdict;
    v_code text;
    v_verdict text;
    v_own boolean := coalesce(p_caller_centre = p_owner_centre, false);
    v_direct boolean := false;
    v_membership access.membership;
    v_member_during daterange;
    v_agreed access.agreement_verdict;
    v_succession centres.succession;
    v_file labels.recognition_file;
    v_missing text[];
    v_day date;
begin
    v_result.verdict := 'allow';
    select * into v_policy from labels.policy;

    -- Rule 1: local resources are their own centre's.
    if not p_is_shared and not v_own then
        v_result.verdict := 'deny';
    end if;
    if p_explain then
        v_rules := v_rules || jsonb_build_object('rule', 'visibility', 'verdict', v_result.verdict, 'code',
            case when v_own then 'ownResource' when p_is_shared then 'resourceShared' else 'resourceLocal' end,
            'facts', jsonb_build_object('visibility', case when p_is_shared then 'shared' else 'local' end));
    end if;

    -- A centre in whose place another stands takes nobody in any more, itself included.
    select s.* into v_succession from centres.succession s where s.centre_id = p_owner_centre and s.from_day <= v_last;
    if v_succession.centre_id is not null then
        v_result.verdict := 'deny';
        v_rules := v_rules || jsonb_build_object('rule', 'succession', 'verdict', 'deny', 'code', 'centreSucceeded', 'facts',
            (select jsonb_build_object('centreId', c.id, 'successorId', s.id, 'from', v_succession.from_day)
             from centres.centre c, centres.centre s
             where c.centre_id = p_owner_centre and s.centre_id = v_succession.successor_id));
    end if;

    -- Rule 2: the owner's label for the whole slot. Own resources and the network's need none.
    if p_owner_centre = 0 or v_own then
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'ownerLabel', 'verdict', 'notApplicable', 'code',
                case when v_own then 'ownResource' else 'networkResource' end, 'facts', '{}'::jsonb);
        end if;
        if v_own and p_owner_centre <> 0 then
            select p.status, p.decision_id into v_result.label_status, v_result.label_decision_id
            from labels.label_period p where p.centre_id = p_owner_centre and p.during @> v_first;
        end if;
    else
        v_whole := labels.whole_slot(p_owner_centre, v_first, v_last, v_policy);
        v_verdict := v_whole.verdict;
        v_result.label_status := v_whole.first_status;
        v_result.label_decision_id := v_whole.first_decision_id;
        v_result.conditional_until := v_whole.until;
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'ownerLabel', 'verdict', v_verdict, 'code', v_whole.code, 'facts',
                labels.label_facts(p_owner_centre, v_first, v_last, v_whole.until, v_whole.period));
        end if;
        if v_verdict = 'deny' then
            v_result.verdict := 'deny';
        elsif v_verdict = 'conditional' and v_result.verdict = 'allow' then
            v_result.verdict := 'conditional';
        end if;
    end if;

    -- Rule 3: a labelled centre has direct access.
    if p_caller_centre is not null and not v_own then
        v_whole := labels.whole_slot(p_caller_centre, v_first, v_last, v_policy);
        v_verdict := v_whole.verdict;
        v_code := v_whole.code;
        if p_caller_centre = 0 then
            v_verdict := 'allow';
            v_code := 'networkResource';
        end if;
        v_direct := v_verdict in ('allow', 'conditional');
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'callerLabel', 'verdict',
                case when v_direct then v_verdict when p_owner_centre = 0 then 'deny' else 'notApplicable' end, 'code', v_code, 'facts',
                labels.label_facts(p_caller_centre, v_first, v_last, v_whole.until, v_whole.period));
        end if;
        if v_verdict = 'conditional' and v_result.verdict = 'allow' then
            v_result.verdict := 'conditional';
        end if;
        v_result.conditional_until := least(v_result.conditional_until, case v_verdict when 'conditional' then v_whole.until end);
    end if;

    -- Rule 4: the network's own resources are for labelled centres.
    if p_owner_centre = 0 and not v_own and not v_direct then
        v_result.verdict := 'deny';
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'networkResource', 'verdict', 'deny', 'code', 'networkResourceNeedsLabel',
                'facts', '{}'::jsonb);
        end if;
    end if;

    -- Rules 5 and 6: everybody else is a member of the network on each day, and every audience is targeted by the file in force.
    if not v_own and not v_direct and p_owner_centre <> 0 then
        -- One membership may follow another without a gap.
        select r.during into v_member_during
        from (select unnest(range_agg(m.during)) as during from access.membership m where m.organisation_id = p_organisation) r
        where r.during @> v_days;
        if not found then
            -- Or an agreement with the centre.
            v_agreed := access.agreed(p_organisation, p_owner_centre, p_resource, v_days, p_audiences, p_head_counts);
            if v_agreed.code is distinct from 'agreementWithCentre' then
                v_result.verdict := 'deny';
            end if;
        end if;
        if p_explain and v_member_during is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict', 'allow', 'code', 'memberOfNetwork', 'facts',
                jsonb_strip_nulls(jsonb_build_object('from', lower(v_member_during), 'to', upper(v_member_during) - 1)));
        elsif p_explain and v_agreed.code is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict',
                case v_agreed.code when 'agreementWithCentre' then 'allow' else 'deny' end, 'code', v_agreed.code, 'facts', v_agreed.facts);
        elsif p_explain then
            select * into v_membership from access.membership m where m.organisation_id = p_organisation
            order by upper(m.during) desc nulls first limit 1;
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict', 'deny', 'code', 'membershipRequired', 'facts',
                jsonb_strip_nulls(jsonb_build_object('from', lower(v_membership.during), 'to', upper(v_membership.during) - 1,
                    'slotFirstDay', v_first, 'slotLastDay', v_last)));
        end if;

        v_day := v_first;
        loop
            v_file := labels.file_in_force(p_owner_centre, v_day, 'infinity');
            if v_day = v_first then
                v_result.file_number := v_file.number;
            end if;
            v_missing := labels.missing_audiences(v_file, p_audiences, p_head_counts);
            exit when v_missing is not null or v_day = v_last;
            v_day := v_day + 1;
        end loop;
        if v_missing is not null then
            v_result.verdict := 'deny';
        end if;
        if p_explain and v_missing is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'audience', 'verdict', 'deny', 'code', 'audienceNotTargeted', 'facts',
                jsonb_strip_nulls(jsonb_build_object('missing', v_missing, 'targeted', v_file.audiences, 'fileNumber', v_file.number,
                    'day', v_day)));
        elsif p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'audience', 'verdict', 'allow', 'code', 'audienceTargeted', 'facts',
                jsonb_strip_nulls(jsonb_build_object('targeted', v_file.audiences, 'fileNumber', v_file.number)));
        end if;
    end if;

    if p_explain then
        v_result.rules := v_rules;
    elsif v_result.verdict <> 'allow' then
        -- Most callers are allowed and want no reasons: reasons are made when there is something to explain.
        return labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences, p_head_counts, true,
                           p_resource);
    end if;
    return v_result;
end
$$;
COMMENT ON FUNCTION labels.gate(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_explain boolean, p_resource uuid) IS 'The one door of every way in: may this organisation use a resource of this centre in this slot, and why.';
REVOKE ALL ON FUNCTION labels.gate(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_explain boolean, p_resource uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.gate(p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_explain boolean, p_resource uuid) TO plateau_functions;

CREATE FUNCTION labels.label_end(p_centre_id smallint, p_day date) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    select upper(r.during) - 1
    from (select unnest(range_agg(p.during)) as during from labels.label_period p
          where p.centre_id = p_centre_id and p.status in ('labelled', 'provisional', 'suspended')) r
    where r.during @> p_day and not upper_inf(r.during)
$$;
COMMENT ON FUNCTION labels.label_end(p_centre_id smallint, p_day date) IS 'The last day of the label that covers a day, terms that follow one another without a gap included; null: none, or no end is known.';
REVOKE ALL ON FUNCTION labels.label_end(p_centre_id smallint, p_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.label_end(p_centre_id smallint, p_day date) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.label_facts(p_centre_id smallint, p_first date, p_last date, p_until date, p_period labels.label_period) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_strip_nulls(jsonb_build_object(
        'centreId', (select c.id from centres.centre c where c.centre_id = p_centre_id),
        'status', coalesce(p_period.status, 'none'), 'decisionId', p_period.decision_id,
        'from', lower(p_period.during), 'to', upper(p_period.during) - 1, 'termEndsOn', p_period.ends_on,
        'slotFirstDay', p_first, 'slotLastDay', p_last, 'certainUntil', p_until))
$$;
REVOKE ALL ON FUNCTION labels.label_facts(p_centre_id smallint, p_first date, p_last date, p_until date, p_period labels.label_period) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.label_facts(p_centre_id smallint, p_first date, p_last date, p_until date, p_period labels.label_period) TO plateau_functions;

CREATE FUNCTION labels.link_file(p_centre_id smallint, p_application uuid, p_file uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_state text := labels.application_state(p_centre_id, p_application);
begin
    if v_state is null then
        return 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'submitted' then
        return 'applicationClosed';
    elsif not exists (select from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file) then
        return 'fileUnknown';
    end if;
    insert into labels.application_file (centre_id, application_id, number, file_id, linked_at, linked_by)
    select p_centre_id, p_application, coalesce(max(f.number), 0) + 1, p_file, plateau.clock(), p_by
    from labels.application_file f where f.centre_id = p_centre_id and f.application_id = p_application;
    return 'linked';
end
$$;
ALTER FUNCTION labels.link_file(p_centre_id smallint, p_application uuid, p_file uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.link_file(p_centre_id smallint, p_application uuid, p_file uuid, p_by uuid) IS 'outcome: linked, notFound, forbidden, applicationClosed (its evaluation has begun, or it is over), fileUnknown.';
REVOKE ALL ON FUNCTION labels.link_file(p_centre_id smallint, p_application uuid, p_file uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.link_file(p_centre_id smallint, p_application uuid, p_file uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.missing_audiences(p_file labels.recognition_file, p_audiences text[], p_head_counts integer[]) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    if coalesce(p_audiences <@ p_file.audiences, false) then
        return null;
    end if;
    return (select array_agg(a.code order by a.code)
            from unnest(p_audiences, p_head_counts) as a (code, head_count)
            where a.head_count > 0 and (p_file.audiences is null or a.code <> all (p_file.audiences)));
end
$$;
COMMENT ON FUNCTION labels.missing_audiences(p_file labels.recognition_file, p_audiences text[], p_head_counts integer[]) IS 'The audiences with heads that a file does not target; null when it targets all of them.';
REVOKE ALL ON FUNCTION labels.missing_audiences(p_file labels.recognition_file, p_audiences text[], p_head_counts integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.missing_audiences(p_file labels.recognition_file, p_audiences text[], p_head_counts integer[]) TO plateau_functions;

CREATE FUNCTION labels.next_moment(p_centre_id smallint) RETURNS timestamp with time zone
    LANGUAGE sql
    AS $$
    -- The clock may stand still between two decisions of one transaction: recorded_at still tells their order.
    select greatest(plateau.clock(), max(d.recorded_at) + interval '1 microsecond')
    from labels.label_decision d where d.centre_id = p_centre_id
$$;
REVOKE ALL ON FUNCTION labels.next_moment(p_centre_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.next_moment(p_centre_id smallint) TO plateau_functions;

CREATE FUNCTION labels.note_evaluation(p_centre_id smallint, p_id uuid, p_version integer, p_criteria text[], p_notes smallint[], p_comments text[], p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_evaluation labels.evaluation;
begin
    select * into v_evaluation from labels.evaluation e where e.centre_id = p_centre_id and e.id = p_id for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_evaluation.closed_at is not null then
        return 'evaluationClosed';
    elsif v_evaluation.version <> p_version then
        return 'versionMismatch';
    elsif exists (select from unnest(p_criteria) c where not exists (
        select from labels.criterion k where k.specification = v_evaluation.specification and k.code = c)) then
        return 'criterionUnknown';
    end if;
    delete from labels.evaluation_note n where n.centre_id = p_centre_id and n.evaluation_id = p_id;
    insert into labels.evaluation_note (centre_id, evaluation_id, criterion, specification, note, comment)
    select p_centre_id, p_id, n.criterion, v_evaluation.specification, n.note, nullif(n.comment, '')
    from unnest(p_criteria, p_notes, p_comments) as n (criterion, note, comment);
    update labels.evaluation e set version = e.version + 1 where e.centre_id = p_centre_id and e.id = p_id;
    return 'noted';
end
$$;
ALTER FUNCTION labels.note_evaluation(p_centre_id smallint, p_id uuid, p_version integer, p_criteria text[], p_notes smallint[], p_comments text[], p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.note_evaluation(p_centre_id smallint, p_id uuid, p_version integer, p_criteria text[], p_notes smallint[], p_comments text[], p_by uuid) IS 'Replaces the notes of an open evaluation; an empty comment is none. outcome: noted, notFound, forbidden, evaluationClosed, versionMismatch, criterionUnknown.';
REVOKE ALL ON FUNCTION labels.note_evaluation(p_centre_id smallint, p_id uuid, p_version integer, p_criteria text[], p_notes smallint[], p_comments text[], p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.note_evaluation(p_centre_id smallint, p_id uuid, p_version integer, p_criteria text[], p_notes smallint[], p_comments text[], p_by uuid) TO plateau_app;

CREATE FUNCTION labels.objection_to(p_proposal labels.proposal) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_superseded text;
begin
    if p_proposal.decided_on > plateau.local_day(plateau.clock(), (
        select c.zone from centres.centre c where c.centre_id = p_proposal.centre_id)) then
        return 'decidedInFuture';
    end if;
    if p_proposal.supersedes is not null then
        select d.kind into v_superseded from labels.label_decision d
        where d.centre_id = p_proposal.centre_id and d.id = p_proposal.supersedes;
        if v_superseded is null then
            return 'supersedesUnknown';
        elsif v_superseded = 'annul' then
            return 'annulmentIsFinal';
        elsif exists (select from labels.label_decision d
                      where d.centre_id = p_proposal.centre_id and d.supersedes = p_proposal.supersedes) then
            return 'alreadySuperseded';
        end if;
    end if;
    if p_proposal.kind = 'lift' and p_proposal.effective_to is null and not exists (
        select from labels.label_period p
        where p.centre_id = p_proposal.centre_id and p.status = 'suspended'
          and (upper_inf(p.during) or upper(p.during) > p_proposal.effective_from)) then
        return 'nothingToLift';
    end if;
    return null;
end
$$;
COMMENT ON FUNCTION labels.objection_to(p_proposal labels.proposal) IS 'Why a proposal cannot become a decision as things stand, null when it can: decidedInFuture, supersedesUnknown, annulmentIsFinal, alreadySuperseded, nothingToLift.';
REVOKE ALL ON FUNCTION labels.objection_to(p_proposal labels.proposal) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.objection_to(p_proposal labels.proposal) TO plateau_functions;

CREATE FUNCTION labels.objection_to_sector(p_scheme text, p_version text, p_code text, p_day date, OUT code text, OUT facts jsonb) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_list labels.sector_list;
    v_current labels.sector_list;
    v_code text := labels.code_of(p_code);
    v_next labels.sector_successor;
begin
    select * into v_list from labels.sector_list l where l.scheme = p_scheme and l.version = p_version;
    select * into v_current from labels.sector_list l
    where l.scheme = p_scheme and l.valid_from <= p_day and (l.valid_to is null or l.valid_to >= p_day);
    facts := jsonb_strip_nulls(jsonb_build_object(
        'scheme', p_scheme, 'version', p_version, 'code', p_code, 'day', p_day, 'currentVersion', v_current.version));
    if v_list.scheme is null then
        code := 'sectorListUnknown';
    elsif v_list.version is distinct from v_current.version then
        select s.* into v_next from labels.sector_successor s
        where s.scheme = p_scheme and s.version = p_version and s.next_version = v_current.version and s.code = left(v_code, 5);
        code := 'sectorListOutdated';
        facts := facts || jsonb_strip_nulls(jsonb_build_object(
            'validTo', v_list.valid_to,
            'successors', case when v_next.code is not null then to_jsonb(v_next.next_codes)
                               when length(v_code) = 2 and v_code = any (v_current.divisions) then jsonb_build_array(v_code) end));
    elsif v_code is null or not left(v_code, 2) = any (v_list.divisions) then
        code := 'sectorCodeUnknown';
    else
        -- The list is kept by divisions; of classes, those are known that an earlier version had and this one has not.
        select s.* into v_next from labels.sector_successor s
        where s.scheme = p_scheme and s.next_version = p_version and s.code = left(v_code, 5);
        if found then
            code := 'sectorCodeOfOtherList';
            facts := facts || jsonb_build_object('otherVersion', v_next.version, 'successors', to_jsonb(v_next.next_codes));
        end if;
    end if;
end
$$;
COMMENT ON FUNCTION labels.objection_to_sector(p_scheme text, p_version text, p_code text, p_day date, OUT code text, OUT facts jsonb) IS 'Why a file that begins on a day cannot use a code: sectorListUnknown, sectorListOutdated, sectorCodeUnknown, sectorCodeOfOtherList; null when it can. A code of another version is never taken for one of this.';
REVOKE ALL ON FUNCTION labels.objection_to_sector(p_scheme text, p_version text, p_code text, p_day date, OUT code text, OUT facts jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.objection_to_sector(p_scheme text, p_version text, p_code text, p_day date, OUT code text, OUT facts jsonb) TO plateau_functions;

CREATE FUNCTION labels.open_evaluation(p_centre_id smallint, p_application uuid, p_id uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_application labels.application_event;
    v_state text;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_state := labels.application_state(p_centre_id, p_application);
    select * into v_application from labels.application_event a
    where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted';
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state = 'underEvaluation' then
        return 'evaluationOpen';
    elsif v_state in ('withdrawn', 'answered') then
        return 'applicationClosed';
    elsif v_application.recorded_by = p_by then
        return 'samePerson';
    elsif exists (select from labels.application_gaps(p_centre_id, p_application)) then
        return 'applicationIncomplete';
    end if;
    insert into labels.evaluation (centre_id, id, application_id, specification, opened_at, opened_by, is_fictional)
    select p_centre_id, p_id, p_application, d.specification, plateau.clock(), p_by, d.is_fictional
    from labels.file_draft d
    where d.centre_id = p_centre_id and d.id = labels.application_file_of(p_centre_id, p_application);
    insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
    values (p_centre_id, 'labelEvaluation.opened', p_id, 1, jsonb_build_object('applicationId', p_application), plateau.clock());
    return 'opened';
end
$$;
ALTER FUNCTION labels.open_evaluation(p_centre_id smallint, p_application uuid, p_id uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.open_evaluation(p_centre_id smallint, p_application uuid, p_id uuid, p_by uuid) IS 'outcome: opened, notFound, forbidden, evaluationOpen, applicationClosed, samePerson (who applied), applicationIncomplete (labels.application_gaps says why).';
REVOKE ALL ON FUNCTION labels.open_evaluation(p_centre_id smallint, p_application uuid, p_id uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.open_evaluation(p_centre_id smallint, p_application uuid, p_id uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.periods_known(p_centre_id smallint, p_known_at timestamp with time zone) RETURNS TABLE(during daterange, status text, decision_id uuid, ends_on date)
    LANGUAGE sql STABLE
    AS $$
    with edge as (
        select d.effective_from as day from labels.label_decision d where d.centre_id = p_centre_id and d.recorded_at <= p_known_at
        union
        select d.effective_to + 1 from labels.label_decision d
        where d.centre_id = p_centre_id and d.recorded_at <= p_known_at and d.effective_to is not null
        union
        select a.on_day from labels.application_event a where a.centre_id = p_centre_id and a.recorded_at <= p_known_at
    ), piece as (
        select daterange(e.day, lead(e.day) over (order by e.day)) as days, s.status, s.decision_id, s.ends_on
        from edge e, labels.status_of(p_centre_id, e.day, p_known_at) s
    )
    select unnest(range_agg(p.days)), p.status, p.decision_id, p.ends_on
    from piece p
    group by p.status, p.decision_id, p.ends_on
    order by 1
$$;
COMMENT ON FUNCTION labels.periods_known(p_centre_id smallint, p_known_at timestamp with time zone) IS 'The whole life of a label as known at a moment: non-overlapping ranges of days, half-open. Before the first fact there is no label.';
REVOKE ALL ON FUNCTION labels.periods_known(p_centre_id smallint, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.periods_known(p_centre_id smallint, p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION labels.propose_decision(p_centre_id smallint, p_id uuid, p_kind text, p_authority text, p_reference text, p_decided_on date, p_effective_from date, p_effective_to date, p_supersedes uuid, p_note text, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_proposal labels.proposal;
    v_objection text;
begin
    if not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    end if;
    v_proposal := row (
        p_centre_id, p_id, p_kind, p_authority, p_reference, p_decided_on, p_effective_from,
        case when p_kind = 'grant' and p_effective_to is null
             then (select (p_effective_from + make_interval(years => o.term_years))::date - 1 from labels.policy o)
             else p_effective_to end,
        p_supersedes, p_note, plateau.clock(), p_by)::labels.proposal;
    v_objection := labels.objection_to(v_proposal);
    if v_objection is not null then
        return v_objection;
    end if;
    insert into labels.proposal select v_proposal.*;
    return 'proposed';
end
$$;
ALTER FUNCTION labels.propose_decision(p_centre_id smallint, p_id uuid, p_kind text, p_authority text, p_reference text, p_decided_on date, p_effective_from date, p_effective_to date, p_supersedes uuid, p_note text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.propose_decision(p_centre_id smallint, p_id uuid, p_kind text, p_authority text, p_reference text, p_decided_on date, p_effective_from date, p_effective_to date, p_supersedes uuid, p_note text, p_by uuid) IS 'outcome: proposed, forbidden, or what labels.objection_to says. A grant without a last day gets the usual term.';
REVOKE ALL ON FUNCTION labels.propose_decision(p_centre_id smallint, p_id uuid, p_kind text, p_authority text, p_reference text, p_decided_on date, p_effective_from date, p_effective_to date, p_supersedes uuid, p_note text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.propose_decision(p_centre_id smallint, p_id uuid, p_kind text, p_authority text, p_reference text, p_decided_on date, p_effective_from date, p_effective_to date, p_supersedes uuid, p_note text, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.recognise_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_authority text, p_reference text, p_by uuid) RETURNS TABLE(outcome text, number integer, recorded_at timestamp with time zone, changed datemultirange)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_draft labels.file_draft;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_draft from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_draft.state <> 'submitted' then
        outcome := case v_draft.state when 'recognised' then 'fileInForce' else 'fileNotSubmitted' end;
    elsif v_draft.submitted_by = p_by then
        outcome := 'samePerson';
    else
        insert into labels.recognition_file as f (
            centre_id, id, number, effective_from, effective_to, sectors, audiences, specification, sector_codes, missions, authority,
            reference, recorded_at, recorded_by, is_fictional)
        select p_centre_id, p_id, coalesce(max(e.number), 0) + 1, coalesce(p_effective_from, v_draft.effective_from),
               case when p_effective_from is null then coalesce(p_effective_to, v_draft.effective_to) else p_effective_to end,
               v_draft.sectors, v_draft.audiences, v_draft.specification, v_draft.sector_codes, v_draft.missions, p_authority,
               p_reference, plateau.clock(), p_by, v_draft.is_fictional
        from labels.recognition_file e where e.centre_id = p_centre_id
        returning 'recognised', f.number, f.recorded_at, datemultirange(daterange(f.effective_from, f.effective_to, '[]'))
        into outcome, number, recorded_at, changed;
        update labels.file_draft d set state = 'recognised', version = d.version + 1 where d.centre_id = p_centre_id and d.id = p_id;
        perform labels.add_file_event(p_centre_id, p_id, 'recognised', p_by, null);
    end if;
    return next;
end
$$;
ALTER FUNCTION labels.recognise_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_authority text, p_reference text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.recognise_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_authority text, p_reference text, p_by uuid) IS 'Puts a submitted file in force, for its own days unless others are given; not by who submitted it. outcome: recognised, notFound, forbidden, fileInForce, fileNotSubmitted, samePerson. Raises recognition_file_order.';
REVOKE ALL ON FUNCTION labels.recognise_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_authority text, p_reference text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.recognise_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_authority text, p_reference text, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.record_application(p_centre_id smallint, p_application uuid, p_event text, p_kind text, p_on_day date, p_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    recorded_at := plateau.clock();
    insert into labels.application_event (centre_id, application_id, event, kind, on_day, recorded_at, recorded_by)
    values (p_centre_id, p_application, p_event, p_kind, p_on_day, record_application.recorded_at, p_by);
    changed := labels.derive_periods(p_centre_id);
end
$$;
ALTER FUNCTION labels.record_application(p_centre_id smallint, p_application uuid, p_event text, p_kind text, p_on_day date, p_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.record_application(p_centre_id smallint, p_application uuid, p_event text, p_kind text, p_on_day date, p_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) IS 'Records that an application was submitted or withdrawn. changed: the days about which something else is known now.';
REVOKE ALL ON FUNCTION labels.record_application(p_centre_id smallint, p_application uuid, p_event text, p_kind text, p_on_day date, p_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.record_application(p_centre_id smallint, p_application uuid, p_event text, p_kind text, p_on_day date, p_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) TO plateau_app;

CREATE FUNCTION labels.record_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_sectors text[], p_audiences text[], p_by uuid) RETURNS TABLE(outcome text, number integer, recorded_at timestamp with time zone, changed datemultirange)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        return query select 'audienceUnknown', null::integer, null::timestamptz, null::datemultirange;
        return;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    return query
        insert into labels.recognition_file as f (
            centre_id, id, number, effective_from, effective_to, sectors, audiences, recorded_at, recorded_by)
        select p_centre_id, p_id, coalesce(max(e.number), 0) + 1, p_effective_from, p_effective_to, p_sectors, p_audiences,
               plateau.clock(), p_by
        from labels.recognition_file e where e.centre_id = p_centre_id
        returning 'recorded', f.number, f.recorded_at, datemultirange(daterange(f.effective_from, f.effective_to, '[]'));
end
$$;
ALTER FUNCTION labels.record_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_sectors text[], p_audiences text[], p_by uuid) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION labels.record_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_sectors text[], p_audiences text[], p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.record_file(p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_sectors text[], p_audiences text[], p_by uuid) TO plateau_app;

CREATE FUNCTION labels.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% keeps what was decided: a row is superseded, never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;
COMMENT ON FUNCTION labels.refuse_change() IS 'For tables whose rows are facts: nobody changes or removes them, the owner included.';
REVOKE ALL ON FUNCTION labels.refuse_change() FROM PUBLIC;

CREATE FUNCTION labels.register_on(p_day date, p_known_at timestamp with time zone) RETURNS TABLE(centre_id smallint, status text, decision_id uuid, from_day date, to_day date, ends_on date, sectors text[], audiences text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select c.centre_id, s.status, s.decision_id, lower(p.during), upper(p.during) - 1, s.ends_on, (f.file).sectors, (f.file).audiences
    from centres.centre c
    cross join lateral labels.status_of(c.centre_id, p_day, p_known_at) s
    cross join lateral labels.periods_known(c.centre_id, p_known_at) p
    cross join lateral (select labels.file_in_force(c.centre_id, p_day, p_known_at) as file) f
    where s.status in ('labelled', 'provisional') and p.during @> p_day
      and not exists (select from centres.succession u where u.centre_id = c.centre_id and u.from_day <= p_day)
$$;
ALTER FUNCTION labels.register_on(p_day date, p_known_at timestamp with time zone) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.register_on(p_day date, p_known_at timestamp with time zone) IS 'The centres that hold the label on a day, as known at a moment: with the period and the decision behind it, and what their file says.';
REVOKE ALL ON FUNCTION labels.register_on(p_day date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.register_on(p_day date, p_known_at timestamp with time zone) TO plateau_app;

CREATE FUNCTION labels.reminders_of(p_centre_id smallint, p_today date) RETURNS TABLE(ends_on date, months integer, due_on date, sent_at timestamp with time zone, renewal_pending boolean)
    LANGUAGE sql STABLE
    AS $$
    select coalesce(s.ends_on, e.ends_on), coalesce(s.months, e.months),
           (coalesce(s.ends_on, e.ends_on) - make_interval(months => coalesce(s.months, e.months)))::date, s.sent_at, s.renewal_pending
    from (select l.ends_on, m.months
          from (select labels.label_end(p_centre_id, p_today) as ends_on) l
          cross join labels.policy o
          cross join lateral unnest(o.reminder_months) as m (months)
          where l.ends_on is not null) e
    full join (select * from labels.reminder r where r.centre_id = p_centre_id) s on s.ends_on = e.ends_on and s.months = e.months
$$;
COMMENT ON FUNCTION labels.reminders_of(p_centre_id smallint, p_today date) IS 'The reminders that were sent, and those to come for the end that is known now (sent_at null).';
REVOKE ALL ON FUNCTION labels.reminders_of(p_centre_id smallint, p_today date) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.reminders_of(p_centre_id smallint, p_today date) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.remove_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'draft' then
        return case v_state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    end if;
    delete from labels.evidence e where e.centre_id = p_centre_id and e.file_id = p_file and e.id = p_id;
    return case when found then 'removed' else 'notFound' end;
end
$$;
ALTER FUNCTION labels.remove_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.remove_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_by uuid) IS 'From a draft only. outcome: removed, notFound, forbidden, fileInForce, fileSubmitted.';
REVOKE ALL ON FUNCTION labels.remove_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.remove_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.return_file(p_centre_id smallint, p_id uuid, p_comment text, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'submitted' then
        return case v_state when 'recognised' then 'fileInForce' else 'fileNotSubmitted' end;
    end if;
    update labels.file_draft d set state = 'draft', version = d.version + 1 where d.centre_id = p_centre_id and d.id = p_id;
    perform labels.add_file_event(p_centre_id, p_id, 'returned', p_by, p_comment);
    return 'returned';
end
$$;
ALTER FUNCTION labels.return_file(p_centre_id smallint, p_id uuid, p_comment text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.return_file(p_centre_id smallint, p_id uuid, p_comment text, p_by uuid) IS 'Gives a submitted file back to its centre, with what has to be mended. outcome: returned, notFound, forbidden, fileInForce, fileNotSubmitted.';
REVOKE ALL ON FUNCTION labels.return_file(p_centre_id smallint, p_id uuid, p_comment text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.return_file(p_centre_id smallint, p_id uuid, p_comment text, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.send_reminders() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_count integer;
begin
    -- Of several that fall due together, as when a term is short, the nearest to the end stands for all.
    with due as (
        select distinct on (c.centre_id) c.centre_id, l.ends_on, m.months
        from centres.centre c
        cross join lateral (select plateau.local_day(v_now, c.zone) as today) t
        cross join lateral (select labels.label_end(c.centre_id, t.today) as ends_on) l
        cross join labels.policy o
        cross join lateral unnest(o.reminder_months) as m (months)
        where c.kind = 'centre' and l.ends_on is not null and (l.ends_on - make_interval(months => m.months))::date <= t.today
        order by c.centre_id, m.months
    ), sent as (
        insert into labels.reminder as r (centre_id, ends_on, months, sent_at, renewal_pending)
        select d.centre_id, d.ends_on, d.months, v_now, exists (
            select from labels.application_event a
            where a.centre_id = d.centre_id and a.event = 'submitted' and a.kind in ('renewal', 'secondEvaluation')
              and labels.application_state(a.centre_id, a.application_id) not in ('withdrawn', 'answered'))
        from due d
        where not exists (select from labels.reminder e
                          where e.centre_id = d.centre_id and e.ends_on = d.ends_on and e.months <= d.months)
        on conflict do nothing
        returning r.centre_id, r.ends_on, r.months, r.renewal_pending
    ), told as (
        insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
        select s.centre_id, 'label.endsSoon', c.id, 1,
               jsonb_build_object('endsOn', s.ends_on, 'months', s.months, 'renewalPending', s.renewal_pending), v_now
        from sent s join centres.centre c on c.centre_id = s.centre_id
        returning 1
    )
    select count(*) into v_count from told;
    return v_count;
end
$$;
ALTER FUNCTION labels.send_reminders() OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.send_reminders() IS 'Writes an event for each label whose end is so many months away that a reminder is due, once. How many.';
REVOKE ALL ON FUNCTION labels.send_reminders() FROM PUBLIC;
GRANT ALL ON FUNCTION labels.send_reminders() TO plateau_app;

CREATE FUNCTION labels.start_file(p_centre_id smallint, p_id uuid, p_based_on uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_model labels.recognition_file;
begin
    if not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    end if;
    if p_based_on is not null then
        select * into v_model from labels.recognition_file f where f.centre_id = p_centre_id and f.id = p_based_on;
        if not found then
            return 'basedOnUnknown';
        end if;
    end if;
    insert into labels.file_draft (
        centre_id, id, based_on, specification, sectors, sector_codes, audiences, missions, answers, changed_at, changed_by)
    values (p_centre_id, p_id, p_based_on, coalesce(v_model.specification, '2017'), coalesce(v_model.sectors, '{}'),
            coalesce(v_model.sector_codes, '[]'), coalesce(v_model.audiences, '{}'), coalesce(v_model.missions, '{}'),
            coalesce((select d.answers from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_based_on), '{}'),
            plateau.clock(), p_by);
    perform labels.add_file_event(p_centre_id, p_id, 'drafted', p_by, null);
    return 'drafted';
end
$$;
ALTER FUNCTION labels.start_file(p_centre_id smallint, p_id uuid, p_based_on uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.start_file(p_centre_id smallint, p_id uuid, p_based_on uuid, p_by uuid) IS 'outcome: drafted, forbidden, basedOnUnknown. Based on a recognised file it begins with that one''s content and answers; evidence is brought anew.';
REVOKE ALL ON FUNCTION labels.start_file(p_centre_id smallint, p_id uuid, p_based_on uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.start_file(p_centre_id smallint, p_id uuid, p_based_on uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.status_of(p_centre_id smallint, p_day date, p_known_at timestamp with time zone, OUT status text, OUT decision_id uuid, OUT ends_on date) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_holder labels.label_decision;
    v_annulment uuid;
    v_over_from date;
    v_answer labels.label_decision;
    v_term labels.label_decision;
    v_pending boolean;
    v_renewal boolean;
    v_last labels.label_decision;
begin
    -- Of the terms and withdrawals that cover a day, the one recorded last holds it.
    select d.* into v_holder from labels.decisions_known(p_centre_id, p_known_at) d
    where d.kind in ('grant', 'provisional', 'extend', 'withdraw')
      and d.effective_from <= p_day and (d.effective_to is null or d.effective_to >= p_day)
    order by d.recorded_at desc limit 1;

    -- What has no last day lasts until a term recorded later reaches it; a provisional label also until a refusal recorded later.
    if v_holder.id is not null and v_holder.effective_to is null then
        select min(greatest(d.effective_from, v_holder.effective_from)) into v_over_from
        from labels.decisions_known(p_centre_id, p_known_at) d
        where d.recorded_at > v_holder.recorded_at
          and (d.kind in ('grant', 'provisional', 'extend') and (d.effective_to is null or d.effective_to >= v_holder.effective_from)
               or d.kind = 'refuse' and v_holder.kind = 'provisional');
    end if;

    if v_holder.id is not null and (v_over_from is null or v_over_from > p_day) then
        ends_on := coalesce(v_holder.effective_to, v_over_from - 1);
        if v_holder.kind = 'withdraw' then
            status := 'withdrawn';
            decision_id := v_holder.id;
            return;
        end if;
        select d.id into v_annulment from labels.decisions_known(p_centre_id, p_known_at) d
        where d.kind = 'annul' and d.supersedes = v_holder.id
          and d.effective_from <= p_day and (d.effective_to is null or d.effective_to >= p_day);
        if found then
            status := 'annulled';
            decision_id := v_annulment;
            return;
        end if;
        status := case v_holder.kind when 'provisional' then 'provisional' else 'labelled' end;
        decision_id := v_holder.id;
    else
        -- Nothing holds the day: what was the last answer, which term ended last, and does an application wait?
        select d.* into v_answer from labels.decisions_known(p_centre_id, p_known_at) d
        where d.kind in ('grant', 'provisional', 'extend', 'refuse') and d.effective_from <= p_day
        order by d.recorded_at desc limit 1;
        select d.* into v_term from labels.decisions_known(p_centre_id, p_known_at) d
        where d.kind in ('grant', 'provisional', 'extend') and d.effective_from <= p_day
        order by coalesce(d.effective_to, d.effective_from) desc, d.recorded_at desc limit 1;
        select count(*) > 0, coalesce(bool_or(a.kind in ('renewal', 'secondEvaluation')), false) into v_pending, v_renewal
        from labels.application_event a
        where a.centre_id = p_centre_id and a.event = 'submitted' and a.recorded_at <= p_known_at and a.on_day <= p_day
          and not exists (
              select from labels.application_event w
              where w.centre_id = a.centre_id and w.application_id = a.application_id and w.event = 'withdrawn'
                and w.recorded_at <= p_known_at and w.on_day <= p_day)
          and not exists (
              select from labels.decisions_known(p_centre_id, p_known_at) d
              where d.kind in ('grant', 'provisional', 'refuse') and d.decided_on >= a.on_day);
        decision_id := v_term.id;
        ends_on := v_term.effective_to;
        if v_answer.kind = 'refuse' then
            status := case when v_pending then 'candidate' else 'refused' end;
            decision_id := v_answer.id;
        elsif v_term.id is not null and v_renewal then
            status := 'lapsedPending';
        elsif v_pending then
            status := 'candidate';
        else
            status := case when v_term.id is null then 'none' else 'expired' end;
        end if;
    end if;

    -- A suspension lasts until its last day or until a lift recorded later, across the terms.
    if status in ('labelled', 'provisional', 'lapsedPending') then
        select d.* into v_last from labels.decisions_known(p_centre_id, p_known_at) d
        where d.effective_from <= p_day
          and (d.kind = 'lift' or d.kind = 'suspend' and (d.effective_to is null or d.effective_to >= p_day))
        order by d.recorded_at desc limit 1;
        if v_last.kind = 'suspend' then
            status := 'suspended';
            decision_id := v_last.id;
        end if;
    end if;
end
$$;
COMMENT ON FUNCTION labels.status_of(p_centre_id smallint, p_day date, p_known_at timestamp with time zone, OUT status text, OUT decision_id uuid, OUT ends_on date) IS 'The status of a label for a day, as known at a moment: none, candidate, labelled, provisional, lapsedPending, suspended, refused, expired, withdrawn or annulled. ends_on: last day of the term.';
REVOKE ALL ON FUNCTION labels.status_of(p_centre_id smallint, p_day date, p_known_at timestamp with time zone, OUT status text, OUT decision_id uuid, OUT ends_on date) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.status_of(p_centre_id smallint, p_day date, p_known_at timestamp with time zone, OUT status text, OUT decision_id uuid, OUT ends_on date) TO plateau_functions;

CREATE FUNCTION labels.submit_file(p_centre_id smallint, p_id uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'draft' then
        return case v_state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    elsif exists (select from labels.file_gaps(p_centre_id, p_id)) then
        return 'fileIncomplete';
    end if;
    update labels.file_draft d set state = 'submitted', version = d.version + 1, submitted_by = p_by
    where d.centre_id = p_centre_id and d.id = p_id;
    perform labels.add_file_event(p_centre_id, p_id, 'submitted', p_by, null);
    return 'submitted';
end
$$;
ALTER FUNCTION labels.submit_file(p_centre_id smallint, p_id uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.submit_file(p_centre_id smallint, p_id uuid, p_by uuid) IS 'outcome: submitted, notFound, forbidden, fileInForce, fileSubmitted, fileIncomplete (labels.file_gaps says why).';
REVOKE ALL ON FUNCTION labels.submit_file(p_centre_id smallint, p_id uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.submit_file(p_centre_id smallint, p_id uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.timeline(p_centre_id smallint, p_application uuid) RETURNS TABLE(at timestamp with time zone, action text, subject_id uuid, key_id uuid, facts jsonb)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_file uuid := labels.application_file_of(p_centre_id, p_application);
begin
    -- Reads as its caller: row-level security decides what shows.
    return query
    select e.at, 'file' || initcap(e.event), e.file_id, e.by, jsonb_strip_nulls(jsonb_build_object('comment', e.comment))
    from labels.file_event e
    where e.centre_id = p_centre_id and (p_application is null or e.file_id = v_file)
    union all
    select f.recorded_at, 'fileRecorded', f.id, f.recorded_by, jsonb_build_object('number', f.number)
    from labels.recognition_file f
    where f.centre_id = p_centre_id and p_application is null
      and not exists (select from labels.file_draft d where d.centre_id = f.centre_id and d.id = f.id)
    union all
    select a.recorded_at, 'application' || initcap(a.event), a.application_id, a.recorded_by,
           jsonb_build_object('kind', a.kind, 'day', a.on_day)
    from labels.application_event a
    where a.centre_id = p_centre_id and (p_application is null or a.application_id = p_application)
    union all
    select l.linked_at, 'fileLinked', l.application_id, l.linked_by, jsonb_build_object('fileId', l.file_id)
    from labels.application_file l
    where l.centre_id = p_centre_id and (p_application is null or l.application_id = p_application)
    union all
    select v.opened_at, 'evaluationOpened', v.id, v.opened_by, jsonb_build_object('applicationId', v.application_id)
    from labels.evaluation v
    where v.centre_id = p_centre_id and (p_application is null or v.application_id = p_application)
    union all
    select v.closed_at, 'evaluationClosed', v.id, v.closed_by,
           jsonb_build_object('applicationId', v.application_id, 'opinion', v.opinion)
    from labels.evaluation v
    where v.centre_id = p_centre_id and v.closed_at is not null and (p_application is null or v.application_id = p_application)
    union all
    select p.proposed_at, 'decisionProposed', p.id, p.proposed_by, jsonb_build_object('kind', p.kind, 'reference', p.reference)
    from labels.proposal p
    where p.centre_id = p_centre_id and p_application is null
    union all
    select w.withdrawn_at, 'proposalWithdrawn', w.proposal_id, w.withdrawn_by, '{}'
    from labels.proposal_withdrawal w
    where w.centre_id = p_centre_id and p_application is null
    union all
    select d.recorded_at, 'decisionRecorded', d.id, d.approved_by, jsonb_build_object('kind', d.kind, 'reference', d.reference)
    from labels.label_decision d
    where d.centre_id = p_centre_id
      and (p_application is null or d.id = (
          select labels.application_answer(p_centre_id, a.on_day) from labels.application_event a
          where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted'))
    union all
    select r.sent_at, 'reminderSent', c.id, null, jsonb_build_object('months', r.months, 'endsOn', r.ends_on)
    from labels.reminder r join centres.centre c on c.centre_id = r.centre_id
    where r.centre_id = p_centre_id and p_application is null;
end
$$;
COMMENT ON FUNCTION labels.timeline(p_centre_id smallint, p_application uuid) IS 'Everything that happened around a centre''s label, or around one application: who did what when.';
REVOKE ALL ON FUNCTION labels.timeline(p_centre_id smallint, p_application uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.timeline(p_centre_id smallint, p_application uuid) TO plateau_app, plateau_functions;

CREATE FUNCTION labels.whole_slot(p_centre_id smallint, p_first date, p_last date, p_policy labels.policy) RETURNS labels.slot_verdict
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_answer labels.slot_verdict;
    v_period labels.label_period;
    v_day date := p_first;
    v_code text;
    v_action text;
    v_until date;
begin
    v_answer.verdict := 'allow';
    v_answer.code := 'labelled';
    loop
        select * into v_period from labels.label_period p where p.centre_id = p_centre_id and p.during @> v_day;
        v_action := null;
        if v_day = p_first then
            v_answer.first_status := coalesce(v_period.status, 'none');
            v_answer.first_decision_id := v_period.decision_id;
            v_answer.period := v_period;
        end if;
        if v_period.status = 'labelled' then
            null;
        elsif v_period.status = 'provisional' then
            v_until := plateau.local_day(plateau.clock(), 'UTC') + p_policy.provisional_horizon_days;
            if v_period.ends_on is null and p_last > v_until then
                v_action := p_policy.beyond_horizon;
                v_code := 'labelProvisionalBeyondHorizon';
            elsif v_answer.code = 'labelled' then
                v_answer.code := 'labelProvisional';
                v_answer.period := v_period;
            end if;
        elsif v_period.status = 'lapsedPending' then
            v_action := p_policy.renewal_pending;
            v_code := 'labelPending';
            v_until := case when v_day = p_first then v_period.ends_on else v_day - 1 end;
        elsif v_period.status in ('suspended', 'withdrawn', 'annulled') then
            v_action := 'refuse';
            v_code := case v_period.status when 'suspended' then 'labelSuspended' when 'withdrawn' then 'labelWithdrawn'
                                           else 'labelAnnulled' end;
            v_until := null;
        elsif v_day > p_first then
            v_action := p_policy.ends_inside;
            v_code := 'labelEndsInside';
            v_until := v_day - 1;
        elsif v_period.status = 'expired' and exists (
            select from labels.label_decision d
            where d.centre_id = p_centre_id and d.id = v_period.decision_id and d.kind = 'provisional') then
            -- Behind a provisional term the authority still has to decide, whether or not an application was filed.
            v_action := p_policy.after_provisional;
            v_code := 'labelPending';
            v_until := v_period.ends_on;
        else
            v_action := case v_period.status when 'expired' then p_policy.term_ended else 'refuse' end;
            v_code := case v_period.status when 'refused' then 'labelRefused' when 'expired' then 'labelExpired'
                                           when 'candidate' then 'labelCandidate' else 'labelNone' end;
            v_until := null;
        end if;

        if v_action = 'refuse' then
            v_answer.verdict := 'deny';
            v_answer.code := v_code;
            v_answer.until := v_until;
            v_answer.period := v_period;
            return v_answer;
        elsif v_action = 'conditional' then
            if v_answer.verdict = 'allow' then
                v_answer.code := v_code;
                v_answer.period := v_period;
            end if;
            v_answer.verdict := 'conditional';
            v_answer.until := least(v_answer.until, v_until);
        elsif v_action = 'honour' and v_answer.verdict = 'allow' then
            v_answer.code := v_code;
            v_answer.period := v_period;
            v_answer.until := least(v_answer.until, v_until);
        end if;
        exit when v_code = 'labelEndsInside' and v_action is not null
            or v_period.during is null or upper_inf(v_period.during) or upper(v_period.during) > p_last;
        v_day := upper(v_period.during);
    end loop;
    return v_answer;
end
$$;
COMMENT ON FUNCTION labels.whole_slot(p_centre_id smallint, p_first date, p_last date, p_policy labels.policy) IS 'What a centre''s label gives for a range of days, first and last included: allow, conditional or deny, with the last certain day, the code and the period behind it, and the status of the first day.';
REVOKE ALL ON FUNCTION labels.whole_slot(p_centre_id smallint, p_first date, p_last date, p_policy labels.policy) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.whole_slot(p_centre_id smallint, p_first date, p_last date, p_policy labels.policy) TO plateau_functions;

CREATE FUNCTION labels.withdraw_proposal(p_centre_id smallint, p_id uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    if not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif not exists (select from labels.proposal p where p.centre_id = p_centre_id and p.id = p_id) then
        return 'notFound';
    elsif exists (select from labels.label_decision d where d.centre_id = p_centre_id and d.id = p_id) then
        return 'alreadyApproved';
    end if;
    insert into labels.proposal_withdrawal (centre_id, proposal_id, withdrawn_at, withdrawn_by)
    values (p_centre_id, p_id, plateau.clock(), p_by)
    on conflict do nothing;
    return case when found then 'withdrawn' else 'alreadyWithdrawn' end;
end
$$;
ALTER FUNCTION labels.withdraw_proposal(p_centre_id smallint, p_id uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION labels.withdraw_proposal(p_centre_id smallint, p_id uuid, p_by uuid) IS 'outcome: withdrawn, alreadyWithdrawn, alreadyApproved, notFound, forbidden.';
REVOKE ALL ON FUNCTION labels.withdraw_proposal(p_centre_id smallint, p_id uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.withdraw_proposal(p_centre_id smallint, p_id uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION labels.write_decision(p_proposal labels.proposal, p_approved_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
    recorded_at := labels.next_moment(p_proposal.centre_id);
    insert into labels.label_decision (
        centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, supersedes, note, proposed_by, approved_by,
        recorded_at)
    values (p_proposal.centre_id, p_proposal.id, p_proposal.kind, p_proposal.authority, p_proposal.reference, p_proposal.decided_on,
            p_proposal.effective_from, p_proposal.effective_to, p_proposal.supersedes, p_proposal.note, p_proposal.proposed_by,
            p_approved_by, recorded_at);
    changed := labels.derive_periods(p_proposal.centre_id);
end
$$;
REVOKE ALL ON FUNCTION labels.write_decision(p_proposal labels.proposal, p_approved_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) FROM PUBLIC;
GRANT ALL ON FUNCTION labels.write_decision(p_proposal labels.proposal, p_approved_by uuid, OUT recorded_at timestamp with time zone, OUT changed datemultirange) TO plateau_functions;


-- platforms ===============================================================================================================================

CREATE SCHEMA platforms;
COMMENT ON SCHEMA platforms IS 'Bookable resources with their rules of use; multi-user technical platforms.';
GRANT USAGE ON SCHEMA platforms TO plateau_app, plateau_functions, plateau_readonly;

CREATE DOMAIN platforms.person_count AS integer
    CONSTRAINT person_count_not_negative CHECK ((VALUE >= 0));

CREATE TABLE platforms.occupancy (
    centre_id smallint NOT NULL,
    resource_id uuid NOT NULL,
    starts timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    use_starts timestamp with time zone NOT NULL,
    use_ends timestamp with time zone NOT NULL,
    seats integer NOT NULL,
    is_unit boolean NOT NULL,
    holder_id uuid NOT NULL,
    line_number smallint NOT NULL,
    organisation_id uuid NOT NULL,
    persons platforms.person_count DEFAULT 0 NOT NULL,
    is_exclusive boolean DEFAULT false NOT NULL,
    CONSTRAINT occupancy_is_sound CHECK (platforms.is_sound(starts, ends, use_starts, use_ends, seats, is_unit))
);
COMMENT ON TABLE platforms.occupancy IS 'What is taken, buffers included (starts, ends), and the part of it that is use (use_starts, use_ends): of the resource of a line and of each of its ancestors. A row covers at most one local day, so that a sweep has a bounded window. holder_id: the booking. is_exclusive: the whole resource, whatever its capacity becomes. No personal data.';
ALTER TABLE ONLY platforms.occupancy ADD CONSTRAINT occupancy_no_unit_twice EXCLUDE USING gist (centre_id WITH =, resource_id WITH =, tstzrange(starts, ends) WITH &&) WHERE (is_unit);
ALTER TABLE ONLY platforms.occupancy ADD CONSTRAINT occupancy_pkey PRIMARY KEY (centre_id, holder_id, line_number, resource_id, starts);
CREATE INDEX occupancy_by_resource ON platforms.occupancy USING btree (centre_id, resource_id, ends) INCLUDE (starts, seats);
CREATE TRIGGER occupancy_was_cut AFTER UPDATE ON platforms.occupancy FOR EACH ROW EXECUTE FUNCTION bookings.note_vacancy();
CREATE TRIGGER occupancy_was_freed AFTER DELETE ON platforms.occupancy FOR EACH ROW EXECUTE FUNCTION bookings.note_vacancy();
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE platforms.occupancy TO plateau_functions;
GRANT SELECT ON TABLE platforms.occupancy TO plateau_app;

CREATE TABLE platforms.platform (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    description text,
    sectors text[] DEFAULT '{}'::text[] NOT NULL,
    skills text[] DEFAULT '{}'::text[] NOT NULL
);
ALTER TABLE ONLY platforms.platform ADD CONSTRAINT platform_pkey PRIMARY KEY (centre_id, id);
CREATE TRIGGER platform_is_searched AFTER INSERT OR UPDATE OF description, sectors, skills ON platforms.platform FOR EACH ROW EXECUTE FUNCTION platforms.note_searched();
CREATE TRIGGER platform_version_kept AFTER INSERT OR UPDATE OF sectors ON platforms.platform FOR EACH ROW EXECUTE FUNCTION utilisation.keep_resource_version();
ALTER TABLE ONLY platforms.platform ADD CONSTRAINT platform_resource FOREIGN KEY (centre_id, id) REFERENCES platforms.resource(centre_id, id);
GRANT SELECT ON TABLE platforms.platform TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, UPDATE ON TABLE platforms.platform TO plateau_functions;

CREATE TABLE platforms.prerequisite (
    centre_id smallint NOT NULL,
    resource_id uuid NOT NULL,
    number smallint NOT NULL,
    holder text NOT NULL,
    attestation text NOT NULL,
    note text,
    CONSTRAINT prerequisite_attestation_is_code CHECK ((attestation ~ '^[a-z][A-Za-z0-9]{1,63}$'::text)),
    CONSTRAINT prerequisite_holder_known CHECK ((holder = ANY (ARRAY['participant'::text, 'driver'::text, 'trainer'::text, 'company'::text])))
);
COMMENT ON TABLE platforms.prerequisite IS 'What somebody must hold to use a resource: declared here, shown to whoever looks at it.';
ALTER TABLE ONLY platforms.prerequisite ADD CONSTRAINT prerequisite_pkey PRIMARY KEY (centre_id, resource_id, number);
ALTER TABLE ONLY platforms.prerequisite ADD CONSTRAINT prerequisite_resource FOREIGN KEY (centre_id, resource_id) REFERENCES platforms.resource(centre_id, id);
GRANT SELECT ON TABLE platforms.prerequisite TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE ON TABLE platforms.prerequisite TO plateau_functions;

CREATE TABLE platforms.priority_window (
    centre_id smallint NOT NULL,
    resource_id uuid NOT NULL,
    number smallint NOT NULL,
    name text NOT NULL,
    audiences text[] NOT NULL,
    season_from smallint NOT NULL,
    season_to smallint NOT NULL,
    release_days integer,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT priority_window_days CHECK (((((season_from / 100) >= 1) AND ((season_from / 100) <= 12)) AND ((((season_from)::integer % 100) >= 1) AND (((season_from)::integer % 100) <= 31)) AND (((season_to / 100) >= 1) AND ((season_to / 100) <= 12)) AND ((((season_to)::integer % 100) >= 1) AND (((season_to)::integer % 100) <= 31)))),
    CONSTRAINT priority_window_has_audience CHECK (((cardinality(audiences) >= 1) AND (cardinality(audiences) <= 20))),
    CONSTRAINT priority_window_name_present CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200))),
    CONSTRAINT priority_window_release_range CHECK (((release_days >= 0) AND (release_days <= 366)))
);
COMMENT ON TABLE platforms.priority_window IS 'A season, the same every year (month * 100 + day, both ends included, may run over the new year), in which a resource is kept for some audiences; release_days: how many days ahead what they left is for everybody.';
ALTER TABLE ONLY platforms.priority_window ADD CONSTRAINT priority_window_pkey PRIMARY KEY (centre_id, resource_id, number);
ALTER TABLE ONLY platforms.priority_window ADD CONSTRAINT priority_window_resource FOREIGN KEY (centre_id, resource_id) REFERENCES platforms.resource(centre_id, id);
GRANT SELECT ON TABLE platforms.priority_window TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, DELETE ON TABLE platforms.priority_window TO plateau_functions;

CREATE TABLE platforms.resource (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    site_id uuid NOT NULL,
    is_shared boolean DEFAULT true NOT NULL,
    capacity integer NOT NULL,
    setup_minutes integer DEFAULT 0 NOT NULL,
    cleanup_minutes integer DEFAULT 0 NOT NULL,
    minimum_minutes integer DEFAULT 15 NOT NULL,
    maximum_minutes integer DEFAULT 1440 NOT NULL,
    grid_minutes integer DEFAULT 15 NOT NULL,
    notice_minutes integer DEFAULT 0 NOT NULL,
    horizon_days integer DEFAULT 366 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    parent_id uuid,
    ancestors uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    person_limit integer,
    supervision text[] DEFAULT '{}'::text[] NOT NULL,
    has_priority boolean DEFAULT false NOT NULL,
    calendar_id uuid,
    has_terms boolean DEFAULT false NOT NULL,
    has_prerequisites boolean DEFAULT false NOT NULL,
    CONSTRAINT resource_ancestors_begin_with_parent CHECK ((NOT (parent_id IS DISTINCT FROM ancestors[1]))),
    CONSTRAINT resource_buffers_range CHECK ((((setup_minutes >= 0) AND (setup_minutes <= 720)) AND ((cleanup_minutes >= 0) AND (cleanup_minutes <= 720)))),
    CONSTRAINT resource_capacity_range CHECK (((capacity >= 1) AND (capacity <= 10000))),
    CONSTRAINT resource_depth CHECK ((cardinality(ancestors) <= 8)),
    CONSTRAINT resource_duration_range CHECK (((minimum_minutes >= 1) AND ((maximum_minutes >= minimum_minutes) AND (maximum_minutes <= 44640)))),
    CONSTRAINT resource_grid_fits_duration CHECK (((maximum_minutes - (maximum_minutes % NULLIF(grid_minutes, 0))) >= minimum_minutes)),
    CONSTRAINT resource_grid_range CHECK (((grid_minutes >= 1) AND (grid_minutes <= 1440))),
    CONSTRAINT resource_horizon_range CHECK (((horizon_days >= 1) AND (horizon_days <= 1100))),
    CONSTRAINT resource_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT resource_kind_known CHECK ((kind = ANY (ARRAY['platform'::text, 'equipment'::text, 'workstation'::text, 'workstationGroup'::text]))),
    CONSTRAINT resource_name_present CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200))),
    CONSTRAINT resource_notice_range CHECK (((notice_minutes >= 0) AND (notice_minutes <= 527040))),
    CONSTRAINT resource_person_limit_range CHECK (((person_limit >= 1) AND (person_limit <= 100000))),
    CONSTRAINT resource_supervision_known CHECK ((supervision <@ ARRAY['unsupervised'::text, 'centreInstructor'::text, 'habilitatedTrainer'::text])),
    CONSTRAINT resource_unit_has_capacity_one CHECK (((kind <> ALL (ARRAY['equipment'::text, 'workstation'::text])) OR (capacity = 1)))
);
COMMENT ON TABLE platforms.resource IS 'What can be booked: a platform (capacity = workstations), a piece of equipment or an identified workstation (capacity 1), a group of workstations of one model. ancestors: nearest first, the root last; what is taken of a resource is taken of each of them. Durations in minutes, in force for new bookings.';
COMMENT ON COLUMN platforms.resource.calendar_id IS 'The calendar that it follows: its own, or that of the nearest platform above it that has one; none: the site''s.';
COMMENT ON COLUMN platforms.resource.has_terms IS 'Whether bookings.resource_terms has a row for it: asked by each booking, so it stands here.';
ALTER TABLE ONLY platforms.resource ADD CONSTRAINT resource_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX resource_by_site ON platforms.resource USING btree (centre_id, site_id);
CREATE TRIGGER resource_has_grown AFTER UPDATE OF capacity, person_limit ON platforms.resource FOR EACH ROW WHEN (((new.capacity > old.capacity) OR (new.person_limit IS DISTINCT FROM old.person_limit))) EXECUTE FUNCTION bookings.note_growth();
CREATE TRIGGER resource_is_searched AFTER INSERT OR UPDATE OF name, site_id, kind ON platforms.resource FOR EACH ROW EXECUTE FUNCTION platforms.note_searched();
CREATE TRIGGER resource_stays BEFORE DELETE OR UPDATE OF centre_id, id OR TRUNCATE ON platforms.resource FOR EACH STATEMENT EXECUTE FUNCTION plateau.refuse_removal();
CREATE TRIGGER resource_version_kept AFTER INSERT OR UPDATE ON platforms.resource FOR EACH ROW EXECUTE FUNCTION utilisation.keep_resource_version();
ALTER TABLE ONLY platforms.resource ADD CONSTRAINT resource_calendar FOREIGN KEY (centre_id, calendar_id) REFERENCES centres.calendar(centre_id, id);
ALTER TABLE ONLY platforms.resource ADD CONSTRAINT resource_parent FOREIGN KEY (centre_id, parent_id) REFERENCES platforms.resource(centre_id, id);
ALTER TABLE ONLY platforms.resource ADD CONSTRAINT resource_site FOREIGN KEY (centre_id, site_id) REFERENCES centres.site(centre_id, id);
GRANT SELECT ON TABLE platforms.resource TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, UPDATE ON TABLE platforms.resource TO plateau_functions;
GRANT UPDATE (has_terms) ON TABLE platforms.resource TO plateau_functions;

CREATE TABLE platforms.search_entry (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    words text NOT NULL,
    document tsvector NOT NULL,
    tags text[] NOT NULL
);
COMMENT ON TABLE platforms.search_entry IS 'What a resource is found by, kept by triggers from the tables that say it. words: for likeness; document: for whole words and beginnings, name first; tags: kind:, category:, sector:, skill:, each in plain letters.';
ALTER TABLE ONLY platforms.search_entry ADD CONSTRAINT search_entry_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX search_entry_document ON platforms.search_entry USING gin (document);
CREATE INDEX search_entry_tags ON platforms.search_entry USING gin (tags);
CREATE INDEX search_entry_words ON platforms.search_entry USING gin (words public.gin_trgm_ops);
ALTER TABLE ONLY platforms.search_entry ADD CONSTRAINT search_entry_resource FOREIGN KEY (centre_id, id) REFERENCES platforms.resource(centre_id, id) ON DELETE CASCADE;
GRANT SELECT ON TABLE platforms.search_entry TO plateau_app;
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE platforms.search_entry TO plateau_functions;

CREATE TABLE platforms.workstation (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    platform_id uuid NOT NULL,
    group_id uuid
);
COMMENT ON TABLE platforms.workstation IS 'A workstation with an identity: a unit, and one seat of its group, its platform and all above.';
ALTER TABLE ONLY platforms.workstation ADD CONSTRAINT workstation_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX workstation_by_platform ON platforms.workstation USING btree (centre_id, platform_id);
ALTER TABLE ONLY platforms.workstation ADD CONSTRAINT workstation_in_group FOREIGN KEY (centre_id, group_id) REFERENCES platforms.workstation_group(centre_id, id);
ALTER TABLE ONLY platforms.workstation ADD CONSTRAINT workstation_platform FOREIGN KEY (centre_id, platform_id) REFERENCES platforms.platform(centre_id, id);
ALTER TABLE ONLY platforms.workstation ADD CONSTRAINT workstation_resource FOREIGN KEY (centre_id, id) REFERENCES platforms.resource(centre_id, id);
GRANT SELECT ON TABLE platforms.workstation TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT ON TABLE platforms.workstation TO plateau_functions;

CREATE TABLE platforms.workstation_group (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    platform_id uuid NOT NULL,
    model text NOT NULL,
    CONSTRAINT workstation_group_model_present CHECK (((length(btrim(model)) >= 1) AND (length(btrim(model)) <= 200)))
);
COMMENT ON TABLE platforms.workstation_group IS 'The identified workstations of one model on a platform. As a resource its capacity is their number: "any three of that model".';
ALTER TABLE ONLY platforms.workstation_group ADD CONSTRAINT workstation_group_model_once UNIQUE (centre_id, platform_id, model);
ALTER TABLE ONLY platforms.workstation_group ADD CONSTRAINT workstation_group_pkey PRIMARY KEY (centre_id, id);
CREATE TRIGGER group_is_searched AFTER INSERT OR UPDATE OF model ON platforms.workstation_group FOR EACH ROW EXECUTE FUNCTION platforms.note_searched();
ALTER TABLE ONLY platforms.workstation_group ADD CONSTRAINT workstation_group_platform FOREIGN KEY (centre_id, platform_id) REFERENCES platforms.platform(centre_id, id);
ALTER TABLE ONLY platforms.workstation_group ADD CONSTRAINT workstation_group_resource FOREIGN KEY (centre_id, id) REFERENCES platforms.resource(centre_id, id);
GRANT SELECT ON TABLE platforms.workstation_group TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT ON TABLE platforms.workstation_group TO plateau_functions;

CREATE VIEW platforms.searched AS
 SELECT r.centre_id,
    r.id,
    plateau.plain(concat_ws(' '::text, r.name, m.manufacturer, m.name, m.category, g.model, NULLIF(array_to_string(p.skills, ' '::text), ''::text), NULLIF(array_to_string(p.sectors, ' '::text), ''::text), n.name, s.name, s.town)) AS words,
    (((setweight(to_tsvector('simple'::regconfig, plateau.plain(r.name)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, plateau.plain(concat_ws(' '::text, m.manufacturer, m.name, m.category, g.model, NULLIF(array_to_string(p.skills, ' '::text), ''::text), NULLIF(array_to_string(p.sectors, ' '::text), ''::text)))), 'B'::"char")) || setweight(to_tsvector('simple'::regconfig, plateau.plain(concat_ws(' '::text, n.name, s.name, s.town))), 'C'::"char")) || setweight(to_tsvector('simple'::regconfig, plateau.plain(COALESCE(p.description, ''::text))), 'D'::"char")) AS document,
    array_remove(((ARRAY[('kind:'::text || plateau.plain(r.kind)), ('category:'::text || plateau.plain(m.category))] || ARRAY( SELECT ('sector:'::text || plateau.plain(t.t))
           FROM unnest(p.sectors) t(t))) || ARRAY( SELECT ('skill:'::text || plateau.plain(t.t))
           FROM unnest(p.skills) t(t))), NULL::text) AS tags
   FROM ((((((platforms.resource r
     JOIN centres.site s ON (((s.centre_id = r.centre_id) AND (s.id = r.site_id))))
     LEFT JOIN centres.centre_name n ON (((n.centre_id = r.centre_id) AND upper_inf(n.during))))
     LEFT JOIN platforms.platform p ON (((p.centre_id = r.centre_id) AND (p.id = r.id))))
     LEFT JOIN platforms.workstation_group g ON (((g.centre_id = r.centre_id) AND (g.id = r.id))))
     LEFT JOIN inventory.asset a ON (((a.centre_id = r.centre_id) AND (a.id = r.id))))
     LEFT JOIN inventory.model m ON ((m.id = a.model_id)));
COMMENT ON VIEW platforms.searched IS 'What platforms.search_entry must hold.';
GRANT SELECT ON TABLE platforms.searched TO plateau_functions;

CREATE FUNCTION platforms.add_part(p_platform platforms.resource, p_id uuid, p_kind text, p_name text, p_ancestors uuid[]) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
declare
    v_now timestamptz;
begin
    v_now := platforms.add_resource(
        p_platform.centre_id, p_id, p_kind, p_name, p_platform.site_id, p_platform.is_shared, 1, p_platform.setup_minutes,
        p_platform.cleanup_minutes, p_platform.minimum_minutes, p_platform.maximum_minutes, p_platform.grid_minutes,
        p_platform.notice_minutes, p_platform.horizon_days);
    update platforms.resource r
    set parent_id = p_ancestors[1], ancestors = p_ancestors, supervision = p_platform.supervision, has_priority = p_platform.has_priority,
        calendar_id = p_platform.calendar_id
    where r.centre_id = p_platform.centre_id and r.id = p_id;
    return v_now;
end
$$;
COMMENT ON FUNCTION platforms.add_part(p_platform platforms.resource, p_id uuid, p_kind text, p_name text, p_ancestors uuid[]) IS 'A resource below a platform that is used by the rules of that platform.';
REVOKE ALL ON FUNCTION platforms.add_part(p_platform platforms.resource, p_id uuid, p_kind text, p_name text, p_ancestors uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.add_part(p_platform platforms.resource, p_id uuid, p_kind text, p_name text, p_ancestors uuid[]) TO plateau_functions;

CREATE FUNCTION platforms.add_resource(p_centre_id smallint, p_id uuid, p_kind text, p_name text, p_site_id uuid, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) RETURNS timestamp with time zone
    LANGUAGE sql
    AS $$
    insert into platforms.resource (
        centre_id, id, kind, name, site_id, is_shared, capacity, setup_minutes, cleanup_minutes, minimum_minutes, maximum_minutes,
        grid_minutes, notice_minutes, horizon_days, created_at)
    values (p_centre_id, p_id, p_kind, p_name, p_site_id, p_is_shared, p_capacity, p_setup_minutes, p_cleanup_minutes,
            p_minimum_minutes, p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days, plateau.clock())
    returning created_at
$$;
REVOKE ALL ON FUNCTION platforms.add_resource(p_centre_id smallint, p_id uuid, p_kind text, p_name text, p_site_id uuid, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.add_resource(p_centre_id smallint, p_id uuid, p_kind text, p_name text, p_site_id uuid, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) TO plateau_functions;

CREATE FUNCTION platforms.add_workstation(p_centre_id smallint, p_platform_id uuid, p_id uuid, p_group_id uuid, p_name text, p_model text) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_platform platforms.resource;
    v_group platforms.resource;
    v_group_id uuid;
    v_changed record;
    v_now timestamptz;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_platform from platforms.resource r
    where r.centre_id = p_centre_id and r.id = p_platform_id and r.kind = 'platform' and r.retired_at is null;
    if not found then
        return null;
    end if;
    if p_model is not null then
        select g.id into v_group_id from platforms.workstation_group g
        where g.centre_id = p_centre_id and g.platform_id = p_platform_id and g.model = p_model;
        if not found then
            v_group_id := p_group_id;
            perform platforms.add_part(v_platform, p_group_id, 'workstationGroup', p_model, v_platform.id || v_platform.ancestors);
            insert into platforms.workstation_group (centre_id, id, platform_id, model)
            values (p_centre_id, p_group_id, p_platform_id, p_model);
        else
            select * into v_group from platforms.resource r where r.centre_id = p_centre_id and r.id = v_group_id;
            if v_group.retired_at is not null then
                update platforms.resource r set retired_at = null where r.centre_id = p_centre_id and r.id = v_group_id;
            else
                select * into v_changed from platforms.set_capacity(v_group, v_group.capacity + 1);
                if v_changed.outcome <> 'changed' then
                    perform platforms.refuse('workstation_group_in_use');
                end if;
            end if;
        end if;
    end if;
    v_now := platforms.add_part(
        v_platform, p_id, 'workstation', p_name,
        case when v_group_id is null then '{}'::uuid[] else array[v_group_id] end || v_platform.id || v_platform.ancestors);
    insert into platforms.workstation (centre_id, id, platform_id, group_id) values (p_centre_id, p_id, p_platform_id, v_group_id);
    return v_now;
end
$$;
ALTER FUNCTION platforms.add_workstation(p_centre_id smallint, p_platform_id uuid, p_id uuid, p_group_id uuid, p_name text, p_model text) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.add_workstation(p_centre_id smallint, p_platform_id uuid, p_id uuid, p_group_id uuid, p_name text, p_model text) IS 'Gives a workstation of a platform an identity; p_group_id becomes the group of its model where that is new. Null: no such platform.';
REVOKE ALL ON FUNCTION platforms.add_workstation(p_centre_id smallint, p_platform_id uuid, p_id uuid, p_group_id uuid, p_name text, p_model text) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.add_workstation(p_centre_id smallint, p_platform_id uuid, p_id uuid, p_group_id uuid, p_name text, p_model text) TO plateau_app;

CREATE FUNCTION platforms.change_platform(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_description text, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) RETURNS TABLE(outcome text, version integer, taken integer, taken_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    if v_resource.version = p_version and v_resource.parent_id is distinct from p_parent_id then
        -- What is taken would have to be counted elsewhere.
        select 'platformInUse', v_resource.version, null::integer, min(o.starts) into outcome, version, taken, taken_at
        from platforms.occupancy o
        where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > plateau.clock();
        if taken_at is not null then
            return next;
            return;
        end if;
    end if;
    select c.* into outcome, version, taken, taken_at
    from platforms.change_resource(
        p_centre_id, p_id, p_version, p_name, p_is_shared, p_workstations, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days) c;
    if outcome = 'changed' then
        update platforms.platform p set description = p_description, sectors = p_sectors, skills = p_skills
        where p.centre_id = p_centre_id and p.id = p_id;
        update platforms.resource r set supervision = p_supervision
        where r.centre_id = p_centre_id
          and (r.id = p_id or r.kind in ('workstationGroup', 'workstation') and r.parent_id = p_id
               or r.parent_id in (select g.id from platforms.workstation_group g where g.centre_id = p_centre_id and g.platform_id = p_id));
        update platforms.resource r set person_limit = p_person_limit where r.centre_id = p_centre_id and r.id = p_id;
        perform platforms.set_prerequisites(p_centre_id, p_id, p_holders, p_attestations, p_notes);
        if v_resource.parent_id is distinct from p_parent_id then
            select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
            perform platforms.place(v_resource, p_parent_id);
        end if;
    end if;
    return next;
end
$$;
ALTER FUNCTION platforms.change_platform(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_description text, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.change_platform(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_description text, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) IS 'platforms.change_resource and what only a platform has. outcome besides: platformInUse (with when), as its place in the tree cannot change while something of it is booked. Raises what platforms.place refuses.';
REVOKE ALL ON FUNCTION platforms.change_platform(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_description text, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.change_platform(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_description text, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) TO plateau_app;

CREATE FUNCTION platforms.change_resource(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) RETURNS TABLE(outcome text, version integer, taken integer, taken_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
begin
    -- Bookings hold this lock shared while they read the rules of use.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer, null::integer, null::timestamptz;
        return;
    elsif v_resource.version <> p_version then
        return query select 'versionMismatch', v_resource.version, null::integer, null::timestamptz;
        return;
    end if;
    if p_capacity <> v_resource.capacity then
        select s.outcome, s.taken, s.taken_at into outcome, taken, taken_at from platforms.set_capacity(v_resource, p_capacity) s;
        if outcome <> 'changed' then
            version := v_resource.version;
            return next;
            return;
        end if;
    end if;
    update platforms.resource r
    set name = p_name, is_shared = p_is_shared, setup_minutes = p_setup_minutes, cleanup_minutes = p_cleanup_minutes,
        minimum_minutes = p_minimum_minutes, maximum_minutes = p_maximum_minutes, grid_minutes = p_grid_minutes,
        notice_minutes = p_notice_minutes, horizon_days = p_horizon_days, version = r.version + 1
    where r.centre_id = p_centre_id and r.id = p_id;
    -- Identified workstations and their groups are used by the rules of their platform.
    update platforms.resource r
    set is_shared = p_is_shared, setup_minutes = p_setup_minutes, cleanup_minutes = p_cleanup_minutes,
        minimum_minutes = p_minimum_minutes, maximum_minutes = p_maximum_minutes, grid_minutes = p_grid_minutes,
        notice_minutes = p_notice_minutes, horizon_days = p_horizon_days
    where v_resource.kind = 'platform' and r.centre_id = p_centre_id
      and (r.kind = 'workstationGroup' and r.parent_id = p_id
           or r.kind = 'workstation' and exists (select from platforms.workstation w
                                                 where w.centre_id = r.centre_id and w.id = r.id and w.platform_id = p_id));
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_id, p_version + 1, plateau.clock());
    return query select 'changed', p_version + 1, null::integer, null::timestamptz;
end
$$;
ALTER FUNCTION platforms.change_resource(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.change_resource(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) IS 'Changes the rules of use for new bookings, of its identified workstations too. outcome: changed, notFound, versionMismatch, or what platforms.set_capacity says.';
REVOKE ALL ON FUNCTION platforms.change_resource(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.change_resource(p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_is_shared boolean, p_capacity integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) TO plateau_app;

CREATE FUNCTION platforms.create_platform(p_centre_id smallint, p_id uuid, p_name text, p_description text, p_site_id uuid, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid DEFAULT NULL::uuid, p_person_limit integer DEFAULT NULL::integer, p_sectors text[] DEFAULT '{}'::text[], p_skills text[] DEFAULT '{}'::text[], p_supervision text[] DEFAULT '{}'::text[], p_holders text[] DEFAULT '{}'::text[], p_attestations text[] DEFAULT '{}'::text[], p_notes text[] DEFAULT '{}'::text[]) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz;
    v_resource platforms.resource;
begin
    v_now := platforms.add_resource(
        p_centre_id, p_id, 'platform', p_name, p_site_id, p_is_shared, p_workstations, p_setup_minutes, p_cleanup_minutes,
        p_minimum_minutes, p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days);
    update platforms.resource r set person_limit = p_person_limit, supervision = p_supervision
    where r.centre_id = p_centre_id and r.id = p_id
    returning * into v_resource;
    insert into platforms.platform (centre_id, id, description, sectors, skills)
    values (p_centre_id, p_id, p_description, p_sectors, p_skills);
    perform platforms.set_prerequisites(p_centre_id, p_id, p_holders, p_attestations, p_notes);
    if p_parent_id is not null then
        perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
        perform platforms.place(v_resource, p_parent_id);
    end if;
    return v_now;
end
$$;
ALTER FUNCTION platforms.create_platform(p_centre_id smallint, p_id uuid, p_name text, p_description text, p_site_id uuid, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION platforms.create_platform(p_centre_id smallint, p_id uuid, p_name text, p_description text, p_site_id uuid, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.create_platform(p_centre_id smallint, p_id uuid, p_name text, p_description text, p_site_id uuid, p_is_shared boolean, p_workstations integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[], p_supervision text[], p_holders text[], p_attestations text[], p_notes text[]) TO plateau_app;

CREATE FUNCTION platforms.has_room(p_resource platforms.resource, p_slot tstzrange, p_seats integer, p_persons integer DEFAULT 0) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_starts timestamptz := lower(p_slot) - make_interval(mins => p_resource.setup_minutes);
    v_ends timestamptz := upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes);
    v_node platforms.resource;
begin
    for v_node in
        select r.* from platforms.resource r
        where r.centre_id = p_resource.centre_id and r.id = any (p_resource.id || p_resource.ancestors)
    loop
        if p_seats > v_node.capacity - platforms.most_taken(v_node.centre_id, v_node.id, v_starts, v_ends)
            or v_node.retired_at <= upper(p_slot)
            or v_node.kind = 'equipment' and bookings.service_rules(1, v_node, 'UTC', p_slot) <> '[]'::jsonb
            or v_node.person_limit is not null
               and p_persons > v_node.person_limit - platforms.most_persons(v_node.centre_id, v_node.id, v_starts, v_ends) then
            return false;
        end if;
    end loop;
    return true;
end
$$;
COMMENT ON FUNCTION platforms.has_room(p_resource platforms.resource, p_slot tstzrange, p_seats integer, p_persons integer) IS 'Whether so many seats and persons more find room during a slot, buffers included, in a resource and in each of its ancestors.';
REVOKE ALL ON FUNCTION platforms.has_room(p_resource platforms.resource, p_slot tstzrange, p_seats integer, p_persons integer) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.has_room(p_resource platforms.resource, p_slot tstzrange, p_seats integer, p_persons integer) TO plateau_functions;

CREATE FUNCTION platforms.in_season(p_day date, p_from smallint, p_to smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (p_from <= p_to) THEN ((((EXTRACT(month FROM p_day) * (100)::numeric) + EXTRACT(day FROM p_day)) >= (p_from)::numeric) AND (((EXTRACT(month FROM p_day) * (100)::numeric) + EXTRACT(day FROM p_day)) <= (p_to)::numeric)) ELSE ((((EXTRACT(month FROM p_day) * (100)::numeric) + EXTRACT(day FROM p_day)) >= (p_from)::numeric) OR (((EXTRACT(month FROM p_day) * (100)::numeric) + EXTRACT(day FROM p_day)) <= (p_to)::numeric)) END;
COMMENT ON FUNCTION platforms.in_season(p_day date, p_from smallint, p_to smallint) IS 'Whether a day lies in a season of every year, which may run over the new year.';
REVOKE ALL ON FUNCTION platforms.in_season(p_day date, p_from smallint, p_to smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.in_season(p_day date, p_from smallint, p_to smallint) TO plateau_functions;

CREATE FUNCTION platforms.is_sound(p_starts timestamp with time zone, p_ends timestamp with time zone, p_use_starts timestamp with time zone, p_use_ends timestamp with time zone, p_seats integer, p_is_unit boolean) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    return p_starts < p_ends
        -- A local day at most: a sweep depends on it.
        and p_ends - p_starts <= interval '25 hours'
        and p_starts <= p_use_starts and p_use_starts <= p_use_ends and p_use_ends <= p_ends
        and p_seats > 0 and (not p_is_unit or p_seats = 1);
end
$$;
COMMENT ON FUNCTION platforms.is_sound(p_starts timestamp with time zone, p_ends timestamp with time zone, p_use_starts timestamp with time zone, p_use_ends timestamp with time zone, p_seats integer, p_is_unit boolean) IS 'What every row of platforms.occupancy keeps to: a day at most, its use inside it, seats, one of a unit.';
REVOKE ALL ON FUNCTION platforms.is_sound(p_starts timestamp with time zone, p_ends timestamp with time zone, p_use_starts timestamp with time zone, p_use_ends timestamp with time zone, p_seats integer, p_is_unit boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.is_sound(p_starts timestamp with time zone, p_ends timestamp with time zone, p_use_starts timestamp with time zone, p_use_ends timestamp with time zone, p_seats integer, p_is_unit boolean) TO plateau_functions;

CREATE FUNCTION platforms.most_persons(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_ends timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_persons integer[] DEFAULT '{}'::integer[]) RETURNS integer
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return (
        with piece as (
            select greatest(o.starts, p_starts) as starts, least(o.ends, p_ends) as ends, o.persons
            from platforms.occupancy o
            where o.centre_id = p_centre_id and o.resource_id = p_resource_id
              and o.ends > p_starts and o.ends <= p_ends + interval '25 hours' and o.starts < p_ends
            union all
            select greatest(m.starts, p_starts), least(m.ends, p_ends), m.persons
            from unnest(p_more_starts, p_more_ends, p_more_persons) as m (starts, ends, persons)
            where m.ends > p_starts and m.starts < p_ends
        ), edge as (
            select starts as at, persons from piece
            union all select ends, -persons from piece
        ), moment as (
            select sum(sum(e.persons)) over (order by e.at) as present from edge e group by e.at
        )
        select coalesce(max(m.present), 0)::integer from moment m);
end
$$;
COMMENT ON FUNCTION platforms.most_persons(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_persons integer[]) IS 'How many persons are in a resource at once, at most, over a window; more: what the same request brings besides.';
REVOKE ALL ON FUNCTION platforms.most_persons(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_persons integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.most_persons(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_persons integer[]) TO plateau_functions;

CREATE FUNCTION platforms.most_taken(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_ends timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_seats integer[] DEFAULT '{}'::integer[]) RETURNS integer
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return (select coalesce(max(s.taken), 0)
            from platforms.usage_steps(p_centre_id, p_resource_id, p_starts, p_ends, p_more_starts, p_more_ends, p_more_seats) s);
end
$$;
REVOKE ALL ON FUNCTION platforms.most_taken(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.most_taken(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) TO plateau_functions;

CREATE FUNCTION platforms.note_priority(p_centre_id smallint, p_id uuid) RETURNS void
    LANGUAGE sql
    AS $$
    update platforms.resource r
    set has_priority = exists (select from platforms.priority_window w
                               where w.centre_id = r.centre_id and w.resource_id = any (r.id || r.ancestors))
    where r.centre_id = p_centre_id and (r.id = p_id or r.ancestors @> array[p_id])
$$;
COMMENT ON FUNCTION platforms.note_priority(p_centre_id smallint, p_id uuid) IS 'Notes on a resource and all below it whether a priority window concerns them, so that a booking of any other need not look.';
REVOKE ALL ON FUNCTION platforms.note_priority(p_centre_id smallint, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.note_priority(p_centre_id smallint, p_id uuid) TO plateau_functions;

CREATE FUNCTION platforms.note_search(p_centre_id smallint, p_ids uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into platforms.search_entry as e (centre_id, id, words, document, tags)
    select s.centre_id, s.id, s.words, s.document, s.tags from platforms.searched s
    where s.centre_id = p_centre_id and s.id = any (p_ids)
    on conflict (centre_id, id) do update set words = excluded.words, document = excluded.document, tags = excluded.tags
    where (e.words, e.document, e.tags) is distinct from (excluded.words, excluded.document, excluded.tags)
$$;
ALTER FUNCTION platforms.note_search(p_centre_id smallint, p_ids uuid[]) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION platforms.note_search(p_centre_id smallint, p_ids uuid[]) FROM PUBLIC;

CREATE FUNCTION platforms.note_searched() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    case tg_table_name
        when 'resource', 'platform', 'workstation_group', 'asset' then
            perform platforms.note_search(new.centre_id, array[new.id]);
        when 'model' then
            perform platforms.note_search(a.centre_id, array_agg(a.id)) from inventory.asset a where a.model_id = new.id group by a.centre_id;
        when 'site' then
            perform platforms.note_search(new.centre_id, array(
                select r.id from platforms.resource r where r.centre_id = new.centre_id and r.site_id = new.id));
        when 'centre_name' then
            perform platforms.note_search(new.centre_id, array(
                select r.id from platforms.resource r where r.centre_id = new.centre_id));
    end case;
    return null;
end
$$;
ALTER FUNCTION platforms.note_searched() OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION platforms.note_searched() FROM PUBLIC;

CREATE FUNCTION platforms.occupy(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_seats integer, p_holder uuid, p_line smallint, p_organisation uuid, p_persons integer DEFAULT 0, p_is_exclusive boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_starts timestamptz := lower(p_slot) - make_interval(mins => p_resource.setup_minutes);
    v_ends timestamptz := upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes);
    v_day_starts timestamptz := v_starts;
    v_day_ends timestamptz;
    v_use_starts timestamptz;
    v_use_ends timestamptz;
begin
    loop
        v_day_ends := least(v_ends, plateau.instant_of((plateau.local_day(v_day_starts, p_zone) + 1)::timestamp, p_zone));
        v_use_starts := least(greatest(v_day_starts, lower(p_slot)), v_day_ends);
        v_use_ends := greatest(least(v_day_ends, upper(p_slot)), v_day_starts);
        insert into platforms.occupancy (
            centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id, persons,
            is_exclusive)
        values (p_resource.centre_id, p_resource.id, v_day_starts, v_day_ends, v_use_starts, v_use_ends, p_seats,
                p_resource.kind in ('equipment', 'workstation'), p_holder, p_line, p_organisation, p_persons, p_is_exclusive);
        if p_resource.parent_id is not null then
            insert into platforms.occupancy (
                centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id,
                persons)
            select p_resource.centre_id, a.id, v_day_starts, v_day_ends, v_use_starts, v_use_ends, p_seats, false, p_holder, p_line,
                   p_organisation, p_persons
            from unnest(p_resource.ancestors) as a (id);
        end if;
        exit when v_day_ends >= v_ends;
        v_day_starts := v_day_ends;
    end loop;
end
$$;
COMMENT ON FUNCTION platforms.occupy(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_seats integer, p_holder uuid, p_line smallint, p_organisation uuid, p_persons integer, p_is_exclusive boolean) IS 'Writes the occupancy of a line, buffers included, one row for each local day, of the resource and of each of its ancestors.';
REVOKE ALL ON FUNCTION platforms.occupy(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_seats integer, p_holder uuid, p_line smallint, p_organisation uuid, p_persons integer, p_is_exclusive boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.occupy(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_seats integer, p_holder uuid, p_line smallint, p_organisation uuid, p_persons integer, p_is_exclusive boolean) TO plateau_functions;

CREATE FUNCTION platforms.own_calendar(p_resource platforms.resource) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_former uuid := coalesce(p_resource.calendar_id, p_resource.site_id);
begin
    if p_resource.calendar_id = p_resource.id then
        return;
    end if;
    insert into centres.calendar (centre_id, id, site_id, parent_id)
    values (p_resource.centre_id, p_resource.id, p_resource.site_id, v_former);
    -- Its hours so far were those of the calendar that it followed, and stay so.
    insert into centres.open_hours (centre_id, calendar_id, day, during, known_from)
    select h.centre_id, p_resource.id, h.day, h.during, h.known_from from centres.open_hours h
    where h.centre_id = p_resource.centre_id and h.calendar_id = v_former;
    insert into centres.former_open_hours (centre_id, calendar_id, day, during, known)
    select f.centre_id, p_resource.id, f.day, f.during, f.known from centres.former_open_hours f
    where f.centre_id = p_resource.centre_id and f.calendar_id = v_former;
    insert into centres.open_hours_horizon (centre_id, calendar_id, compiled, compiled_at)
    select z.centre_id, p_resource.id, z.compiled, z.compiled_at from centres.open_hours_horizon z
    where z.centre_id = p_resource.centre_id and z.calendar_id = v_former;
    -- What is below it and followed the same calendar follows it now.
    update centres.calendar c set parent_id = p_resource.id
    from platforms.resource r
    where c.centre_id = p_resource.centre_id and c.parent_id = v_former and c.id <> p_resource.id
      and r.centre_id = c.centre_id and r.id = c.id and r.ancestors @> array[p_resource.id];
    update platforms.resource r set calendar_id = p_resource.id
    where r.centre_id = p_resource.centre_id and (r.id = p_resource.id or r.ancestors @> array[p_resource.id])
      and coalesce(r.calendar_id, r.site_id) = v_former;
end
$$;
COMMENT ON FUNCTION platforms.own_calendar(p_resource platforms.resource) IS 'Gives a resource a calendar of its own, below the one that it followed. The caller holds the label lock exclusively.';
REVOKE ALL ON FUNCTION platforms.own_calendar(p_resource platforms.resource) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.own_calendar(p_resource platforms.resource) TO plateau_functions;

CREATE FUNCTION platforms.path_steps(p_resource platforms.resource, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_resources uuid[] DEFAULT '{}'::uuid[], p_more_starts timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_ends timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_seats integer[] DEFAULT '{}'::integer[]) RETURNS TABLE(starts timestamp with time zone, ends timestamp with time zone, taken integer)
    LANGUAGE sql STABLE
    AS $$
    with step as (
        select s.starts, s.ends, n.capacity - s.taken as free
        from platforms.resource n
        cross join lateral (
            select array_agg(m.starts) as starts, array_agg(m.ends) as ends, array_agg(m.seats) as seats
            from unnest(p_more_resources, p_more_starts, p_more_ends, p_more_seats) as m (resource_id, starts, ends, seats)
            where m.resource_id = n.id) more
        cross join lateral platforms.usage_steps(n.centre_id, n.id, p_starts, p_ends, more.starts, more.ends, more.seats) s
        where n.centre_id = p_resource.centre_id and n.id = any (p_resource.id || p_resource.ancestors)
    ), edge as (
        select e.at, coalesce(lead(e.at) over (order by e.at), p_ends) as until from (select distinct s.starts as at from step s) e
    )
    select e.at, e.until, p_resource.capacity - (select min(s.free) from step s where s.starts <= e.at and s.ends > e.at)
    from edge e order by e.at
$$;
COMMENT ON FUNCTION platforms.path_steps(p_resource platforms.resource, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_resources uuid[], p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) IS 'platforms.usage_steps for a part of a tree: what cannot be had of it counts as taken, be it taken of the part or of what it stands in. more: pieces of any of these that come besides.';
REVOKE ALL ON FUNCTION platforms.path_steps(p_resource platforms.resource, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_resources uuid[], p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.path_steps(p_resource platforms.resource, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_resources uuid[], p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) TO plateau_app, plateau_functions;

CREATE FUNCTION platforms.place(p_resource platforms.resource, p_parent uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_parent platforms.resource;
    v_ancestors uuid[] := '{}'::uuid[];
    v_depth integer := cardinality(p_resource.ancestors);
begin
    if p_parent is not null then
        select * into v_parent from platforms.resource r where r.centre_id = p_resource.centre_id and r.id = p_parent;
        if not found or v_parent.kind <> 'platform' or v_parent.retired_at is not null then
            perform platforms.refuse('resource_parent');
        elsif v_parent.site_id <> p_resource.site_id then
            perform platforms.refuse('resource_parent_elsewhere');
        elsif v_parent.capacity < p_resource.capacity then
            perform platforms.refuse('resource_parent_smaller');
        elsif v_parent.id = p_resource.id or v_parent.ancestors @> array[p_resource.id] then
            perform platforms.refuse('resource_parent_inside');
        end if;
        v_ancestors := p_parent || v_parent.ancestors;
    end if;
    if p_resource.parent_id is distinct from p_parent
        and exists (select from platforms.resource r join centres.calendar c on c.centre_id = r.centre_id and c.id = r.id
                    where r.centre_id = p_resource.centre_id and (r.id = p_resource.id or r.ancestors @> array[p_resource.id])) then
        perform platforms.refuse('resource_parent_hours');
    end if;
    update platforms.resource r
    set parent_id = case r.id when p_resource.id then p_parent else r.parent_id end,
        calendar_id = v_parent.calendar_id,
        ancestors = r.ancestors[: cardinality(r.ancestors) - v_depth] || v_ancestors
    where r.centre_id = p_resource.centre_id and (r.id = p_resource.id or r.ancestors @> array[p_resource.id]);
    perform platforms.note_priority(p_resource.centre_id, p_resource.id);
end
$$;
COMMENT ON FUNCTION platforms.place(p_resource platforms.resource, p_parent uuid) IS 'Hangs a resource, with all below it, under another platform of its site, or under none. The caller holds the label lock exclusively.';
REVOKE ALL ON FUNCTION platforms.place(p_resource platforms.resource, p_parent uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.place(p_resource platforms.resource, p_parent uuid) TO plateau_functions;

CREATE FUNCTION platforms.refuse(p_constraint text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'a resource cannot stand there: %', p_constraint using errcode = 'check_violation', constraint = p_constraint;
end
$$;
REVOKE ALL ON FUNCTION platforms.refuse(p_constraint text) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.refuse(p_constraint text) TO plateau_functions;

CREATE FUNCTION platforms.require(p_centre_id smallint, p_id uuid, p_version integer, p_holders text[], p_attestations text[], p_notes text[]) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
begin
    -- Bookings hold this lock shared while they read what is asked for.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found or v_resource.version <> p_version then
        return query select case when v_resource.id is null then 'notFound' else 'versionMismatch' end, v_resource.version;
        return;
    end if;
    perform platforms.set_prerequisites(p_centre_id, p_id, p_holders, p_attestations, p_notes);
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_id, p_version + 1, plateau.clock());
    return query select 'changed', p_version + 1;
end
$$;
ALTER FUNCTION platforms.require(p_centre_id smallint, p_id uuid, p_version integer, p_holders text[], p_attestations text[], p_notes text[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.require(p_centre_id smallint, p_id uuid, p_version integer, p_holders text[], p_attestations text[], p_notes text[]) IS 'Replaces what somebody must hold to use a resource and its parts. The arrays are parallel; an empty note is none. outcome: changed, notFound, versionMismatch.';
REVOKE ALL ON FUNCTION platforms.require(p_centre_id smallint, p_id uuid, p_version integer, p_holders text[], p_attestations text[], p_notes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.require(p_centre_id smallint, p_id uuid, p_version integer, p_holders text[], p_attestations text[], p_notes text[]) TO plateau_app;

CREATE FUNCTION platforms.retire_workstation(p_centre_id smallint, p_id uuid, p_version integer) RETURNS TABLE(outcome text, version integer, taken_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
    v_group platforms.resource;
    v_now timestamptz;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r
    where r.centre_id = p_centre_id and r.id = p_id and r.kind = 'workstation' for update;
    if not found then
        return query select 'notFound', null::integer, null::timestamptz;
        return;
    elsif v_resource.version <> p_version then
        return query select 'versionMismatch', v_resource.version, null::timestamptz;
        return;
    elsif v_resource.retired_at is not null then
        return query select 'alreadyRetired', v_resource.version, null::timestamptz;
        return;
    end if;
    select 'workstationInUse', v_resource.version, min(o.starts) into outcome, version, taken_at
    from platforms.occupancy o where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now;
    if taken_at is not null then
        return next;
        return;
    end if;
    select g.* into v_group from platforms.resource g
    where g.centre_id = p_centre_id and g.id = v_resource.parent_id and g.kind = 'workstationGroup';
    if found and v_group.capacity = 1 then
        select 'workstationInUse', v_resource.version, min(o.starts) into outcome, version, taken_at
        from platforms.occupancy o where o.centre_id = p_centre_id and o.resource_id = v_group.id and o.ends > v_now;
        if taken_at is not null then
            return next;
            return;
        end if;
        update platforms.resource r set retired_at = v_now where r.centre_id = p_centre_id and r.id = v_group.id;
    elsif found then
        select case s.outcome when 'changed' then null else 'workstationInUse' end, v_resource.version, s.taken_at
        into outcome, version, taken_at
        from platforms.set_capacity(v_group, v_group.capacity - 1) s;
        if outcome is not null then
            return next;
            return;
        end if;
    end if;
    update platforms.resource r set retired_at = v_now, version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    return query select 'retired', v_resource.version + 1, null::timestamptz;
end
$$;
ALTER FUNCTION platforms.retire_workstation(p_centre_id smallint, p_id uuid, p_version integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.retire_workstation(p_centre_id smallint, p_id uuid, p_version integer) IS 'outcome: retired, notFound, versionMismatch, alreadyRetired, workstationInUse (with when: it, or so many of its model that one less would not do).';
REVOKE ALL ON FUNCTION platforms.retire_workstation(p_centre_id smallint, p_id uuid, p_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.retire_workstation(p_centre_id smallint, p_id uuid, p_version integer) TO plateau_app;

CREATE FUNCTION platforms.room_locks(p_resource platforms.resource, p_slot tstzrange) RETURNS bigint[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_root uuid := coalesce(p_resource.ancestors[cardinality(p_resource.ancestors)], p_resource.id);
    v_locks bigint[];
begin
    for v_day in plateau.utc_day(lower(p_slot) - make_interval(mins => p_resource.setup_minutes))
              .. plateau.utc_day(upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes) - interval '1 microsecond') loop
        v_locks := v_locks || plateau.room_lock(v_root, v_day);
    end loop;
    return v_locks;
end
$$;
COMMENT ON FUNCTION platforms.room_locks(p_resource platforms.resource, p_slot tstzrange) IS 'The locks of a line, buffers included: one for each UTC day, of the root of its tree, so that whoever takes a part of a hall waits for whoever takes another.';
REVOKE ALL ON FUNCTION platforms.room_locks(p_resource platforms.resource, p_slot tstzrange) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.room_locks(p_resource platforms.resource, p_slot tstzrange) TO plateau_functions;

CREATE FUNCTION platforms.set_capacity(p_resource platforms.resource, p_capacity integer) RETURNS TABLE(outcome text, taken integer, taken_at timestamp with time zone)
    LANGUAGE plpgsql
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_node platforms.resource;
    v_more record;
begin
    if p_capacity < p_resource.capacity then
        if p_resource.kind = 'platform' then
            select 'baysLarger', max(c.capacity) into outcome, taken from platforms.resource c
            where c.centre_id = p_resource.centre_id and c.parent_id = p_resource.id and c.kind = 'platform' and c.capacity > p_capacity;
            if taken is not null then
                return next;
                return;
            end if;
        end if;
        -- Whoever has it as a whole has it as a whole, however large it is.
        select 'capacityInUse', s.taken, s.starts into outcome, taken, taken_at
        from platforms.usage_steps(p_resource.centre_id, p_resource.id, v_now, 'infinity') s
        where s.taken > p_capacity
          and not exists (select from platforms.occupancy o
                          where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id and o.is_exclusive
                            and o.starts < s.ends and o.ends > s.starts)
        order by s.taken desc, s.starts limit 1;
        if found then
            return next;
            return;
        end if;
    elsif p_capacity > p_resource.capacity and p_resource.parent_id is not null then
        if p_resource.kind = 'platform' then
            select 'parentSmaller', n.capacity into outcome, taken from platforms.resource n
            where n.centre_id = p_resource.centre_id and n.id = p_resource.parent_id and n.capacity < p_capacity;
            if found then
                return next;
                return;
            end if;
        end if;
        select coalesce(array_agg(o.starts), '{}') as starts, coalesce(array_agg(o.ends), '{}') as ends,
               coalesce(array_agg(p_capacity - p_resource.capacity), '{}') as seats
        into v_more
        from platforms.occupancy o
        where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id and o.is_exclusive and o.ends > v_now;
        for v_node in
            select n.* from platforms.resource n where n.centre_id = p_resource.centre_id and n.id = any (p_resource.ancestors)
        loop
            select 'capacityInUse', s.taken, s.starts into outcome, taken, taken_at
            from platforms.usage_steps(v_node.centre_id, v_node.id, v_now, 'infinity', v_more.starts, v_more.ends, v_more.seats) s
            where s.taken > v_node.capacity
            order by s.taken desc, s.starts limit 1;
            if found then
                return next;
                return;
            end if;
        end loop;
    end if;
    update platforms.resource r set capacity = p_capacity where r.centre_id = p_resource.centre_id and r.id = p_resource.id;
    update platforms.occupancy o set seats = p_capacity
    from platforms.occupancy e
    where e.centre_id = p_resource.centre_id and e.resource_id = p_resource.id and e.is_exclusive and e.ends > v_now
      and o.centre_id = e.centre_id and o.holder_id = e.holder_id and o.line_number = e.line_number and o.starts = e.starts
      and o.seats <> p_capacity;
    outcome := 'changed';
    taken := null;
    taken_at := null;
    return next;
end
$$;
COMMENT ON FUNCTION platforms.set_capacity(p_resource platforms.resource, p_capacity integer) IS 'Gives a resource another number of seats; a use of the whole resource that is to come takes them all. outcome: changed, capacityInUse (with how much is taken, and when), baysLarger and parentSmaller (with that capacity). The caller holds the label lock exclusively.';
REVOKE ALL ON FUNCTION platforms.set_capacity(p_resource platforms.resource, p_capacity integer) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.set_capacity(p_resource platforms.resource, p_capacity integer) TO plateau_functions;

CREATE FUNCTION platforms.set_exceptions(p_centre_id smallint, p_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found or v_resource.version <> p_version then
        return query select case when v_resource.id is null then 'notFound' else 'versionMismatch' end, v_resource.version;
        return;
    end if;
    perform platforms.own_calendar(v_resource);
    perform centres.put_exceptions(p_centre_id, p_id, p_days, p_day, p_opens, p_closes, p_reasons);
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    return query select 'changed', p_version + 1;
end
$$;
ALTER FUNCTION platforms.set_exceptions(p_centre_id smallint, p_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.set_exceptions(p_centre_id smallint, p_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) IS 'centres.put_exceptions for a resource. outcome: changed, notFound, versionMismatch.';
REVOKE ALL ON FUNCTION platforms.set_exceptions(p_centre_id smallint, p_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.set_exceptions(p_centre_id smallint, p_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[]) TO plateau_app;

CREATE FUNCTION platforms.set_prerequisites(p_centre_id smallint, p_id uuid, p_holders text[], p_attestations text[], p_notes text[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from platforms.prerequisite q where q.centre_id = p_centre_id and q.resource_id = p_id;
    insert into platforms.prerequisite (centre_id, resource_id, number, holder, attestation, note)
    select p_centre_id, p_id, q.number, q.holder, q.attestation, nullif(q.note, '')
    from unnest(p_holders, p_attestations, p_notes) with ordinality as q (holder, attestation, note, number);
    update platforms.resource r set has_prerequisites = cardinality(p_holders) > 0
    where r.centre_id = p_centre_id and r.id = p_id and r.has_prerequisites <> (cardinality(p_holders) > 0);
end
$$;
REVOKE ALL ON FUNCTION platforms.set_prerequisites(p_centre_id smallint, p_id uuid, p_holders text[], p_attestations text[], p_notes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.set_prerequisites(p_centre_id smallint, p_id uuid, p_holders text[], p_attestations text[], p_notes text[]) TO plateau_functions;

CREATE FUNCTION platforms.set_priority_windows(p_centre_id smallint, p_id uuid, p_version integer, p_names text[], p_audiences text[], p_season_from smallint[], p_season_to smallint[], p_release_days integer[]) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
begin
    -- Bookings hold this lock shared while they read the windows.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer;
        return;
    elsif v_resource.version <> p_version then
        return query select 'versionMismatch', v_resource.version;
        return;
    end if;
    delete from platforms.priority_window w where w.centre_id = p_centre_id and w.resource_id = p_id;
    insert into platforms.priority_window (
        centre_id, resource_id, number, name, audiences, season_from, season_to, release_days, recorded_at)
    select p_centre_id, p_id, w.number, w.name, string_to_array(w.audiences, ','),
           w.season_from, w.season_to, nullif(w.release_days, -1), plateau.clock()
    from unnest(p_names, p_audiences, p_season_from, p_season_to, p_release_days) with ordinality
        as w (name, audiences, season_from, season_to, release_days, number);
    perform platforms.note_priority(p_centre_id, p_id);
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_id, p_version + 1, plateau.clock());
    return query select 'changed', p_version + 1;
end
$$;
ALTER FUNCTION platforms.set_priority_windows(p_centre_id smallint, p_id uuid, p_version integer, p_names text[], p_audiences text[], p_season_from smallint[], p_season_to smallint[], p_release_days integer[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.set_priority_windows(p_centre_id smallint, p_id uuid, p_version integer, p_names text[], p_audiences text[], p_season_from smallint[], p_season_to smallint[], p_release_days integer[]) IS 'Replaces the priority windows of a resource, for new bookings. The arrays are parallel; audiences: codes with commas; release_days: -1 for never.';
REVOKE ALL ON FUNCTION platforms.set_priority_windows(p_centre_id smallint, p_id uuid, p_version integer, p_names text[], p_audiences text[], p_season_from smallint[], p_season_to smallint[], p_release_days integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.set_priority_windows(p_centre_id smallint, p_id uuid, p_version integer, p_names text[], p_audiences text[], p_season_from smallint[], p_season_to smallint[], p_release_days integer[]) TO plateau_app;

CREATE FUNCTION platforms.set_weekly_opening(p_centre_id smallint, p_id uuid, p_version integer, p_from date, p_follows boolean, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found or v_resource.version <> p_version then
        return query select case when v_resource.id is null then 'notFound' else 'versionMismatch' end, v_resource.version;
        return;
    end if;
    perform platforms.own_calendar(v_resource);
    perform centres.put_weekly_opening(p_centre_id, p_id, p_from, p_weekdays, p_opens, p_closes);
    delete from centres.own_opening o where o.centre_id = p_centre_id and o.calendar_id = p_id and lower(o.during) >= p_from;
    update centres.own_opening o set during = daterange(lower(o.during), p_from)
    where o.centre_id = p_centre_id and o.calendar_id = p_id and o.during @> p_from;
    if not p_follows then
        insert into centres.own_opening (centre_id, calendar_id, during) values (p_centre_id, p_id, daterange(p_from, null));
    end if;
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    return query select 'changed', p_version + 1;
end
$$;
ALTER FUNCTION platforms.set_weekly_opening(p_centre_id smallint, p_id uuid, p_version integer, p_from date, p_follows boolean, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION platforms.set_weekly_opening(p_centre_id smallint, p_id uuid, p_version integer, p_from date, p_follows boolean, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) IS 'Gives a resource a weekly opening of its own from a day on, or lets it follow what it stands in again. outcome: changed, notFound, versionMismatch.';
REVOKE ALL ON FUNCTION platforms.set_weekly_opening(p_centre_id smallint, p_id uuid, p_version integer, p_from date, p_follows boolean, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.set_weekly_opening(p_centre_id smallint, p_id uuid, p_version integer, p_from date, p_follows boolean, p_weekdays smallint[], p_opens time without time zone[], p_closes time without time zone[]) TO plateau_app;

CREATE FUNCTION platforms.start_after(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    AS $$
declare
    v_local timestamp := p_at at time zone p_zone;
    v_seconds numeric := extract(epoch from v_local::time);
    v_step numeric := p_grid_minutes * 60;
    v_next timestamptz := p_at + make_interval(secs => (least(ceil(v_seconds / v_step) * v_step, 86400) - v_seconds)::float8);
begin
    if (v_next at time zone p_zone) - v_local = v_next - p_at then
        return v_next;
    end if;
    -- The clock is changed in between: minute by minute.
    return (select min(m.at)
            from generate_series(date_trunc('minute', p_at + interval '59.999999 seconds'), p_at + interval '26 hours', '1 minute') as m (at)
            where extract(epoch from (m.at at time zone p_zone)::time)::numeric % v_step = 0);
end
$$;
COMMENT ON FUNCTION platforms.start_after(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) IS 'The first instant from one on that lies on a grid of so many minutes, which begins at each midnight of a zone.';
REVOKE ALL ON FUNCTION platforms.start_after(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.start_after(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) TO plateau_functions;

CREATE FUNCTION platforms.start_before(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    AS $$
declare
    v_local timestamp := p_at at time zone p_zone;
    v_last timestamptz := p_at - make_interval(secs => (extract(epoch from v_local::time)::numeric % (p_grid_minutes * 60))::float8);
begin
    if v_local - (v_last at time zone p_zone) = p_at - v_last then
        return v_last;
    end if;
    return (select max(m.at)
            from generate_series(date_trunc('minute', p_at), p_at - interval '26 hours', '-1 minute') as m (at)
            where extract(epoch from (m.at at time zone p_zone)::time)::numeric % (p_grid_minutes * 60) = 0);
end
$$;
COMMENT ON FUNCTION platforms.start_before(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) IS 'The last instant up to one that lies on a grid, as platforms.start_after has it.';
REVOKE ALL ON FUNCTION platforms.start_before(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.start_before(p_at timestamp with time zone, p_zone text, p_grid_minutes integer) TO plateau_functions;

CREATE FUNCTION platforms.usage_steps(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_ends timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[], p_more_seats integer[] DEFAULT '{}'::integer[]) RETURNS TABLE(starts timestamp with time zone, ends timestamp with time zone, taken integer)
    LANGUAGE sql STABLE
    AS $$
    with piece as (
        select greatest(o.starts, p_starts) as starts, least(o.ends, p_ends) as ends, o.seats
        from platforms.occupancy o
        where o.centre_id = p_centre_id and o.resource_id = p_resource_id
          and o.ends > p_starts and o.ends <= p_ends + interval '25 hours' and o.starts < p_ends
        union all
        select greatest(m.starts, p_starts), least(m.ends, p_ends), m.seats
        from unnest(p_more_starts, p_more_ends, p_more_seats) as m (starts, ends, seats)
        where m.ends > p_starts and m.starts < p_ends
    ), edge as (
        select p_starts as at, 0 as seats
        union all select starts, seats from piece
        union all select ends, -seats from piece where ends < p_ends
    ), moment as (
        select e.at, sum(sum(e.seats)) over (order by e.at) as taken from edge e group by e.at
    )
    select m.at, coalesce(lead(m.at) over (order by m.at), p_ends), m.taken::integer from moment m order by m.at
$$;
COMMENT ON FUNCTION platforms.usage_steps(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) IS 'How many seats of a resource are taken over a window, as steps that cover it without a gap; more: what the same request takes besides. The guard and the availability answer both read it.';
REVOKE ALL ON FUNCTION platforms.usage_steps(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platforms.usage_steps(p_centre_id smallint, p_resource_id uuid, p_starts timestamp with time zone, p_ends timestamp with time zone, p_more_starts timestamp with time zone[], p_more_ends timestamp with time zone[], p_more_seats integer[]) TO plateau_functions, plateau_app;


-- inventory ===============================================================================================================================

CREATE SCHEMA inventory;
COMMENT ON SCHEMA inventory IS 'Equipment: models and assets.';
GRANT USAGE ON SCHEMA inventory TO plateau_app, plateau_functions, plateau_readonly;

CREATE TABLE inventory.asset (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    model_id uuid NOT NULL,
    platform_id uuid,
    inventory_number text NOT NULL,
    serial text,
    is_mobile boolean DEFAULT false NOT NULL,
    is_advanced_technology boolean DEFAULT false NOT NULL,
    acquired_on date,
    renewal_expected_on date,
    owner text,
    operator text,
    condition text DEFAULT 'good'::text NOT NULL,
    advanced_technology_reason text,
    state text DEFAULT 'inService'::text NOT NULL,
    expected_at timestamp with time zone,
    loaned_until timestamp with time zone,
    usable tstzrange GENERATED ALWAYS AS (inventory.usable_when(state, expected_at, loaned_until)) STORED NOT NULL,
    CONSTRAINT asset_condition_known CHECK ((condition = ANY (ARRAY['new'::text, 'good'::text, 'worn'::text, 'poor'::text]))),
    CONSTRAINT asset_expected_while_away CHECK (((expected_at IS NULL) OR (state = ANY (ARRAY['ordered'::text, 'faulty'::text, 'inRepair'::text])))),
    CONSTRAINT asset_fixed_to_a_platform_or_mobile CHECK ((is_mobile OR (platform_id IS NOT NULL))),
    CONSTRAINT asset_loaned_in_has_end CHECK (((state <> 'loanedIn'::text) OR (loaned_until IS NOT NULL))),
    CONSTRAINT asset_loaned_is_not_in_service CHECK (((state <> 'inService'::text) OR (loaned_until IS NULL))),
    CONSTRAINT asset_reason_of_advanced CHECK (((advanced_technology_reason IS NULL) OR is_advanced_technology)),
    CONSTRAINT asset_renewal_after_purchase CHECK ((renewal_expected_on >= acquired_on)),
    CONSTRAINT asset_state_known CHECK ((state = ANY (ARRAY['ordered'::text, 'inService'::text, 'loanedIn'::text, 'faulty'::text, 'inRepair'::text, 'retired'::text])))
);
COMMENT ON TABLE inventory.asset IS 'A piece of equipment with an identity. What can be booked about it stands in platforms.resource.';
COMMENT ON COLUMN inventory.asset.expected_at IS 'From when on it can be used again, where that is known.';
COMMENT ON COLUMN inventory.asset.loaned_until IS 'It belongs to somebody else, and goes back then.';
COMMENT ON COLUMN inventory.asset.usable IS 'When it may be booked: the rule is inventory.usable_when, so that state and rule cannot differ.';
ALTER TABLE ONLY inventory.asset ADD CONSTRAINT asset_inventory_number_once UNIQUE (centre_id, inventory_number);
ALTER TABLE ONLY inventory.asset ADD CONSTRAINT asset_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX asset_by_model ON inventory.asset USING btree (model_id);
CREATE INDEX asset_by_platform ON inventory.asset USING btree (centre_id, platform_id);
CREATE UNIQUE INDEX asset_serial_once ON inventory.asset USING btree (centre_id, model_id, serial) WHERE (serial IS NOT NULL);
CREATE TRIGGER asset_is_searched AFTER INSERT OR UPDATE OF model_id ON inventory.asset FOR EACH ROW EXECUTE FUNCTION platforms.note_searched();
ALTER TABLE ONLY inventory.asset ADD CONSTRAINT asset_model FOREIGN KEY (model_id) REFERENCES inventory.model(id);
ALTER TABLE ONLY inventory.asset ADD CONSTRAINT asset_platform FOREIGN KEY (centre_id, platform_id) REFERENCES platforms.platform(centre_id, id);
ALTER TABLE ONLY inventory.asset ADD CONSTRAINT asset_resource FOREIGN KEY (centre_id, id) REFERENCES platforms.resource(centre_id, id);
GRANT SELECT ON TABLE inventory.asset TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, UPDATE ON TABLE inventory.asset TO plateau_functions;

CREATE TABLE inventory.model (
    id uuid NOT NULL,
    category text NOT NULL,
    manufacturer text NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    specification_names text[] DEFAULT '{}'::text[] NOT NULL,
    specification_values text[] DEFAULT '{}'::text[] NOT NULL,
    expected_life_years smallint,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT model_category_present CHECK (((length(btrim(category)) >= 1) AND (length(btrim(category)) <= 100))),
    CONSTRAINT model_expected_life_range CHECK (((expected_life_years >= 1) AND (expected_life_years <= 100))),
    CONSTRAINT model_specifications_parallel CHECK (((cardinality(specification_names) = cardinality(specification_values)) AND (cardinality(specification_names) <= 50)))
);
COMMENT ON TABLE inventory.model IS 'Models of equipment, shared by every centre.';
COMMENT ON COLUMN inventory.model.specification_names IS 'Parallel to specification_values: what a machine of the model can do, as its maker writes it.';
ALTER TABLE ONLY inventory.model ADD CONSTRAINT model_once UNIQUE (manufacturer, name);
ALTER TABLE ONLY inventory.model ADD CONSTRAINT model_pkey PRIMARY KEY (id);
CREATE TRIGGER model_is_searched AFTER UPDATE OF category, manufacturer, name ON inventory.model FOR EACH ROW EXECUTE FUNCTION platforms.note_searched();
GRANT SELECT ON TABLE inventory.model TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, UPDATE ON TABLE inventory.model TO plateau_functions;

CREATE TABLE inventory.move (
    centre_id smallint NOT NULL,
    asset_id uuid NOT NULL,
    number integer NOT NULL,
    from_site_id uuid NOT NULL,
    from_platform_id uuid,
    to_site_id uuid NOT NULL,
    to_platform_id uuid,
    at timestamp with time zone NOT NULL,
    key_id uuid NOT NULL,
    CONSTRAINT move_goes_somewhere CHECK (((from_site_id IS DISTINCT FROM to_site_id) OR (from_platform_id IS DISTINCT FROM to_platform_id)))
);
ALTER TABLE ONLY inventory.move FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE inventory.move IS 'Where an asset stood before and after a change of place. Rows are only added.';
ALTER TABLE ONLY inventory.move ADD CONSTRAINT move_pkey PRIMARY KEY (centre_id, asset_id, number);
ALTER TABLE ONLY inventory.move ADD CONSTRAINT move_asset FOREIGN KEY (centre_id, asset_id) REFERENCES inventory.asset(centre_id, id);
ALTER TABLE inventory.move ENABLE ROW LEVEL SECURITY;
CREATE POLICY move_actor ON inventory.move FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY move_functions ON inventory.move TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE inventory.move TO plateau_functions;
GRANT SELECT ON TABLE inventory.move TO plateau_app;

CREATE TABLE inventory.purchase (
    centre_id smallint NOT NULL,
    asset_id uuid NOT NULL,
    price_cents bigint NOT NULL,
    CONSTRAINT purchase_price_range CHECK (((price_cents >= 0) AND (price_cents <= '100000000000'::bigint)))
);
ALTER TABLE ONLY inventory.purchase FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE inventory.purchase IS 'What an asset cost, in euro cents: for its centre and the network.';
ALTER TABLE ONLY inventory.purchase ADD CONSTRAINT purchase_pkey PRIMARY KEY (centre_id, asset_id);
ALTER TABLE ONLY inventory.purchase ADD CONSTRAINT purchase_asset FOREIGN KEY (centre_id, asset_id) REFERENCES inventory.asset(centre_id, id);
ALTER TABLE inventory.purchase ENABLE ROW LEVEL SECURITY;
CREATE POLICY purchase_actor ON inventory.purchase FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY purchase_functions ON inventory.purchase TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE inventory.purchase TO plateau_functions;
GRANT SELECT ON TABLE inventory.purchase TO plateau_app;

CREATE TABLE inventory.transition (
    centre_id smallint NOT NULL,
    asset_id uuid NOT NULL,
    number integer NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    expected_at timestamp with time zone,
    at timestamp with time zone NOT NULL,
    key_id uuid NOT NULL,
    reason text NOT NULL,
    CONSTRAINT transition_reason_present CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 500)))
);
ALTER TABLE ONLY inventory.transition FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE inventory.transition IS 'Every change of the state of an asset: who, when, why. Rows are only added.';
ALTER TABLE ONLY inventory.transition ADD CONSTRAINT transition_pkey PRIMARY KEY (centre_id, asset_id, number);
ALTER TABLE ONLY inventory.transition ADD CONSTRAINT transition_asset FOREIGN KEY (centre_id, asset_id) REFERENCES inventory.asset(centre_id, id);
ALTER TABLE inventory.transition ENABLE ROW LEVEL SECURITY;
CREATE POLICY transition_actor ON inventory.transition FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY transition_functions ON inventory.transition TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE inventory.transition TO plateau_functions;
GRANT SELECT ON TABLE inventory.transition TO plateau_app;

CREATE FUNCTION inventory.change_asset(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid, p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text, p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) RETURNS TABLE(outcome text, version integer, taken_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_asset inventory.asset;
    v_site uuid;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer, null::timestamptz;
        return;
    end if;
    -- Bookings hold this lock shared while they read the rules of use.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_id for update;
    select r.site_id into v_site from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    if v_site is distinct from p_site_id then
        -- Whoever booked it expects it where it was.
        select min(o.starts) into taken_at from platforms.occupancy o
        where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now and o.use_starts < o.use_ends;
        if taken_at is not null then
            outcome := 'booked';
            return next;
            return;
        elsif exists (select from centres.calendar c where c.centre_id = p_centre_id and c.id = p_id) then
            perform platforms.refuse('resource_parent_hours');
        end if;
    end if;
    select c.outcome, c.version into outcome, version
    from platforms.change_resource(
        p_centre_id, p_id, p_version, p_name, p_is_shared, 1, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days) c;
    if outcome <> 'changed' then
        return next;
        return;
    end if;
    update platforms.resource r set site_id = p_site_id where r.centre_id = p_centre_id and r.id = p_id;
    update inventory.asset a
    set platform_id = p_platform_id, is_mobile = p_is_mobile, inventory_number = p_inventory_number, serial = p_serial,
        is_advanced_technology = p_is_advanced_technology, advanced_technology_reason = p_advanced_technology_reason,
        acquired_on = p_acquired_on, renewal_expected_on = p_renewal_expected_on, owner = p_owner, operator = p_operator,
        condition = p_condition
    where a.centre_id = p_centre_id and a.id = p_id;
    perform inventory.note_price(p_centre_id, p_id, p_price_cents);
    if (v_site, v_asset.platform_id) is distinct from (p_site_id, p_platform_id) then
        insert into inventory.move (
            centre_id, asset_id, number, from_site_id, from_platform_id, to_site_id, to_platform_id, at, key_id)
        values (p_centre_id, p_id,
                1 + (select count(*) from inventory.move m where m.centre_id = p_centre_id and m.asset_id = p_id)::integer,
                v_site, v_asset.platform_id, p_site_id, p_platform_id, v_now, p_key);
    end if;
    return next;
end
$$;
ALTER FUNCTION inventory.change_asset(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid, p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text, p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION inventory.change_asset(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid, p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text, p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) IS 'Changes an asset, and records a change of place. outcome: changed, notFound, forbidden, versionMismatch, booked (with when: it cannot go to another site while somebody expects it here). Raises the constraints of the tables.';
REVOKE ALL ON FUNCTION inventory.change_asset(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid, p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text, p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.change_asset(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid, p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text, p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) TO plateau_app;

CREATE FUNCTION inventory.change_model(p_id uuid, p_version integer, p_key uuid, p_category text, p_specification_names text[], p_specification_values text[], p_expected_life_years smallint) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_model inventory.model;
begin
    select * into v_model from inventory.model m where m.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer;
        return;
    elsif not access.has_role(p_key, array['networkManager'], 0::smallint)
        -- Whoever has machines of a model may describe it.
        and not exists (select from inventory.asset a
                        where a.model_id = p_id and access.has_role(p_key, array['centreManager'], a.centre_id)) then
        return query select 'forbidden', null::integer;
        return;
    elsif v_model.version <> p_version then
        return query select 'versionMismatch', v_model.version;
        return;
    end if;
    update inventory.model m
    set category = p_category, specification_names = p_specification_names, specification_values = p_specification_values,
        expected_life_years = p_expected_life_years, version = m.version + 1
    where m.id = p_id;
    return query select 'changed', p_version + 1;
end
$$;
ALTER FUNCTION inventory.change_model(p_id uuid, p_version integer, p_key uuid, p_category text, p_specification_names text[], p_specification_values text[], p_expected_life_years smallint) OWNER TO plateau_functions;
COMMENT ON FUNCTION inventory.change_model(p_id uuid, p_version integer, p_key uuid, p_category text, p_specification_names text[], p_specification_values text[], p_expected_life_years smallint) IS 'Describes a model, by the network or a centre that has one. outcome: changed, notFound, forbidden, versionMismatch.';
REVOKE ALL ON FUNCTION inventory.change_model(p_id uuid, p_version integer, p_key uuid, p_category text, p_specification_names text[], p_specification_values text[], p_expected_life_years smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.change_model(p_id uuid, p_version integer, p_key uuid, p_category text, p_specification_names text[], p_specification_values text[], p_expected_life_years smallint) TO plateau_app;

CREATE FUNCTION inventory.change_state(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_state text, p_expected_at timestamp with time zone, p_reason text) RETURNS TABLE(outcome text, version integer, state text, taken_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_asset inventory.asset;
    v_version integer;
    v_usable tstzrange;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer, null::text, null::timestamptz;
        return;
    end if;
    -- Bookings hold this lock shared: whichever commits second sees the first.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_id for update;
    select r.version into v_version from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    if v_asset.id is null then
        return query select 'notFound', null::integer, null::text, null::timestamptz;
        return;
    elsif v_version <> p_version then
        return query select 'versionMismatch', v_version, v_asset.state, null::timestamptz;
        return;
    elsif not inventory.may_become(v_asset.state, p_state)
        or p_state = 'loanedIn' and v_asset.loaned_until is null or p_state = 'inService' and v_asset.loaned_until is not null
        and v_asset.state <> 'retired' then
        return query select 'notAllowed', v_version, v_asset.state, null::timestamptz;
        return;
    end if;
    v_usable := inventory.usable_when(p_state, p_expected_at, v_asset.loaned_until);
    select 'booked', v_version, v_asset.state, min(o.use_starts) into outcome, version, state, taken_at
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now and o.use_starts < o.use_ends
      and not v_usable @> tstzrange(o.use_starts, o.use_ends);
    if taken_at is not null then
        return next;
        return;
    end if;
    return query select 'changed', inventory.enter_state(v_asset, p_state, p_expected_at, p_key, p_reason, v_now), p_state, null::timestamptz;
end
$$;
ALTER FUNCTION inventory.change_state(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_state text, p_expected_at timestamp with time zone, p_reason text) OWNER TO plateau_functions;
COMMENT ON FUNCTION inventory.change_state(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_state text, p_expected_at timestamp with time zone, p_reason text) IS 'Takes an asset to another state. outcome: changed, notFound, forbidden, versionMismatch, notAllowed (from the state that it has), booked (with when: somebody has it at a time at which it could not be used any more).';
REVOKE ALL ON FUNCTION inventory.change_state(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_state text, p_expected_at timestamp with time zone, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.change_state(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_state text, p_expected_at timestamp with time zone, p_reason text) TO plateau_app;

CREATE FUNCTION inventory.create_asset(p_centre_id smallint, p_id uuid, p_model_id uuid, p_platform_id uuid, p_name text, p_site_id uuid, p_is_shared boolean, p_inventory_number text, p_serial text, p_is_mobile boolean, p_is_advanced_technology boolean, p_acquired_on date, p_renewal_expected_on date, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_owner text DEFAULT NULL::text, p_operator text DEFAULT NULL::text, p_condition text DEFAULT 'good'::text, p_advanced_technology_reason text DEFAULT NULL::text, p_price_cents bigint DEFAULT NULL::bigint, p_state text DEFAULT 'inService'::text, p_expected_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_loaned_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz;
begin
    v_now := platforms.add_resource(
        p_centre_id, p_id, 'equipment', p_name, p_site_id, p_is_shared, 1, p_setup_minutes, p_cleanup_minutes,
        p_minimum_minutes, p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days);
    insert into inventory.asset (
        centre_id, id, model_id, platform_id, inventory_number, serial, is_mobile, is_advanced_technology, acquired_on,
        renewal_expected_on, owner, operator, condition, advanced_technology_reason, state, expected_at, loaned_until)
    values (p_centre_id, p_id, p_model_id, p_platform_id, p_inventory_number, p_serial, p_is_mobile, p_is_advanced_technology,
            p_acquired_on, p_renewal_expected_on, p_owner, p_operator, p_condition, p_advanced_technology_reason, p_state,
            p_expected_at, p_loaned_until);
    if p_state = 'retired' then
        update platforms.resource r set retired_at = v_now where r.centre_id = p_centre_id and r.id = p_id;
    end if;
    perform inventory.note_price(p_centre_id, p_id, p_price_cents);
    return v_now;
end
$$;
ALTER FUNCTION inventory.create_asset(p_centre_id smallint, p_id uuid, p_model_id uuid, p_platform_id uuid, p_name text, p_site_id uuid, p_is_shared boolean, p_inventory_number text, p_serial text, p_is_mobile boolean, p_is_advanced_technology boolean, p_acquired_on date, p_renewal_expected_on date, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_owner text, p_operator text, p_condition text, p_advanced_technology_reason text, p_price_cents bigint, p_state text, p_expected_at timestamp with time zone, p_loaned_until timestamp with time zone) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION inventory.create_asset(p_centre_id smallint, p_id uuid, p_model_id uuid, p_platform_id uuid, p_name text, p_site_id uuid, p_is_shared boolean, p_inventory_number text, p_serial text, p_is_mobile boolean, p_is_advanced_technology boolean, p_acquired_on date, p_renewal_expected_on date, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_owner text, p_operator text, p_condition text, p_advanced_technology_reason text, p_price_cents bigint, p_state text, p_expected_at timestamp with time zone, p_loaned_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.create_asset(p_centre_id smallint, p_id uuid, p_model_id uuid, p_platform_id uuid, p_name text, p_site_id uuid, p_is_shared boolean, p_inventory_number text, p_serial text, p_is_mobile boolean, p_is_advanced_technology boolean, p_acquired_on date, p_renewal_expected_on date, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_owner text, p_operator text, p_condition text, p_advanced_technology_reason text, p_price_cents bigint, p_state text, p_expected_at timestamp with time zone, p_loaned_until timestamp with time zone) TO plateau_app;

CREATE FUNCTION inventory.create_model(p_id uuid, p_category text, p_manufacturer text, p_name text) RETURNS TABLE(id uuid, category text, is_new boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into inventory.model (id, category, manufacturer, name, created_at)
    values (p_id, p_category, p_manufacturer, p_name, plateau.clock())
    on conflict (manufacturer, name) do nothing;
    return query select m.id, m.category, m.id = p_id from inventory.model m where m.manufacturer = p_manufacturer and m.name = p_name;
end
$$;
ALTER FUNCTION inventory.create_model(p_id uuid, p_category text, p_manufacturer text, p_name text) OWNER TO plateau_functions;
COMMENT ON FUNCTION inventory.create_model(p_id uuid, p_category text, p_manufacturer text, p_name text) IS 'The model of that manufacturer and name: a new one, or the one there was.';
REVOKE ALL ON FUNCTION inventory.create_model(p_id uuid, p_category text, p_manufacturer text, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.create_model(p_id uuid, p_category text, p_manufacturer text, p_name text) TO plateau_app;

CREATE FUNCTION inventory.enter_state(p_asset inventory.asset, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    v_version integer;
begin
    update inventory.asset a
    set state = p_state, expected_at = p_expected_at, loaned_until = case p_state when 'inService' then null else a.loaned_until end
    where a.centre_id = p_asset.centre_id and a.id = p_asset.id;
    update platforms.resource r
    set retired_at = case p_state when 'retired' then p_now end, version = r.version + 1
    where r.centre_id = p_asset.centre_id and r.id = p_asset.id
    returning r.version into v_version;
    insert into inventory.transition (centre_id, asset_id, number, from_state, to_state, expected_at, at, key_id, reason)
    values (p_asset.centre_id, p_asset.id,
            1 + (select count(*) from inventory.transition t
                 where t.centre_id = p_asset.centre_id and t.asset_id = p_asset.id)::integer,
            p_asset.state, p_state, p_expected_at, p_now, p_key, p_reason);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_asset.centre_id, 'equipment.' || p_state, p_asset.id, v_version, p_now);
    return v_version;
end
$$;
COMMENT ON FUNCTION inventory.enter_state(p_asset inventory.asset, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) IS 'Takes an asset to a state and records it. The caller holds the label lock exclusively and has looked at the bookings to come. The new version.';
REVOKE ALL ON FUNCTION inventory.enter_state(p_asset inventory.asset, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.enter_state(p_asset inventory.asset, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION inventory.may_become(p_from text, p_to text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE p_from WHEN 'ordered'::text THEN (p_to = ANY (ARRAY['inService'::text, 'retired'::text])) WHEN 'inService'::text THEN (p_to = ANY (ARRAY['faulty'::text, 'inRepair'::text, 'retired'::text])) WHEN 'loanedIn'::text THEN (p_to = ANY (ARRAY['faulty'::text, 'inRepair'::text, 'retired'::text])) WHEN 'faulty'::text THEN (p_to = ANY (ARRAY['inRepair'::text, 'inService'::text, 'loanedIn'::text, 'retired'::text])) WHEN 'inRepair'::text THEN (p_to = ANY (ARRAY['faulty'::text, 'inService'::text, 'loanedIn'::text, 'retired'::text])) ELSE (p_to = 'inService'::text) END;
COMMENT ON FUNCTION inventory.may_become(p_from text, p_to text) IS 'The states that an asset may go to from one; one that was retired comes back into service.';
REVOKE ALL ON FUNCTION inventory.may_become(p_from text, p_to text) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.may_become(p_from text, p_to text) TO plateau_functions;

CREATE FUNCTION inventory.note_price(p_centre_id smallint, p_asset_id uuid, p_price_cents bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if p_price_cents is null then
        delete from inventory.purchase p where p.centre_id = p_centre_id and p.asset_id = p_asset_id;
    else
        insert into inventory.purchase (centre_id, asset_id, price_cents) values (p_centre_id, p_asset_id, p_price_cents)
        on conflict (centre_id, asset_id) do update set price_cents = excluded.price_cents;
    end if;
end
$$;
REVOKE ALL ON FUNCTION inventory.note_price(p_centre_id smallint, p_asset_id uuid, p_price_cents bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.note_price(p_centre_id smallint, p_asset_id uuid, p_price_cents bigint) TO plateau_functions;

CREATE FUNCTION inventory.usable_when(p_state text, p_expected_at timestamp with time zone, p_loaned_until timestamp with time zone) RETURNS tstzrange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_state = ANY (ARRAY['inService'::text, 'loanedIn'::text])) THEN tstzrange(NULL::timestamp with time zone, p_loaned_until) WHEN ((p_state = ANY (ARRAY['ordered'::text, 'faulty'::text, 'inRepair'::text])) AND ((p_loaned_until IS NULL) OR (p_expected_at < p_loaned_until)) AND (p_expected_at IS NOT NULL)) THEN tstzrange(p_expected_at, p_loaned_until) ELSE 'empty'::tstzrange END;
COMMENT ON FUNCTION inventory.usable_when(p_state text, p_expected_at timestamp with time zone, p_loaned_until timestamp with time zone) IS 'When an asset may be booked, by its state: in service always; ordered, faulty or in repair from the moment on at which it is expected, and not at all where none is; loaned in until it goes back; retired never.';
REVOKE ALL ON FUNCTION inventory.usable_when(p_state text, p_expected_at timestamp with time zone, p_loaned_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION inventory.usable_when(p_state text, p_expected_at timestamp with time zone, p_loaned_until timestamp with time zone) TO plateau_functions;


-- attestations ============================================================================================================================

CREATE SCHEMA attestations;
COMMENT ON SCHEMA attestations IS 'What persons and organisations hold: proofs that resources ask for, valid on the day of use.';
GRANT USAGE ON SCHEMA attestations TO plateau_app, plateau_functions;

CREATE TYPE attestations.finding AS (
    valid integer,
    valid_until date,
    withdrawn_on date
);

CREATE TABLE attestations.attestation (
    id uuid NOT NULL,
    holder_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    type text,
    centre_id smallint,
    resource_id uuid,
    level text,
    issuer text NOT NULL,
    evidence text,
    during daterange NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_for uuid NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_by uuid,
    withdrawal_reason text,
    warned_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT attestation_begins CHECK (((lower(during) IS NOT NULL) AND (NOT isempty(during)))),
    CONSTRAINT attestation_evidence_length CHECK (((length(btrim(evidence)) >= 1) AND (length(btrim(evidence)) <= 500))),
    CONSTRAINT attestation_issuer_present CHECK (((length(btrim(issuer)) >= 1) AND (length(btrim(issuer)) <= 200))),
    CONSTRAINT attestation_level_length CHECK (((length(btrim(level)) >= 1) AND (length(btrim(level)) <= 40))),
    CONSTRAINT attestation_of_type_or_for_resource CHECK (((num_nonnulls(type, resource_id) = 1) AND ((centre_id IS NULL) = (resource_id IS NULL)))),
    CONSTRAINT attestation_reason_present CHECK (((length(btrim(withdrawal_reason)) >= 1) AND (length(btrim(withdrawal_reason)) <= 500))),
    CONSTRAINT attestation_withdrawn CHECK ((num_nulls(withdrawn_at, withdrawn_by, withdrawal_reason) = ANY (ARRAY[0, 3])))
);
ALTER TABLE ONLY attestations.attestation FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE attestations.attestation IS 'What somebody holds, and on which days. With a resource: the habilitation of a trainer for it and its parts. Rows are added and withdrawn, never changed; organisation_id: who keeps the holder; recorded_for: whose key wrote it.';
ALTER TABLE ONLY attestations.attestation ADD CONSTRAINT attestation_pkey PRIMARY KEY (id);
CREATE INDEX attestation_by_centre ON attestations.attestation USING btree (centre_id, id) WHERE (centre_id IS NOT NULL);
CREATE INDEX attestation_by_end ON attestations.attestation USING btree (upper(during)) WHERE ((withdrawn_at IS NULL) AND (warned_at IS NULL));
CREATE INDEX attestation_by_holder ON attestations.attestation USING btree (holder_id, type);
CREATE INDEX attestation_by_organisation ON attestations.attestation USING btree (organisation_id, id);
CREATE INDEX attestation_by_recorder ON attestations.attestation USING btree (recorded_for, id);
ALTER TABLE ONLY attestations.attestation ADD CONSTRAINT attestation_holder FOREIGN KEY (holder_id) REFERENCES attestations.holder(id);
ALTER TABLE ONLY attestations.attestation ADD CONSTRAINT attestation_resource FOREIGN KEY (centre_id, resource_id) REFERENCES platforms.resource(centre_id, id);
ALTER TABLE ONLY attestations.attestation ADD CONSTRAINT attestation_type FOREIGN KEY (type) REFERENCES attestations.type(code);
ALTER TABLE attestations.attestation ENABLE ROW LEVEL SECURITY;
CREATE POLICY attestation_actor ON attestations.attestation FOR SELECT TO plateau_app USING (((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (recorded_for = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY attestation_functions ON attestations.attestation TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE attestations.attestation TO plateau_app;
GRANT SELECT, INSERT, UPDATE ON TABLE attestations.attestation TO plateau_functions;

CREATE TABLE attestations.holder (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    pseudonym text,
    created_at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT holder_kind_known CHECK ((kind = ANY (ARRAY['person'::text, 'organisation'::text]))),
    CONSTRAINT holder_organisation_is_itself CHECK (((kind = 'person'::text) OR (id = organisation_id))),
    CONSTRAINT holder_person_has_pseudonym CHECK (((pseudonym IS NOT NULL) = ((kind = 'person'::text) AND (erased_at IS NULL)))),
    CONSTRAINT holder_pseudonym_length CHECK (((length(btrim(pseudonym)) >= 1) AND (length(btrim(pseudonym)) <= 64)))
);
ALTER TABLE ONLY attestations.holder FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE attestations.holder IS 'A person, under a pseudonym that only the organisation that keeps it can resolve, or an organisation itself. Never a name.';
ALTER TABLE ONLY attestations.holder ADD CONSTRAINT holder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY attestations.holder ADD CONSTRAINT holder_pseudonym_once UNIQUE (organisation_id, pseudonym);
ALTER TABLE ONLY attestations.holder ADD CONSTRAINT holder_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE attestations.holder ENABLE ROW LEVEL SECURITY;
CREATE POLICY holder_actor ON attestations.holder FOR SELECT TO plateau_app USING ((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)));
CREATE POLICY holder_functions ON attestations.holder TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE attestations.holder TO plateau_app;
GRANT SELECT, INSERT, UPDATE ON TABLE attestations.holder TO plateau_functions;

CREATE TABLE attestations.type (
    code text NOT NULL,
    name text NOT NULL,
    holder text NOT NULL,
    proof text NOT NULL,
    covers text[] DEFAULT '{}'::text[] NOT NULL,
    valid_months smallint,
    warning_days smallint DEFAULT 60 NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT type_code CHECK ((code ~ '^[a-z][A-Za-z0-9]{1,63}$'::text)),
    CONSTRAINT type_holder_known CHECK ((holder = ANY (ARRAY['person'::text, 'organisation'::text]))),
    CONSTRAINT type_months_range CHECK (((valid_months >= 1) AND (valid_months <= 600))),
    CONSTRAINT type_name_present CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200))),
    CONSTRAINT type_proof_known CHECK ((proof = ANY (ARRAY['atBooking'::text, 'atUse'::text]))),
    CONSTRAINT type_warning_range CHECK (((warning_days >= 0) AND (warning_days <= 730)))
);
COMMENT ON TABLE attestations.type IS 'The kinds of attestation that the network knows. A prerequisite that names one of these codes is a rule; one that names another code is only shown. proof: without it a booking is refused (atBooking), or made with the flag needsProof (atUse); nothing is checked in without it. covers: codes of lesser types that it stands for.';
ALTER TABLE ONLY attestations.type ADD CONSTRAINT type_pkey PRIMARY KEY (code);
GRANT SELECT ON TABLE attestations.type TO plateau_app, plateau_readonly;
GRANT SELECT, INSERT, UPDATE ON TABLE attestations.type TO plateau_functions;

CREATE TABLE attestations.unreviewed (
    attestation_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY attestations.unreviewed FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE attestations.unreviewed IS 'Attestations that were recorded or withdrawn, until the bookings that name their holders have been looked at again.';
ALTER TABLE ONLY attestations.unreviewed ADD CONSTRAINT unreviewed_pkey PRIMARY KEY (attestation_id);
ALTER TABLE ONLY attestations.unreviewed ADD CONSTRAINT unreviewed_attestation FOREIGN KEY (attestation_id) REFERENCES attestations.attestation(id);
ALTER TABLE attestations.unreviewed ENABLE ROW LEVEL SECURITY;
CREATE POLICY unreviewed_functions ON attestations.unreviewed TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE attestations.unreviewed TO plateau_functions;

CREATE FUNCTION attestations.add_holder(p_id uuid, p_organisation uuid, p_pseudonym text, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not attestations.speaks_for(p_by, p_organisation) then
        return 'forbidden';
    end if;
    insert into attestations.holder (id, organisation_id, kind, pseudonym, created_at)
    values (p_id, p_organisation, 'person', p_pseudonym, plateau.clock())
    on conflict on constraint holder_pseudonym_once do nothing;
    return case when found then 'added' else 'pseudonymTaken' end;
end
$$;
ALTER FUNCTION attestations.add_holder(p_id uuid, p_organisation uuid, p_pseudonym text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION attestations.add_holder(p_id uuid, p_organisation uuid, p_pseudonym text, p_by uuid) IS 'A person of an organisation, under a pseudonym. outcome: added, forbidden, pseudonymTaken.';
REVOKE ALL ON FUNCTION attestations.add_holder(p_id uuid, p_organisation uuid, p_pseudonym text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.add_holder(p_id uuid, p_organisation uuid, p_pseudonym text, p_by uuid) TO plateau_app;

CREATE FUNCTION attestations.erase_holder(p_id uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_holder attestations.holder;
begin
    select * into v_holder from attestations.holder h where h.id = p_id and h.kind = 'person' for update;
    if not found or not attestations.speaks_for(p_by, v_holder.organisation_id) then
        return case when exists (select from access.api_key k where k.id = p_by and k.organisation_id = v_holder.organisation_id)
                    then 'forbidden' else 'notFound' end;
    end if;
    update attestations.holder h set pseudonym = null, erased_at = plateau.clock() where h.id = p_id and h.erased_at is null;
    update attestations.attestation a set evidence = null where a.holder_id = p_id and a.evidence is not null;
    return 'erased';
end
$$;
ALTER FUNCTION attestations.erase_holder(p_id uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION attestations.erase_holder(p_id uuid, p_by uuid) IS 'Forgets the pseudonym of a person and where the proofs are kept; nobody can be named for anything by that id again. outcome: erased, forbidden, notFound.';
REVOKE ALL ON FUNCTION attestations.erase_holder(p_id uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.erase_holder(p_id uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION attestations.is_staff(p_key uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role in ('centreStaff', 'centreManager', 'networkManager'));
end
$$;
COMMENT ON FUNCTION attestations.is_staff(p_key uuid) IS 'Whether a key is of the staff of any centre, or of the network: they attest what others hold.';
REVOKE ALL ON FUNCTION attestations.is_staff(p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.is_staff(p_key uuid) TO plateau_functions;

CREATE FUNCTION attestations.judge(p_holders uuid[], p_type text, p_resources uuid[], p_days daterange) RETURNS attestations.finding
    LANGUAGE plpgsql
    AS $$
declare
    v_finding attestations.finding;
begin
    -- Whoever withdraws one of them waits until this transaction is over, and then sees what it has booked.
    perform from attestations.attestation a
    where a.holder_id = any (p_holders) and a.during && p_days
    order by a.id for share;
    select count(*) filter (where coalesce(h.held @> p_days, false)),
           max(upper(h.held) - 1) filter (where upper(h.held) < upper(p_days)), max(h.withdrawn_on)
    into v_finding
    from (
        select range_agg(a.during) filter (where a.withdrawn_at is null) as held,
               max(plateau.local_day(a.withdrawn_at, 'UTC')) filter (where a.during && p_days) as withdrawn_on
        from unnest(p_holders) as n (id)
        left join attestations.attestation a on a.holder_id = n.id
             and (a.resource_id = any (p_resources)
                  or a.type in (select t.code from attestations.type t where t.code = p_type or t.covers @> array[p_type]))
        group by n.id) h;
    return v_finding;
end
$$;
COMMENT ON FUNCTION attestations.judge(p_holders uuid[], p_type text, p_resources uuid[], p_days daterange) IS 'How many of some holders have a type (or a habilitation for one of some resources) on every one of some days; of the others, until when one had it before the last of these days, and when one was withdrawn that covered them.';
REVOKE ALL ON FUNCTION attestations.judge(p_holders uuid[], p_type text, p_resources uuid[], p_days daterange) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.judge(p_holders uuid[], p_type text, p_resources uuid[], p_days daterange) TO plateau_functions;

CREATE FUNCTION attestations.record(p_id uuid, p_holder uuid, p_type text, p_resource uuid, p_level text, p_issuer text, p_evidence text, p_issued_on date, p_expires_on date, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_holder attestations.holder;
    v_type attestations.type;
    v_attestation attestations.attestation;
    v_now timestamptz := plateau.clock();
begin
    if exists (select from access.organisation o where o.id = p_holder) then
        insert into attestations.holder (id, organisation_id, kind, created_at) values (p_holder, p_holder, 'organisation', v_now)
        on conflict on constraint holder_pkey do nothing;
    end if;
    select * into v_holder from attestations.holder h where h.id = p_holder and h.erased_at is null;
    if not found then
        return 'holderUnknown';
    elsif p_resource is not null then
        if not access.has_role(p_by, array['centreStaff', 'centreManager', 'networkManager'], plateau.centre_of(p_resource)) then
            return 'forbidden';
        elsif v_holder.kind <> 'person' then
            return 'holderMismatch';
        elsif not exists (select from platforms.resource r where r.centre_id = plateau.centre_of(p_resource) and r.id = p_resource) then
            return 'resourceUnknown';
        end if;
    else
        select * into v_type from attestations.type t where t.code = p_type;
        if not found then
            return 'typeUnknown';
        elsif v_type.holder <> v_holder.kind then
            return 'holderMismatch';
        elsif not attestations.speaks_for(p_by, v_holder.organisation_id) and not attestations.is_staff(p_by) then
            return 'forbidden';
        end if;
    end if;
    insert into attestations.attestation (
        id, holder_id, organisation_id, type, centre_id, resource_id, level, issuer, evidence, during, recorded_at, recorded_by,
        recorded_for)
    select p_id, p_holder, v_holder.organisation_id, p_type, case when p_resource is not null then plateau.centre_of(p_resource) end,
           p_resource, p_level, p_issuer, p_evidence,
           daterange(p_issued_on, coalesce(
               p_expires_on, (p_issued_on + make_interval(months => v_type.valid_months))::date - 1), '[]'),
           v_now, p_by, k.organisation_id
    from access.api_key k where k.id = p_by
    returning * into v_attestation;
    insert into attestations.unreviewed (attestation_id, asked_at) values (p_id, v_now);
    perform attestations.tell(v_attestation, 'recorded', v_now);
    return 'recorded';
end
$$;
ALTER FUNCTION attestations.record(p_id uuid, p_holder uuid, p_type text, p_resource uuid, p_level text, p_issuer text, p_evidence text, p_issued_on date, p_expires_on date, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION attestations.record(p_id uuid, p_holder uuid, p_type text, p_resource uuid, p_level text, p_issuer text, p_evidence text, p_issued_on date, p_expires_on date, p_by uuid) IS 'Writes down what somebody holds; without a last day, as long as its type is valid. holder: a person''s, or an organisation''s own id. outcome: recorded, forbidden, holderUnknown, holderMismatch, typeUnknown, resourceUnknown.';
REVOKE ALL ON FUNCTION attestations.record(p_id uuid, p_holder uuid, p_type text, p_resource uuid, p_level text, p_issuer text, p_evidence text, p_issued_on date, p_expires_on date, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.record(p_id uuid, p_holder uuid, p_type text, p_resource uuid, p_level text, p_issuer text, p_evidence text, p_issued_on date, p_expires_on date, p_by uuid) TO plateau_app;

CREATE FUNCTION attestations.set_type(p_code text, p_name text, p_holder text, p_proof text, p_covers text[], p_valid_months smallint, p_warning_days smallint, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not access.has_role(p_by, array['networkManager'], 0::smallint) then
        return 'forbidden';
    elsif exists (select from unnest(p_covers) c where c = p_code or not exists (select from attestations.type t where t.code = c)) then
        return 'coversUnknown';
    elsif exists (select from attestations.type t where t.code = p_code and t.holder <> p_holder)
        and exists (select from attestations.attestation a where a.type = p_code) then
        return 'holderStays';
    end if;
    insert into attestations.type as t (code, name, holder, proof, covers, valid_months, warning_days, changed_at, changed_by)
    values (p_code, p_name, p_holder, p_proof, p_covers, p_valid_months, p_warning_days, plateau.clock(), p_by)
    on conflict (code) do update
        set name = excluded.name, holder = excluded.holder, proof = excluded.proof, covers = excluded.covers,
            valid_months = excluded.valid_months, warning_days = excluded.warning_days, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by;
    return 'set';
end
$$;
ALTER FUNCTION attestations.set_type(p_code text, p_name text, p_holder text, p_proof text, p_covers text[], p_valid_months smallint, p_warning_days smallint, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION attestations.set_type(p_code text, p_name text, p_holder text, p_proof text, p_covers text[], p_valid_months smallint, p_warning_days smallint, p_by uuid) IS 'Adds a type or changes it, for bookings and check-ins from now on. outcome: set, forbidden, coversUnknown, holderStays.';
REVOKE ALL ON FUNCTION attestations.set_type(p_code text, p_name text, p_holder text, p_proof text, p_covers text[], p_valid_months smallint, p_warning_days smallint, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.set_type(p_code text, p_name text, p_holder text, p_proof text, p_covers text[], p_valid_months smallint, p_warning_days smallint, p_by uuid) TO plateau_app;

CREATE FUNCTION attestations.speaks_for(p_key uuid, p_organisation uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.organisation_id = p_organisation
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager'));
end
$$;
REVOKE ALL ON FUNCTION attestations.speaks_for(p_key uuid, p_organisation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.speaks_for(p_key uuid, p_organisation uuid) TO plateau_functions;

CREATE FUNCTION attestations.tell(p_attestation attestations.attestation, p_what text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    values (coalesce(p_attestation.centre_id, 0::smallint), 'attestation.' || p_what, p_attestation.id, p_attestation.organisation_id,
            p_attestation.version,
            jsonb_strip_nulls(jsonb_build_object(
                'attestation', p_attestation.type, 'resourceId', p_attestation.resource_id,
                'expiresOn', upper(p_attestation.during) - 1)), p_now);
end
$$;
REVOKE ALL ON FUNCTION attestations.tell(p_attestation attestations.attestation, p_what text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.tell(p_attestation attestations.attestation, p_what text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION attestations.warn_of_expiry(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_today date := plateau.local_day(v_now, 'UTC');
    v_attestation attestations.attestation;
    v_count integer := 0;
begin
    for v_attestation in
        select a.* from attestations.attestation a
        left join attestations.type t on t.code = a.type
        where a.withdrawn_at is null and a.warned_at is null
          and upper(a.during) > v_today and upper(a.during) <= v_today + 731
          and upper(a.during) <= v_today + coalesce(t.warning_days, 60) + 1
          and not exists (
              select from attestations.attestation n
              where n.holder_id = a.holder_id and n.withdrawn_at is null and n.during @> upper(a.during)
                and n.type is not distinct from a.type and n.resource_id is not distinct from a.resource_id)
        order by upper(a.during) limit p_limit for update of a skip locked
    loop
        update attestations.attestation a set warned_at = v_now where a.id = v_attestation.id;
        perform attestations.tell(v_attestation, 'expiring', v_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
ALTER FUNCTION attestations.warn_of_expiry(p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION attestations.warn_of_expiry(p_limit integer) IS 'Tells once, as many days before as its type says (a habilitation: 60), that an attestation ends and nothing follows it. How many were told of.';
REVOKE ALL ON FUNCTION attestations.warn_of_expiry(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.warn_of_expiry(p_limit integer) TO plateau_app;

CREATE FUNCTION attestations.withdraw(p_id uuid, p_reason text, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_attestation attestations.attestation;
    v_now timestamptz;
begin
    -- Waits for the bookings that were just found to be covered by it; those that come after find it withdrawn.
    select * into v_attestation from attestations.attestation a where a.id = p_id for no key update;
    v_now := plateau.clock();
    if v_attestation.id is null then
        return 'notFound';
    elsif not (attestations.speaks_for(p_by, v_attestation.organisation_id)
               or attestations.speaks_for(p_by, v_attestation.recorded_for)
               or v_attestation.centre_id is not null
                  and access.has_role(p_by, array['centreStaff', 'centreManager', 'networkManager'], v_attestation.centre_id)) then
        return case when exists (
                        select from access.api_key k
                        where k.id = p_by and k.organisation_id in (v_attestation.organisation_id, v_attestation.recorded_for))
                    then 'forbidden' else 'notFound' end;
    elsif v_attestation.withdrawn_at is not null then
        return 'alreadyWithdrawn';
    end if;
    update attestations.attestation a
    set withdrawn_at = v_now, withdrawn_by = p_by, withdrawal_reason = p_reason, version = a.version + 1
    where a.id = p_id
    returning * into v_attestation;
    insert into attestations.unreviewed (attestation_id, asked_at) values (p_id, v_now)
    on conflict on constraint unreviewed_pkey do update set asked_at = excluded.asked_at;
    perform attestations.tell(v_attestation, 'withdrawn', v_now);
    return 'withdrawn';
end
$$;
ALTER FUNCTION attestations.withdraw(p_id uuid, p_reason text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION attestations.withdraw(p_id uuid, p_reason text, p_by uuid) IS 'Takes an attestation back, for a reason: from now on it proves nothing. outcome: withdrawn, notFound, forbidden, alreadyWithdrawn.';
REVOKE ALL ON FUNCTION attestations.withdraw(p_id uuid, p_reason text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION attestations.withdraw(p_id uuid, p_reason text, p_by uuid) TO plateau_app;


-- bookings ================================================================================================================================

CREATE SCHEMA bookings;
COMMENT ON SCHEMA bookings IS 'Bookings, their lines and transitions, and the functions that reserve and cancel.';
GRANT USAGE ON SCHEMA bookings TO plateau_app, plateau_functions, plateau_readonly;

CREATE TYPE bookings.candidate AS (
    resource platforms.resource,
    zone text,
    likeness text,
    place integer,
    kilometres double precision
);

CREATE TYPE bookings.find AS (
    centre_id smallint,
    id uuid,
    rank real,
    kilometres double precision
);

CREATE TYPE bookings.occurrence_verdict AS (
    number integer,
    outcome text,
    booking_id uuid,
    reference text,
    state text,
    flags text[],
    conditional_until date,
    rules jsonb
);
COMMENT ON TYPE bookings.occurrence_verdict IS 'outcome: created, wouldCreate (also of what was undone with the rest), refused (rules says why); of the whole, in the first row: forbidden, organisationUnknown.';

CREATE TYPE bookings.pick AS (
    candidate integer,
    starts timestamp with time zone,
    first_start timestamp with time zone,
    last_start timestamp with time zone,
    verdict text,
    rules jsonb
);

CREATE TYPE bookings.planned_effect AS (
    booking_id uuid,
    effect text,
    needs_others boolean
);
COMMENT ON TYPE bookings.planned_effect IS 'needs_others: labels of other centres count too, whose locks have to be taken first.';

CREATE TYPE bookings.run AS (
    candidate integer,
    first_start timestamp with time zone,
    last_start timestamp with time zone,
    starts timestamp with time zone
);

CREATE TYPE bookings.verdict AS (
    outcome text,
    booking_id uuid,
    reference text,
    state text,
    flags text[],
    recorded_at timestamp with time zone,
    label_status text,
    label_decision_id uuid,
    file_number integer,
    conditional_until date,
    seats integer[],
    zones text[],
    rules jsonb,
    expires_at timestamp with time zone
);
COMMENT ON TYPE bookings.verdict IS 'outcome: created, replayed, wouldCreate (dry run), refused (rules says why), forbidden, organisationUnknown, keyReused, inFlight. seats and zones are parallel to the lines.';

CREATE DOMAIN bookings.supervision_mode AS text
    CONSTRAINT supervision_mode_known CHECK ((VALUE = ANY (ARRAY['unsupervised'::text, 'centreInstructor'::text, 'habilitatedTrainer'::text])));

CREATE TABLE bookings.approval (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    approving_centre smallint NOT NULL,
    version integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by uuid,
    is_approved boolean,
    reason text,
    CONSTRAINT approval_whole CHECK ((num_nulls(decided_at, decided_by, is_approved) = ANY (ARRAY[0, 3])))
);
ALTER TABLE ONLY bookings.approval FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.approval IS 'Which centres are asked to approve a booking (version: the one that asked), and what they said.';
ALTER TABLE ONLY bookings.approval ADD CONSTRAINT approval_pkey PRIMARY KEY (centre_id, booking_id, approving_centre, version);
CREATE INDEX approval_open ON bookings.approval USING btree (approving_centre, asked_at, booking_id) WHERE (decided_at IS NULL);
ALTER TABLE bookings.approval ENABLE ROW LEVEL SECURITY;
CREATE POLICY approval_actor ON bookings.approval FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = approval.centre_id) AND (b.id = approval.booking_id)))));
CREATE POLICY approval_functions ON bookings.approval TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE bookings.approval TO plateau_functions;
GRANT SELECT ON TABLE bookings.approval TO plateau_app;

CREATE TABLE bookings.attendance (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    audiences text[] NOT NULL,
    head_counts integer[] NOT NULL,
    accompanying integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    CONSTRAINT attendance_is_sound CHECK (((cardinality(audiences) = cardinality(head_counts)) AND (0 <= ALL (head_counts)) AND ((accompanying >= 0) AND (accompanying <= 10000))))
);
ALTER TABLE ONLY bookings.attendance FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.attendance IS 'How many came, by audience: participations, not persons.';
ALTER TABLE ONLY bookings.attendance ADD CONSTRAINT attendance_pkey PRIMARY KEY (centre_id, booking_id);
ALTER TABLE bookings.attendance ENABLE ROW LEVEL SECURITY;
CREATE POLICY attendance_actor ON bookings.attendance FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = attendance.centre_id) AND (b.id = attendance.booking_id)))));
CREATE POLICY attendance_functions ON bookings.attendance TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.attendance TO plateau_functions;
GRANT SELECT ON TABLE bookings.attendance TO plateau_app;

CREATE TABLE bookings.booking (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    reference text NOT NULL,
    organisation_id uuid NOT NULL,
    centres smallint[] NOT NULL,
    state text NOT NULL,
    initial_state text NOT NULL,
    flags text[] DEFAULT '{}'::text[] NOT NULL,
    starts timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    activity text NOT NULL,
    audiences text[] NOT NULL,
    head_counts integer[] NOT NULL,
    accompanying integer DEFAULT 0 NOT NULL,
    title text,
    contact_name text,
    contact_email text,
    programme text,
    label_status text,
    label_decision_id uuid,
    file_number integer,
    conditional_until date,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    at_risk_until timestamp with time zone,
    series_id uuid,
    occurrence smallint,
    occurrence_starts timestamp with time zone,
    supervision bookings.supervision_mode,
    expires_at timestamp with time zone,
    holder_roles text[] DEFAULT '{}'::text[] NOT NULL,
    holders uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    CONSTRAINT booking_holders_whole CHECK ((((cardinality(holders) = 0) AND (cardinality(holder_roles) = 0)) OR ((cardinality(holders) = cardinality(holder_roles)) AND (cardinality(holders) <= 200) AND (holder_roles <@ ARRAY['participant'::text, 'driver'::text, 'trainer'::text])))),
    CONSTRAINT booking_is_sound CHECK (bookings.is_sound(centre_id, id, centres, state, flags, starts, ends, activity, audiences, head_counts, accompanying)),
    CONSTRAINT booking_occurrence_whole CHECK ((num_nulls(series_id, occurrence, occurrence_starts) = ANY (ARRAY[0, 3])))
);
ALTER TABLE ONLY bookings.booking FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.booking IS 'One need, all or nothing. It lives at its first line''s centre; centres lists every centre that a line touches. head_counts is parallel to audiences.';
COMMENT ON COLUMN bookings.booking.at_risk_until IS 'A booking with the flag atRisk is cancelled by the network at this moment unless its label is in order again; null: it is kept.';
COMMENT ON COLUMN bookings.booking.occurrence_starts IS 'When the rule of its series has it start; stays when the booking is moved (RECURRENCE-ID of RFC 5545).';
COMMENT ON COLUMN bookings.booking.expires_at IS 'When a hold, an offer or a request lapses; of a draft and a waiting one, when its time has come. From then on it takes no room, whoever looks.';
COMMENT ON COLUMN bookings.booking.holders IS 'Who is named for what (holder_roles, parallel): ids of attestations.holder, which say nothing by themselves.';
ALTER TABLE ONLY bookings.booking ADD CONSTRAINT booking_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY bookings.booking ADD CONSTRAINT booking_reference_once UNIQUE (centre_id, reference);
CREATE INDEX booking_at_risk ON bookings.booking USING btree (at_risk_until) WHERE (at_risk_until IS NOT NULL);
CREATE INDEX booking_by_centre ON bookings.booking USING btree (centre_id, starts, id);
CREATE INDEX booking_by_expiry ON bookings.booking USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX booking_by_holder ON bookings.booking USING gin (holders) WHERE (cardinality(holders) > 0);
CREATE INDEX booking_by_organisation ON bookings.booking USING btree (organisation_id, starts, id);
CREATE INDEX booking_by_series ON bookings.booking USING btree (centre_id, series_id, occurrence) WHERE (series_id IS NOT NULL);
CREATE INDEX booking_gone ON bookings.booking USING btree (centre_id, starts) WHERE (state = ANY (ARRAY['cancelledByUser'::text, 'cancelledByCentre'::text, 'cancelledByNetwork'::text, 'rejected'::text, 'expired'::text, 'noShow'::text]));
CREATE INDEX booking_holds ON bookings.booking USING btree (organisation_id, expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX booking_in_doubt ON bookings.booking USING btree (centre_id, id) WHERE ((state = 'conditional'::text) OR (flags @> ARRAY['atRisk'::text]));
CREATE INDEX booking_over_centres ON bookings.booking USING gin (centres) WHERE (cardinality(centres) > 1);
CREATE TRIGGER booking_counted AFTER INSERT OR UPDATE ON bookings.booking FOR EACH ROW EXECUTE FUNCTION utilisation.mark_booking();
CREATE TRIGGER booking_noted_elsewhere AFTER INSERT OR UPDATE OF version ON bookings.booking FOR EACH ROW WHEN ((cardinality(new.centres) > 1)) EXECUTE FUNCTION jobs.note_elsewhere();
CREATE TRIGGER booking_stays BEFORE DELETE OR UPDATE OF centre_id, id OR TRUNCATE ON bookings.booking FOR EACH STATEMENT EXECUTE FUNCTION plateau.refuse_removal();
ALTER TABLE ONLY bookings.booking ADD CONSTRAINT booking_series FOREIGN KEY (centre_id, series_id) REFERENCES bookings.series(centre_id, id);
ALTER TABLE bookings.booking ENABLE ROW LEVEL SECURITY;
CREATE POLICY booking_actor ON bookings.booking FOR SELECT TO plateau_app USING (((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (centres && ( SELECT plateau.actor_centres() AS actor_centres)) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY booking_functions ON bookings.booking TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.booking TO plateau_functions;
GRANT SELECT ON TABLE bookings.booking TO plateau_app;

CREATE TABLE bookings.booking_terms (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    line_number smallint NOT NULL,
    terms_version integer NOT NULL,
    free_working_days integer NOT NULL,
    late_fee_percent integer NOT NULL,
    no_show_fee_percent integer NOT NULL
);
ALTER TABLE ONLY bookings.booking_terms FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.booking_terms IS 'The terms of cancelling as they stood when a line was booked.';
ALTER TABLE ONLY bookings.booking_terms ADD CONSTRAINT booking_terms_pkey PRIMARY KEY (centre_id, booking_id, line_number);
ALTER TABLE bookings.booking_terms ENABLE ROW LEVEL SECURITY;
CREATE POLICY booking_terms_actor ON bookings.booking_terms FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = booking_terms.centre_id) AND (b.id = booking_terms.booking_id)))));
CREATE POLICY booking_terms_functions ON bookings.booking_terms TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE bookings.booking_terms TO plateau_functions;
GRANT SELECT ON TABLE bookings.booking_terms TO plateau_app;

CREATE TABLE bookings.cancellation (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    state text NOT NULL,
    free_until date,
    is_late boolean NOT NULL,
    fee_percent integer NOT NULL,
    CONSTRAINT cancellation_fee CHECK (((fee_percent >= 0) AND (fee_percent <= 100)))
);
ALTER TABLE ONLY bookings.cancellation FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.cancellation IS 'What an end before the use costs, worked out once: the last day on which it was free (of the line whose deadline came first) and the share that is due.';
ALTER TABLE ONLY bookings.cancellation ADD CONSTRAINT cancellation_pkey PRIMARY KEY (centre_id, booking_id);
ALTER TABLE bookings.cancellation ENABLE ROW LEVEL SECURITY;
CREATE POLICY cancellation_actor ON bookings.cancellation FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = cancellation.centre_id) AND (b.id = cancellation.booking_id)))));
CREATE POLICY cancellation_functions ON bookings.cancellation TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE bookings.cancellation TO plateau_functions;
GRANT SELECT ON TABLE bookings.cancellation TO plateau_app;

CREATE TABLE bookings.draw (
    centre_id smallint NOT NULL,
    quota_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    period_start date NOT NULL,
    minutes integer NOT NULL,
    bookings smallint NOT NULL,
    beyond_minutes integer DEFAULT 0 NOT NULL,
    CONSTRAINT draw_is_sound CHECK (((minutes >= 0) AND (beyond_minutes >= 0) AND ((bookings >= 0) AND (bookings <= 1))))
);
ALTER TABLE ONLY bookings.draw FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.draw IS 'What a booking takes of a quota in one period, written with it. A booking that crosses from one period to the next takes of both; bookings counts it where it begins. beyond_minutes: what an allowance had no more.';
ALTER TABLE ONLY bookings.draw ADD CONSTRAINT draw_pkey PRIMARY KEY (centre_id, quota_id, period_start, booking_id);
CREATE INDEX draw_by_booking ON bookings.draw USING btree (booking_id);
ALTER TABLE ONLY bookings.draw ADD CONSTRAINT draw_quota FOREIGN KEY (centre_id, quota_id) REFERENCES bookings.quota(centre_id, id);
ALTER TABLE bookings.draw ENABLE ROW LEVEL SECURITY;
CREATE POLICY draw_actor ON bookings.draw FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.quota q
  WHERE ((q.centre_id = draw.centre_id) AND (q.id = draw.quota_id)))));
CREATE POLICY draw_functions ON bookings.draw TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON TABLE bookings.draw TO plateau_functions;
GRANT SELECT ON TABLE bookings.draw TO plateau_app;

CREATE TABLE bookings.incident (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    number smallint NOT NULL,
    note text NOT NULL,
    at timestamp with time zone NOT NULL,
    key_id uuid NOT NULL,
    CONSTRAINT incident_note_present CHECK (((length(btrim(note)) >= 1) AND (length(btrim(note)) <= 2000)))
);
ALTER TABLE ONLY bookings.incident FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.incident IS 'What went wrong during a use. Rows are only added.';
ALTER TABLE ONLY bookings.incident ADD CONSTRAINT incident_pkey PRIMARY KEY (centre_id, booking_id, number);
ALTER TABLE bookings.incident ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_actor ON bookings.incident FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = incident.centre_id) AND (b.id = incident.booking_id)))));
CREATE POLICY incident_functions ON bookings.incident TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE bookings.incident TO plateau_functions;
GRANT SELECT ON TABLE bookings.incident TO plateau_app;

CREATE TABLE bookings.label_change (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    cause text NOT NULL,
    subject_id uuid NOT NULL,
    changed datemultirange NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    key_id uuid NOT NULL,
    planned integer NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT label_change_cause_known CHECK ((cause = ANY (ARRAY['decision'::text, 'application'::text, 'file'::text])))
);
ALTER TABLE ONLY bookings.label_change FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.label_change IS 'A decision, application or recognition file (subject_id) that touched bookings: how many were planned for, and when all were done. Resumes where it stopped.';
ALTER TABLE ONLY bookings.label_change ADD CONSTRAINT label_change_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX label_change_unfinished ON bookings.label_change USING btree (recorded_at) WHERE (finished_at IS NULL);
ALTER TABLE bookings.label_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY label_change_actor ON bookings.label_change FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY label_change_functions ON bookings.label_change TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.label_change TO plateau_functions;
GRANT SELECT ON TABLE bookings.label_change TO plateau_app;

CREATE TABLE bookings.label_effect (
    centre_id smallint NOT NULL,
    change_id uuid NOT NULL,
    number integer NOT NULL,
    booking_id uuid NOT NULL,
    planned text NOT NULL,
    outcome text,
    applied_at timestamp with time zone,
    CONSTRAINT label_effect_outcome_known CHECK ((outcome = ANY (ARRAY['confirmed'::text, 'atRisk'::text, 'cleared'::text, 'suspended'::text, 'restored'::text, 'displaced'::text, 'cancelledByNetwork'::text, 'left'::text, 'notNeeded'::text]))),
    CONSTRAINT label_effect_planned_known CHECK ((planned = ANY (ARRAY['confirmed'::text, 'atRisk'::text, 'cleared'::text, 'suspended'::text, 'restored'::text, 'cancelledByNetwork'::text])))
);
ALTER TABLE ONLY bookings.label_effect FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.label_effect IS 'The frozen list of a change. outcome left: the booking had gone by itself; notNeeded: a later change had settled it; displaced: no room to restore it.';
ALTER TABLE ONLY bookings.label_effect ADD CONSTRAINT label_effect_pkey PRIMARY KEY (centre_id, change_id, number);
CREATE INDEX label_effect_open ON bookings.label_effect USING btree (centre_id, change_id, number) WHERE (applied_at IS NULL);
ALTER TABLE ONLY bookings.label_effect ADD CONSTRAINT label_effect_change FOREIGN KEY (centre_id, change_id) REFERENCES bookings.label_change(centre_id, id);
ALTER TABLE bookings.label_effect ENABLE ROW LEVEL SECURITY;
CREATE POLICY label_effect_actor ON bookings.label_effect FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY label_effect_functions ON bookings.label_effect TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.label_effect TO plateau_functions;
GRANT SELECT ON TABLE bookings.label_effect TO plateau_app;

CREATE TABLE bookings.label_simulation (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    decision_id uuid NOT NULL,
    simulated_at timestamp with time zone NOT NULL,
    simulated_by uuid NOT NULL,
    is_exact boolean NOT NULL,
    booking_ids uuid[] NOT NULL,
    planned text[] NOT NULL,
    outcomes text[] NOT NULL,
    CONSTRAINT label_simulation_parallel CHECK (((cardinality(booking_ids) = cardinality(planned)) AND (cardinality(planned) = cardinality(outcomes))))
);
ALTER TABLE ONLY bookings.label_simulation FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.label_simulation IS 'What a proposal would have done to bookings at a moment. is_exact: every effect was tried and taken back; otherwise room for restored ones was not looked at.';
ALTER TABLE ONLY bookings.label_simulation ADD CONSTRAINT label_simulation_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE bookings.label_simulation ENABLE ROW LEVEL SECURITY;
CREATE POLICY label_simulation_actor ON bookings.label_simulation FOR SELECT TO plateau_app USING ((( SELECT plateau.actor_is_network() AS actor_is_network) OR (centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[]))));
CREATE POLICY label_simulation_functions ON bookings.label_simulation TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE bookings.label_simulation TO plateau_functions;
GRANT SELECT ON TABLE bookings.label_simulation TO plateau_app;

CREATE TABLE bookings.line (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    number smallint NOT NULL,
    resource_id uuid NOT NULL,
    starts timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    seats integer NOT NULL,
    is_exclusive boolean NOT NULL,
    persons platforms.person_count,
    CONSTRAINT line_is_sound CHECK (((starts < ends) AND (seats > 0)))
);
ALTER TABLE ONLY bookings.line FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.line IS 'What a booking asked for: seats of a platform (all of them when exclusive) or a unit, for a period.';
ALTER TABLE ONLY bookings.line ADD CONSTRAINT line_pkey PRIMARY KEY (centre_id, booking_id, number);
CREATE TRIGGER line_counted AFTER DELETE OR UPDATE ON bookings.line FOR EACH ROW EXECUTE FUNCTION utilisation.mark_line();
ALTER TABLE bookings.line ENABLE ROW LEVEL SECURITY;
CREATE POLICY line_actor ON bookings.line FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = line.centre_id) AND (b.id = line.booking_id)))));
CREATE POLICY line_functions ON bookings.line TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON TABLE bookings.line TO plateau_functions;
GRANT SELECT ON TABLE bookings.line TO plateau_app;
GRANT UPDATE (resource_id, seats) ON TABLE bookings.line TO plateau_functions;

CREATE TABLE bookings.override (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    version integer NOT NULL,
    number smallint NOT NULL,
    rule jsonb NOT NULL,
    reason text NOT NULL,
    key_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT override_reason_present CHECK ((length(btrim(reason)) > 0))
);
ALTER TABLE ONLY bookings.override FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.override IS 'Rules that staff set aside for a booking, as they were told, by whom and why. Kept for ever.';
ALTER TABLE ONLY bookings.override ADD CONSTRAINT override_pkey PRIMARY KEY (centre_id, booking_id, version, number);
CREATE TRIGGER override_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON bookings.override FOR EACH STATEMENT EXECUTE FUNCTION plateau.refuse_removal();
ALTER TABLE bookings.override ENABLE ROW LEVEL SECURITY;
CREATE POLICY override_actor ON bookings.override FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = override.centre_id) AND (b.id = override.booking_id)))));
CREATE POLICY override_functions ON bookings.override TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE bookings.override TO plateau_functions;
GRANT SELECT ON TABLE bookings.override TO plateau_app;

CREATE TABLE bookings.policy (
    only_one boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    holds_per_organisation integer DEFAULT 5 NOT NULL,
    approval_hours integer DEFAULT 72 NOT NULL,
    accept_minutes integer DEFAULT 120 NOT NULL,
    early_check_in_minutes integer DEFAULT 15 NOT NULL,
    forgotten_check_out_minutes integer DEFAULT 60 NOT NULL,
    CONSTRAINT policy_accept CHECK (((accept_minutes >= 5) AND (accept_minutes <= 10080))),
    CONSTRAINT policy_approval CHECK (((approval_hours >= 1) AND (approval_hours <= 720))),
    CONSTRAINT policy_early_check_in CHECK (((early_check_in_minutes >= 0) AND (early_check_in_minutes <= 240))),
    CONSTRAINT policy_forgotten_check_out CHECK (((forgotten_check_out_minutes >= 0) AND (forgotten_check_out_minutes <= 1440))),
    CONSTRAINT policy_holds CHECK (((holds_per_organisation >= 0) AND (holds_per_organisation <= 1000))),
    CONSTRAINT policy_only_one CHECK (only_one)
);
COMMENT ON TABLE bookings.policy IS 'What holds for every booking: holds at a time for each organisation, hours to decide a request, minutes to accept what the waiting list offers, how early one checks in, when a forgotten check-out is made up for.';
ALTER TABLE ONLY bookings.policy ADD CONSTRAINT policy_pkey PRIMARY KEY (only_one);
GRANT SELECT ON TABLE bookings.policy TO plateau_app;
GRANT SELECT, UPDATE ON TABLE bookings.policy TO plateau_functions;

CREATE TABLE bookings.quota (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    resource_id uuid,
    period text NOT NULL,
    most_minutes integer,
    most_bookings integer,
    during daterange NOT NULL,
    note text,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT quota_bookings_range CHECK (((most_bookings >= 0) AND (most_bookings <= 100000))),
    CONSTRAINT quota_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT quota_kind_known CHECK ((kind = ANY (ARRAY['limit'::text, 'allowance'::text]))),
    CONSTRAINT quota_lasts CHECK ((NOT isempty(during))),
    CONSTRAINT quota_minutes_range CHECK (((most_minutes >= 0) AND (most_minutes <= 10000000))),
    CONSTRAINT quota_period_known CHECK ((period = ANY (ARRAY['week'::text, 'month'::text, 'year'::text]))),
    CONSTRAINT quota_says_how_much CHECK (((num_nonnulls(most_minutes, most_bookings) > 0) AND ((kind = 'limit'::text) OR (most_bookings IS NULL))))
);
ALTER TABLE ONLY bookings.quota FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.quota IS 'What an organisation may book at a centre (0: at all) in a week, month or year, or of one resource and its parts. limit: what is beyond is refused. allowance: what a partner is entitled to; bookings draw on it, and what is beyond is booked as anybody''s.';
ALTER TABLE ONLY bookings.quota ADD CONSTRAINT quota_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX quota_by_organisation ON bookings.quota USING btree (organisation_id, centre_id, id);
ALTER TABLE ONLY bookings.quota ADD CONSTRAINT quota_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE ONLY bookings.quota ADD CONSTRAINT quota_resource FOREIGN KEY (centre_id, resource_id) REFERENCES platforms.resource(centre_id, id);
ALTER TABLE bookings.quota ENABLE ROW LEVEL SECURITY;
CREATE POLICY quota_actor ON bookings.quota FOR SELECT TO plateau_app USING (((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (centre_id = ANY (plateau.actor_centres())) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY quota_functions ON bookings.quota TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.quota TO plateau_functions;
GRANT SELECT ON TABLE bookings.quota TO plateau_app;

CREATE TABLE bookings.refused_occurrence (
    centre_id smallint NOT NULL,
    series_id uuid NOT NULL,
    number smallint NOT NULL,
    starts timestamp with time zone NOT NULL,
    rules jsonb NOT NULL
);
ALTER TABLE ONLY bookings.refused_occurrence FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.refused_occurrence IS 'What a series that books the rest could not book, and why.';
ALTER TABLE ONLY bookings.refused_occurrence ADD CONSTRAINT refused_occurrence_pkey PRIMARY KEY (centre_id, series_id, number);
ALTER TABLE ONLY bookings.refused_occurrence ADD CONSTRAINT refused_occurrence_series FOREIGN KEY (centre_id, series_id) REFERENCES bookings.series(centre_id, id);
ALTER TABLE bookings.refused_occurrence ENABLE ROW LEVEL SECURITY;
CREATE POLICY refused_occurrence_actor ON bookings.refused_occurrence FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.series s
  WHERE ((s.centre_id = refused_occurrence.centre_id) AND (s.id = refused_occurrence.series_id)))));
CREATE POLICY refused_occurrence_functions ON bookings.refused_occurrence TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE bookings.refused_occurrence TO plateau_functions;
GRANT SELECT ON TABLE bookings.refused_occurrence TO plateau_app;

CREATE TABLE bookings.resource_terms (
    centre_id smallint NOT NULL,
    resource_id uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    approval_for text[] DEFAULT '{}'::text[] NOT NULL,
    is_self_service boolean DEFAULT false NOT NULL,
    no_show_minutes integer DEFAULT 30 NOT NULL,
    free_working_days integer DEFAULT 0 NOT NULL,
    late_fee_percent integer DEFAULT 0 NOT NULL,
    no_show_fee_percent integer DEFAULT 0 NOT NULL,
    CONSTRAINT resource_terms_approval_known CHECK ((approval_for <@ ARRAY['always'::text, 'exclusiveUse'::text, 'company'::text, 'companyProduction'::text, 'conditionalLabel'::text])),
    CONSTRAINT resource_terms_late_fee CHECK (((late_fee_percent >= 0) AND (late_fee_percent <= 100))),
    CONSTRAINT resource_terms_no_show CHECK (((no_show_minutes >= 5) AND (no_show_minutes <= 1440))),
    CONSTRAINT resource_terms_no_show_fee CHECK (((no_show_fee_percent >= 0) AND (no_show_fee_percent <= 100))),
    CONSTRAINT resource_terms_working_days CHECK (((free_working_days >= 0) AND (free_working_days <= 60)))
);
COMMENT ON TABLE bookings.resource_terms IS 'In which situations its centre approves a booking, whether it is self-service and when an unused slot is free again, until how many working days before the use cancelling is free, and the share that is due after that. Holds for the parts of the resource that have no terms of their own.';
ALTER TABLE ONLY bookings.resource_terms ADD CONSTRAINT resource_terms_pkey PRIMARY KEY (centre_id, resource_id);
ALTER TABLE ONLY bookings.resource_terms ADD CONSTRAINT resource_terms_resource FOREIGN KEY (centre_id, resource_id) REFERENCES platforms.resource(centre_id, id);
GRANT SELECT ON TABLE bookings.resource_terms TO plateau_app;
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.resource_terms TO plateau_functions;

CREATE TABLE bookings.series (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    centres smallint[] NOT NULL,
    rule text NOT NULL,
    excluded text[] NOT NULL,
    additional text[] NOT NULL,
    zone text NOT NULL,
    mode text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT series_centres_present CHECK ((cardinality(centres) > 0)),
    CONSTRAINT series_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT series_mode_known CHECK ((mode = ANY (ARRAY['atomic'::text, 'bestEffort'::text])))
);
ALTER TABLE ONLY bookings.series FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.series IS 'A rule (RFC 5545) and the dates left out and added, as they were asked; each occurrence that was booked is a booking of its own.';
ALTER TABLE ONLY bookings.series ADD CONSTRAINT series_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY bookings.series ADD CONSTRAINT series_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE bookings.series ENABLE ROW LEVEL SECURITY;
CREATE POLICY series_actor ON bookings.series FOR SELECT TO plateau_app USING (((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (centres && ( SELECT plateau.actor_centres() AS actor_centres)) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY series_functions ON bookings.series TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.series TO plateau_functions;
GRANT SELECT ON TABLE bookings.series TO plateau_app;

CREATE TABLE bookings.time_judgement (
    only_one boolean DEFAULT true NOT NULL,
    judged_on date NOT NULL,
    after_centre smallint,
    after_id uuid,
    is_finished boolean NOT NULL,
    CONSTRAINT time_judgement_only_one CHECK (only_one)
);
ALTER TABLE ONLY bookings.time_judgement FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.time_judgement IS 'How far today''s round over the bookings in doubt has come: after which one, or finished. Goes on where it stopped.';
ALTER TABLE ONLY bookings.time_judgement ADD CONSTRAINT time_judgement_pkey PRIMARY KEY (only_one);
ALTER TABLE bookings.time_judgement ENABLE ROW LEVEL SECURITY;
CREATE POLICY time_judgement_functions ON bookings.time_judgement TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON TABLE bookings.time_judgement TO plateau_functions;

CREATE TABLE bookings.transition (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    version integer NOT NULL,
    from_state text,
    to_state text NOT NULL,
    at timestamp with time zone NOT NULL,
    key_id uuid,
    organisation_id uuid,
    reason text
);
ALTER TABLE ONLY bookings.transition FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.transition IS 'Who changed what, when and why. Rows are only added.';
ALTER TABLE ONLY bookings.transition ADD CONSTRAINT transition_pkey PRIMARY KEY (centre_id, booking_id, version);
CREATE TRIGGER transition_counted AFTER INSERT ON bookings.transition FOR EACH ROW WHEN ((new.to_state = ANY (ARRAY['inUse'::text, 'completed'::text]))) EXECUTE FUNCTION utilisation.mark_transition();
ALTER TABLE bookings.transition ENABLE ROW LEVEL SECURITY;
CREATE POLICY transition_actor ON bookings.transition FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = transition.centre_id) AND (b.id = transition.booking_id)))));
CREATE POLICY transition_functions ON bookings.transition TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE bookings.transition TO plateau_functions;
GRANT SELECT ON TABLE bookings.transition TO plateau_app;

CREATE TABLE bookings.unmet_demand (
    centre_id smallint NOT NULL,
    resource_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    starts timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    seats integer NOT NULL,
    cause text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT unmet_demand_cause_known CHECK ((cause = ANY (ARRAY['refused'::text, 'waitlisted'::text]))),
    CONSTRAINT unmet_demand_order CHECK ((starts < ends)),
    CONSTRAINT unmet_demand_seats CHECK ((seats > 0))
);
ALTER TABLE ONLY bookings.unmet_demand FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.unmet_demand IS 'What was asked for and found no room: once for each organisation, resource and interval, with the most seats asked for, whatever the retries, never a dry run. utilisation.turned_away says what of it was not served after all.';
ALTER TABLE ONLY bookings.unmet_demand ADD CONSTRAINT unmet_demand_pkey PRIMARY KEY (centre_id, resource_id, organisation_id, starts, ends);
CREATE INDEX unmet_demand_by_time ON bookings.unmet_demand USING btree (centre_id, starts);
ALTER TABLE bookings.unmet_demand ENABLE ROW LEVEL SECURITY;
CREATE POLICY unmet_demand_actor ON bookings.unmet_demand FOR SELECT TO plateau_app USING (((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)) OR (centre_id = ANY (plateau.actor_centres())) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY unmet_demand_functions ON bookings.unmet_demand TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE bookings.unmet_demand TO plateau_functions;
GRANT SELECT ON TABLE bookings.unmet_demand TO plateau_app;

CREATE TABLE bookings.use (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    line_number smallint NOT NULL,
    checked_in_at timestamp with time zone NOT NULL,
    checked_in_by uuid NOT NULL,
    checked_out_at timestamp with time zone,
    checked_out_by uuid,
    CONSTRAINT use_in_order CHECK ((checked_out_at >= checked_in_at))
);
ALTER TABLE ONLY bookings.use FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.use IS 'When a line was really used. checked_out_by null with a time: nobody checked out, the end of the booking counts.';
ALTER TABLE ONLY bookings.use ADD CONSTRAINT use_pkey PRIMARY KEY (centre_id, booking_id, line_number);
CREATE INDEX use_open ON bookings.use USING btree (checked_in_at) WHERE (checked_out_at IS NULL);
ALTER TABLE bookings.use ENABLE ROW LEVEL SECURITY;
CREATE POLICY use_actor ON bookings.use FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = use.centre_id) AND (b.id = use.booking_id)))));
CREATE POLICY use_functions ON bookings.use TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE bookings.use TO plateau_functions;
GRANT SELECT ON TABLE bookings.use TO plateau_app;

CREATE TABLE bookings.vacancy (
    centre_id smallint NOT NULL,
    id bigint NOT NULL,
    resource_id uuid NOT NULL,
    starts timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    noted_at timestamp with time zone NOT NULL,
    after_priority smallint,
    after_joined timestamp with time zone,
    after_id uuid
);
ALTER TABLE ONLY bookings.vacancy FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.vacancy IS 'Where room may have appeared that somebody waits for, and how far the waiting list was gone through for it. A row stays until it was gone through to the end.';
ALTER TABLE bookings.vacancy ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bookings.vacancy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY bookings.vacancy ADD CONSTRAINT vacancy_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX vacancy_in_order ON bookings.vacancy USING btree (id);
ALTER TABLE bookings.vacancy ENABLE ROW LEVEL SECURITY;
CREATE POLICY vacancy_functions ON bookings.vacancy TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE bookings.vacancy TO plateau_functions;

CREATE TABLE bookings.waiting (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    offered_at timestamp with time zone
);
ALTER TABLE ONLY bookings.waiting FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE bookings.waiting IS 'Bookings that wait for room, in the order of priority and of joining; offered_at: room was held for it.';
ALTER TABLE ONLY bookings.waiting ADD CONSTRAINT waiting_pkey PRIMARY KEY (centre_id, booking_id);
ALTER TABLE bookings.waiting ENABLE ROW LEVEL SECURITY;
CREATE POLICY waiting_actor ON bookings.waiting FOR SELECT TO plateau_app USING ((EXISTS ( SELECT
   FROM bookings.booking b
  WHERE ((b.centre_id = waiting.centre_id) AND (b.id = waiting.booking_id)))));
CREATE POLICY waiting_functions ON bookings.waiting TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE bookings.waiting TO plateau_functions;
GRANT SELECT ON TABLE bookings.waiting TO plateau_app;

CREATE FUNCTION bookings.acting_key(p_booking bookings.booking) RETURNS uuid
    LANGUAGE plpgsql STABLE
    AS $$
begin
    -- Its own, or, when that is gone, another with which its organisation books.
    return (
        select k.id from access.api_key k
        where (k.organisation_id = p_booking.organisation_id or k.id = p_booking.created_by)
          and access.may_book_for(k.id, p_booking.organisation_id, p_booking.centres)
        order by k.id <> p_booking.created_by, k.id limit 1);
end
$$;
REVOKE ALL ON FUNCTION bookings.acting_key(p_booking bookings.booking) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.acting_key(p_booking bookings.booking) TO plateau_functions;

CREATE FUNCTION bookings.again(p_booking bookings.booking, p_key uuid, p_as text, p_expires_at timestamp with time zone, p_reason text, p_overridden text[]) RETURNS bookings.verdict
    LANGUAGE plpgsql
    AS $$
declare
    v_verdict bookings.verdict;
    v_lines record;
begin
    select array_agg(l.resource_id order by l.number) as resources, array_agg(l.starts order by l.number) as starts,
           array_agg(l.ends order by l.number) as ends,
           array_agg(case when l.is_exclusive then 0 else l.seats end order by l.number) as seats,
           array_agg(coalesce(l.persons::integer, -1) order by l.number) as persons
    into v_lines
    from bookings.line l where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id;
    begin
        v_verdict := bookings.reserve(
            p_booking.id, p_booking.reference, p_key, p_booking.organisation_id, p_booking.activity, p_booking.audiences,
            p_booking.head_counts, p_booking.accompanying, p_booking.title, p_booking.contact_name, p_booking.contact_email,
            p_booking.programme, v_lines.resources, v_lines.starts, v_lines.ends, v_lines.seats, null, null, false, v_lines.persons,
            p_booking.supervision, p_as, p_expires_at, p_booking.version, p_reason, p_overridden, p_booking.holder_roles,
            p_booking.holders);
        if v_verdict.outcome <> 'changed' then
            raise exception 'undone' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        null;
    end;
    return v_verdict;
end
$$;
COMMENT ON FUNCTION bookings.again(p_booking bookings.booking, p_key uuid, p_as text, p_expires_at timestamp with time zone, p_reason text, p_overridden text[]) IS 'Reserves a booking as it stands under another state, under the very rules of a new one; undone when it is refused.';
REVOKE ALL ON FUNCTION bookings.again(p_booking bookings.booking, p_key uuid, p_as text, p_expires_at timestamp with time zone, p_reason text, p_overridden text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.again(p_booking bookings.booking, p_key uuid, p_as text, p_expires_at timestamp with time zone, p_reason text, p_overridden text[]) TO plateau_functions;

CREATE FUNCTION bookings.alike(p_resource platforms.resource, p_most integer) RETURNS TABLE(centre_id smallint, id uuid, likeness text, place integer, kilometres double precision)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_tags text[];
    v_model_id uuid;
    v_model text;
    v_latitude float8;
    v_longitude float8;
begin
    select array(select t from unnest(e.tags) t where t not like 'kind:%'), a.model_id, g.model, s.latitude, s.longitude
    into v_tags, v_model_id, v_model, v_latitude, v_longitude
    from centres.site s
    left join platforms.search_entry e on e.centre_id = s.centre_id and e.id = p_resource.id
    left join inventory.asset a on a.centre_id = s.centre_id and a.id = p_resource.id
    left join platforms.workstation w on w.centre_id = s.centre_id and w.id = p_resource.id
    left join platforms.workstation_group g on g.centre_id = s.centre_id and g.id = coalesce(w.group_id, p_resource.id)
    where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    return query
    select f.centre_id, f.id, f.likeness, array_position(array['sameModel', 'sameCategory', 'sameSkills'], f.likeness),
           plateau.kilometres(v_latitude, v_longitude, f.latitude, f.longitude)
    from (
        select r.centre_id, r.id, s.latitude, s.longitude,
               case when a.model_id = v_model_id then 'sameModel' when a.model_id is not null then 'sameCategory'
                    else 'sameSkills' end as likeness
        from platforms.search_entry e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        left join inventory.asset a on a.centre_id = e.centre_id and a.id = e.id
        where v_tags <> '{}' and e.tags && v_tags and e.tags @> array['kind:' || plateau.plain(p_resource.kind)]
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, 'sameModel'
        from platforms.workstation_group g
        join platforms.workstation w on w.centre_id = g.centre_id and w.group_id = g.id
        join platforms.resource r on r.centre_id = w.centre_id and r.id = w.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstation' and g.model = v_model
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, 'sameModel'
        from platforms.workstation_group g
        join platforms.resource r on r.centre_id = g.centre_id and r.id = g.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstationGroup' and g.model = v_model) f
    where f.id <> p_resource.id
    order by f.centre_id <> p_resource.centre_id, 4, 5 nulls last, f.id
    limit p_most;
end
$$;
COMMENT ON FUNCTION bookings.alike(p_resource platforms.resource, p_most integer) IS 'Other resources of the kind of one that may stand in for it, best first: of its centre, then by likeness (model, category, skills or sectors; place: 1 to 3), then by distance.';
REVOKE ALL ON FUNCTION bookings.alike(p_resource platforms.resource, p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.alike(p_resource platforms.resource, p_most integer) TO plateau_functions;

CREATE FUNCTION bookings.apply_batch(p_centre_id smallint, p_change uuid, p_numbers integer[], p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    v_change bookings.label_change;
    v_policy labels.policy;
    v_bookings uuid[];
    v_locks bigint[];
    v_numbers integer[];
    v_outcomes text[] := '{}'::text[];
    v_former bookings.label_effect[];
    v_count integer := 0;
begin
    select * into v_change from bookings.label_change c where c.centre_id = p_centre_id and c.id = p_change;
    select * into v_policy from labels.policy;
    v_former := array(select e from bookings.label_effect e
                      where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (p_numbers) and e.applied_at is null
                      order by e.number);
    v_bookings := array(select f.booking_id from unnest(v_former) f);
    v_numbers := array(select f.number from unnest(v_former) f);
    v_locks := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
    for i in 1 .. cardinality(v_bookings) loop
        v_outcomes[i] := bookings.apply_label_effect(
            plateau.centre_of(v_bookings[i]), v_bookings[i], v_policy, v_change.key_id, p_now);
    end loop;
    -- Once for all of them: a statement for each cost as much as what it wrote down.
    update bookings.label_effect e set outcome = v_outcomes[array_position(v_numbers, e.number)], applied_at = p_now
    where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (v_numbers);
    v_count := cardinality(v_numbers);
    update bookings.label_change c set finished_at = p_now
    where c.centre_id = p_centre_id and c.id = p_change and c.finished_at is null
      and not exists (select from bookings.label_effect e where e.centre_id = c.centre_id and e.change_id = c.id and e.applied_at is null);
    return v_count;
end
$$;
COMMENT ON FUNCTION bookings.apply_batch(p_centre_id smallint, p_change uuid, p_numbers integer[], p_now timestamp with time zone) IS 'Applies some effects of a change. The caller holds the locks of every label concerned; this takes those of the rooms, in ascending order.';
REVOKE ALL ON FUNCTION bookings.apply_batch(p_centre_id smallint, p_change uuid, p_numbers integer[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.apply_batch(p_centre_id smallint, p_change uuid, p_numbers integer[], p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.apply_label_effect(p_centre_id smallint, p_booking uuid, p_policy labels.policy, p_key uuid, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    v_booking bookings.booking;
    v_judged record;
    v_effect text;
    v_calm text[];
    v_former text;
begin
    select * into v_booking from bookings.booking b where b.centre_id = p_centre_id and b.id = p_booking for update;
    if v_booking.state not in ('requested', 'held', 'conditional', 'confirmed', 'suspended') then
        return 'left';
    end if;
    v_judged := bookings.judge_label(v_booking, p_policy);
    v_effect := bookings.label_effect_of(v_booking, v_judged.verdict, v_judged.code, p_policy, p_now);
    v_calm := array_remove(array_remove(v_booking.flags, 'atRisk'), 'displaced');
    if v_effect is null then
        return 'notNeeded';
    elsif v_effect = 'suspended' then
        perform bookings.leave(v_booking, 'suspended', p_key, null, v_judged.code, 'booking.suspended', p_now);
    elsif v_effect = 'cancelledByNetwork' then
        perform bookings.leave(v_booking, 'cancelledByNetwork', p_key, null, v_judged.code, 'booking.cancelled', p_now);
    elsif v_effect = 'atRisk' then
        perform bookings.stay(
            v_booking, v_booking.state, array_remove(v_booking.flags, 'atRisk') || 'atRisk'::text,
            case v_judged.verdict when 'deny' then p_now + make_interval(days => case v_judged.code
                when 'audienceNotTargeted' then p_policy.file_notice_days else p_policy.withdrawal_notice_days end) end,
            p_key, v_judged.code, 'booking.atRisk', p_now);
    elsif v_effect = 'restored' then
        if not bookings.restore(v_booking) then
            if not v_booking.flags @> array['displaced'] then
                perform bookings.stay(v_booking, 'suspended', v_booking.flags || 'displaced'::text, null, p_key, 'noRoom',
                                      'booking.displaced', p_now);
            end if;
            return 'displaced';
        end if;
        select t.from_state into v_former from bookings.transition t
        where t.centre_id = v_booking.centre_id and t.booking_id = v_booking.id and t.to_state = 'suspended'
          and t.from_state <> 'suspended'
        order by t.version desc limit 1;
        perform bookings.stay(
            v_booking,
            case when v_former in ('requested', 'held') then v_former
                 when v_judged.verdict = 'conditional' then 'conditional' else 'confirmed' end,
            v_calm, null, p_key, v_judged.code, 'booking.restored', p_now);
    else
        perform bookings.stay(v_booking, case v_effect when 'confirmed' then 'confirmed' else v_booking.state end, v_calm, null, p_key,
                              v_judged.code, 'booking.' || v_effect, p_now);
    end if;
    return v_effect;
end
$$;
COMMENT ON FUNCTION bookings.apply_label_effect(p_centre_id smallint, p_booking uuid, p_policy labels.policy, p_key uuid, p_now timestamp with time zone) IS 'Judges one booking again and does what the labels now ask for. The caller holds the locks of its labels and rooms. left: it had gone by itself; notNeeded; displaced: no room to restore it.';
REVOKE ALL ON FUNCTION bookings.apply_label_effect(p_centre_id smallint, p_booking uuid, p_policy labels.policy, p_key uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.apply_label_effect(p_centre_id smallint, p_booking uuid, p_policy labels.policy, p_key uuid, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.approval_deadline(p_starts timestamp with time zone, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return (select least(p_starts, p_now + make_interval(hours => p.approval_hours)) from bookings.policy p);
end
$$;
REVOKE ALL ON FUNCTION bookings.approval_deadline(p_starts timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.approval_deadline(p_starts timestamp with time zone, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text) RETURNS TABLE(outcome text, version integer, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
    v_organisation uuid;
    v_state text;
    v_now timestamptz := plateau.clock();
begin
    select k.organisation_id into v_organisation from access.api_key k
    where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > v_now);
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if not found then
        return query select 'notFound', null::integer, null::text;
        return;
    end if;
    v_state := case
                   -- Whoever may book for an organisation may cancel for it; its centre's staff also elsewhere.
                   when v_booking.organisation_id = v_organisation
                        and exists (select from access.api_key_role r where r.key_id = p_key
                                    and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager'))
                       then 'cancelledByUser'
                   when exists (select from unnest(v_booking.centres) c
                                where access.has_role(p_key, array['centreStaff', 'centreManager'], c))
                       then 'cancelledByCentre'
                   when access.has_role(p_key, array['networkManager'], v_booking.centre_id) then 'cancelledByNetwork'
                   when v_booking.organisation_id = v_organisation then 'forbidden'
               end;
    if v_state is null then
        return query select 'notFound', null::integer, null::text;
    elsif v_state = 'forbidden' then
        return query select 'forbidden', null::integer, null::text;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended') then
        return query select 'notCancellable', v_booking.version, v_booking.state;
    elsif v_booking.starts <= v_now and v_state = 'cancelledByUser' then
        return query select 'alreadyStarted', v_booking.version, v_booking.state;
    else
        perform bookings.freeze_fee(v_booking, v_state, v_now);
        delete from bookings.approval a where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null;
        return query select 'cancelled',
            bookings.leave(v_booking, v_state, p_key, v_organisation, p_reason, 'booking.cancelled', v_now), v_state;
    end if;
end
$$;
ALTER FUNCTION bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text) IS 'outcome: cancelled, notFound, forbidden, versionMismatch, notCancellable, alreadyStarted; with the version and state now.';
REVOKE ALL ON FUNCTION bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text) TO plateau_app;

CREATE FUNCTION bookings.cancel_series(p_series uuid, p_key uuid, p_version integer, p_from timestamp with time zone, p_only_this boolean, p_reason text) RETURNS TABLE(outcome text, number integer, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_series bookings.series;
    v_booking bookings.booking;
    v_cancelled record;
    v_count integer := 0;
begin
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series for update;
    if not found then
        return query select 'notFound', null::integer, null::integer;
        return;
    elsif v_series.version <> p_version then
        return query select 'versionMismatch', null::integer, v_series.version;
        return;
    end if;
    -- In the order of ids, as everybody who takes several.
    for v_booking in
        select b.* from bookings.booking b
        where b.centre_id = v_series.centre_id and b.series_id = p_series
          and b.state in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended')
          and (p_from is null or b.occurrence_starts = p_from or not p_only_this and b.occurrence_starts > p_from)
        order by b.centre_id, b.id
        for update of b
    loop
        select c.* into v_cancelled from bookings.cancel(v_booking.id, p_key, v_booking.version, p_reason) c;
        if v_cancelled.outcome = 'cancelled' then
            v_count := v_count + 1;
        end if;
        return query select v_cancelled.outcome, v_booking.occurrence::integer, v_series.version;
    end loop;
    if v_count > 0 then
        update bookings.series s set version = s.version + 1 where s.centre_id = v_series.centre_id and s.id = p_series;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_series.centre_id, 'series.cancelled', p_series, v_series.organisation_id, v_series.version + 1, plateau.clock());
    end if;
end
$$;
ALTER FUNCTION bookings.cancel_series(p_series uuid, p_key uuid, p_version integer, p_from timestamp with time zone, p_only_this boolean, p_reason text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.cancel_series(p_series uuid, p_key uuid, p_version integer, p_from timestamp with time zone, p_only_this boolean, p_reason text) IS 'Cancels the bookings of a series from an occurrence on (null: all), or that one only. outcome of the whole: notFound, versionMismatch; of each occurrence: that of bookings.cancel. The caller rolls back what it does not accept.';
REVOKE ALL ON FUNCTION bookings.cancel_series(p_series uuid, p_key uuid, p_version integer, p_from timestamp with time zone, p_only_this boolean, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.cancel_series(p_series uuid, p_key uuid, p_version integer, p_from timestamp with time zone, p_only_this boolean, p_reason text) TO plateau_app;

CREATE FUNCTION bookings.candidates(p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_most integer) RETURNS SETOF bookings.find
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_plain text := plateau.plain(p_words);
    v_query tsquery;
begin
    if p_words is not null then
        -- Each word may be the beginning of one; those that to_tsvector takes apart stay together.
        select string_agg(format('%s:*', t.word), ' & ')::tsquery into v_query
        from (select quote_literal(lexeme) as word from unnest(to_tsvector('simple', v_plain))) t;
        return query
        select e.centre_id, e.id,
               (ts_rank(e.document, v_query) + public.word_similarity(v_plain, e.words))::real as rank,
               plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude)
        from (
            select * from platforms.search_entry d where d.document @@ v_query
            union
            select * from platforms.search_entry d where d.words operator(public.%>) v_plain) e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
          and (p_kilometres is null or plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) <= p_kilometres)
        order by rank desc, 4, e.centre_id, e.id
        limit p_most;
    elsif p_tags <> '{}' or p_latitude is not null then
        return query
        select r.centre_id, r.id, null::real, plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude)
        from platforms.search_entry e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
          and (p_kilometres is null or plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) <= p_kilometres)
        order by 4, e.centre_id, e.id
        limit p_most;
    else
        return query
        select r.centre_id, r.id, null::real, null::float8
        from platforms.resource r
        where p_centre_id is null or r.centre_id = p_centre_id
        order by r.centre_id, r.id
        limit p_most;
    end if;
end
$$;
REVOKE ALL ON FUNCTION bookings.candidates(p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.candidates(p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_most integer) TO plateau_functions;

CREATE FUNCTION bookings.change(p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[], p_dry_run boolean, p_holder_roles text[] DEFAULT NULL::text[], p_holders uuid[] DEFAULT NULL::uuid[]) RETURNS bookings.verdict
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_old bookings.booking;
    v_verdict bookings.verdict;
    v_standing text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_old from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    v_standing := bookings.standing_of(p_key, v_old, v_now);
    v_verdict.outcome := case
        when v_old.id is null then 'notFound'
        when v_standing is null or v_standing = 'network' then 'forbidden'
        when v_old.version <> p_version then 'versionMismatch'
        when v_old.expires_at <= v_now then 'notChangeable'
        when v_old.state not in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'inUse') then 'notChangeable'
        -- What has begun only ends at another time: its organisation asks for more, and gives back by checking out.
        when (v_old.starts <= v_now or v_old.state = 'inUse') and not bookings.only_ends_differ(
            v_old, p_resources, p_starts, p_ends, p_seats, v_now) then 'alreadyStarted'
        when plateau.centre_of(p_resources[1]) <> v_old.centre_id then 'otherCentre' end;
    if v_verdict.outcome is not null then
        v_verdict.state := v_old.state;
        return v_verdict;
    end if;
    begin
        v_verdict := bookings.reserve(
            p_booking, v_old.reference, p_key, v_old.organisation_id, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
            p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, null, null, false, p_persons,
            p_supervision, case when v_old.state in ('draft', 'held', 'waitlisted') then v_old.state else 'booked' end,
            v_old.expires_at, p_version, p_reason, p_overridden, p_holder_roles, p_holders);
        if v_verdict.outcome <> 'changed' or p_dry_run then
            raise exception 'undone' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        if v_verdict.outcome = 'changed' then
            v_verdict.outcome := 'wouldChange';
        end if;
    end;
    return v_verdict;
end
$$;
ALTER FUNCTION bookings.change(p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[], p_dry_run boolean, p_holder_roles text[], p_holders uuid[]) OWNER TO plateau_functions;
CREATE VIEW bookings.change WITH (security_invoker='true') AS
 SELECT t.centre_id,
    t.booking_id,
    t.version,
    t.from_state,
    t.to_state
   FROM bookings.transition t;
COMMENT ON FUNCTION bookings.change(p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[], p_dry_run boolean, p_holder_roles text[], p_holders uuid[]) IS 'Makes a booking another one at a stroke: its old room counts as free, and it keeps it when the new one is refused. outcome: changed, wouldChange (dry run), refused, notFound, forbidden, versionMismatch, notChangeable, alreadyStarted, otherCentre, overrideForbidden.';
COMMENT ON VIEW bookings.change IS 'From which state to which a booking went with each version.';
REVOKE ALL ON FUNCTION bookings.change(p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[], p_dry_run boolean, p_holder_roles text[], p_holders uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.change(p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[], p_dry_run boolean, p_holder_roles text[], p_holders uuid[]) TO plateau_app;
GRANT SELECT ON TABLE bookings.change TO plateau_app, plateau_functions;

CREATE FUNCTION bookings.change_policy(p_version integer, p_holds integer, p_approval_hours integer, p_accept_minutes integer, p_early_check_in_minutes integer, p_forgotten_check_out_minutes integer, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not access.has_role(p_by, array['networkManager'], 0::smallint) then
        return 'forbidden';
    end if;
    update bookings.policy p
    set version = p.version + 1, holds_per_organisation = p_holds, approval_hours = p_approval_hours, accept_minutes = p_accept_minutes,
        early_check_in_minutes = p_early_check_in_minutes, forgotten_check_out_minutes = p_forgotten_check_out_minutes
    where p.version = p_version;
    return case when found then 'changed' else 'versionMismatch' end;
end
$$;
ALTER FUNCTION bookings.change_policy(p_version integer, p_holds integer, p_approval_hours integer, p_accept_minutes integer, p_early_check_in_minutes integer, p_forgotten_check_out_minutes integer, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.change_policy(p_version integer, p_holds integer, p_approval_hours integer, p_accept_minutes integer, p_early_check_in_minutes integer, p_forgotten_check_out_minutes integer, p_by uuid) IS 'Replaces what holds for every booking. outcome: changed, forbidden, versionMismatch.';
REVOKE ALL ON FUNCTION bookings.change_policy(p_version integer, p_holds integer, p_approval_hours integer, p_accept_minutes integer, p_early_check_in_minutes integer, p_forgotten_check_out_minutes integer, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.change_policy(p_version integer, p_holds integer, p_approval_hours integer, p_accept_minutes integer, p_early_check_in_minutes integer, p_forgotten_check_out_minutes integer, p_by uuid) TO plateau_app;

CREATE FUNCTION bookings.change_series(p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[], p_bookings uuid[], p_references text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[] DEFAULT NULL::integer[]) RETURNS SETOF bookings.occurrence_verdict
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_series bookings.series;
    v_old bookings.booking;
    v_olds bookings.booking[] := '{}'::bookings.booking[];
    v_lines integer := cardinality(p_resources);
    v_outcome text;
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_undone boolean := false;
begin
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series;
    perform bookings.lock_series(p_series, v_series.organisation_id, p_resources, p_starts, p_ends);
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series for update;
    if not found or v_series.version <> p_version then
        return query select null::integer, 'versionMismatch', null::uuid, null::text, null::text, null::text[], null::date, null::jsonb;
        return;
    end if;
    begin
        -- All rooms are freed before the first is taken again, so that occurrences may move into each other's place.
        for v_old in
            select b.* from bookings.booking b
            where b.centre_id = v_series.centre_id and b.series_id = p_series and b.occurrence = any (p_numbers)
              and b.state in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended')
            order by b.centre_id, b.id
            for update of b
        loop
            select c.outcome into v_outcome from bookings.cancel(v_old.id, p_key, v_old.version, p_reason) c;
            v_olds[v_old.occurrence] := v_old;
            if v_outcome <> 'cancelled' then
                v_undone := true;
                v_verdicts := array[row (
                    v_old.occurrence::integer, v_outcome, v_old.id, v_old.reference, v_old.state, null, null, null)::bookings.occurrence_verdict];
                raise exception 'undone' using errcode = 'PL001';
            end if;
        end loop;
        for i in 1 .. cardinality(p_numbers) loop
            v_old := v_olds[p_numbers[i]];
            -- Cancelled by itself since the caller read the series: it stays so.
            continue when v_old.id is null;
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, v_old.organisation_id, v_old.activity, v_old.audiences, v_old.head_counts,
                v_old.accompanying, v_old.title, v_old.contact_name, v_old.contact_email, v_old.programme, p_resources,
                p_starts[(i - 1) * v_lines + 1 : i * v_lines], p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false,
                p_persons, v_old.supervision, p_holder_roles => v_old.holder_roles, p_holders => v_old.holders);
            v_verdicts := v_verdicts || row (
                p_numbers[i], v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                update bookings.booking b
                set series_id = p_series, occurrence = v_old.occurrence, occurrence_starts = v_old.occurrence_starts
                where b.centre_id = v_series.centre_id and b.id = p_bookings[i];
            end if;
        end loop;
        v_undone := p_dry_run or exists (select from unnest(v_verdicts) v where v.outcome <> 'created');
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        update bookings.series s
        set version = s.version + 1,
            centres = array(select distinct c from unnest(s.centres || array(select plateau.centre_of(r) from unnest(p_resources) r)) c)
        where s.centre_id = v_series.centre_id and s.id = p_series;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_series.centre_id, 'series.changed', p_series, v_series.organisation_id, v_series.version + 1, plateau.clock());
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;
ALTER FUNCTION bookings.change_series(p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[], p_bookings uuid[], p_references text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.change_series(p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[], p_bookings uuid[], p_references text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[]) IS 'Cancels some occurrences of a series and books them again with other lines, all or none. outcome of the whole, in the first row: versionMismatch, or that of bookings.cancel for the occurrence that cannot be cancelled.';
REVOKE ALL ON FUNCTION bookings.change_series(p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[], p_bookings uuid[], p_references text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.change_series(p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[], p_bookings uuid[], p_references text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[]) TO plateau_app;

CREATE FUNCTION bookings.check_in(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[]) RETURNS TABLE(outcome text, version integer, state text, at timestamp with time zone, rules jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_early interval;
    v_lines smallint[];
    v_now timestamptz;
    v_rules jsonb;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text, null::timestamptz, null::jsonb;
        return;
    end if;
    perform bookings.lock_labels(v_booking);
    select * into v_booking from bookings.booking b where b.centre_id = v_booking.centre_id and b.id = p_booking for update;
    v_now := plateau.clock();
    select make_interval(mins => p.early_check_in_minutes) into v_early from bookings.policy p;
    select * into v_policy from labels.policy;
    -- Those named, or all that can begin now and have not.
    v_lines := array(
        select l.number from bookings.line l
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking
          and l.starts - v_early <= v_now and l.ends > v_now and (p_lines is null or l.number = any (p_lines))
          and not exists (select from bookings.use u where u.centre_id = l.centre_id and u.booking_id = l.booking_id
                          and u.line_number = l.number));
    if not bookings.may_use(p_key, v_booking, v_now) then
        return query select 'forbidden', v_booking.version, v_booking.state, null::timestamptz, null::jsonb;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state, null::timestamptz, null::jsonb;
    elsif v_booking.state not in ('conditional', 'confirmed', 'inUse') or bookings.lapse(v_booking, v_now) then
        return query select 'notUsable', v_booking.version,
            (select b.state from bookings.booking b where b.centre_id = v_booking.centre_id and b.id = p_booking), null::timestamptz, null::jsonb;
    elsif (bookings.judge_label(v_booking, v_policy)).code = 'labelSuspended' then
        return query select 'labelSuspended', v_booking.version, v_booking.state, null::timestamptz, null::jsonb;
    elsif v_lines = '{}' or cardinality(v_lines) < cardinality(p_lines) then
        return query select case when exists (
                select from bookings.line l where l.centre_id = v_booking.centre_id and l.booking_id = p_booking
                  and (p_lines is null or l.number = any (p_lines)) and l.starts - v_early > v_now) then 'tooEarly'
            when exists (select from bookings.use u where u.centre_id = v_booking.centre_id and u.booking_id = p_booking
                         and (p_lines is null or u.line_number = any (p_lines))) then 'alreadyCheckedIn' else 'tooLate' end,
            v_booking.version, v_booking.state, v_booking.starts - v_early, null::jsonb;
    else
        -- What was promised, named or renewed by now must be there: a machine is not given to who may not use it.
        v_rules := bookings.proofs_lacking(v_booking, v_lines);
        if v_rules <> '[]' then
            return query select 'refused', v_booking.version, v_booking.state, null::timestamptz,
                (select jsonb_agg(e.rule || '{"verdict": "deny"}') from jsonb_array_elements(v_rules) as e (rule));
            return;
        end if;
        insert into bookings.use (centre_id, booking_id, line_number, checked_in_at, checked_in_by)
        select v_booking.centre_id, p_booking, n, v_now, p_key from unnest(v_lines) n;
        perform bookings.stay(v_booking, 'inUse', v_booking.flags, v_booking.at_risk_until, p_key, 'checkedIn', 'booking.checkedIn', v_now);
        return query select 'checkedIn', v_booking.version + 1, 'inUse', v_now, null::jsonb;
    end if;
end
$$;
ALTER FUNCTION bookings.check_in(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.check_in(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[]) IS 'Begins the use of some lines (null: all whose time it is). outcome: checkedIn, notFound, forbidden, versionMismatch, notUsable, labelSuspended, tooEarly, tooLate, alreadyCheckedIn, refused (rules: what nobody proves to hold); at: when, or the earliest moment.';
REVOKE ALL ON FUNCTION bookings.check_in(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.check_in(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[]) TO plateau_app;

CREATE FUNCTION bookings.check_out(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[], p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) RETURNS TABLE(outcome text, version integer, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
    v_lines smallint[];
    v_state text;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
        return;
    elsif not bookings.may_use(p_key, v_booking, v_now) then
        return query select 'forbidden', v_booking.version, v_booking.state;
        return;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
        return;
    elsif v_booking.state <> 'inUse' then
        return query select 'notInUse', v_booking.version, v_booking.state;
        return;
    end if;
    v_lines := array(
        select l.number from bookings.line l
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and (p_lines is null or l.number = any (p_lines)));
    update bookings.use u set checked_out_at = v_now, checked_out_by = p_key
    where u.centre_id = v_booking.centre_id and u.booking_id = p_booking and u.line_number = any (v_lines) and u.checked_out_at is null;
    if not found then
        return query select 'notInUse', v_booking.version, v_booking.state;
        return;
    end if;
    perform bookings.cut(v_booking, v_lines, v_now);
    -- Over when nothing that was asked for is still to come.
    v_state := case when exists (
        select from bookings.line l
        left join bookings.use u on u.centre_id = l.centre_id and u.booking_id = l.booking_id and u.line_number = l.number
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking
          and l.number <> all (v_lines) and u.checked_out_at is null and (l.ends > v_now or u.checked_in_at is not null))
        then 'inUse' else 'completed' end;
    perform bookings.note_use(v_booking, p_key, p_audiences, p_head_counts, p_accompanying, p_incident, v_now);
    perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, 'checkedOut',
                          case v_state when 'completed' then 'booking.completed' else 'booking.checkedOut' end, v_now);
    return query select 'checkedOut', v_booking.version + 1, v_state;
end
$$;
ALTER FUNCTION bookings.check_out(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[], p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.check_out(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[], p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) IS 'Ends the use of some lines (null: all) and gives the rest of their time back. audiences null: who came is not told. outcome: checkedOut, notFound, forbidden, versionMismatch, notInUse.';
REVOKE ALL ON FUNCTION bookings.check_out(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[], p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.check_out(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[], p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) TO plateau_app;

CREATE FUNCTION bookings.confirm(p_booking uuid, p_key uuid, p_version integer, p_reason text) RETURNS TABLE(outcome text, version integer, state text, rules jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_judged record;
    v_verdict bookings.verdict;
    v_standing text;
    v_state text;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    if v_booking.state = 'draft' then
        v_standing := bookings.standing_of(p_key, v_booking, plateau.clock());
        if v_standing is null or v_standing = 'network' then
            return query select 'forbidden', v_booking.version, v_booking.state, null::jsonb;
        elsif v_booking.version <> p_version then
            return query select 'versionMismatch', v_booking.version, v_booking.state, null::jsonb;
        else
            v_verdict := bookings.again(v_booking, p_key, 'booked', null, p_reason, null);
            return query select case v_verdict.outcome when 'changed' then 'confirmed' else v_verdict.outcome end,
                                v_booking.version + 1, v_verdict.state, v_verdict.rules;
        end if;
        return;
    end if;
    if v_booking.id is not null then
        perform bookings.lock_labels(v_booking);
    end if;
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    v_standing := bookings.standing_of(p_key, v_booking, v_now);
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text, null::jsonb;
    elsif v_standing is null or v_standing = 'network' then
        return query select 'forbidden', v_booking.version, v_booking.state, null::jsonb;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state, null::jsonb;
    elsif v_booking.state <> 'held' then
        return query select 'notHeld', v_booking.version, v_booking.state, null::jsonb;
    elsif v_booking.expires_at <= v_now then
        return query select 'holdExpired', v_booking.version, v_booking.state, null::jsonb;
    else
        select * into v_policy from labels.policy;
        v_judged := bookings.judge_label(v_booking, v_policy);
        if v_judged.verdict = 'deny' then
            return query select 'refused', v_booking.version, v_booking.state, bookings.label_rules(v_booking);
            return;
        end if;
        v_state := case
            when exists (select from bookings.approval a where a.centre_id = v_booking.centre_id and a.booking_id = v_booking.id
                         and a.decided_at is null) then 'requested'
            when v_judged.verdict = 'conditional' then 'conditional' else 'confirmed' end;
        if v_state = 'requested' then
            update bookings.booking b set expires_at = bookings.approval_deadline(b.starts, v_now)
            where b.centre_id = v_booking.centre_id and b.id = v_booking.id;
        end if;
        delete from bookings.waiting w where w.centre_id = v_booking.centre_id and w.booking_id = v_booking.id;
        perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.' || v_state, v_now);
        return query select 'confirmed', v_booking.version + 1, v_state, null::jsonb;
    end if;
end
$$;
ALTER FUNCTION bookings.confirm(p_booking uuid, p_key uuid, p_version integer, p_reason text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.confirm(p_booking uuid, p_key uuid, p_version integer, p_reason text) IS 'Makes a hold, an offer of the waiting list or a draft a booking. outcome: confirmed (see state), refused (rules says why), notFound, forbidden, versionMismatch, notHeld, holdExpired, overrideForbidden.';
REVOKE ALL ON FUNCTION bookings.confirm(p_booking uuid, p_key uuid, p_version integer, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.confirm(p_booking uuid, p_key uuid, p_version integer, p_reason text) TO plateau_app;

CREATE FUNCTION bookings.continue_label_change(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_change bookings.label_change;
    v_numbers integer[];
begin
    -- One worker a change: another instance takes the next one.
    select * into v_change from bookings.label_change c
    where c.finished_at is null order by c.recorded_at limit 1 for update skip locked;
    if not found then
        return null;
    end if;
    v_numbers := array(select e.number from bookings.label_effect e
                       where e.centre_id = v_change.centre_id and e.change_id = v_change.id and e.applied_at is null
                       order by e.number limit p_limit);
    perform pg_advisory_xact_lock_shared(k.key)
    from (
        select distinct plateau.label_lock(c.centre_id) as key
        from bookings.label_effect e
        join bookings.booking b on b.centre_id = plateau.centre_of(e.booking_id) and b.id = e.booking_id
        join access.organisation o on o.id = b.organisation_id
        cross join lateral (select unnest(b.centres) union select o.centre_id) as c (centre_id)
        where e.centre_id = v_change.centre_id and e.change_id = v_change.id
          and e.number between v_numbers[1] and v_numbers[cardinality(v_numbers)] and c.centre_id is not null
        order by 1) k;
    return bookings.apply_batch(v_change.centre_id, v_change.id, v_numbers, plateau.clock());
end
$$;
ALTER FUNCTION bookings.continue_label_change(p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.continue_label_change(p_limit integer) IS 'Applies the next effects of the oldest unfinished change, at most so many. How many; null: nothing is left to do.';
REVOKE ALL ON FUNCTION bookings.continue_label_change(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.continue_label_change(p_limit integer) TO plateau_app;

CREATE FUNCTION bookings.cut(p_booking bookings.booking, p_lines smallint[], p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_line record;
    v_free_from timestamptz;
begin
    for v_line in
        select l.number, r.cleanup_minutes
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.number = any (p_lines)
    loop
        v_free_from := p_at + make_interval(mins => v_line.cleanup_minutes);
        delete from platforms.occupancy o
        where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id and o.line_number = v_line.number
          and o.starts >= v_free_from;
        update platforms.occupancy o
        set ends = v_free_from, use_ends = least(o.use_ends, greatest(p_at, o.use_starts), v_free_from),
            use_starts = least(o.use_starts, v_free_from)
        where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id and o.line_number = v_line.number
          and o.ends > v_free_from;
    end loop;
end
$$;
COMMENT ON FUNCTION bookings.cut(p_booking bookings.booking, p_lines smallint[], p_at timestamp with time zone) IS 'Gives back what some lines take after a moment, their clean-up apart.';
REVOKE ALL ON FUNCTION bookings.cut(p_booking bookings.booking, p_lines smallint[], p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.cut(p_booking bookings.booking, p_lines smallint[], p_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.decide(p_booking uuid, p_key uuid, p_version integer, p_approves boolean, p_reason text) RETURNS TABLE(outcome text, version integer, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_judged record;
    v_centres smallint[];
    v_state text;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
        return;
    end if;
    perform bookings.lock_labels(v_booking);
    select * into v_booking from bookings.booking b where b.centre_id = v_booking.centre_id and b.id = p_booking for update;
    v_now := plateau.clock();
    v_centres := array(
        select a.approving_centre from bookings.approval a
        where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null
          and access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], a.approving_centre));
    if v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state <> 'requested' then
        return query select 'notRequested', v_booking.version, v_booking.state;
    elsif v_booking.expires_at <= v_now then
        return query select 'requestExpired', v_booking.version, v_booking.state;
    elsif v_booking.created_by = p_key
        or v_booking.organisation_id = (select k.organisation_id from access.api_key k where k.id = p_key) then
        return query select 'ownRequest', v_booking.version, v_booking.state;
    elsif v_centres = '{}' then
        return query select 'forbidden', v_booking.version, v_booking.state;
    else
        update bookings.approval a set decided_at = v_now, decided_by = p_key, is_approved = p_approves, reason = p_reason
        where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null
          and a.approving_centre = any (v_centres);
        if not p_approves then
            perform bookings.leave(v_booking, 'rejected', p_key, null, p_reason, 'booking.rejected', v_now);
            delete from bookings.approval a
            where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null;
            v_state := 'rejected';
        elsif exists (select from bookings.approval a where a.centre_id = v_booking.centre_id and a.booking_id = p_booking
                      and a.decided_at is null) then
            v_state := 'requested';
            perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.approvedInPart', v_now);
        else
            select * into v_policy from labels.policy;
            v_judged := bookings.judge_label(v_booking, v_policy);
            if v_judged.verdict = 'deny' then
                -- What the label denies since is for the label's own consequences to end, with their notice.
                v_judged.verdict := 'conditional';
            end if;
            v_state := case v_judged.verdict when 'conditional' then 'conditional' else 'confirmed' end;
            perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.approved', v_now);
            perform bookings.tell_rivals(v_booking, v_now);
        end if;
        return query select 'decided', v_booking.version + 1, v_state;
    end if;
end
$$;
ALTER FUNCTION bookings.decide(p_booking uuid, p_key uuid, p_version integer, p_approves boolean, p_reason text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.decide(p_booking uuid, p_key uuid, p_version integer, p_approves boolean, p_reason text) IS 'Approves or rejects a request for the centres at which the key belongs to the staff; the last approval confirms. outcome: decided, notFound, forbidden, versionMismatch, notRequested, requestExpired, ownRequest.';
REVOKE ALL ON FUNCTION bookings.decide(p_booking uuid, p_key uuid, p_version integer, p_approves boolean, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.decide(p_booking uuid, p_key uuid, p_version integer, p_approves boolean, p_reason text) TO plateau_app;

CREATE FUNCTION bookings.draw_quotas(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from bookings.draw d where d.booking_id = p_booking;
    insert into bookings.draw (centre_id, quota_id, booking_id, period_start, minutes, bookings, beyond_minutes)
    select (u.quota).centre_id, (u.quota).id, p_booking, u.period_start,
           case (u.quota).kind when 'limit' then u.minutes
                else least(u.minutes, greatest((u.quota).most_minutes - u.drawn_minutes, 0)) end,
           u.bookings,
           case (u.quota).kind when 'limit' then 0
                else u.minutes - least(u.minutes, greatest((u.quota).most_minutes - u.drawn_minutes, 0)) end
    from bookings.quota_use(p_organisation, p_booking, p_resources, p_zones, p_starts, p_ends) u;
end
$$;
COMMENT ON FUNCTION bookings.draw_quotas(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) IS 'Writes what a booking draws. An allowance that ends in the middle of it gives what is left; the rest is beyond.';
REVOKE ALL ON FUNCTION bookings.draw_quotas(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.draw_quotas(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) TO plateau_functions;

CREATE FUNCTION bookings.end_quota(p_id uuid, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_centre_id smallint := plateau.centre_of(p_id);
begin
    if not access.has_role(p_by, array['centreManager', 'networkManager'], v_centre_id) then
        return 'forbidden';
    end if;
    update bookings.quota q set ended_at = plateau.clock() where q.centre_id = v_centre_id and q.id = p_id and q.ended_at is null;
    return case when found then 'ended' else 'notFound' end;
end
$$;
ALTER FUNCTION bookings.end_quota(p_id uuid, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.end_quota(p_id uuid, p_by uuid) IS 'No booking counts against it any more. outcome: ended, forbidden, notFound.';
REVOKE ALL ON FUNCTION bookings.end_quota(p_id uuid, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.end_quota(p_id uuid, p_by uuid) TO plateau_app;

CREATE FUNCTION bookings.fee_of(p_booking bookings.booking, p_state text, p_now timestamp with time zone, OUT free_until date, OUT is_late boolean, OUT fee_percent integer) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
begin
    -- Of the line whose deadline comes first; the highest share of those that are late.
    select min(f.free_until), coalesce(bool_or(f.today > f.free_until), false),
           coalesce(max(case when p_state = 'noShow' then f.no_show_fee_percent
                             when p_state = 'cancelledByUser' and f.today > f.free_until then f.late_fee_percent end), 0)
    into free_until, is_late, fee_percent
    from (
        select bookings.free_until(r.centre_id, r.site_id, plateau.local_day(l.starts, s.zone), t.free_working_days) as free_until,
               plateau.local_day(p_now, s.zone) as today, t.late_fee_percent, t.no_show_fee_percent
        from bookings.booking_terms t
        join bookings.line l on l.centre_id = t.centre_id and l.booking_id = t.booking_id and l.number = t.line_number
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where t.centre_id = p_booking.centre_id and t.booking_id = p_booking.id) f;
    -- What was never promised costs nothing.
    if p_booking.state not in ('conditional', 'confirmed') then
        is_late := false;
        fee_percent := 0;
    end if;
end
$$;
COMMENT ON FUNCTION bookings.fee_of(p_booking bookings.booking, p_state text, p_now timestamp with time zone, OUT free_until date, OUT is_late boolean, OUT fee_percent integer) IS 'What it costs to end a booking now, by the terms under which it was booked: only its user pays, and only after the free days.';
REVOKE ALL ON FUNCTION bookings.fee_of(p_booking bookings.booking, p_state text, p_now timestamp with time zone, OUT free_until date, OUT is_late boolean, OUT fee_percent integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.fee_of(p_booking bookings.booking, p_state text, p_now timestamp with time zone, OUT free_until date, OUT is_late boolean, OUT fee_percent integer) TO plateau_functions, plateau_app;

CREATE FUNCTION bookings.free_until(p_centre_id smallint, p_calendar_id uuid, p_day date, p_working_days integer) RETURNS date
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_day date;
begin
    if p_working_days = 0 then
        return p_day;
    end if;
    -- A working day of a site is one on which it opens, weekends apart.
    select d.day into v_day
    from (select distinct h.day from centres.open_hours h
          where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day < p_day and h.day >= p_day - 400
            and extract(isodow from h.day) < 6) d
    order by d.day desc offset p_working_days - 1 limit 1;
    return coalesce(v_day, p_day - 400);
end
$$;
COMMENT ON FUNCTION bookings.free_until(p_centre_id smallint, p_calendar_id uuid, p_day date, p_working_days integer) IS 'The last day on which cancelling is free: so many working days of the site before the day of use.';
REVOKE ALL ON FUNCTION bookings.free_until(p_centre_id smallint, p_calendar_id uuid, p_day date, p_working_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.free_until(p_centre_id smallint, p_calendar_id uuid, p_day date, p_working_days integer) TO plateau_functions, plateau_app;

CREATE FUNCTION bookings.freeze_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid, p_now timestamp with time zone, p_plan bookings.planned_effect[], p_at_once integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if cardinality(p_plan) = 0 then
        return;
    end if;
    insert into bookings.label_change (centre_id, id, cause, subject_id, changed, recorded_at, key_id, planned)
    values (p_centre_id, p_change, p_cause, p_subject, p_changed, p_now, p_key, cardinality(p_plan));
    insert into bookings.label_effect (centre_id, change_id, number, booking_id, planned)
    select p_centre_id, p_change, e.number, e.booking_id, e.effect
    from unnest(p_plan) with ordinality as e (booking_id, effect, needs_others, number);
    -- A short list is done at once; a long one, and what depends on other labels, by and by.
    if cardinality(p_plan) <= p_at_once then
        perform bookings.apply_batch(
            p_centre_id, p_change,
            array(select e.number::integer from unnest(p_plan) with ordinality as e (booking_id, effect, needs_others, number)
                  where not e.needs_others), p_now);
    end if;
end
$$;
REVOKE ALL ON FUNCTION bookings.freeze_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid, p_now timestamp with time zone, p_plan bookings.planned_effect[], p_at_once integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.freeze_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid, p_now timestamp with time zone, p_plan bookings.planned_effect[], p_at_once integer) TO plateau_functions;

CREATE FUNCTION bookings.freeze_fee(p_booking bookings.booking, p_state text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into bookings.cancellation (centre_id, booking_id, at, state, free_until, is_late, fee_percent)
    select p_booking.centre_id, p_booking.id, p_now, p_state, f.free_until, f.is_late, f.fee_percent
    from bookings.fee_of(p_booking, p_state, p_now) f;
end
$$;
REVOKE ALL ON FUNCTION bookings.freeze_fee(p_booking bookings.booking, p_state text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.freeze_fee(p_booking bookings.booking, p_state text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.hold_rules(p_organisation uuid, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_most integer;
    v_held integer;
begin
    select p.holds_per_organisation into v_most from bookings.policy p;
    -- What the waiting list offers is not asked for.
    select count(*) into v_held from bookings.booking b
    where b.organisation_id = p_organisation and b.expires_at > p_now and b.state = 'held'
      and not exists (select from bookings.waiting w where w.centre_id = b.centre_id and w.booking_id = b.id);
    if v_held < v_most then
        return '[]'::jsonb;
    end if;
    return jsonb_build_array(bookings.rule(null, 'holds', 'tooManyHolds', jsonb_build_object('held', v_held, 'mostHolds', v_most)));
end
$$;
COMMENT ON FUNCTION bookings.hold_rules(p_organisation uuid, p_now timestamp with time zone) IS 'The rule that one more hold breaks; an empty array when none. The caller holds the organisation''s lock.';
REVOKE ALL ON FUNCTION bookings.hold_rules(p_organisation uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.hold_rules(p_organisation uuid, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.is_approved(p_old bookings.booking, p_activity text, p_audiences text[], p_head_counts integer[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[]) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    -- A title or a contact needs no approval again; what is used, when, by whom and why does.
    return p_old.state in ('conditional', 'confirmed') and p_old.activity = p_activity and p_old.audiences = p_audiences
        and p_old.head_counts = p_head_counts
        and not exists (
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             union all
             select * from unnest(p_resources, p_starts, p_ends, p_seats))
            except
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             intersect
             select * from unnest(p_resources, p_starts, p_ends, p_seats)));
end
$$;
COMMENT ON FUNCTION bookings.is_approved(p_old bookings.booking, p_activity text, p_audiences text[], p_head_counts integer[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[]) IS 'Whether a booking that stands already is to stay as it was in everything that its approval was about.';
REVOKE ALL ON FUNCTION bookings.is_approved(p_old bookings.booking, p_activity text, p_audiences text[], p_head_counts integer[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.is_approved(p_old bookings.booking, p_activity text, p_audiences text[], p_head_counts integer[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[]) TO plateau_functions;

CREATE FUNCTION bookings.is_no_show(p_booking bookings.booking, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    -- Only where nobody of the staff is there to see, and never once any line is checked in.
    return p_booking.state in ('conditional', 'confirmed') and p_booking.starts <= p_now
        and not exists (select from bookings.use u where u.centre_id = p_booking.centre_id and u.booking_id = p_booking.id)
        and not exists (
            select from bookings.line l
            join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
            cross join lateral bookings.terms_of(r) t
            where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
              and not coalesce(t.is_self_service and p_booking.starts + make_interval(mins => t.no_show_minutes) <= p_now, false));
end
$$;
COMMENT ON FUNCTION bookings.is_no_show(p_booking bookings.booking, p_now timestamp with time zone) IS 'Whether a booking of self-service resources alone was not taken up in time.';
REVOKE ALL ON FUNCTION bookings.is_no_show(p_booking bookings.booking, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.is_no_show(p_booking bookings.booking, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.is_overridable(p_code text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    -- Never room, exclusion or a label; nor what was taken back from somebody.
    return p_code in ('noticeTooShort', 'beyondHorizon', 'durationTooShort', 'durationTooLong', 'offGrid', 'closed', 'keptForOthers',
                      'supervisionNotOffered', 'quotaExceeded', 'holderNotNamed', 'attestationMissing', 'attestationExpired');
end
$$;
COMMENT ON FUNCTION bookings.is_overridable(p_code text) IS 'Which rules the staff of a centre may set aside, with a reason.';
REVOKE ALL ON FUNCTION bookings.is_overridable(p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.is_overridable(p_code text) TO plateau_functions;

CREATE FUNCTION bookings.is_sound(p_centre_id smallint, p_id uuid, p_centres smallint[], p_state text, p_flags text[], p_starts timestamp with time zone, p_ends timestamp with time zone, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    return plateau.centre_of(p_id) = p_centre_id
        and cardinality(p_centres) > 0
        and p_state in (
            'draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended', 'inUse', 'completed',
            'rejected', 'cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'expired', 'noShow')
        and p_flags <@ array['atRisk', 'displaced', 'needsProof', 'provisional']
        and p_starts < p_ends
        and p_activity in (
            'catalogueTraining', 'bespokeTraining', 'awareness', 'demonstration', 'technologyWatch', 'needsAnalysis', 'maintenance',
            'companyProduction')
        and cardinality(p_audiences) = cardinality(p_head_counts) and 0 < all (p_head_counts)
        and p_accompanying between 0 and 10000;
end
$$;
COMMENT ON FUNCTION bookings.is_sound(p_centre_id smallint, p_id uuid, p_centres smallint[], p_state text, p_flags text[], p_starts timestamp with time zone, p_ends timestamp with time zone, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer) IS 'What every row of bookings.booking keeps to: its id carries its centre, known words only, parallel audiences and head counts.';
REVOKE ALL ON FUNCTION bookings.is_sound(p_centre_id smallint, p_id uuid, p_centres smallint[], p_state text, p_flags text[], p_starts timestamp with time zone, p_ends timestamp with time zone, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.is_sound(p_centre_id smallint, p_id uuid, p_centres smallint[], p_state text, p_flags text[], p_starts timestamp with time zone, p_ends timestamp with time zone, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer) TO plateau_functions;

CREATE FUNCTION bookings.judge_by_time(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_today date := plateau.local_day(v_now, 'UTC');
    v_round bookings.time_judgement;
    v_policy labels.policy;
    v_due bookings.booking[];
    v_booking bookings.booking;
    v_judged record;
    v_count integer := 0;
begin
    -- Once a day: what time brings is the horizon of a provisional label, which moves by the day.
    select * into v_round from bookings.time_judgement for update skip locked;
    if not found or v_round.judged_on = v_today and v_round.is_finished then
        return null;
    elsif v_round.judged_on <> v_today then
        v_round.after_centre := -1;
        v_round.after_id := '00000000-0000-0000-0000-000000000000';
    end if;
    v_due := array(
        select b from bookings.booking b
        where (b.state = 'conditional' or b.flags @> array['atRisk']) and b.at_risk_until is null and b.ends > v_now
          and b.state in ('conditional', 'confirmed', 'requested', 'held')
          and (b.centre_id, b.id) > (v_round.after_centre, v_round.after_id)
        order by b.centre_id, b.id limit p_limit);
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c.centre_id) as key
          from unnest(v_due) d
          join access.organisation o on o.id = d.organisation_id
          cross join lateral (select unnest(d.centres) union select o.centre_id) as c (centre_id)
          where c.centre_id is not null order by 1) k;
    -- Only what is certain confirms: a policy that honours what is not was meant for what is booked from then on.
    select * into v_policy from labels.policy;
    v_policy.ends_inside := 'conditional';
    v_policy.renewal_pending := 'conditional';
    v_policy.after_provisional := 'conditional';
    v_policy.term_ended := 'conditional';
    v_policy.beyond_horizon := 'conditional';
    for v_booking in
        select b.* from unnest(v_due) d join bookings.booking b on b.centre_id = d.centre_id and b.id = d.id and b.version = d.version
        order by b.centre_id, b.id for update of b
    loop
        v_judged := bookings.judge_label(v_booking, v_policy);
        continue when v_judged.verdict <> 'allow';
        perform bookings.stay(
            v_booking, case v_booking.state when 'conditional' then 'confirmed' else v_booking.state end,
            array_remove(v_booking.flags, 'atRisk'), null, null, v_judged.code,
            case v_booking.state when 'conditional' then 'booking.confirmed' else 'booking.cleared' end, v_now);
        v_count := v_count + 1;
    end loop;
    update bookings.time_judgement t
    set judged_on = v_today, is_finished = cardinality(v_due) < p_limit,
        after_centre = coalesce(v_due[cardinality(v_due)].centre_id, v_round.after_centre),
        after_id = coalesce(v_due[cardinality(v_due)].id, v_round.after_id);
    return v_count;
end
$$;
ALTER FUNCTION bookings.judge_by_time(p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.judge_by_time(p_limit integer) IS 'Judges the next bookings in doubt again, once a day each: confirms or clears those for which the label has become certain as time passed. How many; null: the day''s round is done.';
REVOKE ALL ON FUNCTION bookings.judge_by_time(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.judge_by_time(p_limit integer) TO plateau_app;

CREATE FUNCTION bookings.judge_label(p_booking bookings.booking, p_policy labels.policy, OUT verdict text, OUT code text) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_line record;
    v_days daterange;
    v_caller smallint;
    v_verdict text;
    v_code text;
    v_rank integer := 0;
    v_line_rank integer;
    v_gate labels.gate_result;
begin
    -- The gate's rules about labels and audiences. Membership is not judged again for those who came in by it.
    verdict := 'allow';
    code := 'labelled';
    select o.centre_id into v_caller from access.organisation o where o.id = p_booking.organisation_id;
    for v_line in
        select r.centre_id, r.id as resource_id, r.is_shared, s.zone, tstzrange(l.starts, l.ends) as slot
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
    loop
        continue when v_line.centre_id = v_caller;
        if v_caller is null then
            v_days := plateau.local_days(v_line.slot, v_line.zone);
            select w.verdict, w.code into v_verdict, v_code
            from labels.whole_slot(v_line.centre_id, lower(v_days), upper(v_days) - 1, p_policy) w;
            if v_verdict <> 'deny' and exists (
                select from generate_series(lower(v_days), upper(v_days) - 1, interval '1 day') d (day)
                where labels.missing_audiences(labels.file_in_force(v_line.centre_id, d.day::date, 'infinity'),
                                               p_booking.audiences, p_booking.head_counts) is not null) then
                v_verdict := 'deny';
                v_code := 'audienceNotTargeted';
            end if;
        else
            v_gate := labels.gate(v_line.centre_id, v_line.is_shared, v_line.zone, v_line.slot, p_booking.organisation_id, v_caller,
                                  p_booking.audiences, p_booking.head_counts, true, v_line.resource_id);
            v_verdict := v_gate.verdict;
            -- A centre whose own label is suspended is denied as no member; it is the suspension that will pass.
            select r.rule ->> 'code' into v_code
            from jsonb_array_elements(v_gate.rules) with ordinality as r (rule, number)
            where r.rule ->> 'verdict' = v_verdict
               or v_verdict = 'deny' and r.rule ->> 'rule' = 'callerLabel' and r.rule ->> 'code' = 'labelSuspended'
            order by r.number limit 1;
        end if;
        v_line_rank := case when v_verdict = 'deny' and v_code <> 'labelSuspended' then 3 when v_verdict = 'deny' then 2
                            when v_verdict = 'conditional' then 1 else 0 end;
        if v_line_rank > v_rank then
            v_rank := v_line_rank;
            verdict := v_verdict;
            code := v_code;
        end if;
    end loop;
end
$$;
COMMENT ON FUNCTION bookings.judge_label(p_booking bookings.booking, p_policy labels.policy, OUT verdict text, OUT code text) IS 'What the labels of all its centres mean for a booking as it stands: the worst verdict of its lines, and its code. A suspension is milder than any other denial.';
REVOKE ALL ON FUNCTION bookings.judge_label(p_booking bookings.booking, p_policy labels.policy, OUT verdict text, OUT code text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.judge_label(p_booking bookings.booking, p_policy labels.policy, OUT verdict text, OUT code text) TO plateau_functions;

CREATE FUNCTION bookings.label_effect_of(p_booking bookings.booking, p_verdict text, p_code text, p_policy labels.policy, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_notice integer := case p_code when 'audienceNotTargeted' then p_policy.file_notice_days else p_policy.withdrawal_notice_days end;
    v_is_at_risk boolean := p_booking.flags @> array['atRisk'];
begin
    if p_booking.state not in ('requested', 'held', 'conditional', 'confirmed', 'suspended') then
        return null;
    elsif p_verdict = 'deny' and p_code = 'labelSuspended' then
        return case when p_booking.state <> 'suspended' and p_booking.starts > p_now then 'suspended' end;
    elsif p_verdict = 'deny' then
        -- Use under way may finish, and what begins within the notice takes place.
        return case when p_booking.starts <= p_now then null
                    when v_notice = 0 then 'cancelledByNetwork'
                    when p_booking.starts <= p_now + make_interval(days => v_notice) then null
                    when p_booking.at_risk_until is null then 'atRisk' end;
    elsif p_booking.state = 'suspended' then
        return case when p_booking.starts > p_now then 'restored' end;
    elsif p_verdict = 'conditional' then
        return case when p_booking.at_risk_until is not null and p_booking.state = 'conditional' then 'cleared'
                    when p_booking.at_risk_until is not null then 'atRisk'
                    when p_booking.ends > p_now and p_booking.state <> 'conditional' and not v_is_at_risk then 'atRisk' end;
    end if;
    return case when p_booking.state = 'conditional' then 'confirmed' when v_is_at_risk then 'cleared' end;
end
$$;
COMMENT ON FUNCTION bookings.label_effect_of(p_booking bookings.booking, p_verdict text, p_code text, p_policy labels.policy, p_now timestamp with time zone) IS 'What a verdict means for a booking in its state: confirmed, atRisk, cleared, suspended, restored or cancelledByNetwork; null: nothing.';
REVOKE ALL ON FUNCTION bookings.label_effect_of(p_booking bookings.booking, p_verdict text, p_code text, p_policy labels.policy, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.label_effect_of(p_booking bookings.booking, p_verdict text, p_code text, p_policy labels.policy, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.label_rules(p_booking bookings.booking) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return coalesce((
        select jsonb_agg(jsonb_build_object('line', l.number) || g.rule order by l.number)
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        join access.organisation o on o.id = p_booking.organisation_id
        cross join lateral labels.gate(r.centre_id, r.is_shared, s.zone, tstzrange(l.starts, l.ends), o.id, o.centre_id,
                                       p_booking.audiences, p_booking.head_counts, false, r.id) d
        cross join lateral jsonb_array_elements(d.rules) as g (rule)
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and g.rule ->> 'verdict' = 'deny'), '[]');
end
$$;
COMMENT ON FUNCTION bookings.label_rules(p_booking bookings.booking) IS 'What the gate says against the lines of a booking as it stands.';
REVOKE ALL ON FUNCTION bookings.label_rules(p_booking bookings.booking) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.label_rules(p_booking bookings.booking) TO plateau_functions;

CREATE FUNCTION bookings.lacks_room_alone(p_rules jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    return not exists (
        select from jsonb_array_elements(p_rules) as e (rule)
        where e.rule ->> 'verdict' = 'deny'
          and not (e.rule ->> 'code' in ('capacityFull', 'unitTaken', 'parentFull')
                   or e.rule ->> 'code' = 'tooManyPersons'
                      and (e.rule -> 'facts' ->> 'persons')::integer <= (e.rule -> 'facts' ->> 'personLimit')::integer));
end
$$;
COMMENT ON FUNCTION bookings.lacks_room_alone(p_rules jsonb) IS 'Whether nothing but others'' bookings stands against a refused one.';
REVOKE ALL ON FUNCTION bookings.lacks_room_alone(p_rules jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.lacks_room_alone(p_rules jsonb) TO plateau_functions;

CREATE FUNCTION bookings.lapse(p_booking bookings.booking, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    if p_booking.expires_at <= p_now and p_booking.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended') then
        perform bookings.leave(p_booking, 'expired', null, null, 'lapsed', 'booking.expired', p_now);
        delete from bookings.approval a
        where a.centre_id = p_booking.centre_id and a.booking_id = p_booking.id and a.decided_at is null;
        return true;
    elsif bookings.is_no_show(p_booking, p_now) then
        perform bookings.freeze_fee(p_booking, 'noShow', p_now);
        perform bookings.leave(p_booking, 'noShow', null, null, 'notTakenUp', 'booking.noShow', p_now);
        return true;
    end if;
    return false;
end
$$;
COMMENT ON FUNCTION bookings.lapse(p_booking bookings.booking, p_now timestamp with time zone) IS 'Ends a booking whose deadline has passed or that was not taken up in time. Whether it did.';
REVOKE ALL ON FUNCTION bookings.lapse(p_booking bookings.booking, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.lapse(p_booking bookings.booking, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.lapsed_holders() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return coalesce((
        select array_agg(b.id) from bookings.booking b
        where b.expires_at <= (select plateau.clock()) and b.state in ('held', 'requested')), '{}');
end
$$;
ALTER FUNCTION bookings.lapsed_holders() OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.lapsed_holders() IS 'Bookings whose deadline has passed and whose room nobody has cleared away yet: few, and ids alone, so that every reader may pass by them.';
REVOKE ALL ON FUNCTION bookings.lapsed_holders() FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.lapsed_holders() TO plateau_app;

CREATE FUNCTION bookings.lapsed_room(p_centre_id smallint, p_resources uuid[], p_starts timestamp with time zone, p_ends timestamp with time zone, OUT resources uuid[], OUT starts timestamp with time zone[], OUT ends timestamp with time zone[], OUT seats integer[]) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_holders uuid[] := bookings.lapsed_holders();
begin
    if v_holders = '{}' then
        return;
    end if;
    -- Less than nothing is taken: what the sweep counts comes to nothing.
    select array_agg(o.resource_id), array_agg(o.starts), array_agg(o.ends), array_agg(-o.seats)
    into resources, starts, ends, seats
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = any (p_resources) and o.holder_id = any (v_holders)
      and o.ends > p_starts and o.ends <= p_ends + interval '25 hours' and o.starts < p_ends;
end
$$;
ALTER FUNCTION bookings.lapsed_room(p_centre_id smallint, p_resources uuid[], p_starts timestamp with time zone, p_ends timestamp with time zone, OUT resources uuid[], OUT starts timestamp with time zone[], OUT ends timestamp with time zone[], OUT seats integer[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.lapsed_room(p_centre_id smallint, p_resources uuid[], p_starts timestamp with time zone, p_ends timestamp with time zone, OUT resources uuid[], OUT starts timestamp with time zone[], OUT ends timestamp with time zone[], OUT seats integer[]) IS 'What lapsed bookings take of some resources over a window, as pieces to add to platforms.usage_steps that undo it. All null: nothing.';
REVOKE ALL ON FUNCTION bookings.lapsed_room(p_centre_id smallint, p_resources uuid[], p_starts timestamp with time zone, p_ends timestamp with time zone, OUT resources uuid[], OUT starts timestamp with time zone[], OUT ends timestamp with time zone[], OUT seats integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.lapsed_room(p_centre_id smallint, p_resources uuid[], p_starts timestamp with time zone, p_ends timestamp with time zone, OUT resources uuid[], OUT starts timestamp with time zone[], OUT ends timestamp with time zone[], OUT seats integer[]) TO plateau_app;

CREATE FUNCTION bookings.leave(p_booking bookings.booking, p_state text, p_key uuid, p_organisation uuid, p_reason text, p_event text, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
begin
    perform bookings.refuse_transition(p_booking, p_state);
    delete from platforms.occupancy o
    where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id;
    -- The deadline of a hold goes on while it is suspended.
    update bookings.booking b
    set state = p_state, version = b.version + 1, expires_at = case p_state when 'suspended' then b.expires_at end
    where b.centre_id = p_booking.centre_id and b.id = p_booking.id;
    if p_state not in ('suspended', 'noShow') then
        delete from bookings.draw d where d.booking_id = p_booking.id;
    end if;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, organisation_id, reason)
    values (p_booking.centre_id, p_booking.id, p_booking.version + 1, p_booking.state, p_state, p_now, p_key, p_organisation, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (p_booking.centre_id, p_event, p_booking.id, p_booking.organisation_id, p_booking.version + 1, p_now);
    return p_booking.version + 1;
end
$$;
COMMENT ON FUNCTION bookings.leave(p_booking bookings.booking, p_state text, p_key uuid, p_organisation uuid, p_reason text, p_event text, p_now timestamp with time zone) IS 'Takes a booking to a state that takes no room: frees its occupancy and what it drew, records the transition and the event. The new version.';
REVOKE ALL ON FUNCTION bookings.leave(p_booking bookings.booking, p_state text, p_key uuid, p_organisation uuid, p_reason text, p_event text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.leave(p_booking bookings.booking, p_state text, p_key uuid, p_organisation uuid, p_reason text, p_event text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.lock_batch(p_batch uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_resource platforms.resource;
    v_locks bigint[] := '{}'::bigint[];
begin
    -- As many locks as a series may hold: among the same four at a time.
    perform pg_advisory_xact_lock(8, (plateau.low_bits(p_batch) & 3)::integer);
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key
          from (select plateau.centre_of(r) as c from unnest(p_resources) r
                union all select o.centre_id from access.organisation o where o.id = any (p_organisations)) touched
          where c is not null order by 1) k;
    perform pg_advisory_xact_lock(k.key)
    from (select distinct bookings.organisation_lock(o.id) as key from access.organisation o
          where o.id = any (p_organisations) and o.has_quota order by 1) k;
    for i in 1 .. cardinality(p_resources) loop
        select * into v_resource from platforms.resource r where r.centre_id = plateau.centre_of(p_resources[i]) and r.id = p_resources[i];
        if found then
            v_locks := v_locks || platforms.room_locks(v_resource, tstzrange(p_starts[i], p_ends[i]));
        end if;
    end loop;
    v_locks := array(select distinct k from unnest(v_locks) as k order by k);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
end
$$;
ALTER FUNCTION bookings.lock_batch(p_batch uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.lock_batch(p_batch uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) IS 'Every lock of every line of a batch, in the order in which single bookings take theirs: labels, organisations with quotas, rooms ascending.';
REVOKE ALL ON FUNCTION bookings.lock_batch(p_batch uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.lock_batch(p_batch uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) TO plateau_app;

CREATE FUNCTION bookings.lock_labels(p_booking bookings.booking) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key
          from (select unnest(p_booking.centres) as c
                union all select o.centre_id from access.organisation o where o.id = p_booking.organisation_id) touched
          where c is not null order by 1) k;
end
$$;
COMMENT ON FUNCTION bookings.lock_labels(p_booking bookings.booking) IS 'Labels stand still for a booking that is judged again. Before its row is locked.';
REVOKE ALL ON FUNCTION bookings.lock_labels(p_booking bookings.booking) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.lock_labels(p_booking bookings.booking) TO plateau_functions;

CREATE FUNCTION bookings.lock_series(p_series uuid, p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_resource platforms.resource;
    v_lines integer := cardinality(p_resources);
    v_locks bigint[] := '{}'::bigint[];
begin
    -- Each holds up to a thousand locks and the server's table of them is finite: four series at a time.
    perform pg_advisory_xact_lock(8, (plateau.low_bits(p_series) & 3)::integer);
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key
          from (select plateau.centre_of(r) as c from unnest(p_resources) r
                union all select o.centre_id from access.organisation o where o.id = p_organisation) touched
          where c is not null order by 1) k;
    for i in 1 .. v_lines loop
        select * into v_resource from platforms.resource r where r.centre_id = plateau.centre_of(p_resources[i]) and r.id = p_resources[i];
        if found then
            for n in 0 .. cardinality(p_starts) / v_lines - 1 loop
                v_locks := v_locks || platforms.room_locks(v_resource, tstzrange(p_starts[n * v_lines + i], p_ends[n * v_lines + i]));
            end loop;
        end if;
    end loop;
    v_locks := array(select distinct k from unnest(v_locks) as k order by k);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
end
$$;
COMMENT ON FUNCTION bookings.lock_series(p_series uuid, p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) IS 'Every lock of every occurrence, in the order in which single bookings take theirs: labels, then rooms ascending. starts and ends: occurrence by occurrence, line by line.';
REVOKE ALL ON FUNCTION bookings.lock_series(p_series uuid, p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.lock_series(p_series uuid, p_organisation uuid, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) TO plateau_functions;

CREATE FUNCTION bookings.mark_no_show(p_booking uuid, p_key uuid, p_version integer, p_reason text) RETURNS TABLE(outcome text, version integer, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
    elsif not exists (
        select from unnest(v_booking.centres) c
        where access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], c)) then
        return query select 'forbidden', v_booking.version, v_booking.state;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('conditional', 'confirmed') then
        return query select 'notUsable', v_booking.version, v_booking.state;
    elsif v_booking.starts > v_now then
        return query select 'tooEarly', v_booking.version, v_booking.state;
    else
        perform bookings.freeze_fee(v_booking, 'noShow', v_now);
        return query select 'marked',
            bookings.leave(v_booking, 'noShow', p_key, null, p_reason, 'booking.noShow', v_now), 'noShow'::text;
    end if;
end
$$;
ALTER FUNCTION bookings.mark_no_show(p_booking uuid, p_key uuid, p_version integer, p_reason text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.mark_no_show(p_booking uuid, p_key uuid, p_version integer, p_reason text) IS 'The staff confirms that nobody came. outcome: marked, notFound, forbidden, versionMismatch, notUsable (checked in, or not live), tooEarly.';
REVOKE ALL ON FUNCTION bookings.mark_no_show(p_booking uuid, p_key uuid, p_version integer, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.mark_no_show(p_booking uuid, p_key uuid, p_version integer, p_reason text) TO plateau_app;

CREATE FUNCTION bookings.may_become(p_from text, p_to text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    return case p_from
        when 'draft' then p_to in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'cancelledByUser',
                                   'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'requested' then p_to in ('requested', 'conditional', 'confirmed', 'suspended', 'rejected', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'waitlisted' then p_to in ('waitlisted', 'held', 'cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'held' then p_to in ('held', 'requested', 'conditional', 'confirmed', 'suspended', 'cancelledByUser', 'cancelledByCentre',
                                  'cancelledByNetwork', 'expired')
        when 'conditional' then p_to in ('conditional', 'confirmed', 'requested', 'suspended', 'inUse', 'cancelledByUser',
                                         'cancelledByCentre', 'cancelledByNetwork', 'noShow')
        when 'confirmed' then p_to in ('confirmed', 'conditional', 'requested', 'suspended', 'inUse', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'noShow')
        when 'suspended' then p_to in ('suspended', 'requested', 'held', 'conditional', 'confirmed', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'inUse' then p_to in ('inUse', 'completed')
        when 'completed' then p_to = 'completed'
        else false
    end;
end
$$;
COMMENT ON FUNCTION bookings.may_become(p_from text, p_to text) IS 'Which state may follow which: BookingState.next says the same in Swift, and a test that they agree. A state follows itself when something else of the booking changes.';
REVOKE ALL ON FUNCTION bookings.may_become(p_from text, p_to text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.may_become(p_from text, p_to text) TO plateau_functions, plateau_app;

CREATE FUNCTION bookings.may_use(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return coalesce(bookings.standing_of(p_key, p_booking, p_now) in ('organisation', 'centre'), false)
        or exists (
            select from access.api_key k
            join access.api_key_role r on r.key_id = k.id
            where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)
              and (k.organisation_id = p_booking.organisation_id and r.role = 'member'
                   or r.role = 'instructor' and r.centre_id = any (p_booking.centres)));
end
$$;
COMMENT ON FUNCTION bookings.may_use(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) IS 'Who checks in and out: anybody of the organisation that booked, the staff and the instructors of the centres.';
REVOKE ALL ON FUNCTION bookings.may_use(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.may_use(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.nearest_open(p_resource platforms.resource, p_zone text, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    RETURN (WITH bound AS (SELECT GREATEST(nearest_open.p_from, (nearest_open.p_now + make_interval(mins => (nearest_open.p_resource).notice_minutes))) AS earliest, (nearest_open.p_to - make_interval(mins => nearest_open.p_minutes)) AS latest), open AS (SELECT unnest(range_agg(h.during)) AS during FROM centres.open_hours h WHERE ((h.centre_id = (nearest_open.p_resource).centre_id) AND (h.calendar_id = COALESCE((nearest_open.p_resource).calendar_id, (nearest_open.p_resource).site_id)) AND ((h.day >= ((nearest_open.p_from AT TIME ZONE nearest_open.p_zone))::date) AND (h.day <= ((nearest_open.p_to AT TIME ZONE nearest_open.p_zone))::date)))), near AS (SELECT platforms.start_after(LEAST(GREATEST(lower(o.during), b.earliest, nearest_open.p_preferred), (upper(o.during) - make_interval(mins => nearest_open.p_minutes)), b.latest), nearest_open.p_zone, (nearest_open.p_resource).grid_minutes) AS at FROM open o, bound b WHERE (((upper(o.during) - lower(o.during)) >= make_interval(mins => nearest_open.p_minutes)) AND (lower(o.during) <= b.latest) AND ((upper(o.during) - make_interval(mins => nearest_open.p_minutes)) >= b.earliest))) SELECT n.at FROM near n ORDER BY GREATEST((n.at - nearest_open.p_preferred), (nearest_open.p_preferred - n.at)), n.at LIMIT 1);
COMMENT ON FUNCTION bookings.nearest_open(p_resource platforms.resource, p_zone text, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_now timestamp with time zone) IS 'When a resource is open for a slot, nearest to the start that is preferred, taken or not: where one asks why there is none. Null: never.';
REVOKE ALL ON FUNCTION bookings.nearest_open(p_resource platforms.resource, p_zone text, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.nearest_open(p_resource platforms.resource, p_zone text, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.next_due(p_now timestamp with time zone, p_limit integer) RETURNS SETOF bookings.booking
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return query
    select b.* from bookings.booking b
    where b.at_risk_until <= p_now and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
    limit p_limit;
    return query
    select b.* from labels.policy o, bookings.booking b
    where o.pending_release_days is not null and b.state = 'conditional' and b.starts > p_now
      and b.starts <= p_now + make_interval(days => o.pending_release_days) and b.at_risk_until is null
    limit p_limit;
end
$$;
REVOKE ALL ON FUNCTION bookings.next_due(p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.next_due(p_now timestamp with time zone, p_limit integer) TO plateau_functions;

CREATE FUNCTION bookings.note_growth() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
    select new.centre_id, new.id, plateau.clock(), 'infinity', plateau.clock()
    where exists (select from bookings.waits_for(new.id, plateau.clock(), 'infinity'));
    return null;
end
$$;
ALTER FUNCTION bookings.note_growth() OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION bookings.note_growth() FROM PUBLIC;

CREATE FUNCTION bookings.note_label() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    -- A label that opens what it kept closed.
    insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
    select distinct new.centre_id, l.resource_id, l.starts, l.ends, plateau.clock()
    from bookings.waiting w
    join bookings.booking b on b.centre_id = w.centre_id and b.id = w.booking_id and b.state = 'waitlisted'
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    where plateau.centre_of(l.resource_id) = new.centre_id;
    return null;
end
$$;
ALTER FUNCTION bookings.note_label() OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION bookings.note_label() FROM PUBLIC;

CREATE FUNCTION bookings.note_unmet(p_rules jsonb, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_organisation uuid, p_cause text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into bookings.unmet_demand as u (centre_id, resource_id, organisation_id, starts, ends, seats, cause, at)
    select distinct on (p_resources[l.i], p_starts[l.i], p_ends[l.i])
           plateau.centre_of(p_resources[l.i]), p_resources[l.i], p_organisation, p_starts[l.i], p_ends[l.i], p_seats[l.i], p_cause, p_now
    from (select (e.rule ->> 'line')::integer as i from jsonb_array_elements(p_rules) as e (rule) where e.rule ->> 'verdict' = 'deny') l
    where l.i is not null
    order by p_resources[l.i], p_starts[l.i], p_ends[l.i], p_seats[l.i] desc
    on conflict on constraint unmet_demand_pkey do update set seats = greatest(u.seats, excluded.seats);
end
$$;
REVOKE ALL ON FUNCTION bookings.note_unmet(p_rules jsonb, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_organisation uuid, p_cause text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.note_unmet(p_rules jsonb, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_organisation uuid, p_cause text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.note_use(p_booking bookings.booking, p_key uuid, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if p_audiences is not null then
        insert into bookings.attendance as a (centre_id, booking_id, audiences, head_counts, accompanying, recorded_at, recorded_by)
        values (p_booking.centre_id, p_booking.id, p_audiences, p_head_counts, p_accompanying, p_now, p_key)
        on conflict on constraint attendance_pkey do update
            set audiences = excluded.audiences, head_counts = excluded.head_counts, accompanying = excluded.accompanying,
                recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by;
    end if;
    if p_incident is not null then
        insert into bookings.incident (centre_id, booking_id, number, note, at, key_id)
        select p_booking.centre_id, p_booking.id, coalesce(max(i.number), 0) + 1, p_incident, p_now, p_key
        from bookings.incident i where i.centre_id = p_booking.centre_id and i.booking_id = p_booking.id;
    end if;
end
$$;
REVOKE ALL ON FUNCTION bookings.note_use(p_booking bookings.booking, p_key uuid, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.note_use(p_booking bookings.booking, p_key uuid, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.note_vacancy() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if exists (select from bookings.waiting) and old.ends > plateau.clock()
        and exists (select from bookings.waits_for(old.resource_id, old.starts, old.ends)) then
        insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
        values (old.centre_id, old.resource_id, old.starts, old.ends, plateau.clock());
    end if;
    return null;
end
$$;
ALTER FUNCTION bookings.note_vacancy() OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.note_vacancy() IS 'Whatever frees room (a cancellation, an early end, a lapsed hold, a suspension) does it by taking occupancy away: noted here, in its transaction.';
REVOKE ALL ON FUNCTION bookings.note_vacancy() FROM PUBLIC;

CREATE FUNCTION bookings.only_ends_differ(p_old bookings.booking, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_now timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return cardinality(p_resources) = (select count(*) from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id)
        and not exists (
            select from bookings.line l
            where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
              and (p_resources[l.number] <> l.resource_id or p_starts[l.number] <> l.starts
                   or p_seats[l.number] <> case when l.is_exclusive then 0 else l.seats end
                   or p_ends[l.number] <> l.ends and (p_ends[l.number] <= p_now or l.ends <= p_now)));
end
$$;
REVOKE ALL ON FUNCTION bookings.only_ends_differ(p_old bookings.booking, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.only_ends_differ(p_old bookings.booking, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.organisation_lock(p_organisation uuid) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ('-1'::integer - (plateau.low_bits(p_organisation) & '4611686018427387903'::bigint));
COMMENT ON FUNCTION bookings.organisation_lock(p_organisation uuid) IS 'Advisory lock of what an organisation may have at a time: holds and quotas. Sorts after every label and before every room.';
REVOKE ALL ON FUNCTION bookings.organisation_lock(p_organisation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.organisation_lock(p_organisation uuid) TO plateau_app, plateau_functions;

CREATE FUNCTION bookings.outlook(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_seats integer, p_persons integer, p_now timestamp with time zone, p_key uuid DEFAULT NULL::uuid, p_activity text DEFAULT NULL::text, p_supervision text DEFAULT NULL::text, p_holder_roles text[] DEFAULT '{}'::text[], p_holders uuid[] DEFAULT '{}'::uuid[], OUT verdict text, OUT free integer, OUT rules jsonb) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_gate labels.gate_result;
begin
    if p_slot is null then
        v_gate := labels.gate(p_resource.centre_id, p_resource.is_shared, p_zone, tstzrange(p_now, p_now + interval '1 minute'),
                              p_organisation, p_caller_centre, p_audiences, p_head_counts, false, p_resource.id);
        verdict := v_gate.verdict;
        rules := '[]';
        if v_gate.verdict <> 'allow' then
            select coalesce(jsonb_agg(g.rule), '[]') into rules
            from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional');
        end if;
    else
        select s.verdict, s.rules into verdict, rules
        from bookings.slot_rules(p_resource, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences, p_head_counts, p_persons, p_now,
                                 p_key, p_activity, p_supervision, p_holder_roles, p_holders) s;
    end if;
    if p_seats > p_resource.capacity then
        rules := rules || bookings.rule(null, 'capacity', 'quantityTooLarge', jsonb_build_object(
            'seats', p_seats, 'capacity', p_resource.capacity));
    end if;
    if p_slot is not null then
        free := p_resource.capacity - platforms.most_taken(
            p_resource.centre_id, p_resource.id, lower(p_slot) - make_interval(mins => p_resource.setup_minutes),
            upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes), '{}', '{}', '{}');
        if p_seats > free and p_seats <= p_resource.capacity then
            rules := rules || bookings.rule(null, 'capacity',
                case when p_resource.kind in ('equipment', 'workstation') then 'unitTaken' else 'capacityFull' end,
                jsonb_build_object('seats', p_seats, 'free', greatest(free, 0), 'capacity', p_resource.capacity));
        end if;
        if p_resource.parent_id is not null or p_resource.person_limit is not null then
            if p_resource.parent_id is not null then
                select least(free, p_resource.capacity - max(x.taken)) into free
                from platforms.path_steps(
                    p_resource, lower(p_slot) - make_interval(mins => p_resource.setup_minutes),
                    upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes)) x;
            end if;
            rules := rules || (
                select coalesce(jsonb_agg(t.rule - 'line'), '[]')
                from jsonb_array_elements(bookings.tree_rules(
                    1, p_zone, array[p_resource], array[lower(p_slot)], array[upper(p_slot)], array[p_seats], array[p_persons])) as t (rule));
        end if;
        free := greatest(free, 0);
    end if;
    if rules @> '[{"verdict": "deny"}]' then
        verdict := 'deny';
    end if;
end
$$;
COMMENT ON FUNCTION bookings.outlook(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_seats integer, p_persons integer, p_now timestamp with time zone, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[], OUT verdict text, OUT free integer, OUT rules jsonb) IS 'What bookings.reserve would say of one line, without its locks and without promising anything; with no slot only what the gate says today. rules: those that do not simply allow. free: seats over the whole slot.';
REVOKE ALL ON FUNCTION bookings.outlook(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_seats integer, p_persons integer, p_now timestamp with time zone, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[], OUT verdict text, OUT free integer, OUT rules jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.outlook(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_seats integer, p_persons integer, p_now timestamp with time zone, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[], OUT verdict text, OUT free integer, OUT rules jsonb) TO plateau_functions;

CREATE FUNCTION bookings.outside_opening(p_centre_id smallint, p_first date, p_last date, p_now timestamp with time zone) RETURNS TABLE(booking_id uuid, reference text, line smallint, resource_id uuid, starts timestamp with time zone, ends timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select b.id, b.reference, l.number, l.resource_id, l.starts, l.ends
    from platforms.resource r
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    join platforms.occupancy o on o.centre_id = r.centre_id and o.resource_id = r.id
         and o.ends > plateau.instant_of(p_first::timestamp, s.zone) and o.starts < plateau.instant_of((p_last + 1)::timestamp, s.zone)
         and o.ends > p_now and o.use_starts < o.use_ends
    join bookings.line l on l.centre_id = plateau.centre_of(o.holder_id) and l.booking_id = o.holder_id and l.number = o.line_number
         and l.resource_id = o.resource_id
    join bookings.booking b on b.centre_id = l.centre_id and b.id = l.booking_id
    where r.centre_id = p_centre_id
      and not coalesce((
          select range_agg(h.during) @> tstzrange(o.use_starts, o.use_ends)
          from centres.open_hours h
          where h.centre_id = r.centre_id and h.calendar_id = coalesce(r.calendar_id, r.site_id)
            and h.day = plateau.local_day(o.use_starts, s.zone)), false)
    group by b.id, b.reference, l.number, l.resource_id, l.starts, l.ends
    order by l.starts, b.id, l.number
$$;
ALTER FUNCTION bookings.outside_opening(p_centre_id smallint, p_first date, p_last date, p_now timestamp with time zone) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.outside_opening(p_centre_id smallint, p_first date, p_last date, p_now timestamp with time zone) IS 'Lines of bookings to come, at a centre, that are in use on some days at a time at which their resource is not open.';
REVOKE ALL ON FUNCTION bookings.outside_opening(p_centre_id smallint, p_first date, p_last date, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.outside_opening(p_centre_id smallint, p_first date, p_last date, p_now timestamp with time zone) TO plateau_app;

CREATE FUNCTION bookings.plan_label_effects(p_centre_id smallint, p_changed datemultirange, p_has_new_file boolean, p_now timestamp with time zone) RETURNS SETOF bookings.planned_effect
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return query
    with policy as materialized (
        select o from labels.policy o
    ), candidate as materialized (
        select b.id, b as booking, b.created_at,
               b.centres <> array[p_centre_id] or o.centre_id is not null as needs_others,
               b.centres = array[p_centre_id] and o.centre_id is null and not b.flags @> array['atRisk'] and not p_has_new_file as is_plain
        from bookings.touched_by(p_centre_id, p_changed) b
        join access.organisation o on o.id = b.organisation_id
        where o.centre_id is distinct from p_centre_id or b.centres <> array[p_centre_id]
    ), line as materialized (
        select c.id, c.is_plain, plateau.local_days(tstzrange(l.starts, l.ends), s.zone) as days
        from candidate c
        join bookings.line l on l.centre_id = plateau.centre_of(c.id) and l.booking_id = c.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    ), days as materialized (
        -- Thousands of bookings share a few hundred days.
        select d.days, w.verdict, w.code,
               case when w.verdict = 'deny' and w.code <> 'labelSuspended' then 3 when w.verdict = 'deny' then 2
                    when w.verdict = 'conditional' then 1 else 0 end as rank
        from (select distinct l.days from line l where l.is_plain) d
        cross join policy
        cross join lateral labels.whole_slot(p_centre_id, lower(d.days), upper(d.days) - 1, policy.o) w
    ), judged as (
        select l.id, (array_agg(d.verdict order by d.rank desc))[1] as verdict, (array_agg(d.code order by d.rank desc))[1] as code,
               false as needs_others
        from line l join days d on d.days = l.days
        where l.is_plain
        group by l.id
        having bool_or(l.days && p_changed)
        union all
        select c.id, j.verdict, j.code, c.needs_others
        from candidate c
        cross join policy
        cross join lateral bookings.judge_label(c.booking, policy.o) j
        where not c.is_plain and exists (select from line l where l.id = c.id and l.days && p_changed)
    ), effect as (
        select c.id, c.created_at, j.needs_others,
               bookings.label_effect_of(c.booking, j.verdict, j.code, policy.o, p_now) as effect
        from judged j join candidate c on c.id = j.id cross join policy
    )
    select e.id, e.effect, e.needs_others
    from effect e
    where e.effect is not null
    order by e.created_at, e.id;
end
$$;
COMMENT ON FUNCTION bookings.plan_label_effects(p_centre_id smallint, p_changed datemultirange, p_has_new_file boolean, p_now timestamp with time zone) IS 'What the labels as known now, and the files where one is new, do to the bookings around some days, oldest booking first. Writes nothing.';
REVOKE ALL ON FUNCTION bookings.plan_label_effects(p_centre_id smallint, p_changed datemultirange, p_has_new_file boolean, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.plan_label_effects(p_centre_id smallint, p_changed datemultirange, p_has_new_file boolean, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.priority_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_audiences text[], p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_today date := plateau.local_day(p_now, p_zone);
    v_days daterange := plateau.local_days(p_slot, p_zone);
    v_refusal record;
begin
    -- The first day that is kept for others: in season for somebody, for nobody here, and not released yet.
    select d.day::date as day, (array_agg(w.name order by w.number))[1] as name,
           array(select distinct a from platforms.priority_window x, unnest(x.audiences) a
                 where x.centre_id = p_resource.centre_id and x.resource_id = any (p_resource.id || p_resource.ancestors)
                   and platforms.in_season(d.day::date, x.season_from, x.season_to) order by a) as audiences,
           d.day::date - max(w.release_days) as released_on
    into v_refusal
    from generate_series(lower(v_days), upper(v_days) - 1, interval '1 day') as d (day)
    join platforms.priority_window w
        on w.centre_id = p_resource.centre_id and w.resource_id = any (p_resource.id || p_resource.ancestors)
       and platforms.in_season(d.day::date, w.season_from, w.season_to)
    group by d.day
    having not bool_or(cardinality(p_audiences) > 0 and p_audiences <@ w.audiences
                       or w.release_days is not null and d.day::date - v_today <= w.release_days)
    order by d.day limit 1;
    if not found then
        return '[]'::jsonb;
    end if;
    return jsonb_build_array(bookings.rule(p_line, 'priority', 'keptForOthers', jsonb_strip_nulls(jsonb_build_object(
        'day', v_refusal.day, 'window', v_refusal.name, 'audiences', v_refusal.audiences, 'releasedOn', v_refusal.released_on))));
end
$$;
COMMENT ON FUNCTION bookings.priority_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_audiences text[], p_now timestamp with time zone) IS 'The rule that a slot breaks on a day of a season that is kept for other audiences; an empty array when none.';
REVOKE ALL ON FUNCTION bookings.priority_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_audiences text[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.priority_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_audiences text[], p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.promote_next() RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_vacancies bigint[];
    v_next record;
    v_booking bookings.booking;
    v_verdict bookings.verdict;
    v_until timestamptz;
    v_now timestamptz := plateau.clock();
begin
    -- One at a time, so that nobody is offered anything before somebody who comes first; one entry a transaction, whose locks are
    -- those of one booking.
    if not pg_try_advisory_xact_lock(9, 0) then
        return null;
    end if;
    v_vacancies := array(select v.id from bookings.vacancy v);
    if v_vacancies = '{}' then
        return null;
    end if;
    select w.* into v_next
    from bookings.vacancy v
    cross join lateral bookings.waits_for(v.resource_id, v.starts, v.ends) w
    where v.id = any (v_vacancies)
      and (v.after_id is null
           or (-w.priority, w.joined_at, w.booking_id) > (-v.after_priority, v.after_joined, v.after_id))
    order by -w.priority, w.joined_at, w.booking_id limit 1;
    if not found then
        delete from bookings.vacancy v where v.id = any (v_vacancies);
        return 'done';
    end if;
    update bookings.vacancy v
    set after_priority = v_next.priority, after_joined = v_next.joined_at, after_id = v_next.booking_id
    where v.id = any (v_vacancies)
      and (v.after_id is null
           or (-v_next.priority, v_next.joined_at, v_next.booking_id) > (-v.after_priority, v.after_joined, v.after_id));
    select * into v_booking from bookings.booking b where b.centre_id = v_next.centre_id and b.id = v_next.booking_id;
    if v_booking.state <> 'waitlisted' or v_booking.expires_at <= v_now then
        return 'passed';
    end if;
    select least(v_booking.starts, v_now + make_interval(mins => p.accept_minutes)) into v_until from bookings.policy p;
    v_verdict := bookings.again(v_booking, bookings.acting_key(v_booking), 'held', v_until, 'offered', null);
    if v_verdict.outcome is distinct from 'changed' then
        return 'passed';
    end if;
    update bookings.waiting w set offered_at = v_now where w.centre_id = v_booking.centre_id and w.booking_id = v_booking.id;
    return 'offered';
end
$$;
ALTER FUNCTION bookings.promote_next() OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.promote_next() IS 'Offers room that appeared to the next who waits for it: what fits under the rules of a new booking is held for the accept window, what does not is passed. offered, passed, done (everything was gone through); null: there is none, or another instance is at it.';
REVOKE ALL ON FUNCTION bookings.promote_next() FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.promote_next() TO plateau_app;

CREATE FUNCTION bookings.proof_rule(p_line integer, p_rule text, p_proof text, p_named uuid[], p_needed integer, p_judged attestations.finding, p_facts jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    return jsonb_build_object(
        'line', p_line, 'rule', p_rule, 'verdict', case p_proof when 'atUse' then 'conditional' else 'deny' end,
        'code', case when cardinality(p_named) < p_needed then 'holderNotNamed'
                     when p_judged.withdrawn_on is not null then 'attestationWithdrawn'
                     when p_judged.valid_until is not null then 'attestationExpired'
                     else 'attestationMissing' end,
        'facts', jsonb_strip_nulls(p_facts || jsonb_build_object(
            'needed', p_needed, 'named', cardinality(p_named), 'held', p_judged.valid, 'holders', p_named,
            'validUntil', p_judged.valid_until, 'withdrawnOn', p_judged.withdrawn_on)));
end
$$;
REVOKE ALL ON FUNCTION bookings.proof_rule(p_line integer, p_rule text, p_proof text, p_named uuid[], p_needed integer, p_judged attestations.finding, p_facts jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.proof_rule(p_line integer, p_rule text, p_proof text, p_named uuid[], p_needed integer, p_judged attestations.finding, p_facts jsonb) TO plateau_functions;

CREATE FUNCTION bookings.proof_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_supervision text, p_roles text[], p_holders uuid[], p_participants integer) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_days daterange := plateau.local_days(p_slot, p_zone);
    v_asked record;
    v_named uuid[];
    v_needed integer;
    v_judged attestations.finding;
begin
    for v_asked in
        select q.holder, q.attestation, t.name, t.proof
        from platforms.prerequisite q
        join attestations.type t on t.code = q.attestation
        where q.centre_id = p_resource.centre_id and q.resource_id = any (p_resource.id || p_resource.ancestors)
        order by array_position(p_resource.id || p_resource.ancestors, q.resource_id), q.number
    loop
        v_named := case v_asked.holder
                       when 'company' then array[p_organisation]
                       else array(select n.id from unnest(p_roles, p_holders) as n (role, id) where n.role = v_asked.holder) end;
        v_needed := case v_asked.holder when 'participant' then p_participants else 1 end;
        v_judged := attestations.judge(v_named, v_asked.attestation, null, v_days);
        if v_judged.valid < v_needed then
            v_rules := v_rules || bookings.proof_rule(
                p_line, 'prerequisite', v_asked.proof, v_named, v_needed, v_judged, jsonb_build_object(
                    'holder', v_asked.holder, 'attestation', v_asked.attestation, 'name', v_asked.name,
                    'lastDay', upper(v_days) - 1, 'zone', p_zone));
        end if;
    end loop;
    if p_supervision = 'habilitatedTrainer' and 'habilitatedTrainer' = any (p_resource.supervision) then
        v_named := array(select n.id from unnest(p_roles, p_holders) as n (role, id) where n.role = 'trainer');
        v_judged := attestations.judge(v_named, null, p_resource.id || p_resource.ancestors, v_days);
        if v_judged.valid = 0 then
            v_rules := v_rules || bookings.proof_rule(
                p_line, 'habilitation', 'atBooking', v_named, 1, v_judged, jsonb_build_object(
                    'holder', 'trainer', 'lastDay', upper(v_days) - 1, 'zone', p_zone,
                    -- The nearest way out: who else may supervise here.
                    'instead', nullif(array_remove(p_resource.supervision, 'habilitatedTrainer'), '{}')));
        end if;
    end if;
    return v_rules;
end
$$;
COMMENT ON FUNCTION bookings.proof_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_supervision text, p_roles text[], p_holders uuid[], p_participants integer) IS 'What a line asks somebody to hold (the resource and all it stands in) and nobody named holds on every day of the slot, with what was found. An empty array when all is proven. Only types that the network knows are rules.';
REVOKE ALL ON FUNCTION bookings.proof_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_supervision text, p_roles text[], p_holders uuid[], p_participants integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.proof_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_supervision text, p_roles text[], p_holders uuid[], p_participants integer) TO plateau_functions;

CREATE FUNCTION bookings.proofs_lacking(p_booking bookings.booking, p_lines smallint[]) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_line record;
    v_participants integer := coalesce((select sum(n) from unnest(p_booking.head_counts) n), 0);
begin
    if p_booking.activity = 'maintenance' then
        return v_rules;
    end if;
    for v_line in
        select r, s.zone, l.number, l.starts, l.ends, least(v_participants, coalesce(l.persons::integer, v_participants)) as participants
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and (p_lines is null or l.number = any (p_lines))
        order by l.number
    loop
        v_rules := v_rules || bookings.proof_rules(
            v_line.number, v_line.r, v_line.zone, tstzrange(v_line.starts, v_line.ends), p_booking.organisation_id,
            p_booking.supervision, p_booking.holder_roles, p_booking.holders, v_line.participants);
    end loop;
    -- What the staff has set aside, as it was then.
    return coalesce((
        select jsonb_agg(e.rule)
        from jsonb_array_elements(v_rules) as e (rule)
        where not exists (select from bookings.override o
                          where o.centre_id = p_booking.centre_id and o.booking_id = p_booking.id and o.rule = e.rule)), '[]');
end
$$;
COMMENT ON FUNCTION bookings.proofs_lacking(p_booking bookings.booking, p_lines smallint[]) IS 'The rules of bookings.proof_rules that a booking, or some of its lines, breaks as things stand, but for those that staff set aside.';
REVOKE ALL ON FUNCTION bookings.proofs_lacking(p_booking bookings.booking, p_lines smallint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.proofs_lacking(p_booking bookings.booking, p_lines smallint[]) TO plateau_functions;

CREATE FUNCTION bookings.quota_rules(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return coalesce((
        select jsonb_agg(bookings.rule(null, 'quota', 'quotaExceeded', jsonb_strip_nulls(jsonb_build_object(
            'quotaId', (u.quota).id, 'period', (u.quota).period, 'periodStart', u.period_start,
            'minutes', u.minutes, 'drawnMinutes', u.drawn_minutes, 'mostMinutes', (u.quota).most_minutes,
            'drawnBookings', case when (u.quota).most_bookings is not null then u.drawn_bookings end,
            'mostBookings', (u.quota).most_bookings))))
        from bookings.quota_use(p_organisation, p_booking, p_resources, p_zones, p_starts, p_ends) u
        where (u.quota).kind = 'limit'
          and (u.drawn_minutes + u.minutes > (u.quota).most_minutes or u.drawn_bookings + u.bookings > (u.quota).most_bookings)), '[]');
end
$$;
REVOKE ALL ON FUNCTION bookings.quota_rules(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.quota_rules(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) TO plateau_functions;

CREATE FUNCTION bookings.quota_use(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) RETURNS TABLE(quota bookings.quota, period_start date, minutes integer, bookings integer, drawn_minutes integer, drawn_bookings integer)
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return query
    with line as (
        select (p_resources[i]).centre_id as centre_id, (p_resources[i]).id || (p_resources[i]).ancestors as path,
               p_starts[i] at time zone p_zones[i] as local_starts, p_starts[i] as starts, p_ends[i] as ends, p_zones[i] as zone
        from generate_series(1, cardinality(p_starts)) as i
        where (p_resources[i]).id is not null
    ), piece as (
        select q, p.at::date as period_start,
               greatest(l.starts, plateau.instant_of(p.at, l.zone)) as starts,
               least(l.ends, plateau.instant_of(p.at + ('1 ' || q.period)::interval, l.zone)) as ends
        from bookings.quota q
        join line l on (q.centre_id = 0 or q.centre_id = l.centre_id) and (q.resource_id is null or q.resource_id = any (l.path))
                   and q.during @> l.local_starts::date
        cross join lateral generate_series(
            date_trunc(q.period, l.local_starts), (l.ends - interval '1 microsecond') at time zone l.zone,
            ('1 ' || q.period)::interval) as p (at)
        where q.organisation_id = p_organisation and q.ended_at is null
    ), asked as (
        select p.q, p.period_start, (sum(extract(epoch from p.ends - p.starts)) / 60)::integer as minutes
        from piece p group by p.q, p.period_start
    )
    select a.q, a.period_start, a.minutes,
           case when a.period_start = min(a.period_start) over (partition by (a.q).id) then 1 else 0 end,
           coalesce(d.minutes, 0)::integer, coalesce(d.bookings, 0)::integer
    from asked a
    cross join lateral (
        select sum(w.minutes) as minutes, sum(w.bookings) as bookings from bookings.draw w
        where w.centre_id = (a.q).centre_id and w.quota_id = (a.q).id and w.period_start = a.period_start
          and w.booking_id <> p_booking) d
    order by (a.q).centre_id, (a.q).id, a.period_start;
end
$$;
COMMENT ON FUNCTION bookings.quota_use(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) IS 'What some lines would take of each quota of an organisation, period by period of the site''s days, and what other bookings have drawn already.';
REVOKE ALL ON FUNCTION bookings.quota_use(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.quota_use(p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) TO plateau_functions;

CREATE FUNCTION bookings.record_decision(p_centre_id smallint, p_decision uuid, p_key uuid, p_simulation uuid) RETURNS TABLE(outcome text, recorded_at timestamp with time zone, planned integer, booking_ids uuid[], effects text[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_approved record;
    v_seen bookings.label_simulation;
    v_now timestamptz;
    v_plan bookings.planned_effect[];
begin
    select * into v_approved from labels.approve_decision(p_centre_id, p_decision, p_key);
    outcome := v_approved.outcome;
    recorded_at := v_approved.recorded_at;
    if outcome <> 'recorded' then
        return next;
        return;
    end if;
    v_now := plateau.clock();
    v_plan := array(select row (e.booking_id, e.effect, e.needs_others)::bookings.planned_effect
                    from bookings.plan_label_effects(p_centre_id, v_approved.changed, false, v_now) e);
    if p_simulation is not null then
        select * into v_seen from bookings.label_simulation s where s.centre_id = p_centre_id and s.id = p_simulation;
        if v_seen.decision_id is distinct from p_decision then
            outcome := 'simulationUnknown';
        else
            -- What is on one list and not, or otherwise, on the other. The caller rolls back.
            select array_agg(d.booking_id), array_agg(d.effect) into booking_ids, effects
            from (
                select coalesce(n.booking_id, o.booking_id) as booking_id, coalesce(n.effect, 'none') as effect
                from unnest(v_plan) n
                full join unnest(v_seen.booking_ids, v_seen.planned) as o (booking_id, effect) on o.booking_id = n.booking_id
                where n.effect is distinct from o.effect
                order by 1
                limit 1000) d;
            if booking_ids is not null then
                outcome := 'simulationChanged';
            end if;
        end if;
        if outcome <> 'recorded' then
            return next;
            return;
        end if;
    end if;
    perform bookings.freeze_effects(p_centre_id, p_decision, 'decision', p_decision, v_approved.changed, p_key, v_now, v_plan, 200);
    planned := cardinality(v_plan);
    select array_agg(e.booking_id order by e.number), array_agg(e.outcome order by e.number) into booking_ids, effects
    from bookings.label_effect e
    where e.centre_id = p_centre_id and e.change_id = p_decision and e.applied_at is not null;
    return next;
end
$$;
ALTER FUNCTION bookings.record_decision(p_centre_id smallint, p_decision uuid, p_key uuid, p_simulation uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.record_decision(p_centre_id smallint, p_decision uuid, p_key uuid, p_simulation uuid) IS 'Approves a proposal and plans its effects under the centre''s exclusive lock. outcome: as labels.approve_decision, or simulationUnknown, simulationChanged (with what differs from the list that the approver saw): then the caller rolls back. planned: how many bookings it touches; booking_ids and effects: what was done at once.';
REVOKE ALL ON FUNCTION bookings.record_decision(p_centre_id smallint, p_decision uuid, p_key uuid, p_simulation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.record_decision(p_centre_id smallint, p_decision uuid, p_key uuid, p_simulation uuid) TO plateau_app;

CREATE FUNCTION bookings.record_use(p_booking uuid, p_key uuid, p_version integer, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) RETURNS TABLE(outcome text, version integer, state text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
    elsif not bookings.may_use(p_key, v_booking, v_now) then
        return query select 'forbidden', v_booking.version, v_booking.state;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('inUse', 'completed') then
        return query select 'notInUse', v_booking.version, v_booking.state;
    else
        perform bookings.note_use(v_booking, p_key, p_audiences, p_head_counts, p_accompanying, p_incident, v_now);
        perform bookings.stay(v_booking, v_booking.state, v_booking.flags, v_booking.at_risk_until, p_key,
                              case when p_incident is null then 'attendanceRecorded' else 'incidentReported' end,
                              case when p_incident is null then 'booking.attendance' else 'booking.incident' end, v_now);
        return query select 'recorded', v_booking.version + 1, v_booking.state;
    end if;
end
$$;
ALTER FUNCTION bookings.record_use(p_booking uuid, p_key uuid, p_version integer, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.record_use(p_booking uuid, p_key uuid, p_version integer, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) IS 'Records who came (audiences null: not told) or an incident (null: none), during the use or after. outcome: recorded, notFound, forbidden, versionMismatch, notInUse.';
REVOKE ALL ON FUNCTION bookings.record_use(p_booking uuid, p_key uuid, p_version integer, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.record_use(p_booking uuid, p_key uuid, p_version integer, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text) TO plateau_app;

CREATE FUNCTION bookings.refuse_transition(p_booking bookings.booking, p_to text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    if not bookings.may_become(p_booking.state, p_to) then
        raise exception 'a booking that is % does not become %', p_booking.state, p_to
            using errcode = 'check_violation', constraint = 'booking_state_follows';
    end if;
end
$$;
REVOKE ALL ON FUNCTION bookings.refuse_transition(p_booking bookings.booking, p_to text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.refuse_transition(p_booking bookings.booking, p_to text) TO plateau_functions;

CREATE FUNCTION bookings.release_due(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_policy labels.policy;
    v_due bookings.booking[];
    v_booking bookings.booking;
    v_judged record;
    v_calm text[];
    v_count integer := 0;
begin
    v_due := array(select d from bookings.next_due(v_now, p_limit) d limit p_limit);
    if cardinality(v_due) = 0 then
        return 0;
    end if;
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c.centre_id) as key
          from unnest(v_due) d
          join access.organisation o on o.id = d.organisation_id
          cross join lateral (select unnest(d.centres) union select o.centre_id) as c (centre_id)
          where c.centre_id is not null order by 1) k;
    select * into v_policy from labels.policy;
    for v_booking in
        select b.* from unnest(v_due) d join bookings.booking b on b.centre_id = d.centre_id and b.id = d.id and b.version = d.version
        order by b.centre_id, b.id for update of b
    loop
        v_judged := bookings.judge_label(v_booking, v_policy);
        v_calm := array_remove(v_booking.flags, 'atRisk');
        if v_booking.starts <= v_now then
            perform bookings.stay(v_booking, v_booking.state, v_booking.flags, null, null, v_judged.code, 'booking.kept', v_now);
        elsif v_judged.verdict = 'deny' or v_judged.verdict = 'conditional' and v_booking.at_risk_until is null then
            perform bookings.leave(v_booking, 'cancelledByNetwork', null, null, v_judged.code, 'booking.cancelled', v_now);
        else
            perform bookings.stay(v_booking, case when v_judged.verdict = 'allow' and v_booking.state = 'conditional' then 'confirmed'
                                                  else v_booking.state end, v_calm, null, null, v_judged.code, 'booking.cleared', v_now);
        end if;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
ALTER FUNCTION bookings.release_due(p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.release_due(p_limit integer) IS 'Cancels for the network what is at risk and whose notice has ended, and conditional bookings that the policy releases; clears those that are in order again. How many it looked at.';
REVOKE ALL ON FUNCTION bookings.release_due(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.release_due(p_limit integer) TO plateau_app;

CREATE FUNCTION bookings.release_lapsed(p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_booking bookings.booking;
    v_count integer := 0;
begin
    for v_booking in
        select b.*
        from bookings.booking b
        where (b.centre_id, b.id) in (
            select plateau.centre_of(o.holder_id), o.holder_id
            from unnest(p_resources, p_starts, p_ends) as l (resource_id, starts, ends)
            join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
            join platforms.occupancy o on o.centre_id = r.centre_id and o.resource_id = any (r.id || r.ancestors)
                and o.ends > l.starts - interval '1 day' and o.ends <= l.ends + interval '2 days')
          and (b.expires_at <= v_now or b.state in ('conditional', 'confirmed') and b.starts < v_now)
        order by b.centre_id, b.id
        -- Whoever is changing one of them sees to it: nobody waits for a booking while holding a room.
        for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end
$$;
COMMENT ON FUNCTION bookings.release_lapsed(p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) IS 'Frees what takes the room of some lines although its deadline has passed. Asked before anybody is refused for lack of room.';
REVOKE ALL ON FUNCTION bookings.release_lapsed(p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.release_lapsed(p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[]) TO plateau_functions;

CREATE FUNCTION bookings.reserve(p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_idempotency_key text, p_request_hash bytea, p_dry_run boolean, p_persons integer[] DEFAULT NULL::integer[], p_supervision text DEFAULT NULL::text, p_as text DEFAULT 'booked'::text, p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_version integer DEFAULT NULL::integer, p_reason text DEFAULT NULL::text, p_overridden text[] DEFAULT NULL::text[], p_holder_roles text[] DEFAULT NULL::text[], p_holders uuid[] DEFAULT NULL::uuid[]) RETURNS bookings.verdict
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_verdict bookings.verdict;
    v_known access.idempotency;
    v_centre_id smallint := plateau.centre_of(p_booking);
    v_centres smallint[];
    v_caller_organisation uuid;
    v_caller_centre smallint;
    v_now timestamptz;
    v_starts timestamptz;
    v_ends timestamptz;
    v_lines integer := cardinality(p_resources);
    v_resources platforms.resource[];
    v_resource platforms.resource;
    v_zones text[];
    v_found record;
    v_slot tstzrange;
    v_gate labels.gate_result;
    v_rules jsonb := '[]'::jsonb;
    v_refused boolean := false;
    v_free integer;
    v_seats integer;
    v_locks bigint[] := '{}'::bigint[];
    v_setup interval;
    v_cleanup interval;
    v_participants integer := coalesce((select sum(n) from unnest(p_head_counts) n), 0);
    v_everybody integer := v_participants + p_accompanying;
    v_persons integer[] := '{}'::integer[];
    v_more_starts timestamptz[] := '{}'::timestamptz[];
    v_more_ends timestamptz[] := '{}'::timestamptz[];
    v_more_seats integer[] := '{}'::integer[];
    v_old bookings.booking;
    v_kind text;
    v_has_quota boolean;
    v_terms bookings.resource_terms;
    v_all_terms bookings.resource_terms[];
    v_approving smallint[] := '{}'::smallint[];
    v_set_aside jsonb := '[]'::jsonb;
    v_is_settled boolean;
begin
    -- Before anything is told of what was done under a key: a replay is for those who may book.
    select array_agg(distinct plateau.centre_of(r)) into v_centres from unnest(p_resources) r;
    if not access.may_book_for(p_key, p_organisation, v_centres) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;

    -- One key, one effect. A duplicate in flight is told so and never waits. The key is the caller's, whomever it books for.
    if p_idempotency_key is not null then
        select k.organisation_id into v_caller_organisation from access.api_key k where k.id = p_key;
        if not pg_try_advisory_xact_lock(hashtextextended(v_caller_organisation::text || p_idempotency_key, 77)) then
            v_verdict.outcome := 'inFlight';
            return v_verdict;
        end if;
        select * into v_known from access.idempotency k
        where k.organisation_id = v_caller_organisation and k.key = p_idempotency_key
          and k.created_at > plateau.clock() - interval '7 days';
        if found then
            if v_known.request_hash <> p_request_hash or v_known.subject_id is null then
                v_verdict.outcome := 'keyReused';
                return v_verdict;
            end if;
            return bookings.verdict_of(v_known.subject_id);
        end if;
    end if;

    select o.centre_id, o.kind, o.has_quota into v_caller_centre, v_kind, v_has_quota
    from access.organisation o where o.id = p_organisation;
    if not found then
        v_verdict.outcome := 'organisationUnknown';
        return v_verdict;
    end if;

    -- Labels and rules of use stand still while this lock is held; a decision takes it exclusively.
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key from unnest(v_centres || v_caller_centre) c where c is not null order by 1) k;
    v_now := plateau.clock();
    -- What an organisation may have at a time is counted by one booking after the other.
    if v_has_quota or p_as = 'held' then
        perform pg_advisory_xact_lock(bookings.organisation_lock(p_organisation));
    end if;

    -- Row by row: a join over the whole request reads every resource, because its plan is made for any number of lines.
    for i in 1 .. v_lines loop
        select r as resource, s.zone into v_found
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = plateau.centre_of(p_resources[i]) and r.id = p_resources[i];
        v_zones[i] := v_found.zone;
        v_starts := least(v_starts, p_starts[i]);
        v_ends := greatest(v_ends, p_ends[i]);
        if found then
            v_resource := v_found.resource;
            v_resources[i] := v_resource;
            v_locks := v_locks || platforms.room_locks(v_resource, tstzrange(p_starts[i], p_ends[i]));
        end if;
    end loop;

    -- Room: every day of every line, buffers included, in one ascending order for all callers.
    if cardinality(v_locks) > 1 then
        v_locks := array(select distinct k from unnest(v_locks) as k order by k);
    end if;
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));

    if p_version is not null then
        select * into v_old from bookings.booking b where b.centre_id = v_centre_id and b.id = p_booking for update;
        if v_old.version is distinct from p_version then
            v_verdict.outcome := 'versionMismatch';
            return v_verdict;
        end if;
        -- Its own room is free to itself; the caller takes this back when it is refused.
        delete from platforms.occupancy o where o.centre_id = any (v_old.centres) and o.holder_id = p_booking;
    end if;

    v_verdict.flags := '{}';
    v_verdict.state := 'confirmed';
    if p_activity in ('catalogueTraining', 'bespokeTraining', 'awareness') and cardinality(p_audiences) = 0 then
        v_rules := v_rules || bookings.rule(null, 'participants', 'participantsRequired', jsonb_build_object('activity', p_activity));
        v_refused := true;
    end if;
    if p_activity = 'companyProduction' and not access.may_produce(p_organisation, p_resources, p_starts, p_ends, v_zones)
        or p_activity = 'maintenance' and not access.has_role(
        p_key, array['centreStaff', 'centreManager'], v_centre_id) then
        v_rules := v_rules || bookings.rule(null, 'activity', 'activityNotAllowed', jsonb_build_object('activity', p_activity));
        v_refused := true;
    end if;

    if p_holders <> '{}' then
        v_rules := v_rules || coalesce((
            select jsonb_agg(bookings.rule(null, 'holder', 'holderUnknown', jsonb_build_object('holderId', n.id)))
            from unnest(p_holders) as n (id)
            where not exists (select from attestations.holder h where h.id = n.id and h.kind = 'person' and h.erased_at is null)), '[]');
    end if;

    for i in 1 .. v_lines loop
        if v_zones[i] is null then
            v_rules := v_rules || bookings.rule(i, 'resource', 'resourceUnknown', jsonb_build_object('resourceId', p_resources[i]));
            v_refused := true;
            v_verdict.seats := v_verdict.seats || 0;
            v_persons := v_persons || 0;
            continue;
        end if;
        v_resource := v_resources[i];
        v_slot := tstzrange(p_starts[i], p_ends[i]);
        v_setup := make_interval(mins => v_resource.setup_minutes);
        v_cleanup := make_interval(mins => v_resource.cleanup_minutes);

        v_gate := labels.gate(v_resource.centre_id, v_resource.is_shared, v_zones[i], v_slot, p_organisation, v_caller_centre,
                              p_audiences, p_head_counts, false, v_resource.id);
        if v_gate.verdict <> 'allow' then
            v_refused := v_refused or v_gate.verdict = 'deny';
            v_rules := v_rules || (
                select jsonb_agg(jsonb_build_object('line', i) || g.rule)
                from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional'));
            v_verdict.state := 'conditional';
            v_verdict.conditional_until := least(v_verdict.conditional_until, v_gate.conditional_until);
        end if;
        if v_resource.has_terms or v_resource.parent_id is not null then
            v_terms := bookings.terms_of(v_resource);
            v_all_terms[i] := v_terms;
            if v_terms.approval_for <> '{}' and v_caller_centre is distinct from v_resource.centre_id
                and v_resource.centre_id <> all (v_approving)
                and ('always' = any (v_terms.approval_for)
                     or 'exclusiveUse' = any (v_terms.approval_for) and p_seats[i] = 0
                     or 'company' = any (v_terms.approval_for) and v_kind = 'company'
                     or 'companyProduction' = any (v_terms.approval_for) and p_activity = 'companyProduction'
                     or 'conditionalLabel' = any (v_terms.approval_for) and v_gate.verdict = 'conditional')
                -- Its own staff books for others: that is the approval.
                and not access.has_role(p_key, array['centreStaff', 'centreManager'], v_resource.centre_id) then
                v_approving := v_approving || v_resource.centre_id;
            end if;
        end if;
        if v_gate.label_status = 'provisional' and not v_verdict.flags @> array['provisional'] then
            v_verdict.flags := v_verdict.flags || 'provisional'::text;
        end if;
        if i = 1 then
            v_verdict.label_status := v_gate.label_status;
            v_verdict.label_decision_id := v_gate.label_decision_id;
            v_verdict.file_number := v_gate.file_number;
        end if;

        v_rules := v_rules || bookings.time_rules(i, v_resource, v_zones[i], v_slot, v_now);
        if v_resource.has_priority and p_activity <> 'maintenance' then
            v_rules := v_rules || bookings.priority_rules(i, v_resource, v_zones[i], v_slot, p_audiences, v_now);
        end if;
        if v_resource.supervision <> '{}' and coalesce(p_supervision, 'unsupervised') <> all (v_resource.supervision) then
            v_rules := v_rules || bookings.rule(i, 'supervision', 'supervisionNotOffered', jsonb_build_object(
                'supervision', coalesce(p_supervision, 'unsupervised'), 'offered', v_resource.supervision));
        end if;

        -- 0 asks for the whole platform.
        v_seats := case p_seats[i] when 0 then v_resource.capacity else p_seats[i] end;
        v_verdict.seats := v_verdict.seats || v_seats;
        -- Everybody comes to every line, unless it says how many.
        v_persons := v_persons || coalesce(nullif(p_persons[i], -1), v_everybody);
        if (v_resource.has_prerequisites or v_resource.parent_id is not null or p_supervision = 'habilitatedTrainer')
            and p_activity <> 'maintenance' then
            v_rules := v_rules || bookings.proof_rules(
                i, v_resource, v_zones[i], v_slot, p_organisation, p_supervision, p_holder_roles, p_holders,
                least(v_participants, v_persons[i]));
        end if;
        if v_seats > v_resource.capacity then
            v_rules := v_rules || bookings.rule(i, 'capacity', 'quantityTooLarge', jsonb_build_object(
                'seats', v_seats, 'capacity', v_resource.capacity));
        else
            -- What earlier lines of this request take of the same resource.
            if i > 1 then
                select coalesce(array_agg(e.starts - v_setup), '{}'), coalesce(array_agg(e.ends + v_cleanup), '{}'),
                       coalesce(array_agg(e.seats), '{}')
                into v_more_starts, v_more_ends, v_more_seats
                from unnest(p_resources[:i - 1], p_starts[:i - 1], p_ends[:i - 1], v_verdict.seats[:i - 1]) as e (resource_id, starts, ends, seats)
                where e.resource_id = v_resource.id;
            end if;
            v_free := v_resource.capacity - platforms.most_taken(
                v_resource.centre_id, v_resource.id, p_starts[i] - v_setup, p_ends[i] + v_cleanup,
                v_more_starts, v_more_ends, v_more_seats);
            if v_seats > v_free then
                v_rules := v_rules || bookings.rule(i, 'capacity',
                    case when v_resource.kind in ('equipment', 'workstation') then 'unitTaken' else 'capacityFull' end,
                    jsonb_build_object('seats', v_seats, 'free', greatest(v_free, 0), 'capacity', v_resource.capacity));
            end if;
            if v_resource.parent_id is not null or v_resource.person_limit is not null then
                v_rules := v_rules || bookings.tree_rules(
                    i, v_zones[i], v_resources, p_starts, p_ends, v_verdict.seats, v_persons);
            end if;
        end if;
    end loop;

    if v_has_quota then
        v_rules := v_rules || bookings.quota_rules(p_organisation, p_booking, v_resources, v_zones, p_starts, p_ends);
    end if;
    if p_as = 'held' and p_version is null then
        v_rules := v_rules || bookings.hold_rules(p_organisation, v_now);
    end if;
    if v_old.starts = v_starts and v_rules <> '[]'::jsonb then
        -- What begins when it was to begin needs no notice again.
        v_rules := coalesce((select jsonb_agg(r.rule) from jsonb_array_elements(v_rules) as r (rule)
                             where r.rule ->> 'code' not in ('inThePast', 'noticeTooShort')), '[]');
    end if;
    if p_overridden <> '{}' and v_rules <> '[]'::jsonb then
        select coalesce(jsonb_agg(r.rule) filter (where r.is_set_aside), '[]'),
               coalesce(jsonb_agg(r.rule) filter (where not r.is_set_aside), '[]')
        into v_set_aside, v_rules
        from (select e.rule, e.rule ->> 'verdict' = 'deny' and e.rule ->> 'code' = any (p_overridden)
                     and bookings.is_overridable(e.rule ->> 'code') as is_set_aside
              from jsonb_array_elements(v_rules) as e (rule)) r;
        if v_set_aside <> '[]'::jsonb and exists (
            select from unnest(v_centres) c where not access.has_role(p_key, array['centreStaff', 'centreManager'], c)) then
            v_verdict.outcome := 'overrideForbidden';
            return v_verdict;
        end if;
        v_refused := false;
    end if;

    if v_rules <> '[]'::jsonb then
        v_refused := v_refused or exists (select from jsonb_array_elements(v_rules) as r (rule) where r.rule ->> 'verdict' = 'deny');
        v_verdict.rules := v_rules;
        if exists (select from jsonb_array_elements(v_rules) as r (rule)
                   where r.rule ->> 'verdict' = 'conditional' and r.rule ->> 'rule' = 'prerequisite') then
            v_verdict.flags := v_verdict.flags || 'needsProof'::text;
        end if;
    end if;
    if v_refused and p_as = 'draft' then
        v_refused := array_position(v_zones, null) is not null or v_zones is null;
    elsif v_refused and bookings.lacks_room_alone(v_rules) then
        -- What has lapsed is in nobody's way; then everything is judged anew.
        if bookings.release_lapsed(p_resources, p_starts, p_ends) > 0 then
            return bookings.reserve(
                p_booking, p_reference, p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, p_idempotency_key, p_request_hash,
                p_dry_run, p_persons, p_supervision, p_as, p_expires_at, p_version, p_reason, p_overridden,
                p_holder_roles, p_holders);
        end if;
        if not p_dry_run and p_version is null then
            perform bookings.note_unmet(v_rules, p_resources, p_starts, p_ends, v_verdict.seats, p_organisation,
                                        case p_as when 'waitlisted' then 'waitlisted' else 'refused' end, v_now);
        end if;
        if p_as = 'waitlisted' then
            v_verdict.state := 'waitlisted';
            v_refused := false;
        end if;
    end if;
    if v_refused then
        v_verdict.outcome := 'refused';
        return v_verdict;
    end if;
    if p_as = 'draft' then
        v_verdict.state := 'draft';
        v_verdict.expires_at := v_starts;
    elsif v_verdict.state = 'waitlisted' then
        v_verdict.expires_at := v_starts;
    elsif p_as = 'held' then
        v_verdict.state := 'held';
        v_verdict.expires_at := p_expires_at;
    elsif v_old.state = 'inUse' then
        v_verdict.state := 'inUse';
    elsif v_approving <> '{}' and not bookings.is_approved(v_old, p_activity, p_audiences, p_head_counts, p_resources, p_starts, p_ends, p_seats) then
        v_verdict.state := 'requested';
        v_verdict.expires_at := bookings.approval_deadline(v_starts, v_now);
    end if;
    v_verdict.zones := v_zones;
    v_verdict.booking_id := p_booking;
    v_verdict.reference := p_reference;
    v_verdict.recorded_at := v_now;
    if p_dry_run then
        v_verdict.outcome := 'wouldCreate';
        return v_verdict;
    end if;

    if p_version is null then
        insert into bookings.booking (
            centre_id, id, reference, organisation_id, centres, state, initial_state, flags, starts, ends, activity, audiences, head_counts,
            accompanying, title, contact_name, contact_email, programme, label_status, label_decision_id, file_number, conditional_until,
            created_at, created_by, supervision, expires_at, holder_roles, holders)
        values (v_centre_id, p_booking, p_reference, p_organisation, v_centres, v_verdict.state, v_verdict.state, v_verdict.flags,
                v_starts, v_ends, p_activity, p_audiences, p_head_counts,
                p_accompanying, p_title, p_contact_name, p_contact_email, p_programme, v_verdict.label_status,
                v_verdict.label_decision_id, v_verdict.file_number, v_verdict.conditional_until, v_now, p_key, p_supervision,
                v_verdict.expires_at, coalesce(p_holder_roles, '{}'), coalesce(p_holders, '{}'));
    else
        update bookings.booking b
        set centres = v_centres, state = v_verdict.state,
            flags = v_verdict.flags || array(
                select f from unnest(v_old.flags) f
                where f = 'atRisk' and v_verdict.state = 'conditional' and f <> all (v_verdict.flags)),
            at_risk_until = case when v_verdict.state = 'conditional' then b.at_risk_until end,
            starts = v_starts, ends = v_ends, activity = p_activity, audiences = p_audiences, head_counts = p_head_counts,
            accompanying = p_accompanying, title = p_title, contact_name = p_contact_name, contact_email = p_contact_email,
            programme = p_programme, supervision = p_supervision,
            holder_roles = coalesce(p_holder_roles, '{}'), holders = coalesce(p_holders, '{}'), label_status = v_verdict.label_status,
            label_decision_id = v_verdict.label_decision_id, file_number = v_verdict.file_number,
            conditional_until = v_verdict.conditional_until, expires_at = v_verdict.expires_at, version = b.version + 1
        where b.centre_id = v_centre_id and b.id = p_booking;
        perform bookings.refuse_transition(v_old, v_verdict.state);
        delete from bookings.line l where l.centre_id = v_centre_id and l.booking_id = p_booking;
        delete from bookings.booking_terms x where x.centre_id = v_centre_id and x.booking_id = p_booking;
        delete from bookings.approval x where x.centre_id = v_centre_id and x.booking_id = p_booking and x.decided_at is null;
    end if;
    v_is_settled := v_verdict.state not in ('draft', 'waitlisted');
    for i in 1 .. v_lines loop
        v_resource := v_resources[i];
        insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive, persons)
        values (v_centre_id, p_booking, i, p_resources[i], p_starts[i], p_ends[i], v_verdict.seats[i], p_seats[i] = 0,
                nullif(p_persons[i], -1));
        continue when not v_is_settled;
        perform platforms.occupy(v_resource, v_zones[i], tstzrange(p_starts[i], p_ends[i]), v_verdict.seats[i], p_booking, i::smallint,
                                p_organisation, v_persons[i], p_seats[i] = 0);
        if v_all_terms[i] is not null then
            v_terms := v_all_terms[i];
            insert into bookings.booking_terms (
                centre_id, booking_id, line_number, terms_version, free_working_days, late_fee_percent, no_show_fee_percent)
            values (v_centre_id, p_booking, i, v_terms.version, v_terms.free_working_days, v_terms.late_fee_percent,
                    v_terms.no_show_fee_percent);
        end if;
    end loop;
    if v_has_quota and v_is_settled then
        perform bookings.draw_quotas(p_organisation, p_booking, v_resources, v_zones, p_starts, p_ends);
    end if;
    if v_approving <> '{}' and v_verdict.state in ('held', 'requested') then
        insert into bookings.approval (centre_id, booking_id, approving_centre, version, asked_at)
        select v_centre_id, p_booking, c, coalesce(p_version, 0) + 1, v_now from unnest(v_approving) c;
    end if;
    if v_set_aside <> '[]'::jsonb then
        insert into bookings.override (centre_id, booking_id, version, number, rule, reason, key_id, at)
        select v_centre_id, p_booking, coalesce(p_version, 0) + 1, r.number, r.rule, p_reason, p_key, v_now
        from jsonb_array_elements(v_set_aside) with ordinality as r (rule, number);
    end if;
    if v_verdict.state = 'waitlisted' then
        insert into bookings.waiting (centre_id, booking_id, priority, joined_at)
        values (v_centre_id, p_booking, 0, v_now)
        on conflict on constraint waiting_pkey do nothing;
    end if;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, organisation_id, reason)
    values (v_centre_id, p_booking, coalesce(p_version, 0) + 1, v_old.state, v_verdict.state, v_now, p_key, p_organisation, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (v_centre_id, case when p_version is null then 'booking.created' else 'booking.changed' end, p_booking, p_organisation,
            coalesce(p_version, 0) + 1, v_now);
    if p_idempotency_key is not null then
        insert into access.idempotency as k (organisation_id, key, request_hash, subject_id, created_at)
        values (v_caller_organisation, p_idempotency_key, p_request_hash, p_booking, v_now)
        on conflict (organisation_id, key) do update
            set request_hash = excluded.request_hash, subject_id = excluded.subject_id, status = null, body = null, etag = null,
                location = null, created_at = excluded.created_at;
    end if;
    v_verdict.outcome := case when p_version is null then 'created' else 'changed' end;
    return v_verdict;
end
$$;
ALTER FUNCTION bookings.reserve(p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_idempotency_key text, p_request_hash bytea, p_dry_run boolean, p_persons integer[], p_supervision text, p_as text, p_expires_at timestamp with time zone, p_version integer, p_reason text, p_overridden text[], p_holder_roles text[], p_holders uuid[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.reserve(p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_idempotency_key text, p_request_hash bytea, p_dry_run boolean, p_persons integer[], p_supervision text, p_as text, p_expires_at timestamp with time zone, p_version integer, p_reason text, p_overridden text[], p_holder_roles text[], p_holders uuid[]) IS 'Reserves every line or none. Takes the locks, asks the gate, tests rules of use and room, writes, and answers with a row: a refusal is data. persons: of each line, -1 (or no list) for everybody. as: booked, held (until expires_at), waitlisted (waits when only room is lacking) or draft (takes no room). version: of the booking that is to become this; its room is freed before, so the caller undoes what is refused. overridden: codes of rules that staff sets aside, for a reason. holder_roles, holders: who is named for what the resources ask somebody to hold.';
REVOKE ALL ON FUNCTION bookings.reserve(p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_idempotency_key text, p_request_hash bytea, p_dry_run boolean, p_persons integer[], p_supervision text, p_as text, p_expires_at timestamp with time zone, p_version integer, p_reason text, p_overridden text[], p_holder_roles text[], p_holders uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.reserve(p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_idempotency_key text, p_request_hash bytea, p_dry_run boolean, p_persons integer[], p_supervision text, p_as text, p_expires_at timestamp with time zone, p_version integer, p_reason text, p_overridden text[], p_holder_roles text[], p_holders uuid[]) TO plateau_app;

CREATE FUNCTION bookings.reserve_series(p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[], p_occurrences timestamp with time zone[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[] DEFAULT NULL::integer[], p_supervision text DEFAULT NULL::text, p_holder_roles text[] DEFAULT NULL::text[], p_holders uuid[] DEFAULT NULL::uuid[]) RETURNS SETOF bookings.occurrence_verdict
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_centre_id smallint := plateau.centre_of(p_series);
    v_lines integer := cardinality(p_resources);
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_booked integer := 0;
    v_undone boolean := false;
    v_now timestamptz;
begin
    perform bookings.lock_series(p_series, p_organisation, p_resources, p_starts, p_ends);
    v_now := plateau.clock();
    -- One refusal of a whole series undoes the rest of it; the verdicts outlive that.
    begin
        if exists (select from access.organisation o where o.id = p_organisation) then
            insert into bookings.series (
                centre_id, id, organisation_id, centres, rule, excluded, additional, zone, mode, created_at, created_by)
            values (v_centre_id, p_series, p_organisation, array(select distinct plateau.centre_of(r) from unnest(p_resources) r),
                    p_rule, p_excluded, p_additional, p_zone, p_mode, v_now, p_key);
        end if;
        for i in 1 .. cardinality(p_bookings) loop
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts[(i - 1) * v_lines + 1 : i * v_lines],
                p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false, p_persons,
                p_supervision, p_holder_roles => p_holder_roles, p_holders => p_holders);
            v_verdicts := v_verdicts || row (
                i, v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                v_booked := v_booked + 1;
                update bookings.booking b set series_id = p_series, occurrence = i, occurrence_starts = p_occurrences[i]
                where b.centre_id = v_centre_id and b.id = p_bookings[i];
            elsif v_verdict.outcome = 'refused' then
                insert into bookings.refused_occurrence (centre_id, series_id, number, starts, rules)
                values (v_centre_id, p_series, i, p_occurrences[i], v_verdict.rules);
            else
                exit;
            end if;
        end loop;
        v_undone := p_dry_run or v_booked = 0 or p_mode = 'atomic' and v_booked < cardinality(p_bookings);
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_centre_id, 'series.created', p_series, p_organisation, 1, v_now);
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;
ALTER FUNCTION bookings.reserve_series(p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[], p_occurrences timestamp with time zone[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[], p_supervision text, p_holder_roles text[], p_holders uuid[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.reserve_series(p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[], p_occurrences timestamp with time zone[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[], p_supervision text, p_holder_roles text[], p_holders uuid[]) IS 'Books every occurrence of a series through bookings.reserve: all or none (atomic), or those that can be had (bestEffort). A row for each occurrence.';
REVOKE ALL ON FUNCTION bookings.reserve_series(p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[], p_occurrences timestamp with time zone[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[], p_supervision text, p_holder_roles text[], p_holders uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.reserve_series(p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[], p_occurrences timestamp with time zone[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_dry_run boolean, p_persons integer[], p_supervision text, p_holder_roles text[], p_holders uuid[]) TO plateau_app;

CREATE FUNCTION bookings.restore(p_booking bookings.booking) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    v_line record;
begin
    for v_line in
        select r, s.zone, l.number, l.starts, l.ends, case when l.is_exclusive then r.capacity else l.seats end as seats, l.is_exclusive,
               coalesce(l.persons, p_booking.accompanying + coalesce((select sum(n) from unnest(p_booking.head_counts) n), 0))::integer
                   as persons
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
        order by l.number
    loop
        if not platforms.has_room(v_line.r, tstzrange(v_line.starts, v_line.ends), v_line.seats, v_line.persons) then
            -- All or nothing.
            delete from platforms.occupancy o where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id;
            return false;
        end if;
        perform platforms.occupy(v_line.r, v_line.zone, tstzrange(v_line.starts, v_line.ends), v_line.seats, p_booking.id, v_line.number,
                                 p_booking.organisation_id, v_line.persons, v_line.is_exclusive);
    end loop;
    return true;
end
$$;
COMMENT ON FUNCTION bookings.restore(p_booking bookings.booking) IS 'Takes the room of a booking again, every line or none; whether there was room. The caller holds the room locks.';
REVOKE ALL ON FUNCTION bookings.restore(p_booking bookings.booking) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.restore(p_booking bookings.booking) TO plateau_functions;

CREATE FUNCTION bookings.review_proofs(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_case record;
    v_booking bookings.booking;
    v_lacks boolean;
    v_count integer := 0;
begin
    for v_case in
        select u.attestation_id, a.holder_id, h.kind,
               coalesce(a.withdrawn_by, a.recorded_by) as key_id,
               case when a.withdrawn_at is null then 'attestationRecorded' else 'attestationWithdrawn' end as reason
        from attestations.unreviewed u
        join attestations.attestation a on a.id = u.attestation_id
        join attestations.holder h on h.id = a.holder_id
        order by u.asked_at limit p_limit for update of u skip locked
    loop
        for v_booking in
            select b.* from bookings.booking b
            where (v_case.kind = 'person' and cardinality(b.holders) > 0 and b.holders @> array[v_case.holder_id]
                   or v_case.kind = 'organisation' and b.organisation_id = v_case.holder_id)
              and b.ends > v_now and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
            order by b.centre_id, b.id for update
        loop
            v_lacks := bookings.proofs_lacking(v_booking, null) <> '[]';
            if v_lacks <> ('needsProof' = any (v_booking.flags)) then
                perform bookings.stay(
                    v_booking, v_booking.state,
                    case when v_lacks then v_booking.flags || 'needsProof'::text else array_remove(v_booking.flags, 'needsProof') end,
                    v_booking.at_risk_until, v_case.key_id, v_case.reason,
                    case when v_lacks then 'booking.proofMissing' else 'booking.proofFound' end, v_now);
            end if;
        end loop;
        delete from attestations.unreviewed u where u.attestation_id = v_case.attestation_id;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
ALTER FUNCTION bookings.review_proofs(p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.review_proofs(p_limit integer) IS 'Looks again at the bookings to come that name the holders of attestations recorded or withdrawn since, and puts or takes off the flag needsProof; whoever booked is told. How many attestations were gone through.';
REVOKE ALL ON FUNCTION bookings.review_proofs(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.review_proofs(p_limit integer) TO plateau_app;

CREATE FUNCTION bookings.room_locks_of(p_bookings uuid[]) RETURNS bigint[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
    -- Only what is suspended takes room anew.
    return array(
        select distinct k.key
        from unnest(p_bookings) as wanted (id)
        join bookings.booking b on b.centre_id = plateau.centre_of(wanted.id) and b.id = wanted.id and b.state = 'suspended'
        join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        cross join lateral unnest(platforms.room_locks(r, tstzrange(l.starts, l.ends))) as k (key)
        order by k.key);
end
$$;
REVOKE ALL ON FUNCTION bookings.room_locks_of(p_bookings uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.room_locks_of(p_bookings uuid[]) TO plateau_functions;

CREATE FUNCTION bookings.rule(p_line integer, p_rule text, p_code text, p_facts jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_build_object('line', p_line, 'rule', p_rule, 'verdict', 'deny', 'code', p_code, 'facts', p_facts);
REVOKE ALL ON FUNCTION bookings.rule(p_line integer, p_rule text, p_code text, p_facts jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.rule(p_line integer, p_rule text, p_code text, p_facts jsonb) TO plateau_functions;

CREATE FUNCTION bookings.runs(p_candidates bookings.candidate[], p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_seats integer, p_persons integer, p_passed uuid[], p_centre_id smallint, p_elsewhere tstzrange, p_now timestamp with time zone) RETURNS bookings.run[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_length interval := make_interval(mins => p_minutes);
    v_tick interval := interval '1 microsecond';
    v_runs bookings.run[];
begin
    with candidate as materialized (
        select c.n, (c.resource).centre_id, (c.resource).id, (c.resource).id || (c.resource).ancestors as path, (c.resource).kind,
               coalesce((c.resource).calendar_id, (c.resource).site_id) as calendar_id, c.zone, c.place, c.kilometres,
               (c.resource).capacity, (c.resource).grid_minutes as grid, make_interval(mins => (c.resource).grid_minutes) as step,
               case p_seats when 0 then (c.resource).capacity else p_seats end as seats,
               make_interval(mins => (c.resource).setup_minutes) as setup, make_interval(mins => (c.resource).cleanup_minutes) as cleanup,
               greatest(p_from, p_now + make_interval(mins => (c.resource).notice_minutes),
                        case when (c.resource).centre_id is distinct from p_centre_id then lower(p_elsewhere) end) as first_start,
               least(p_to - v_length, plateau.instant_of(
                         (plateau.local_day(p_now, c.zone) + (c.resource).horizon_days + 1)::timestamp, c.zone) - v_tick,
                     case when (c.resource).centre_id is distinct from p_centre_id then upper(p_elsewhere) end) as last_start
        from unnest(p_candidates) with ordinality as c (resource, zone, likeness, place, kilometres, n)
        where p_minutes between (c.resource).minimum_minutes and (c.resource).maximum_minutes
          and p_minutes % (c.resource).grid_minutes = 0 and p_seats <= (c.resource).capacity
    ), segment as materialized (
        -- Within each of these a slot begins on one local day and ends on one: what is judged by days is the same for all of its starts.
        select x.zone, x.day, x.starts as day_starts, x.ends - x.starts = interval '24 hours' as is_plain,
               tstzrange(x.at, coalesce(lead(x.at) over (partition by x.zone, x.day order by x.at), x.ends)) as during
        from (select d.zone, d.day, d.starts, d.ends, c.at
              from (select z.zone, z.first_day + n.n as day, plateau.instant_of((z.first_day + n.n)::timestamp, z.zone) as starts,
                           plateau.instant_of((z.first_day + n.n + 1)::timestamp, z.zone) as ends
                    from (select distinct c.zone, (p_from at time zone c.zone)::date as first_day, (p_to at time zone c.zone)::date as last_day
                          from candidate c) z
                    cross join lateral generate_series(0, z.last_day - z.first_day) as n (n)) d
              -- The day begins; a slot ends just after the midnight that ends it, or one of the days before which it is long.
              cross join lateral (
                  select d.starts as at
                  union
                  select m.at - v_length + v_tick
                  from generate_series(0, p_minutes / 1440 + 1) as k (k)
                  cross join lateral (values (plateau.instant_of((d.day + 1 + k.k)::timestamp, d.zone))) as m (at)
                  where m.at - v_length + v_tick > d.starts and m.at - v_length + v_tick < d.ends) c) x
    ), piece as materialized (
        select c.*, unnest(o.starts * tstzmultirange(tstzrange(c.first_start, c.last_start, '[]')) - coalesce(b.starts, '{}')) as starts
        from candidate c
        cross join lateral (
            select range_agg(tstzrange(lower(u.open), upper(u.open) - v_length, '[]')) as starts
            from (select unnest(range_agg(h.during)) as open
                  from centres.open_hours h
                  where h.centre_id = c.centre_id and h.calendar_id = c.calendar_id
                    and h.day between (c.first_start at time zone c.zone)::date and ((c.last_start + v_length) at time zone c.zone)::date) u
            where upper(u.open) - lower(u.open) >= v_length) o
        cross join lateral (
            select range_agg(x.starts) as starts
            from (
                -- When too little is left, of it or of what it stands in.
                select tstzrange(f.at - v_length - c.cleanup, f.until + c.setup, '()') as starts
                from platforms.resource n
                cross join lateral (
                    select e.at, lead(e.at) over (order by e.at) as until, sum(sum(e.seats)::integer) over (order by e.at) as taken,
                           sum(sum(e.persons)::integer) over (order by e.at) as present
                    from platforms.occupancy o
                    cross join lateral (values (o.starts, o.seats, o.persons::integer), (o.ends, -o.seats, -o.persons::integer))
                        as e (at, seats, persons)
                    where o.centre_id = n.centre_id and o.resource_id = n.id and o.ends > c.first_start - c.setup
                      and o.ends <= c.last_start + v_length + c.cleanup + interval '25 hours'
                      and o.starts < c.last_start + v_length + c.cleanup and o.holder_id <> all (p_passed)
                    group by e.at) f
                where n.centre_id = c.centre_id and n.id = any (c.path)
                  and (f.taken + c.seats > n.capacity or p_persons > 0 and f.present + p_persons > n.person_limit)
                union all
                select tstzrange(lower(o.during) - v_length, upper(o.during), '()')
                from maintenance.outage o
                where o.centre_id = c.centre_id and o.resource_id = any (c.path) and o.ended_at is null
                  and o.during && tstzrange(c.first_start, c.last_start + v_length)
                union all
                select unnest('{(,)}'::tstzmultirange - tstzmultirange(
                    case when isempty(a.usable) or upper(a.usable) - v_length < lower(a.usable) then 'empty'::tstzrange
                         else tstzrange(lower(a.usable), upper(a.usable) - v_length, '[]') end))
                from inventory.asset a
                where c.kind = 'equipment' and a.centre_id = c.centre_id and a.id = c.id
                union all
                -- What goes, and what stands in what goes; what is too small for everybody.
                select case when p_persons > n.person_limit then tstzrange(null, null) else tstzrange(n.retired_at - v_length, null, '[)') end
                from platforms.resource n
                where n.centre_id = c.centre_id and n.id = any (c.path) and (n.retired_at is not null or p_persons > n.person_limit)) x) b
        where c.first_start <= c.last_start
    ), run as materialized (
        select p.n, p.centre_id, p.id, p.zone, p.grid, p.step, p.place, p.kilometres, p.capacity, g.day, g.day_starts, g.is_plain,
               case when g.is_plain then g.day_starts + ceil(extract(epoch from i.earliest - g.day_starts) / (60 * p.grid))::float8 * p.step
                    else platforms.start_after(i.earliest, p.zone, p.grid) end as first_start,
               case when g.is_plain then g.day_starts + floor(extract(epoch from i.latest - g.day_starts) / (60 * p.grid))::float8 * p.step
                    else platforms.start_before(i.latest, p.zone, p.grid) end as last_start
        from piece p
        cross join lateral generate_series(
            0, (upper(p.starts) at time zone p.zone)::date - (lower(p.starts) at time zone p.zone)::date) as d (n)
        join segment g on g.zone = p.zone and g.day = (lower(p.starts) at time zone p.zone)::date + d.n and g.during && p.starts
        cross join lateral (
            select lower(g.during * p.starts) as earliest,
                   upper(g.during * p.starts) - case when upper_inc(g.during * p.starts) then interval '0' else v_tick end as latest) i
    ), chosen as materialized (
        -- The start asked for, or on another day its time of day; or as near to it as can be.
        select u.*, case
                   when not u.is_plain then least(u.last_start, platforms.start_after(
                       greatest(u.first_start, plateau.instant_of(u.day + w.time, u.zone)), u.zone, u.grid))
                   else least(u.last_start, greatest(u.first_start, u.day_starts
                       + ceil(extract(epoch from w.time) / (60 * u.grid))::float8 * u.step)) end as starts
        from run u
        cross join lateral (values ((p_preferred at time zone u.zone)::time)) as w (time)
        where u.first_start <= u.last_start
    )
    select array_agg(row(h.n, h.first_start, h.last_start, h.starts)::bookings.run
                     order by h.centre_id is distinct from p_centre_id, greatest(h.starts - p_preferred, p_preferred - h.starts),
                              h.starts < p_preferred, h.kilometres nulls last, h.place, h.capacity, h.id)
    into v_runs
    from chosen h;
    return coalesce(v_runs, '{}');
end
$$;
COMMENT ON FUNCTION bookings.runs(p_candidates bookings.candidate[], p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_seats integer, p_persons integer, p_passed uuid[], p_centre_id smallint, p_elsewhere tstzrange, p_now timestamp with time zone) IS 'Every start at which candidates are open and have room for a slot, as runs over their grid within one day, the best first: of the centre, nearest to the start that is preferred, nearest by distance, likest, smallest. passed: holders whose room counts as free. elsewhere: when slots of other centres may begin (null: always). What is judged by days is not asked.';
REVOKE ALL ON FUNCTION bookings.runs(p_candidates bookings.candidate[], p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_seats integer, p_persons integer, p_passed uuid[], p_centre_id smallint, p_elsewhere tstzrange, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.runs(p_candidates bookings.candidate[], p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_seats integer, p_persons integer, p_passed uuid[], p_centre_id smallint, p_elsewhere tstzrange, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.search(p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean, p_most integer, p_limit integer) RETURNS TABLE(id uuid, kind text, name text, centre_id uuid, centre_name text, site_id uuid, site_name text, town text, zone text, capacity integer, kilometres double precision, verdict text, free integer, rules jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_slot tstzrange := case when p_starts is not null then tstzrange(p_starts, p_ends) end;
    v_caller_centre smallint;
    v_persons integer := coalesce((select sum(n) from unnest(p_head_counts) n), 0);
    v_candidate bookings.find;
    v_found record;
    v_outlook record;
    v_count integer := 0;
begin
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    for v_candidate in
        select * from bookings.candidates(p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres, p_most)
    loop
        exit when v_count = p_limit;
        select r as resource, s.id as site_id, s.name as site_name, s.town, s.zone, c.id as centre_id, n.name as centre_name into v_found
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        join centres.centre c on c.centre_id = r.centre_id
        left join centres.centre_name n on n.centre_id = r.centre_id and n.during @> plateau.local_day(coalesce(p_starts, v_now), c.zone)
        where r.centre_id = v_candidate.centre_id and r.id = v_candidate.id;
        continue when (v_found.resource).retired_at <= v_now;
        select * into v_outlook
        from bookings.outlook(
            v_found.resource, v_found.zone, v_slot, p_organisation, v_caller_centre, p_audiences, p_head_counts, p_seats, v_persons, v_now);
        continue when p_only_usable and v_outlook.verdict = 'deny';
        v_count := v_count + 1;
        return query
        select (v_found.resource).id, (v_found.resource).kind, (v_found.resource).name, v_found.centre_id, v_found.centre_name,
               v_found.site_id, v_found.site_name, v_found.town, v_found.zone, (v_found.resource).capacity, v_candidate.kilometres,
               v_outlook.verdict, v_outlook.free, v_outlook.rules;
    end loop;
end
$$;
ALTER FUNCTION bookings.search(p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean, p_most integer, p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.search(p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean, p_most integer, p_limit integer) IS 'Resources by words and properties, each with what the organisation may expect of it: at most p_limit of the first p_most that fit. Stops as soon as it has enough.';
REVOKE ALL ON FUNCTION bookings.search(p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean, p_most integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.search(p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean, p_most integer, p_limit integer) TO plateau_app;

CREATE FUNCTION bookings.service_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_outage maintenance.outage;
    v_asset inventory.asset;
begin
    select * into v_outage from maintenance.outage o
    where o.centre_id = p_resource.centre_id and o.resource_id = any (p_resource.id || p_resource.ancestors) and o.ended_at is null
      and o.during && p_slot
    order by lower(o.during) limit 1;
    if found then
        v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'maintenance', jsonb_strip_nulls(jsonb_build_object(
            'cause', v_outage.cause, 'start', plateau.rfc3339(lower(v_outage.during)), 'end', plateau.rfc3339(upper(v_outage.during)),
            'zone', p_zone)));
    end if;
    if p_resource.kind = 'equipment' then
        select * into v_asset from inventory.asset a where a.centre_id = p_resource.centre_id and a.id = p_resource.id;
        if not v_asset.usable @> p_slot and not (v_asset.state = 'retired' and coalesce(p_resource.retired_at <= upper(p_slot), false)) then
            v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'notInService', jsonb_strip_nulls(jsonb_build_object(
                'state', v_asset.state, 'usableFrom', plateau.rfc3339(lower(v_asset.usable)),
                'usableUntil', plateau.rfc3339(upper(v_asset.usable)), 'zone', p_zone)));
        end if;
    end if;
    return v_rules;
end
$$;
COMMENT ON FUNCTION bookings.service_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange) IS 'The rules that a slot breaks in which a resource has an outage, or equipment is not in service, with when that is; an empty array when none. A retired one is told of by its day.';
REVOKE ALL ON FUNCTION bookings.service_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.service_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange) TO plateau_functions;

CREATE FUNCTION bookings.set_priority(p_booking uuid, p_key uuid, p_version integer, p_priority smallint, p_reason text) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_booking bookings.booking;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if v_booking.id is null then
        return query select 'notFound', null::integer;
    elsif exists (
        select from unnest(v_booking.centres) c
        where not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], c)) then
        return query select 'forbidden', v_booking.version;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version;
    elsif v_booking.state <> 'waitlisted' then
        return query select 'notWaiting', v_booking.version;
    else
        update bookings.waiting w set priority = p_priority where w.centre_id = v_booking.centre_id and w.booking_id = p_booking;
        perform bookings.stay(v_booking, 'waitlisted', v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.prioritised',
                              plateau.clock());
        return query select 'changed', v_booking.version + 1;
    end if;
end
$$;
ALTER FUNCTION bookings.set_priority(p_booking uuid, p_key uuid, p_version integer, p_priority smallint, p_reason text) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.set_priority(p_booking uuid, p_key uuid, p_version integer, p_priority smallint, p_reason text) IS 'The staff of every centre concerned puts a waiting booking before others. outcome: changed, notFound, forbidden, versionMismatch, notWaiting.';
REVOKE ALL ON FUNCTION bookings.set_priority(p_booking uuid, p_key uuid, p_version integer, p_priority smallint, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.set_priority(p_booking uuid, p_key uuid, p_version integer, p_priority smallint, p_reason text) TO plateau_app;

CREATE FUNCTION bookings.set_quota(p_id uuid, p_organisation uuid, p_kind text, p_resource uuid, p_period text, p_most_minutes integer, p_most_bookings integer, p_from date, p_to date, p_note text, p_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_centre_id smallint := plateau.centre_of(p_id);
begin
    if not access.has_role(p_by, array['centreManager', 'networkManager'], v_centre_id) then
        return 'forbidden';
    elsif not exists (select from access.organisation o where o.id = p_organisation) then
        return 'organisationUnknown';
    elsif p_resource is not null and not exists (
        select from platforms.resource r where r.centre_id = v_centre_id and r.id = p_resource) then
        return 'resourceUnknown';
    end if;
    -- Bookings under way hold this while they count.
    perform pg_advisory_xact_lock(bookings.organisation_lock(p_organisation));
    update access.organisation o set has_quota = true where o.id = p_organisation and not o.has_quota;
    insert into bookings.quota (
        centre_id, id, organisation_id, kind, resource_id, period, most_minutes, most_bookings, during, note, created_at, created_by)
    values (v_centre_id, p_id, p_organisation, p_kind, p_resource, p_period, p_most_minutes, p_most_bookings,
            daterange(p_from, p_to, '[]'), p_note, plateau.clock(), p_by);
    return 'created';
end
$$;
ALTER FUNCTION bookings.set_quota(p_id uuid, p_organisation uuid, p_kind text, p_resource uuid, p_period text, p_most_minutes integer, p_most_bookings integer, p_from date, p_to date, p_note text, p_by uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.set_quota(p_id uuid, p_organisation uuid, p_kind text, p_resource uuid, p_period text, p_most_minutes integer, p_most_bookings integer, p_from date, p_to date, p_note text, p_by uuid) IS 'A new quota, for what is booked from now on. outcome: created, forbidden, organisationUnknown, resourceUnknown.';
REVOKE ALL ON FUNCTION bookings.set_quota(p_id uuid, p_organisation uuid, p_kind text, p_resource uuid, p_period text, p_most_minutes integer, p_most_bookings integer, p_from date, p_to date, p_note text, p_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.set_quota(p_id uuid, p_organisation uuid, p_kind text, p_resource uuid, p_period text, p_most_minutes integer, p_most_bookings integer, p_from date, p_to date, p_note text, p_by uuid) TO plateau_app;

CREATE FUNCTION bookings.set_resource_terms(p_resource uuid, p_key uuid, p_version integer, p_approval_for text[], p_is_self_service boolean, p_no_show_minutes integer, p_free_working_days integer, p_late_fee_percent integer, p_no_show_fee_percent integer) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_centre_id smallint := plateau.centre_of(p_resource);
    v_version integer;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], v_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    -- Bookings hold this lock shared while they read the terms.
    perform pg_advisory_xact_lock(plateau.label_lock(v_centre_id));
    perform from platforms.resource r where r.centre_id = v_centre_id and r.id = p_resource for update;
    if not found then
        return query select 'notFound', null::integer;
        return;
    end if;
    select t.version into v_version from bookings.resource_terms t where t.centre_id = v_centre_id and t.resource_id = p_resource;
    v_version := coalesce(v_version, 0);
    if v_version <> p_version then
        return query select 'versionMismatch', v_version;
        return;
    end if;
    insert into bookings.resource_terms as t (
        centre_id, resource_id, version, approval_for, is_self_service, no_show_minutes, free_working_days, late_fee_percent,
        no_show_fee_percent)
    values (v_centre_id, p_resource, v_version + 1, p_approval_for, p_is_self_service, p_no_show_minutes, p_free_working_days,
            p_late_fee_percent, p_no_show_fee_percent)
    on conflict on constraint resource_terms_pkey do update
        set version = excluded.version, approval_for = excluded.approval_for, is_self_service = excluded.is_self_service,
            no_show_minutes = excluded.no_show_minutes, free_working_days = excluded.free_working_days,
            late_fee_percent = excluded.late_fee_percent, no_show_fee_percent = excluded.no_show_fee_percent;
    update platforms.resource r set has_terms = true where r.centre_id = v_centre_id and r.id = p_resource and not r.has_terms;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (v_centre_id, 'resource.termsChanged', p_resource, v_version + 1, plateau.clock());
    return query select 'changed', v_version + 1;
end
$$;
ALTER FUNCTION bookings.set_resource_terms(p_resource uuid, p_key uuid, p_version integer, p_approval_for text[], p_is_self_service boolean, p_no_show_minutes integer, p_free_working_days integer, p_late_fee_percent integer, p_no_show_fee_percent integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.set_resource_terms(p_resource uuid, p_key uuid, p_version integer, p_approval_for text[], p_is_self_service boolean, p_no_show_minutes integer, p_free_working_days integer, p_late_fee_percent integer, p_no_show_fee_percent integer) IS 'Replaces the terms of a resource, for bookings made from now on; version 0: it has none yet. outcome: changed, forbidden, notFound, versionMismatch.';
REVOKE ALL ON FUNCTION bookings.set_resource_terms(p_resource uuid, p_key uuid, p_version integer, p_approval_for text[], p_is_self_service boolean, p_no_show_minutes integer, p_free_working_days integer, p_late_fee_percent integer, p_no_show_fee_percent integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.set_resource_terms(p_resource uuid, p_key uuid, p_version integer, p_approval_for text[], p_is_self_service boolean, p_no_show_minutes integer, p_free_working_days integer, p_late_fee_percent integer, p_no_show_fee_percent integer) TO plateau_app;

CREATE FUNCTION bookings.simulate_decision(p_centre_id smallint, p_decision uuid, p_id uuid, p_key uuid) RETURNS TABLE(outcome text, is_exact boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_proposal labels.proposal;
    v_changed datemultirange;
    v_now timestamptz := plateau.clock();
    v_plan bookings.planned_effect[];
    v_ids uuid[] := '{}'::uuid[];
    v_planned text[] := '{}'::text[];
    v_outcomes text[] := '{}'::text[];
begin
    -- Decisions stand still meanwhile, bookings go on.
    perform pg_advisory_xact_lock_shared(plateau.label_lock(p_centre_id));
    select * into v_proposal from labels.proposal p where p.centre_id = p_centre_id and p.id = p_decision;
    if not found then
        outcome := 'notFound';
    elsif exists (select from labels.label_decision d where d.centre_id = p_centre_id and d.id = p_decision) then
        outcome := 'alreadyApproved';
    elsif exists (select from labels.proposal_withdrawal w where w.centre_id = p_centre_id and w.proposal_id = p_decision) then
        outcome := 'alreadyWithdrawn';
    else
        outcome := labels.objection_to(v_proposal);
    end if;
    if outcome is not null then
        return next;
        return;
    end if;
    begin
        select w.changed into v_changed from labels.write_decision(v_proposal, '00000000-0000-0000-0000-000000000000') w;
        v_plan := array(select row (e.booking_id, e.effect, e.needs_others)::bookings.planned_effect
                        from bookings.plan_label_effects(p_centre_id, v_changed, false, v_now) e);
        v_ids := array(select e.booking_id from unnest(v_plan) e);
        v_planned := array(select e.effect from unnest(v_plan) e);
        v_outcomes := v_planned;
        is_exact := cardinality(v_plan) <= 500;
        if is_exact and cardinality(v_plan) > 0 then
            perform bookings.freeze_effects(p_centre_id, p_id, 'decision', p_decision, v_changed, p_key, v_now, v_plan, 0);
            perform bookings.apply_batch(p_centre_id, p_id, array(select generate_series(1, cardinality(v_plan))), v_now);
            v_outcomes := array(select e.outcome from bookings.label_effect e
                                where e.centre_id = p_centre_id and e.change_id = p_id order by e.number);
        end if;
        -- Taken back: the variables keep what was found.
        raise exception using errcode = 'PL001', message = 'simulated';
    exception when sqlstate 'PL001' then
        outcome := 'simulated';
    end;
    insert into bookings.label_simulation (
        centre_id, id, decision_id, simulated_at, simulated_by, is_exact, booking_ids, planned, outcomes)
    values (p_centre_id, p_id, p_decision, v_now, p_key, is_exact, v_ids, v_planned, v_outcomes);
    return next;
end
$$;
ALTER FUNCTION bookings.simulate_decision(p_centre_id smallint, p_decision uuid, p_id uuid, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.simulate_decision(p_centre_id smallint, p_decision uuid, p_id uuid, p_key uuid) IS 'Does what approving a proposal would do, up to 500 bookings, takes it back and keeps the list. outcome: simulated, notFound, alreadyApproved, alreadyWithdrawn, or what labels.objection_to says.';
REVOKE ALL ON FUNCTION bookings.simulate_decision(p_centre_id smallint, p_decision uuid, p_id uuid, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.simulate_decision(p_centre_id smallint, p_decision uuid, p_id uuid, p_key uuid) TO plateau_app;

CREATE FUNCTION bookings.slot_rules(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_persons integer, p_now timestamp with time zone, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[], OUT verdict text, OUT rules jsonb) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_gate labels.gate_result;
begin
    v_gate := labels.gate(p_resource.centre_id, p_resource.is_shared, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences,
                          p_head_counts, false, p_resource.id);
    verdict := v_gate.verdict;
    rules := '[]';
    if v_gate.verdict <> 'allow' then
        select coalesce(jsonb_agg(g.rule), '[]') into rules
        from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional');
    end if;
    rules := rules || bookings.time_rules(null, p_resource, p_zone, p_slot, p_now);
    if p_resource.has_priority and p_activity is distinct from 'maintenance' then
        rules := rules || bookings.priority_rules(null, p_resource, p_zone, p_slot, p_audiences, p_now);
    end if;
    -- Whoever only looks has no activity yet.
    if p_activity is not null then
        if p_activity = 'companyProduction' and not access.may_produce(
               p_organisation, array[p_resource.id], array[lower(p_slot)], array[upper(p_slot)], array[p_zone])
            or p_activity = 'maintenance' and not access.has_role(p_key, array['centreStaff', 'centreManager'], p_resource.centre_id) then
            rules := rules || bookings.rule(null, 'activity', 'activityNotAllowed', jsonb_build_object('activity', p_activity));
        end if;
        if p_resource.supervision <> '{}' and coalesce(p_supervision, 'unsupervised') <> all (p_resource.supervision) then
            rules := rules || bookings.rule(null, 'supervision', 'supervisionNotOffered', jsonb_build_object(
                'supervision', coalesce(p_supervision, 'unsupervised'), 'offered', p_resource.supervision));
        end if;
        if (p_resource.has_prerequisites or p_resource.parent_id is not null or p_supervision = 'habilitatedTrainer')
            and p_activity <> 'maintenance' then
            rules := rules || bookings.proof_rules(
                null, p_resource, p_zone, p_slot, p_organisation, p_supervision, p_holder_roles, p_holders,
                least(coalesce((select sum(n) from unnest(p_head_counts) n), 0), p_persons)::integer);
        end if;
    end if;
    if rules <> '[]' then
        verdict := case when rules @> '[{"verdict": "deny"}]' then 'deny' else 'conditional' end;
    end if;
end
$$;
COMMENT ON FUNCTION bookings.slot_rules(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_persons integer, p_now timestamp with time zone, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[], OUT verdict text, OUT rules jsonb) IS 'What bookings.reserve would say of one line but for its room, from the same functions: gate, rules of use, seasons, activity, supervision, proofs. rules: those that do not simply allow. No activity: what depends on it is not asked.';
REVOKE ALL ON FUNCTION bookings.slot_rules(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_persons integer, p_now timestamp with time zone, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[], OUT verdict text, OUT rules jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.slot_rules(p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_persons integer, p_now timestamp with time zone, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[], OUT verdict text, OUT rules jsonb) TO plateau_functions;

CREATE FUNCTION bookings.standing_of(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_organisation uuid;
begin
    select k.organisation_id into v_organisation from access.api_key k
    where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
    return case
               when v_organisation is null then null
               when p_booking.organisation_id = v_organisation
                    and exists (select from access.api_key_role r where r.key_id = p_key
                                and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager'))
                   then 'organisation'
               when exists (select from unnest(p_booking.centres) c
                            where access.has_role(p_key, array['centreStaff', 'centreManager'], c)) then 'centre'
               when access.has_role(p_key, array['networkManager'], p_booking.centre_id) then 'network'
           end;
end
$$;
COMMENT ON FUNCTION bookings.standing_of(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) IS 'As what a key may act on a booking: organisation (that booked), centre (staff of one that it touches) or network; null: not at all.';
REVOKE ALL ON FUNCTION bookings.standing_of(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.standing_of(p_key uuid, p_booking bookings.booking, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.stay(p_booking bookings.booking, p_state text, p_flags text[], p_at_risk_until timestamp with time zone, p_key uuid, p_reason text, p_event text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform bookings.refuse_transition(p_booking, p_state);
    update bookings.booking b
    set state = p_state, flags = p_flags, at_risk_until = p_at_risk_until, version = b.version + 1,
        expires_at = case when p_state in ('draft', 'held', 'requested', 'waitlisted', 'suspended') then b.expires_at end
    where b.centre_id = p_booking.centre_id and b.id = p_booking.id;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, reason)
    values (p_booking.centre_id, p_booking.id, p_booking.version + 1, p_booking.state, p_state, p_now, p_key, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (p_booking.centre_id, p_event, p_booking.id, p_booking.organisation_id, p_booking.version + 1, p_now);
end
$$;
COMMENT ON FUNCTION bookings.stay(p_booking bookings.booking, p_state text, p_flags text[], p_at_risk_until timestamp with time zone, p_key uuid, p_reason text, p_event text, p_now timestamp with time zone) IS 'Changes state or flags of a booking that keeps its room, or gets it back; records the transition and the event.';
REVOKE ALL ON FUNCTION bookings.stay(p_booking bookings.booking, p_state text, p_flags text[], p_at_risk_until timestamp with time zone, p_key uuid, p_reason text, p_event text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.stay(p_booking bookings.booking, p_state text, p_flags text[], p_at_risk_until timestamp with time zone, p_key uuid, p_reason text, p_event text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.suggest(p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_seats integer, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_like uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_booking uuid, p_beside uuid[], p_explains boolean, p_most integer, p_most_judged integer, p_limit integer) RETURNS TABLE(centre_id smallint, id uuid, zone text, is_same_centre boolean, likeness text, kilometres double precision, starts timestamp with time zone, ends timestamp with time zone, first_start timestamp with time zone, last_start timestamp with time zone, verdict text, rules jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_length interval := make_interval(mins => p_minutes);
    -- Other slots for what was to begin before now are looked for as long from now.
    v_late interval := case when p_explains then interval '0'
                            else make_interval(days => greatest(ceil(extract(epoch from v_now - p_preferred) / 86400), 0)::integer) end;
    v_from timestamptz := p_from + v_late;
    v_to timestamptz := p_to + v_late;
    v_preferred timestamptz := greatest(v_from, least(p_preferred + v_late, v_to - make_interval(mins => p_minutes)));
    v_organisation access.organisation;
    v_centre_id smallint;
    v_passed uuid[];
    v_candidates bookings.candidate[];
    v_candidate bookings.candidate;
    v_day tstzrange;
    v_runs bookings.run[];
    v_run bookings.run;
    v_picked bookings.pick[];
    -- Of each candidate: how many slots are told, where it was first refused, whether it has runs nobody looked at. Of each run: whether
    -- it is dealt with.
    v_told integer[];
    v_refused_at timestamptz[];
    v_has_more boolean[];
    v_done boolean[];
    v_index integer;
    v_judged integer;
    v_farthest interval;
begin
    select * into v_organisation from access.organisation o where o.id = p_organisation;
    if not found then
        return;
    end if;
    v_centre_id := coalesce(plateau.centre_of(p_like), v_organisation.centre_id);
    v_passed := array_remove(bookings.lapsed_holders() || p_booking, null);
    v_candidates := bookings.wanted(
        p_key, p_organisation, p_like, p_seats, p_persons, p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres,
        coalesce(p_beside, '{}'), v_now, p_most);
    if v_candidates = '{}' then
        return;
    end if;
    -- Where only the best are wanted: first its own centre alone, which comes before all others; then the others on that day alone, as
    -- another day is never nearer than its edges; then all.
    v_day := tstzrange(
        plateau.instant_of((v_preferred at time zone (v_candidates[1]).zone)::date::timestamp, (v_candidates[1]).zone),
        plateau.instant_of(((v_preferred at time zone (v_candidates[1]).zone)::date + 1)::timestamp, (v_candidates[1]).zone)
        - interval '1 microsecond');
    for v_phase in 0 .. 2 loop
        continue when v_phase < 2 and (p_explains or p_limit > 10 or cardinality(v_candidates) < p_limit)
            or v_phase = 0 and (select count(*) from unnest(v_candidates) c where (c.resource).centre_id = v_centre_id) < p_limit
            or v_phase = 1 and v_from >= lower(v_day) and v_to <= upper(v_day) + v_length;
        v_runs := bookings.runs(
            v_candidates, v_from, v_to, p_minutes, v_preferred, p_seats, p_persons, v_passed, v_centre_id,
            case v_phase when 0 then tstzrange('infinity', 'infinity', '[]') when 1 then v_day end, v_now);
        v_told := array_fill(0, array[cardinality(v_candidates)]);
        v_refused_at := array_fill(null::timestamptz, array[cardinality(v_candidates)]);
        v_has_more := array_fill(false, array[cardinality(v_candidates)]);
        v_done := array_fill(false, array[cardinality(v_runs)]);
        v_picked := '{}'::bookings.pick[];
        v_judged := 0;
        v_farthest := '0';
        -- The best of each resource first, then the others, both in order.
        for v_round in 1 .. 2 loop
            exit when v_round = 2 and v_phase < 2;
            v_index := 0;
            foreach v_run in array v_runs loop
                v_index := v_index + 1;
                continue when v_done[v_index] or v_round = 1 and v_told[v_run.candidate] > 0;
                if cardinality(v_picked) >= p_limit or v_judged >= p_most_judged then
                    exit when not p_explains;
                    v_has_more[v_run.candidate] := true;
                    continue;
                end if;
                v_candidate := v_candidates[v_run.candidate];
                v_done[v_index] := true;
                v_judged := v_judged + 1;
                select s.verdict, s.rules into verdict, rules
                from bookings.suggestion_rules(
                    v_candidate, v_run.starts, v_run.starts + v_length, null, v_organisation, p_key, p_activity, p_audiences, p_head_counts,
                    p_persons, p_supervision, p_holder_roles, p_holders, p_booking, v_now) s;
                if verdict = 'deny' then
                    v_refused_at[v_run.candidate] := coalesce(v_refused_at[v_run.candidate], v_run.starts);
                    continue;
                end if;
                v_told[v_run.candidate] := v_told[v_run.candidate] + 1;
                v_picked := v_picked || row(v_run.candidate, v_run.starts, v_run.first_start, v_run.last_start, verdict, rules)::bookings.pick;
                if (v_candidate.resource).centre_id is distinct from v_centre_id then
                    v_farthest := greatest(v_farthest, v_run.starts - v_preferred, v_preferred - v_run.starts);
                end if;
            end loop;
        end loop;
        exit when cardinality(v_picked) >= p_limit
            and v_farthest <= least(v_preferred - lower(v_day), upper(v_day) - v_preferred);
    end loop;

    if p_explains then
        -- Of each resource that has none: what stands against it where it would come nearest.
        for v_index in 1 .. cardinality(v_candidates) loop
            continue when v_told[v_index] > 0;
            if v_has_more[v_index] then
                v_picked := v_picked || row(v_index, v_preferred, null, null, 'unknown', '[]')::bookings.pick;
                continue;
            end if;
            v_candidate := v_candidates[v_index];
            starts := coalesce(
                v_refused_at[v_index],
                bookings.nearest_open(v_candidate.resource, v_candidate.zone, p_from, p_to, p_minutes, v_preferred, v_now), v_preferred);
            select s.rules into rules
            from bookings.suggestion_rules(
                v_candidate, starts, starts + v_length, case p_seats when 0 then (v_candidate.resource).capacity else p_seats end,
                v_organisation, p_key, p_activity, p_audiences, p_head_counts, p_persons, p_supervision, p_holder_roles, p_holders,
                p_booking, v_now) s;
            v_picked := v_picked || row(v_index, starts, null, null, 'deny', rules)::bookings.pick;
        end loop;
    end if;
    return query
    select (c.resource).centre_id, (c.resource).id, c.zone, coalesce((c.resource).centre_id = v_centre_id, false), c.likeness, c.kilometres,
           k.starts, k.starts + v_length, k.first_start, k.last_start, k.verdict, k.rules
    from unnest(v_picked) with ordinality as k (candidate, starts, first_start, last_start, verdict, rules, n)
    cross join lateral (select v_candidates[k.candidate] as found) f
    cross join lateral (select (f.found).resource, (f.found).zone, (f.found).likeness, (f.found).kilometres) c
    order by k.n;
end
$$;
ALTER FUNCTION bookings.suggest(p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_seats integer, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_like uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_booking uuid, p_beside uuid[], p_explains boolean, p_most integer, p_most_judged integer, p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.suggest(p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_seats integer, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_like uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_booking uuid, p_beside uuid[], p_explains boolean, p_most integer, p_most_judged integer, p_limit integer) IS 'Find any: slots in which a need fits between from and to, at most p_limit, best first, each with the run of starts that it stands for; the best of each resource come first. Then, where p_explains, each resource that has none (no first_start) with what stands against it where it comes nearest; verdict unknown: not looked at to the end. seats 0: the whole. like: what it is to be like; else words, tags and distance say what is looked for. booking: whose own room is free to it. beside: resources of its other lines. The rules are those of the guard, for this organisation and this key.';
REVOKE ALL ON FUNCTION bookings.suggest(p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_seats integer, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_like uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_booking uuid, p_beside uuid[], p_explains boolean, p_most integer, p_most_judged integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.suggest(p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_seats integer, p_from timestamp with time zone, p_to timestamp with time zone, p_minutes integer, p_preferred timestamp with time zone, p_like uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_booking uuid, p_beside uuid[], p_explains boolean, p_most integer, p_most_judged integer, p_limit integer) TO plateau_app;

CREATE FUNCTION bookings.suggestion_rules(p_candidate bookings.candidate, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_organisation access.organisation, p_key uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_booking uuid, p_now timestamp with time zone, OUT verdict text, OUT rules jsonb) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if p_seats is null then
        select s.verdict, s.rules into verdict, rules
        from bookings.slot_rules(
            p_candidate.resource, p_candidate.zone, tstzrange(p_starts, p_ends), p_organisation.id, p_organisation.centre_id, p_audiences,
            p_head_counts, p_persons, p_now, p_key, p_activity, p_supervision, p_holder_roles, p_holders) s;
    else
        select s.verdict, s.rules into verdict, rules
        from bookings.outlook(
            p_candidate.resource, p_candidate.zone, tstzrange(p_starts, p_ends), p_organisation.id, p_organisation.centre_id, p_audiences,
            p_head_counts, p_seats, p_persons, p_now, p_key, p_activity, p_supervision, p_holder_roles, p_holders) s;
    end if;
    if p_organisation.has_quota then
        rules := rules || bookings.quota_rules(
            p_organisation.id, coalesce(p_booking, '00000000-0000-0000-0000-000000000000'), array[p_candidate.resource],
            array[p_candidate.zone], array[p_starts], array[p_ends]);
        if rules @> '[{"verdict": "deny"}]' then
            verdict := 'deny';
        end if;
    end if;
end
$$;
COMMENT ON FUNCTION bookings.suggestion_rules(p_candidate bookings.candidate, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_organisation access.organisation, p_key uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_booking uuid, p_now timestamp with time zone, OUT verdict text, OUT rules jsonb) IS 'What stands against a slot of a candidate, quotas included; its room too where seats are given.';
REVOKE ALL ON FUNCTION bookings.suggestion_rules(p_candidate bookings.candidate, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_organisation access.organisation, p_key uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_booking uuid, p_now timestamp with time zone, OUT verdict text, OUT rules jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.suggestion_rules(p_candidate bookings.candidate, p_starts timestamp with time zone, p_ends timestamp with time zone, p_seats integer, p_organisation access.organisation, p_key uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_booking uuid, p_now timestamp with time zone, OUT verdict text, OUT rules jsonb) TO plateau_functions;

CREATE FUNCTION bookings.sweep(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_booking bookings.booking;
    v_count integer := 0;
begin
    for v_booking in
        select b.* from bookings.booking b
        where b.expires_at <= v_now and b.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended')
        order by b.expires_at limit p_limit for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    for v_booking in
        -- What is taken now of a self-service resource or of its parts, by somebody who has not come.
        select b.* from bookings.booking b
        where (b.centre_id, b.id) in (
            select plateau.centre_of(o.holder_id), o.holder_id
            from bookings.resource_terms t
            join platforms.occupancy o on o.centre_id = t.centre_id and o.resource_id = t.resource_id
                and o.ends > v_now - interval '1 day' and o.ends <= v_now + interval '1 day'
            where t.is_self_service)
          and b.state in ('conditional', 'confirmed') and b.starts <= v_now
        order by b.centre_id, b.id limit p_limit for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    for v_booking in
        select b.* from bookings.use u
        join bookings.booking b on b.centre_id = u.centre_id and b.id = u.booking_id
        cross join bookings.policy p
        where u.checked_out_at is null and b.state = 'inUse'
          and b.ends <= v_now - make_interval(mins => p.forgotten_check_out_minutes)
        order by b.centre_id, b.id limit p_limit for update of b skip locked
    loop
        update bookings.use u set checked_out_at = greatest(l.ends, u.checked_in_at)
        from bookings.line l
        where u.centre_id = v_booking.centre_id and u.booking_id = v_booking.id and u.checked_out_at is null
          and l.centre_id = u.centre_id and l.booking_id = u.booking_id and l.number = u.line_number;
        if found then
            perform bookings.stay(v_booking, 'completed', v_booking.flags, v_booking.at_risk_until, null, 'checkOutForgotten',
                                  'booking.completed', v_now);
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end
$$;
ALTER FUNCTION bookings.sweep(p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.sweep(p_limit integer) IS 'Ends what has lapsed: holds, offers, requests, drafts and waiting ones whose time has come, slots that nobody took up, uses that nobody checked out of. How many.';
REVOKE ALL ON FUNCTION bookings.sweep(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.sweep(p_limit integer) TO plateau_app;

CREATE FUNCTION bookings.take_label_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
begin
    -- Called in the transaction that recorded the change, which holds the centre's exclusive lock: no booking slips in between.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    perform bookings.freeze_effects(
        p_centre_id, p_change, p_cause, p_subject, p_changed, p_key, v_now,
        array(select row (e.booking_id, e.effect, e.needs_others)::bookings.planned_effect
              from bookings.plan_label_effects(p_centre_id, p_changed, p_cause = 'file', v_now) e), 200);
end
$$;
ALTER FUNCTION bookings.take_label_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION bookings.take_label_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid) IS 'Plans and freezes what an application or a recognition file does to bookings, and does it when it is little.';
REVOKE ALL ON FUNCTION bookings.take_label_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.take_label_effects(p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid) TO plateau_app;

CREATE FUNCTION bookings.tell_rivals(p_booking bookings.booking, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_rival bookings.booking;
begin
    for v_rival in
        select b.* from bookings.booking b
        where b.expires_at > p_now and b.state in ('draft', 'waitlisted')
          and exists (
              select from bookings.line own
              join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
              join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
              where own.centre_id = p_booking.centre_id and own.booking_id = p_booking.id
                and (own.resource_id = l.resource_id or own.resource_id = any (r.ancestors))
                and l.starts < own.ends and l.ends > own.starts
                and not platforms.has_room(r, tstzrange(l.starts, l.ends), l.seats))
        order by b.centre_id, b.id for update of b skip locked
    loop
        perform bookings.stay(v_rival, v_rival.state, v_rival.flags, v_rival.at_risk_until, null, 'timeGone', 'booking.timeGone', p_now);
    end loop;
end
$$;
COMMENT ON FUNCTION bookings.tell_rivals(p_booking bookings.booking, p_now timestamp with time zone) IS 'Records in drafts and waiting bookings that want the same room that the time is gone; never who has it.';
REVOKE ALL ON FUNCTION bookings.tell_rivals(p_booking bookings.booking, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.tell_rivals(p_booking bookings.booking, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.terms_of(p_resource platforms.resource) RETURNS bookings.resource_terms
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_terms bookings.resource_terms;
begin
    select t.* into v_terms
    from bookings.resource_terms t
    where t.centre_id = p_resource.centre_id and t.resource_id = any (p_resource.id || p_resource.ancestors)
    order by array_position(p_resource.id || p_resource.ancestors, t.resource_id) limit 1;
    return v_terms;
end
$$;
COMMENT ON FUNCTION bookings.terms_of(p_resource platforms.resource) IS 'The terms of a resource: its own, or those of the nearest that it stands in. All null: none.';
REVOKE ALL ON FUNCTION bookings.terms_of(p_resource platforms.resource) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.terms_of(p_resource platforms.resource) TO plateau_functions, plateau_app;

CREATE FUNCTION bookings.time_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_minutes numeric := extract(epoch from upper(p_slot) - lower(p_slot)) / 60;
    v_local timestamp := lower(p_slot) at time zone p_zone;
    v_open tstzmultirange;
    v_horizon date;
    v_calendar uuid := coalesce(p_resource.calendar_id, p_resource.site_id);
begin
    if p_resource.retired_at is not null and p_resource.retired_at <= upper(p_slot) then
        v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'resourceRetired', jsonb_build_object(
            'retiredAt', plateau.rfc3339(p_resource.retired_at), 'zone', p_zone));
    end if;
    v_rules := v_rules || bookings.service_rules(p_line, p_resource, p_zone, p_slot);
    if lower(p_slot) < p_now then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'inThePast', jsonb_build_object('now', plateau.rfc3339(p_now)));
    elsif lower(p_slot) < p_now + make_interval(mins => p_resource.notice_minutes) then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'noticeTooShort', jsonb_build_object(
            'noticeMinutes', p_resource.notice_minutes,
            'earliestStart', plateau.rfc3339(p_now + make_interval(mins => p_resource.notice_minutes)), 'zone', p_zone));
    end if;
    if plateau.local_day(lower(p_slot), p_zone) > plateau.local_day(p_now, p_zone) + p_resource.horizon_days then
        v_rules := v_rules || bookings.rule(p_line, 'horizon', 'beyondHorizon', jsonb_build_object(
            'horizonDays', p_resource.horizon_days, 'lastDay', plateau.local_day(p_now, p_zone) + p_resource.horizon_days));
    end if;
    if v_minutes < p_resource.minimum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooShort', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'minimumMinutes', p_resource.minimum_minutes));
    elsif v_minutes > p_resource.maximum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooLong', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'maximumMinutes', p_resource.maximum_minutes));
    end if;
    if extract(epoch from v_local::time)::numeric % (p_resource.grid_minutes * 60) <> 0 or v_minutes % p_resource.grid_minutes <> 0 then
        v_rules := v_rules || bookings.rule(p_line, 'grid', 'offGrid', jsonb_build_object('gridMinutes', p_resource.grid_minutes));
    end if;
    select range_agg(h.during order by h.during) into v_open
    from centres.open_hours h
    where h.centre_id = p_resource.centre_id and h.calendar_id = v_calendar
      and h.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone);
    if v_open is null or not v_open @> p_slot then
        select h.compiled into strict v_horizon from (
            select (select upper(c.compiled) - 1 from centres.open_hours_horizon c
                    where c.centre_id = p_resource.centre_id and c.calendar_id = v_calendar) as compiled) h;
        v_rules := v_rules || bookings.rule(p_line, 'opening', 'closed', jsonb_strip_nulls(jsonb_build_object(
            'openHours', coalesce((select jsonb_agg(jsonb_build_object(
                'start', plateau.rfc3339(lower(r)), 'end', plateau.rfc3339(upper(r)))) from unnest(v_open) r), '[]'),
            'closedDays', (select jsonb_agg(jsonb_build_object('day', d.day, 'reason', d.reason) order by d.day)
                           from centres.closed_day d where d.centre_id = p_resource.centre_id
                             and d.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            'exceptions', (
                select jsonb_agg(jsonb_build_object('day', e.day, 'reason', e.reason) order by e.day)
                from centres.opening_exception e
                where e.centre_id = p_resource.centre_id
                  and e.calendar_id in (
                      with recursive above as (
                          select c.id, c.parent_id from centres.calendar c where c.centre_id = p_resource.centre_id and c.id = v_calendar
                          union all
                          select c.id, c.parent_id from centres.calendar c join above a on c.id = a.parent_id
                          where c.centre_id = p_resource.centre_id)
                      select a.id from above a)
                  and e.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            -- Said only where it is the reason.
            'calendarKnownUntil', case when plateau.local_day(upper(p_slot), p_zone) > v_horizon then v_horizon end,
            'zone', p_zone)));
    end if;
    return v_rules;
end
$$;
COMMENT ON FUNCTION bookings.time_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_now timestamp with time zone) IS 'The failed rules of use of one line, each with the fact it used. An empty array when all hold.';
REVOKE ALL ON FUNCTION bookings.time_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.time_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.touched_by(p_centre_id smallint, p_changed datemultirange) RETURNS SETOF bookings.booking
    LANGUAGE plpgsql STABLE
    AS $$
declare
    -- A day of a zone may begin or end up to 14 hours away from the UTC day, and a booking lasts at most 31 days.
    v_from timestamptz := (coalesce(lower(p_changed), '1900-01-01')::timestamp - interval '33 days') at time zone 'UTC';
    v_to timestamptz := (coalesce(upper(p_changed), 'infinity')::timestamp + interval '1 day') at time zone 'UTC';
    v_organisation uuid := (select o.id from access.organisation o where o.centre_id = p_centre_id);
begin
    return query
    select b.* from bookings.booking b
    where b.centre_id = p_centre_id and b.starts >= v_from and b.starts < v_to
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
    union all
    select b.* from bookings.booking b
    where cardinality(b.centres) > 1 and b.centres @> array[p_centre_id] and b.centre_id <> p_centre_id
      and b.starts >= v_from and b.starts < v_to
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
    union all
    select b.* from bookings.booking b
    where b.organisation_id = v_organisation and not b.centres @> array[p_centre_id] and b.starts >= v_from and b.starts < v_to
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended');
end
$$;
COMMENT ON FUNCTION bookings.touched_by(p_centre_id smallint, p_changed datemultirange) IS 'Live bookings around some days that depend on a centre''s label: with a line there, or by the centre itself elsewhere.';
REVOKE ALL ON FUNCTION bookings.touched_by(p_centre_id smallint, p_changed datemultirange) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.touched_by(p_centre_id smallint, p_changed datemultirange) TO plateau_functions;

CREATE FUNCTION bookings.tree_rules(p_line integer, p_zone text, p_resources platforms.resource[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_resource platforms.resource := p_resources[p_line];
    v_starts timestamptz := p_starts[p_line] - make_interval(mins => v_resource.setup_minutes);
    v_ends timestamptz := p_ends[p_line] + make_interval(mins => v_resource.cleanup_minutes);
    v_node platforms.resource;
    v_more record;
    v_free integer;
    v_present integer;
begin
    for v_node in
        select r.* from platforms.resource r
        where r.centre_id = v_resource.centre_id and r.id = any (v_resource.id || v_resource.ancestors)
        order by cardinality(r.ancestors) desc
    loop
        -- What earlier lines of this request take of it.
        select coalesce(array_agg(p_starts[e.i] - make_interval(mins => (p_resources[e.i]).setup_minutes)), '{}') as starts,
               coalesce(array_agg(p_ends[e.i] + make_interval(mins => (p_resources[e.i]).cleanup_minutes)), '{}') as ends,
               coalesce(array_agg(p_seats[e.i]), '{}') as seats, coalesce(array_agg(p_persons[e.i]), '{}') as persons
        into v_more
        from generate_series(1, p_line - 1) as e (i)
        where (p_resources[e.i]).id = v_node.id or (p_resources[e.i]).ancestors @> array[v_node.id];
        if v_node.id <> v_resource.id then
            if v_node.retired_at <= p_ends[p_line] then
                v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'resourceRetired', jsonb_build_object(
                    'retiredAt', plateau.rfc3339(v_node.retired_at), 'zone', p_zone));
            end if;
            v_free := v_node.capacity - platforms.most_taken(
                v_node.centre_id, v_node.id, v_starts, v_ends, v_more.starts, v_more.ends, v_more.seats);
            if p_seats[p_line] > v_free then
                v_rules := v_rules || bookings.rule(p_line, 'capacity', 'parentFull', jsonb_build_object(
                    'resourceId', v_node.id, 'name', v_node.name, 'seats', p_seats[p_line], 'free', greatest(v_free, 0),
                    'capacity', v_node.capacity));
            end if;
        end if;
        if v_node.person_limit is not null and p_persons[p_line] > 0 then
            v_present := platforms.most_persons(
                v_node.centre_id, v_node.id, v_starts, v_ends, v_more.starts, v_more.ends, v_more.persons);
            if v_present + p_persons[p_line] > v_node.person_limit then
                v_rules := v_rules || bookings.rule(p_line, 'persons', 'tooManyPersons', jsonb_build_object(
                    'resourceId', v_node.id, 'name', v_node.name, 'persons', p_persons[p_line], 'present', v_present,
                    'personLimit', v_node.person_limit));
            end if;
        end if;
    end loop;
    return v_rules;
end
$$;
COMMENT ON FUNCTION bookings.tree_rules(p_line integer, p_zone text, p_resources platforms.resource[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[]) IS 'Room for one line in everything that its resource stands in, and for its persons there and in itself: the failed rules, each with its facts.';
REVOKE ALL ON FUNCTION bookings.tree_rules(p_line integer, p_zone text, p_resources platforms.resource[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.tree_rules(p_line integer, p_zone text, p_resources platforms.resource[], p_starts timestamp with time zone[], p_ends timestamp with time zone[], p_seats integer[], p_persons integer[]) TO plateau_functions;

CREATE FUNCTION bookings.verdict_of(p_booking uuid) RETURNS bookings.verdict
    LANGUAGE sql STABLE
    AS $$
    select row ('replayed', b.id, b.reference, b.initial_state,
                array(select f from unnest(b.flags) f where f = 'provisional'), b.created_at, b.label_status, b.label_decision_id,
                b.file_number, b.conditional_until,
                (select array_agg(l.seats order by l.number) from bookings.line l where l.centre_id = b.centre_id and l.booking_id = b.id),
                (select array_agg(s.zone order by l.number)
                 from bookings.line l
                 join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
                 join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
                 where l.centre_id = b.centre_id and l.booking_id = b.id),
                null::jsonb, null::timestamptz)::bookings.verdict
    from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
$$;
COMMENT ON FUNCTION bookings.verdict_of(p_booking uuid) IS 'The verdict that created a booking, from columns that never change.';
REVOKE ALL ON FUNCTION bookings.verdict_of(p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.verdict_of(p_booking uuid) TO plateau_functions;

CREATE FUNCTION bookings.waits_for(p_resource uuid, p_starts timestamp with time zone, p_ends timestamp with time zone) RETURNS SETOF bookings.waiting
    LANGUAGE plpgsql STABLE
    AS $$
begin
    -- Of the resource, of a part of it, or of what it is a part of: a row of occupancy stands for each of them.
    return query
    select distinct w.*
    from bookings.waiting w
    join bookings.booking b on b.centre_id = w.centre_id and b.id = w.booking_id and b.state = 'waitlisted'
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    where (r.id = p_resource or p_resource = any (r.ancestors))
      and l.starts - make_interval(mins => r.setup_minutes) < p_ends and l.ends + make_interval(mins => r.cleanup_minutes) > p_starts;
end
$$;
REVOKE ALL ON FUNCTION bookings.waits_for(p_resource uuid, p_starts timestamp with time zone, p_ends timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.waits_for(p_resource uuid, p_starts timestamp with time zone, p_ends timestamp with time zone) TO plateau_functions;

CREATE FUNCTION bookings.wanted(p_key uuid, p_organisation uuid, p_like uuid, p_seats integer, p_persons integer, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_beside uuid[], p_now timestamp with time zone, p_most integer) RETURNS bookings.candidate[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_like platforms.resource;
    v_caller_centre smallint;
    v_least integer := greatest(p_seats, 1);
    v_roots uuid[] := '{}'::uuid[];
    v_is_own boolean := exists (select from access.api_key k where k.id = p_key and k.organisation_id = p_organisation);
    v_candidates bookings.candidate[];
begin
    if p_beside <> '{}' then
        -- What stands in one tree with another line is in its way, or may be.
        v_roots := array(select coalesce(r.ancestors[cardinality(r.ancestors)], r.id) from unnest(p_beside) b
                         join platforms.resource r on r.centre_id = plateau.centre_of(b) and r.id = b);
    end if;
    if p_like is null then
        select array_agg(row(r, s.zone, 'asAsked', 1, f.kilometres)::bookings.candidate) into v_candidates
        from bookings.candidates(p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres, p_most) f
        join platforms.resource r on r.centre_id = f.centre_id and r.id = f.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where (r.retired_at is null or r.retired_at > p_now)
          and coalesce(r.ancestors[cardinality(r.ancestors)], r.id) <> all (v_roots)
          and (v_is_own or access.may_book_for(p_key, p_organisation, array[r.centre_id]));
        return coalesce(v_candidates, '{}');
    end if;
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    select * into v_like from platforms.resource r where r.centre_id = plateau.centre_of(p_like) and r.id = p_like;
    if p_seats = 0 then
        -- The whole of another one: as large, or large enough for those who come.
        v_least := case when p_persons > 0 then least(v_like.capacity, p_persons) else v_like.capacity end;
    end if;
    select array_agg(row(r, s.zone, f.likeness, f.place, f.kilometres)::bookings.candidate) into v_candidates
    from (select v_like.centre_id as centre_id, v_like.id as id, 'sameResource' as likeness, 0 as place, 0::float8 as kilometres
          union all
          select * from bookings.alike(v_like, p_most)) f
    join platforms.resource r on r.centre_id = f.centre_id and r.id = f.id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where (r.retired_at is null or r.retired_at > p_now) and r.capacity >= v_least
      and (r.is_shared or r.centre_id = v_caller_centre or r.id = v_like.id)
      and coalesce(r.ancestors[cardinality(r.ancestors)], r.id) <> all (v_roots)
      and (v_is_own or access.may_book_for(p_key, p_organisation, array[r.centre_id]));
    return coalesce(v_candidates, '{}');
end
$$;
COMMENT ON FUNCTION bookings.wanted(p_key uuid, p_organisation uuid, p_like uuid, p_seats integer, p_persons integer, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_beside uuid[], p_now timestamp with time zone, p_most integer) IS 'The resources among which any is looked for: one and what is like it, or what words, properties and distance find. Left out: what is retired, what this key may not book for the organisation, and what stands in one tree with a resource that is taken beside.';
REVOKE ALL ON FUNCTION bookings.wanted(p_key uuid, p_organisation uuid, p_like uuid, p_seats integer, p_persons integer, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_beside uuid[], p_now timestamp with time zone, p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bookings.wanted(p_key uuid, p_organisation uuid, p_like uuid, p_seats integer, p_persons integer, p_words text, p_tags text[], p_centre_id smallint, p_latitude double precision, p_longitude double precision, p_kilometres double precision, p_beside uuid[], p_now timestamp with time zone, p_most integer) TO plateau_functions;


-- maintenance =============================================================================================================================

CREATE SCHEMA maintenance;
COMMENT ON SCHEMA maintenance IS 'Outages, faults, maintenance plans and calibrations; what they displace, and where that could go.';
GRANT USAGE ON SCHEMA maintenance TO plateau_app, plateau_functions;

CREATE TYPE maintenance.moved AS (
    outcome text,
    version integer,
    rules jsonb
);

CREATE TYPE maintenance.verdict AS (
    outcome text,
    version integer,
    displaced uuid[]
);
COMMENT ON TYPE maintenance.verdict IS 'What a command did or would do, and which bookings it displaced or would displace, oldest first.';

CREATE TABLE maintenance.completion (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    done_on date NOT NULL,
    certificate text,
    laboratory text,
    expires_on date,
    note text,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    CONSTRAINT completion_certificate_of_laboratory CHECK (((certificate IS NULL) = (laboratory IS NULL))),
    CONSTRAINT completion_expires_later CHECK ((expires_on > done_on))
);
ALTER TABLE ONLY maintenance.completion FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE maintenance.completion IS 'That what a plan asks for was done; of a calibration with its certificate, who made it and the last day on which it holds. Rows are only added.';
ALTER TABLE ONLY maintenance.completion ADD CONSTRAINT completion_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX completion_by_plan ON maintenance.completion USING btree (centre_id, plan_id, done_on);
ALTER TABLE ONLY maintenance.completion ADD CONSTRAINT completion_plan FOREIGN KEY (centre_id, plan_id) REFERENCES maintenance.plan(centre_id, id);
ALTER TABLE maintenance.completion ENABLE ROW LEVEL SECURITY;
CREATE POLICY completion_actor ON maintenance.completion FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY completion_functions ON maintenance.completion TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE maintenance.completion TO plateau_functions;
GRANT SELECT ON TABLE maintenance.completion TO plateau_app;

CREATE TABLE maintenance.displacement (
    centre_id smallint NOT NULL,
    outage_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    displaced_at timestamp with time zone NOT NULL,
    outcome text,
    settled_at timestamp with time zone,
    CONSTRAINT displacement_outcome_known CHECK ((outcome = ANY (ARRAY['restored'::text, 'moved'::text, 'left'::text, 'noRoom'::text, 'labelInTheWay'::text]))),
    CONSTRAINT displacement_settled CHECK (((outcome IS NULL) = (settled_at IS NULL)))
);
ALTER TABLE ONLY maintenance.displacement FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE maintenance.displacement IS 'A booking that an outage set aside, and what became of it: its own place again (restored), another (moved), gone by itself (left), or its place taken (noRoom), or a label against it (labelInTheWay), when the outage ended.';
ALTER TABLE ONLY maintenance.displacement ADD CONSTRAINT displacement_pkey PRIMARY KEY (centre_id, outage_id, booking_id);
CREATE INDEX displacement_by_booking ON maintenance.displacement USING btree (booking_id);
ALTER TABLE ONLY maintenance.displacement ADD CONSTRAINT displacement_outage FOREIGN KEY (centre_id, outage_id) REFERENCES maintenance.outage(centre_id, id);
ALTER TABLE maintenance.displacement ENABLE ROW LEVEL SECURITY;
CREATE POLICY displacement_actor ON maintenance.displacement FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY displacement_functions ON maintenance.displacement TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE maintenance.displacement TO plateau_functions;
GRANT SELECT ON TABLE maintenance.displacement TO plateau_app;

CREATE TABLE maintenance.fault (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    resource_id uuid NOT NULL,
    severity text NOT NULL,
    description text NOT NULL,
    expected_at timestamp with time zone,
    outage_id uuid,
    reported_at timestamp with time zone NOT NULL,
    reported_by uuid NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by uuid,
    resolution text,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT fault_description_present CHECK (((length(btrim(description)) >= 1) AND (length(btrim(description)) <= 2000))),
    CONSTRAINT fault_resolved CHECK ((((resolved_at IS NULL) = (resolved_by IS NULL)) AND ((resolution IS NULL) OR (resolved_at IS NOT NULL)))),
    CONSTRAINT fault_severity_known CHECK ((severity = ANY (ARRAY['minor'::text, 'limitsUse'::text, 'stopsUse'::text]))),
    CONSTRAINT fault_that_stops_use_is_an_outage CHECK (((severity = 'stopsUse'::text) = (outage_id IS NOT NULL)))
);
ALTER TABLE ONLY maintenance.fault FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE maintenance.fault IS 'What somebody found wrong with a resource, and what became of it.';
ALTER TABLE ONLY maintenance.fault ADD CONSTRAINT fault_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX fault_by_resource ON maintenance.fault USING btree (centre_id, resource_id, id);
ALTER TABLE ONLY maintenance.fault ADD CONSTRAINT fault_outage FOREIGN KEY (centre_id, outage_id) REFERENCES maintenance.outage(centre_id, id);
ALTER TABLE ONLY maintenance.fault ADD CONSTRAINT fault_resource FOREIGN KEY (centre_id, resource_id) REFERENCES platforms.resource(centre_id, id);
ALTER TABLE maintenance.fault ENABLE ROW LEVEL SECURITY;
CREATE POLICY fault_actor ON maintenance.fault FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY fault_functions ON maintenance.fault TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE maintenance.fault TO plateau_functions;
GRANT SELECT ON TABLE maintenance.fault TO plateau_app;

CREATE TABLE maintenance.former_span (
    centre_id smallint NOT NULL,
    outage_id uuid NOT NULL,
    until timestamp with time zone NOT NULL,
    during tstzrange NOT NULL
);
ALTER TABLE ONLY maintenance.former_span FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE maintenance.former_span IS 'How long an outage was said to last, until that was changed: so that past figures can be made again.';
ALTER TABLE ONLY maintenance.former_span ADD CONSTRAINT former_span_pkey PRIMARY KEY (centre_id, outage_id, until);
ALTER TABLE ONLY maintenance.former_span ADD CONSTRAINT former_span_outage FOREIGN KEY (centre_id, outage_id) REFERENCES maintenance.outage(centre_id, id);
ALTER TABLE maintenance.former_span ENABLE ROW LEVEL SECURITY;
CREATE POLICY former_span_functions ON maintenance.former_span TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE maintenance.former_span TO plateau_functions;

CREATE TABLE maintenance.outage (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    resource_id uuid NOT NULL,
    cause text NOT NULL,
    during tstzrange NOT NULL,
    blocked_until timestamp with time zone NOT NULL,
    reason text NOT NULL,
    plan_id uuid,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    ended_at timestamp with time zone,
    ended_by uuid,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT outage_begins CHECK (((NOT isempty(during)) AND (lower(during) IS NOT NULL))),
    CONSTRAINT outage_cause_known CHECK ((cause = ANY (ARRAY['fault'::text, 'maintenance'::text, 'calibration'::text, 'closure'::text]))),
    CONSTRAINT outage_ended CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
    CONSTRAINT outage_only_a_fault_has_no_end CHECK (((upper(during) IS NOT NULL) OR (cause = 'fault'::text))),
    CONSTRAINT outage_planned_is_a_year_at_most CHECK (((cause = 'fault'::text) OR ((upper(during) - lower(during)) <= '367 days'::interval))),
    CONSTRAINT outage_reason_present CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 2000)))
);
ALTER TABLE ONLY maintenance.outage FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE maintenance.outage IS 'A time in which a resource cannot be used. It has rows in platforms.occupancy as a booking has, under its id, as buffers: no use. blocked_until: how far these go, of a fault no further than anybody can book.';
ALTER TABLE ONLY maintenance.outage ADD CONSTRAINT outage_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX outage_by_resource ON maintenance.outage USING btree (centre_id, resource_id, id);
CREATE TRIGGER span_kept AFTER UPDATE OF during ON maintenance.outage FOR EACH ROW WHEN ((old.during IS DISTINCT FROM new.during)) EXECUTE FUNCTION maintenance.keep_span();
ALTER TABLE ONLY maintenance.outage ADD CONSTRAINT outage_plan FOREIGN KEY (centre_id, plan_id) REFERENCES maintenance.plan(centre_id, id);
ALTER TABLE ONLY maintenance.outage ADD CONSTRAINT outage_resource FOREIGN KEY (centre_id, resource_id) REFERENCES platforms.resource(centre_id, id);
ALTER TABLE maintenance.outage ENABLE ROW LEVEL SECURITY;
CREATE POLICY outage_actor ON maintenance.outage FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY outage_functions ON maintenance.outage TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE maintenance.outage TO plateau_functions;
GRANT SELECT ON TABLE maintenance.outage TO plateau_app;

CREATE TABLE maintenance.plan (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    asset_id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    every_months smallint,
    every_use_hours integer,
    duration_minutes integer NOT NULL,
    last_done_on date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid NOT NULL,
    ended_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT plan_duration_range CHECK (((duration_minutes >= 15) AND (duration_minutes <= 44640))),
    CONSTRAINT plan_has_interval CHECK (((every_months IS NOT NULL) OR (every_use_hours IS NOT NULL))),
    CONSTRAINT plan_hours_range CHECK (((every_use_hours >= 1) AND (every_use_hours <= 100000))),
    CONSTRAINT plan_kind_known CHECK ((kind = ANY (ARRAY['maintenance'::text, 'calibration'::text]))),
    CONSTRAINT plan_months_range CHECK (((every_months >= 1) AND (every_months <= 240))),
    CONSTRAINT plan_name_present CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 200)))
);
ALTER TABLE ONLY maintenance.plan FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE maintenance.plan IS 'What is to be done to an asset again and again: after so many months, or so many hours of use, since it was last done; whichever comes first.';
ALTER TABLE ONLY maintenance.plan ADD CONSTRAINT plan_pkey PRIMARY KEY (centre_id, id);
CREATE INDEX plan_by_asset ON maintenance.plan USING btree (centre_id, asset_id);
ALTER TABLE ONLY maintenance.plan ADD CONSTRAINT plan_asset FOREIGN KEY (centre_id, asset_id) REFERENCES inventory.asset(centre_id, id);
ALTER TABLE maintenance.plan ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_actor ON maintenance.plan FOR SELECT TO plateau_app USING (((centre_id = ANY (( SELECT plateau.actor_centres() AS actor_centres)::smallint[])) OR ( SELECT plateau.actor_is_network() AS actor_is_network)));
CREATE POLICY plan_functions ON maintenance.plan TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE maintenance.plan TO plateau_functions;
GRANT SELECT ON TABLE maintenance.plan TO plateau_app;

CREATE FUNCTION maintenance.add_plan(p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_kind text, p_name text, p_every_months smallint, p_every_use_hours integer, p_duration_minutes integer, p_last_done_on date) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif not exists (select from inventory.asset a where a.centre_id = p_centre_id and a.id = p_asset_id and a.state <> 'retired') then
        return 'notFound';
    end if;
    insert into maintenance.plan (
        centre_id, id, asset_id, kind, name, every_months, every_use_hours, duration_minutes, last_done_on, recorded_at, recorded_by)
    values (p_centre_id, p_id, p_asset_id, p_kind, p_name, p_every_months, p_every_use_hours, p_duration_minutes, p_last_done_on,
            plateau.clock(), p_key);
    return 'added';
end
$$;
ALTER FUNCTION maintenance.add_plan(p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_kind text, p_name text, p_every_months smallint, p_every_use_hours integer, p_duration_minutes integer, p_last_done_on date) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.add_plan(p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_kind text, p_name text, p_every_months smallint, p_every_use_hours integer, p_duration_minutes integer, p_last_done_on date) IS 'outcome: added, notFound, forbidden.';
REVOKE ALL ON FUNCTION maintenance.add_plan(p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_kind text, p_name text, p_every_months smallint, p_every_use_hours integer, p_duration_minutes integer, p_last_done_on date) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.add_plan(p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_kind text, p_name text, p_every_months smallint, p_every_use_hours integer, p_duration_minutes integer, p_last_done_on date) TO plateau_app;

CREATE FUNCTION maintenance.block(p_resource platforms.resource, p_outage maintenance.outage, p_from timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_zone text;
    v_organisation uuid;
    v_window tstzrange;
    v_piece tstzrange;
    v_starts timestamptz;
    v_ends timestamptz;
begin
    if p_from >= p_outage.blocked_until then
        return;
    end if;
    v_window := tstzrange(greatest(lower(p_outage.during), p_from), p_outage.blocked_until);
    select s.zone into v_zone from centres.site s where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    select o.id into v_organisation from access.organisation o where o.centre_id = p_resource.centre_id order by o.id limit 1;
    -- Use under way ends when it ends; another outage that is there already is enough.
    for v_piece in
        select unnest(tstzmultirange(v_window) - coalesce(range_agg(tstzrange(o.starts, o.ends)), '{}'))
        from platforms.occupancy o
        where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id
          and o.ends > lower(v_window) and o.starts < upper(v_window)
    loop
        v_starts := lower(v_piece);
        loop
            v_ends := least(upper(v_piece), plateau.instant_of((plateau.local_day(v_starts, v_zone) + 1)::timestamp, v_zone));
            insert into platforms.occupancy (
                centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id,
                is_exclusive)
            values (p_resource.centre_id, p_resource.id, v_starts, v_ends, v_starts, v_starts, p_resource.capacity,
                    p_resource.kind = 'equipment', p_outage.id, 0, coalesce(v_organisation, p_outage.id),
                    p_resource.kind <> 'equipment');
            exit when v_ends >= upper(v_piece);
            v_starts := v_ends;
        end loop;
    end loop;
end
$$;
COMMENT ON FUNCTION maintenance.block(p_resource platforms.resource, p_outage maintenance.outage, p_from timestamp with time zone) IS 'Takes the room of an outage that is still free, one row for each local day.';
REVOKE ALL ON FUNCTION maintenance.block(p_resource platforms.resource, p_outage maintenance.outage, p_from timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.block(p_resource platforms.resource, p_outage maintenance.outage, p_from timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.complete_plan(p_centre_id smallint, p_id uuid, p_plan_id uuid, p_key uuid, p_version integer, p_done_on date, p_certificate text, p_laboratory text, p_expires_on date, p_note text) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_plan maintenance.plan;
    v_now timestamptz := plateau.clock();
    v_today date;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    select * into v_plan from maintenance.plan p where p.centre_id = p_centre_id and p.id = p_plan_id for update;
    select plateau.local_day(v_now, s.zone) into v_today
    from platforms.resource r join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where r.centre_id = p_centre_id and r.id = v_plan.asset_id;
    if v_plan.id is null then
        return query select 'notFound', null::integer;
    elsif v_plan.version <> p_version then
        return query select 'versionMismatch', v_plan.version;
    elsif v_plan.ended_at is not null then
        return query select 'over', v_plan.version;
    elsif p_done_on > v_today then
        return query select 'future', v_plan.version;
    elsif p_done_on < v_plan.last_done_on then
        return query select 'earlier', v_plan.version;
    elsif (v_plan.kind = 'calibration') <> (p_certificate is not null) then
        return query select 'certificate', v_plan.version;
    else
        insert into maintenance.completion (
            centre_id, id, plan_id, done_on, certificate, laboratory, expires_on, note, recorded_at, recorded_by)
        values (p_centre_id, p_id, p_plan_id, p_done_on, p_certificate, p_laboratory, p_expires_on, p_note, v_now, p_key);
        update maintenance.plan p set last_done_on = p_done_on, version = p.version + 1
        where p.centre_id = p_centre_id and p.id = p_plan_id;
        return query select 'completed', p_version + 1;
    end if;
end
$$;
ALTER FUNCTION maintenance.complete_plan(p_centre_id smallint, p_id uuid, p_plan_id uuid, p_key uuid, p_version integer, p_done_on date, p_certificate text, p_laboratory text, p_expires_on date, p_note text) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.complete_plan(p_centre_id smallint, p_id uuid, p_plan_id uuid, p_key uuid, p_version integer, p_done_on date, p_certificate text, p_laboratory text, p_expires_on date, p_note text) IS 'That what a plan asks for was done: it counts from that day on. outcome: completed, notFound, forbidden, versionMismatch, over, future, earlier (than it was last done), certificate (a calibration has one, maintenance none).';
REVOKE ALL ON FUNCTION maintenance.complete_plan(p_centre_id smallint, p_id uuid, p_plan_id uuid, p_key uuid, p_version integer, p_done_on date, p_certificate text, p_laboratory text, p_expires_on date, p_note text) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.complete_plan(p_centre_id smallint, p_id uuid, p_plan_id uuid, p_key uuid, p_version integer, p_done_on date, p_certificate text, p_laboratory text, p_expires_on date, p_note text) TO plateau_app;

CREATE FUNCTION maintenance.displace(p_outage maintenance.outage, p_bookings uuid[], p_key uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_booking bookings.booking;
    v_flags text[];
begin
    for v_booking in
        select b.* from bookings.booking b
        where (b.centre_id, b.id) in (select plateau.centre_of(w.id), w.id from unnest(p_bookings) as w (id))
          and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse')
        order by b.centre_id, b.id for update
    loop
        v_flags := array_remove(v_booking.flags, 'displaced') || 'displaced'::text;
        if v_booking.starts > p_now then
            perform bookings.leave(v_booking, 'suspended', p_key, null, p_outage.cause, 'booking.displaced', p_now);
            update bookings.booking b set flags = v_flags where b.centre_id = v_booking.centre_id and b.id = v_booking.id;
        elsif not v_booking.flags @> array['displaced'] then
            -- Under way: it keeps what it has, and is told.
            perform bookings.stay(v_booking, v_booking.state, v_flags, v_booking.at_risk_until, p_key, p_outage.cause,
                                  'booking.displaced', p_now);
        end if;
        insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at)
        values (p_outage.centre_id, p_outage.id, v_booking.id, p_now)
        on conflict (centre_id, outage_id, booking_id) do update
            set displaced_at = excluded.displaced_at, outcome = null, settled_at = null;
    end loop;
end
$$;
COMMENT ON FUNCTION maintenance.displace(p_outage maintenance.outage, p_bookings uuid[], p_key uuid, p_now timestamp with time zone) IS 'Sets bookings aside: they keep everything but their room, and come back when the outage ends before them or somebody moves them. One under way keeps its room and is flagged.';
REVOKE ALL ON FUNCTION maintenance.displace(p_outage maintenance.outage, p_bookings uuid[], p_key uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.displace(p_outage maintenance.outage, p_bookings uuid[], p_key uuid, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.end_outage(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    perform maintenance.lock(p_centre_id, p_id);
    v_now := plateau.clock();
    select * into v_outage from maintenance.outage o where o.centre_id = p_centre_id and o.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer;
    elsif v_outage.version <> p_version then
        return query select 'versionMismatch', v_outage.version;
    elsif v_outage.cause = 'fault' then
        return query select 'endsWithFault', v_outage.version;
    elsif v_outage.ended_at is not null or upper(v_outage.during) <= v_now then
        return query select 'over', v_outage.version;
    else
        perform maintenance.stop(v_outage, p_key, v_now);
        return query select 'ended', p_version + 1;
    end if;
end
$$;
ALTER FUNCTION maintenance.end_outage(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.end_outage(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) IS 'Ends an outage now, or takes back one to come. outcome: ended, notFound, forbidden, versionMismatch, endsWithFault, over.';
REVOKE ALL ON FUNCTION maintenance.end_outage(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.end_outage(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) TO plateau_app;

CREATE FUNCTION maintenance.end_plan(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_plan maintenance.plan;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    select * into v_plan from maintenance.plan p where p.centre_id = p_centre_id and p.id = p_id for update;
    if v_plan.id is null then
        return query select 'notFound', null::integer;
    elsif v_plan.version <> p_version then
        return query select 'versionMismatch', v_plan.version;
    elsif v_plan.ended_at is not null then
        return query select 'over', v_plan.version;
    else
        update maintenance.plan p set ended_at = plateau.clock(), version = p.version + 1 where p.centre_id = p_centre_id and p.id = p_id;
        return query select 'ended', p_version + 1;
    end if;
end
$$;
ALTER FUNCTION maintenance.end_plan(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.end_plan(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) IS 'outcome: ended, notFound, forbidden, versionMismatch, over.';
REVOKE ALL ON FUNCTION maintenance.end_plan(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.end_plan(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid) TO plateau_app;

CREATE FUNCTION maintenance.expect_back(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_expected_at timestamp with time zone) RETURNS maintenance.verdict
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_verdict maintenance.verdict;
    v_fault maintenance.fault;
    v_outage maintenance.outage;
    v_resource platforms.resource;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id;
    perform maintenance.lock(p_centre_id, v_fault.outage_id);
    v_now := plateau.clock();
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id for update;
    v_verdict.outcome := case when v_fault.id is null then 'notFound'
                              when v_fault.version <> p_version then 'versionMismatch'
                              when v_fault.resolved_at is not null then 'over'
                              when v_fault.outage_id is null then 'doesNotStopUse'
                              when p_expected_at <= v_now then 'past' end;
    v_verdict.version := v_fault.version;
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = v_fault.resource_id;
    update maintenance.fault f set expected_at = p_expected_at, version = f.version + 1 where f.centre_id = p_centre_id and f.id = p_id;
    update inventory.asset a
    set expected_at = (
        select case when bool_or(f.expected_at is null) then null else max(f.expected_at) end from maintenance.fault f
        where f.centre_id = p_centre_id and f.resource_id = v_fault.resource_id and f.outage_id is not null and f.resolved_at is null)
    where a.centre_id = p_centre_id and a.id = v_fault.resource_id and a.state in ('faulty', 'inRepair');
    update maintenance.outage o
    set during = tstzrange(lower(o.during), p_expected_at), version = o.version + 1,
        blocked_until = least(p_expected_at, v_now + make_interval(days => v_resource.horizon_days + 32))
    where o.centre_id = p_centre_id and o.id = v_fault.outage_id
    returning * into v_outage;
    -- What begins before it is back loses its place; what begins later gets its own again.
    v_verdict.displaced := maintenance.touched(p_centre_id, v_outage.resource_id, v_outage.during, v_now);
    perform maintenance.displace(v_outage, v_verdict.displaced, p_key, v_now);
    perform maintenance.give_back(v_outage, p_key, v_now);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'fault.changed', p_id, p_version + 1, v_now);
    v_verdict.outcome := 'changed';
    v_verdict.version := p_version + 1;
    return v_verdict;
end
$$;
ALTER FUNCTION maintenance.expect_back(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_expected_at timestamp with time zone) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.expect_back(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_expected_at timestamp with time zone) IS 'When a resource that a fault stopped is expected back, null: not known. Bookings after it get their place again, those before lose it. outcome: changed (displaced: those that lose theirs), notFound, forbidden, versionMismatch, over, doesNotStopUse, past.';
REVOKE ALL ON FUNCTION maintenance.expect_back(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_expected_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.expect_back(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_expected_at timestamp with time zone) TO plateau_app;

CREATE FUNCTION maintenance.give_back(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_resource platforms.resource;
    v_policy labels.policy;
    v_other maintenance.outage;
    v_booking uuid;
    v_outcome text;
begin
    select * into v_resource from platforms.resource r where r.centre_id = p_outage.centre_id and r.id = p_outage.resource_id;
    select * into v_policy from labels.policy;
    delete from platforms.occupancy o
    where o.centre_id = p_outage.centre_id and o.resource_id = p_outage.resource_id and o.holder_id = p_outage.id and o.starts >= p_now;
    update platforms.occupancy o set ends = p_now
    where o.centre_id = p_outage.centre_id and o.resource_id = p_outage.resource_id and o.holder_id = p_outage.id and o.ends > p_now;
    -- What another outage left to this one is its own now.
    for v_other in
        select x.* from maintenance.outage x
        where x.centre_id = p_outage.centre_id and x.resource_id = p_outage.resource_id and x.ended_at is null
          and x.blocked_until > p_now
        order by x.recorded_at, x.id
    loop
        perform maintenance.block(v_resource, v_other, p_now);
    end loop;
    for v_booking in
        select d.booking_id
        from maintenance.displacement d
        join bookings.booking b on b.centre_id = plateau.centre_of(d.booking_id) and b.id = d.booking_id
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.outcome is null
        order by b.created_at, b.id
    loop
        continue when p_outage.ended_at is null and maintenance.in_the_way(v_booking, p_outage);
        v_outcome := maintenance.settle(v_booking, p_key, v_policy, p_now);
        update maintenance.displacement d set outcome = v_outcome, settled_at = p_now
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.booking_id = v_booking;
        if v_outcome = 'noRoom' then
            -- Another outage is in its way: it waits for the end of that.
            insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at)
            select x.centre_id, x.id, v_booking, p_now from maintenance.outage x
            where x.centre_id = p_outage.centre_id and x.resource_id = p_outage.resource_id and x.ended_at is null
              and x.id <> p_outage.id and maintenance.in_the_way(v_booking, x)
            order by x.recorded_at, x.id limit 1
            on conflict (centre_id, outage_id, booking_id) do update set outcome = null, settled_at = null;
        end if;
    end loop;
end
$$;
COMMENT ON FUNCTION maintenance.give_back(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) IS 'Frees the room that an outage, as it now is, does not take any more, and gives displaced bookings that are not in its way their place again, oldest first, where it is free.';
REVOKE ALL ON FUNCTION maintenance.give_back(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.give_back(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.in_the_way(p_booking uuid, p_outage maintenance.outage) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (
        select from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        where l.centre_id = plateau.centre_of(p_booking) and l.booking_id = p_booking
          and p_outage.resource_id = any (r.id || r.ancestors)
          and p_outage.during && tstzrange(l.starts - make_interval(mins => r.setup_minutes),
                                           l.ends + make_interval(mins => r.cleanup_minutes)))
$$;
COMMENT ON FUNCTION maintenance.in_the_way(p_booking uuid, p_outage maintenance.outage) IS 'Whether a line of a booking, buffers included, is of a resource, or a part of it, in an outage.';
REVOKE ALL ON FUNCTION maintenance.in_the_way(p_booking uuid, p_outage maintenance.outage) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.in_the_way(p_booking uuid, p_outage maintenance.outage) TO plateau_functions;

CREATE FUNCTION maintenance.keep_span() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into maintenance.former_span (centre_id, outage_id, until, during) values (old.centre_id, old.id, plateau.clock(), old.during);
    return null;
end
$$;
ALTER FUNCTION maintenance.keep_span() OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION maintenance.keep_span() FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.keep_span() TO plateau_app;

CREATE FUNCTION maintenance.lock(p_centre_id smallint, p_outage uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_keys bigint[];
    v_rooms bigint[];
    v_bookings uuid[];
begin
    v_bookings := array(select d.booking_id from maintenance.displacement d
                        where d.centre_id = p_centre_id and d.outage_id = p_outage and d.outcome is null);
    -- A booking may touch other centres: their labels stand still too, in the one order of all callers.
    v_keys := array(
        select distinct plateau.label_lock(c.centre_id)
        from (select p_centre_id as centre_id
              union all
              select unnest(b.centres || o.centre_id) from unnest(v_bookings) as w (id)
              join bookings.booking b on b.centre_id = plateau.centre_of(w.id) and b.id = w.id
              join access.organisation o on o.id = b.organisation_id) c
        where c.centre_id is not null
        order by 1);
    perform plateau.take_locks(v_keys, array(select k = plateau.label_lock(p_centre_id) from unnest(v_keys) with ordinality as u (k, n) order by n));
    v_rooms := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_rooms, array_fill(true, array[cardinality(v_rooms)]));
end
$$;
COMMENT ON FUNCTION maintenance.lock(p_centre_id smallint, p_outage uuid) IS 'The centre''s label lock exclusively, those of the centres of an outage''s displaced bookings shared, then their rooms.';
REVOKE ALL ON FUNCTION maintenance.lock(p_centre_id smallint, p_outage uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.lock(p_centre_id smallint, p_outage uuid) TO plateau_functions;

CREATE FUNCTION maintenance.move_booking(p_booking uuid, p_version integer, p_key uuid, p_lines smallint[], p_resources uuid[]) RETURNS maintenance.moved
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_moved maintenance.moved;
    v_booking bookings.booking;
    v_caller smallint;
    v_centres smallint[];
    v_keys bigint[];
    v_line record;
    v_gate labels.gate_result;
    v_rules jsonb := '[]'::jsonb;
    v_is_conditional boolean := false;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    v_centres := array(select distinct plateau.centre_of(r) from unnest(p_resources) r);
    if not found then
        v_moved.outcome := 'notFound';
        return v_moved;
    elsif not access.may_book_for(p_key, v_booking.organisation_id, v_centres) then
        v_moved.outcome := 'forbidden';
        return v_moved;
    end if;
    select o.centre_id into v_caller from access.organisation o where o.id = v_booking.organisation_id;
    -- The locks of whoever books: labels shared, then rooms, each in one ascending order.
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key from unnest(v_booking.centres || v_centres || v_caller) c
          where c is not null order by 1) k;
    v_keys := array(
        select distinct k.key
        from (select coalesce(m.resource_id, l.resource_id) as resource_id, l.starts, l.ends
              from bookings.line l
              left join unnest(p_lines, p_resources) as m (number, resource_id) on m.number = l.number
              where l.centre_id = v_booking.centre_id and l.booking_id = p_booking) l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        cross join lateral unnest(platforms.room_locks(r, tstzrange(l.starts, l.ends))) as k (key)
        order by k.key);
    perform plateau.take_locks(v_keys, array_fill(true, array[cardinality(v_keys)]));
    v_now := plateau.clock();
    select * into v_booking from bookings.booking b
    where b.centre_id = v_booking.centre_id and b.id = p_booking for update;
    v_moved.version := v_booking.version;
    v_moved.outcome := case when v_booking.version <> p_version then 'versionMismatch'
                            when v_booking.state <> 'suspended' or not v_booking.flags @> array['displaced'] then 'notDisplaced'
                            when v_booking.starts <= v_now then 'alreadyStarted'
                            when not p_lines <@ array(select l.number from bookings.line l
                                                      where l.centre_id = v_booking.centre_id and l.booking_id = p_booking)
                                then 'lineUnknown' end;
    if v_moved.outcome is not null then
        return v_moved;
    end if;
    for v_line in
        select m.number, m.resource_id, l.starts, l.ends, l.seats, l.is_exclusive, r as resource, s.zone
        from unnest(p_lines, p_resources) as m (number, resource_id)
        join bookings.line l on l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = m.number
        left join platforms.resource r on r.centre_id = plateau.centre_of(m.resource_id) and r.id = m.resource_id
        left join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        order by m.number
    loop
        if v_line.zone is null then
            v_rules := v_rules || bookings.rule(
                v_line.number, 'resource', 'resourceUnknown', jsonb_build_object('resourceId', v_line.resource_id));
            continue;
        end if;
        v_gate := labels.gate(
            (v_line.resource).centre_id, (v_line.resource).is_shared, v_line.zone, tstzrange(v_line.starts, v_line.ends),
            v_booking.organisation_id, v_caller, v_booking.audiences, v_booking.head_counts, false, v_line.resource_id);
        v_is_conditional := v_is_conditional or v_gate.verdict = 'conditional';
        v_rules := v_rules || coalesce((
            select jsonb_agg(jsonb_build_object('line', v_line.number) || g.rule)
            from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' = 'deny'), '[]')
            || bookings.time_rules(
                v_line.number, v_line.resource, v_line.zone, tstzrange(v_line.starts, v_line.ends), v_now);
        if not platforms.has_room(v_line.resource, tstzrange(v_line.starts, v_line.ends),
                                  case when v_line.is_exclusive then (v_line.resource).capacity else v_line.seats end) then
            v_rules := v_rules || bookings.rule(
                v_line.number, 'capacity', case (v_line.resource).kind when 'platform' then 'capacityFull' else 'unitTaken' end,
                jsonb_build_object('seats', v_line.seats, 'free', 0, 'capacity', (v_line.resource).capacity));
        end if;
    end loop;
    if v_rules <> '[]'::jsonb then
        v_moved.outcome := 'refused';
        v_moved.rules := v_rules;
        return v_moved;
    end if;
    begin
        update bookings.line l
        set resource_id = m.resource_id, seats = case when l.is_exclusive then r.capacity else l.seats end
        from unnest(p_lines, p_resources) as m (number, resource_id)
        join platforms.resource r on r.centre_id = plateau.centre_of(m.resource_id) and r.id = m.resource_id
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = m.number;
        if not bookings.restore(v_booking) then
            raise exception 'no room' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        -- Every line or none: another one's place is still taken.
        v_moved.outcome := 'noRoom';
        return v_moved;
    end;
    update bookings.booking b
    set centres = array(select distinct plateau.centre_of(l.resource_id) from bookings.line l
                        where l.centre_id = b.centre_id and l.booking_id = b.id)
    where b.centre_id = v_booking.centre_id and b.id = p_booking;
    perform bookings.stay(v_booking, case when v_is_conditional then 'conditional' else 'confirmed' end,
                          array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key, 'moved', 'booking.moved', v_now);
    update maintenance.displacement d set outcome = 'moved', settled_at = v_now where d.booking_id = p_booking and d.outcome is null;
    v_moved.outcome := 'moved';
    v_moved.version := p_version + 1;
    return v_moved;
end
$$;
ALTER FUNCTION maintenance.move_booking(p_booking uuid, p_version integer, p_key uuid, p_lines smallint[], p_resources uuid[]) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.move_booking(p_booking uuid, p_version integer, p_key uuid, p_lines smallint[], p_resources uuid[]) IS 'Gives lines of a displaced booking other resources, every line or none, under the rules of any booking. outcome: moved, notFound, forbidden, versionMismatch, notDisplaced, alreadyStarted, lineUnknown, refused (with the rules), noRoom (for a line that was not moved).';
REVOKE ALL ON FUNCTION maintenance.move_booking(p_booking uuid, p_version integer, p_key uuid, p_lines smallint[], p_resources uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.move_booking(p_booking uuid, p_version integer, p_key uuid, p_lines smallint[], p_resources uuid[]) TO plateau_app;

CREATE FUNCTION maintenance.note_state(p_centre_id smallint, p_resource_id uuid, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    v_asset inventory.asset;
begin
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_resource_id for update;
    if not found then
        return;
    elsif p_state = 'inService' and v_asset.loaned_until is not null then
        p_state := 'loanedIn';
    end if;
    if inventory.may_become(v_asset.state, p_state) then
        perform inventory.enter_state(v_asset, p_state, p_expected_at, p_key, left(p_reason, 500), p_now);
    elsif v_asset.state in ('faulty', 'inRepair') and p_state = 'faulty' then
        -- Another fault of a machine that stands still already: it is back when the last one is repaired.
        update inventory.asset a
        set expected_at = case when a.expected_at is null or p_expected_at is null then null else greatest(a.expected_at, p_expected_at) end
        where a.centre_id = p_centre_id and a.id = p_resource_id;
    end if;
end
$$;
COMMENT ON FUNCTION maintenance.note_state(p_centre_id smallint, p_resource_id uuid, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) IS 'Takes an asset to the state that a fault, or its repair, means for it; a platform has none.';
REVOKE ALL ON FUNCTION maintenance.note_state(p_centre_id smallint, p_resource_id uuid, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.note_state(p_centre_id smallint, p_resource_id uuid, p_state text, p_expected_at timestamp with time zone, p_key uuid, p_reason text, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.other_places(p_booking uuid, p_limit integer, p_without uuid DEFAULT NULL::uuid) RETURNS TABLE(line smallint, resource_id uuid, name text, centre_id uuid, centre_name text, site_name text, reason text, distance_km integer, verdict text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with wanted as (
        select b as booking, l.number, tstzrange(l.starts, l.ends) as slot, l.seats, l.is_exclusive, r as resource, o as organisation,
               coalesce(l.persons, b.accompanying + coalesce((select sum(n) from unnest(b.head_counts) n), 0))::integer as persons
        from bookings.booking b
        join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join access.organisation o on o.id = b.organisation_id
        where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
    ), lacking as (
        select w.* from wanted w
        where p_without = any ((w.resource).id || (w.resource).ancestors)
           or (w.booking).state = 'suspended' and not platforms.has_room(
               w.resource, w.slot, case when w.is_exclusive then (w.resource).capacity else w.seats end, w.persons)
    ), checked as (
        select w.number, r.id, r.name, r.centre_id, s.name as site_name, a.likeness, a.kilometres, g.verdict,
               row_number() over (partition by w.number order by r.centre_id <> (w.resource).centre_id, a.place, a.kilometres nulls last, r.name, r.id)
                   as rank,
               a.likeness || case when r.centre_id = (w.resource).centre_id then 'SameCentre' else 'OtherCentre' end as reason
        from lacking w
        cross join lateral bookings.alike(w.resource, 500) a
        join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        cross join lateral bookings.slot_rules(
            r, s.zone, w.slot, (w.organisation).id, (w.organisation).centre_id, (w.booking).audiences, (w.booking).head_counts, w.persons,
            plateau.clock(), null, case (w.booking).activity when 'maintenance' then null else (w.booking).activity end,
            (w.booking).supervision, (w.booking).holder_roles, (w.booking).holders) g
        where r.retired_at is null and r.capacity >= w.seats and (r.is_shared or r.centre_id = (w.organisation).centre_id)
          and g.verdict <> 'deny'
          and platforms.has_room(r, w.slot, case when w.is_exclusive then r.capacity else w.seats end, w.persons)
    )
    select c.number, c.id, c.name, x.id, n.name, c.site_name, c.reason, round(c.kilometres)::integer, c.verdict
    from checked c
    join centres.centre x on x.centre_id = c.centre_id
    join lateral (select n.name from centres.centre_name n where n.centre_id = c.centre_id order by lower(n.during) desc limit 1) n on true
    where c.rank <= p_limit
    order by c.number, c.rank
$$;
ALTER FUNCTION maintenance.other_places(p_booking uuid, p_limit integer, p_without uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.other_places(p_booking uuid, p_limit integer, p_without uuid) IS 'Where each line of a booking without room, or of a resource that it may have to do without, could go instead, best first: the same model at its centre, its like there, the same model elsewhere by distance, its like elsewhere; platforms by skills and sectors. Only what is open, free and allowed to its organisation.';
REVOKE ALL ON FUNCTION maintenance.other_places(p_booking uuid, p_limit integer, p_without uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.other_places(p_booking uuid, p_limit integer, p_without uuid) TO plateau_app;

CREATE FUNCTION maintenance.out_of_service(p_centre_id smallint, p_during tstzrange, p_known_at timestamp with time zone) RETURNS TABLE(resource_id uuid, during tstzrange)
    LANGUAGE sql STABLE
    AS $$
    select o.resource_id, s.during * p_during
    from maintenance.outage o
    left join lateral (
        select f.during from maintenance.former_span f
        where f.centre_id = o.centre_id and f.outage_id = o.id and f.until > p_known_at
        order by f.until limit 1) f on true
    cross join lateral (
        select coalesce(f.during, o.during)
               * tstzrange(null, case when o.ended_at > p_known_at then null else o.ended_at end) as during) s
    where o.centre_id = p_centre_id and (p_known_at is null or o.recorded_at <= p_known_at) and s.during && p_during
$$;
COMMENT ON FUNCTION maintenance.out_of_service(p_centre_id smallint, p_during tstzrange, p_known_at timestamp with time zone) IS 'When resources of a centre could not be used, as known at a moment (null: now). What stands in one of them could not either.';
REVOKE ALL ON FUNCTION maintenance.out_of_service(p_centre_id smallint, p_during tstzrange, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.out_of_service(p_centre_id smallint, p_during tstzrange, p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.plan_outage(p_centre_id smallint, p_id uuid, p_resource_id uuid, p_key uuid, p_cause text, p_starts timestamp with time zone, p_ends timestamp with time zone, p_reason text, p_plan_id uuid, p_expected uuid[], p_dry_run boolean) RETURNS maintenance.verdict
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_verdict maintenance.verdict;
    v_resource platforms.resource;
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_resource_id for update;
    v_verdict.outcome := coalesce(
        maintenance.resource_fault(v_resource),
        case when p_ends <= v_now then 'past'
             when p_plan_id is not null and not exists (
                 select from maintenance.plan p where p.centre_id = p_centre_id and p.id = p_plan_id and p.asset_id = p_resource_id
                   and p.ended_at is null) then 'planUnknown' end);
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    v_verdict.displaced := maintenance.touched(p_centre_id, p_resource_id, tstzrange(p_starts, p_ends), v_now);
    if p_expected is not null
        and not (p_expected @> v_verdict.displaced and p_expected <@ v_verdict.displaced) then
        v_verdict.outcome := 'displacedChanged';
        return v_verdict;
    elsif p_dry_run then
        v_verdict.outcome := 'wouldPlan';
        return v_verdict;
    end if;
    insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, plan_id, recorded_at, recorded_by)
    values (p_centre_id, p_id, p_resource_id, p_cause, tstzrange(p_starts, p_ends), p_ends, p_reason, p_plan_id, v_now, p_key)
    returning * into v_outage;
    v_verdict.displaced := maintenance.take_up(v_outage, p_key, v_now);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'outage.planned', p_id, 1, v_now);
    v_verdict.outcome := 'planned';
    v_verdict.version := 1;
    return v_verdict;
end
$$;
ALTER FUNCTION maintenance.plan_outage(p_centre_id smallint, p_id uuid, p_resource_id uuid, p_key uuid, p_cause text, p_starts timestamp with time zone, p_ends timestamp with time zone, p_reason text, p_plan_id uuid, p_expected uuid[], p_dry_run boolean) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.plan_outage(p_centre_id smallint, p_id uuid, p_resource_id uuid, p_key uuid, p_cause text, p_starts timestamp with time zone, p_ends timestamp with time zone, p_reason text, p_plan_id uuid, p_expected uuid[], p_dry_run boolean) IS 'Plans an outage, or only says which bookings it would displace. outcome: planned, wouldPlan, notFound, forbidden, partOfPlatform, retired, past, planUnknown, displacedChanged (others than those expected).';
REVOKE ALL ON FUNCTION maintenance.plan_outage(p_centre_id smallint, p_id uuid, p_resource_id uuid, p_key uuid, p_cause text, p_starts timestamp with time zone, p_ends timestamp with time zone, p_reason text, p_plan_id uuid, p_expected uuid[], p_dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.plan_outage(p_centre_id smallint, p_id uuid, p_resource_id uuid, p_key uuid, p_cause text, p_starts timestamp with time zone, p_ends timestamp with time zone, p_reason text, p_plan_id uuid, p_expected uuid[], p_dry_run boolean) TO plateau_app;

CREATE FUNCTION maintenance.report_fault(p_centre_id smallint, p_id uuid, p_outage_id uuid, p_resource_id uuid, p_key uuid, p_severity text, p_description text, p_expected_at timestamp with time zone, p_expected uuid[], p_dry_run boolean) RETURNS maintenance.verdict
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_verdict maintenance.verdict;
    v_resource platforms.resource;
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_resource_id for update;
    v_verdict.outcome := coalesce(
        maintenance.resource_fault(v_resource), case when p_severity = 'stopsUse' and p_expected_at <= v_now then 'past' end);
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    v_verdict.displaced := case p_severity
        when 'stopsUse' then maintenance.touched(p_centre_id, p_resource_id, tstzrange(v_now, p_expected_at), v_now)
        else '{}'::uuid[] end;
    if p_expected is not null
        and not (p_expected @> v_verdict.displaced and p_expected <@ v_verdict.displaced) then
        v_verdict.outcome := 'displacedChanged';
        return v_verdict;
    elsif p_dry_run then
        v_verdict.outcome := 'wouldReport';
        return v_verdict;
    end if;
    if p_severity = 'stopsUse' then
        insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
        values (p_centre_id, p_outage_id, p_resource_id, 'fault', tstzrange(v_now, p_expected_at),
                least(p_expected_at, v_now + make_interval(days => v_resource.horizon_days + 32)), p_description, v_now, p_key)
        returning * into v_outage;
        v_verdict.displaced := maintenance.take_up(v_outage, p_key, v_now);
        perform maintenance.note_state(p_centre_id, p_resource_id, 'faulty', p_expected_at, p_key, p_description, v_now);
    end if;
    insert into maintenance.fault (
        centre_id, id, resource_id, severity, description, expected_at, outage_id, reported_at, reported_by)
    values (p_centre_id, p_id, p_resource_id, p_severity, p_description, p_expected_at, v_outage.id, v_now, p_key);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'fault.reported', p_id, 1, v_now);
    v_verdict.outcome := 'reported';
    v_verdict.version := 1;
    return v_verdict;
end
$$;
ALTER FUNCTION maintenance.report_fault(p_centre_id smallint, p_id uuid, p_outage_id uuid, p_resource_id uuid, p_key uuid, p_severity text, p_description text, p_expected_at timestamp with time zone, p_expected uuid[], p_dry_run boolean) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.report_fault(p_centre_id smallint, p_id uuid, p_outage_id uuid, p_resource_id uuid, p_key uuid, p_severity text, p_description text, p_expected_at timestamp with time zone, p_expected uuid[], p_dry_run boolean) IS 'Notes a fault; one that stops use is an outage from now until the moment at which the resource is expected back, displaces what stands in the way, and makes an asset faulty. outcome: reported, wouldReport, notFound, forbidden, partOfPlatform, retired, past, displacedChanged.';
REVOKE ALL ON FUNCTION maintenance.report_fault(p_centre_id smallint, p_id uuid, p_outage_id uuid, p_resource_id uuid, p_key uuid, p_severity text, p_description text, p_expected_at timestamp with time zone, p_expected uuid[], p_dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.report_fault(p_centre_id smallint, p_id uuid, p_outage_id uuid, p_resource_id uuid, p_key uuid, p_severity text, p_description text, p_expected_at timestamp with time zone, p_expected uuid[], p_dry_run boolean) TO plateau_app;

CREATE FUNCTION maintenance.resolve_fault(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_resolution text) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_fault maintenance.fault;
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id;
    perform maintenance.lock(p_centre_id, v_fault.outage_id);
    v_now := plateau.clock();
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id for update;
    if v_fault.id is null then
        return query select 'notFound', null::integer;
        return;
    elsif v_fault.version <> p_version then
        return query select 'versionMismatch', v_fault.version;
        return;
    elsif v_fault.resolved_at is not null then
        return query select 'over', v_fault.version;
        return;
    end if;
    update maintenance.fault f
    set resolved_at = v_now, resolved_by = p_key, resolution = p_resolution, version = f.version + 1
    where f.centre_id = p_centre_id and f.id = p_id;
    if v_fault.outage_id is not null then
        if not exists (select from maintenance.fault f
                       where f.centre_id = p_centre_id and f.resource_id = v_fault.resource_id and f.outage_id is not null
                         and f.resolved_at is null) then
            perform maintenance.note_state(
                p_centre_id, v_fault.resource_id, 'inService', null, p_key, coalesce(p_resolution, v_fault.description), v_now);
        end if;
        select * into v_outage from maintenance.outage o where o.centre_id = p_centre_id and o.id = v_fault.outage_id;
        perform maintenance.stop(v_outage, p_key, v_now);
    end if;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'fault.resolved', p_id, p_version + 1, v_now);
    return query select 'resolved', p_version + 1;
end
$$;
ALTER FUNCTION maintenance.resolve_fault(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_resolution text) OWNER TO plateau_functions;
COMMENT ON FUNCTION maintenance.resolve_fault(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_resolution text) IS 'Closes a fault; the last one that stopped use puts the asset back into service and gives displaced bookings their place again. outcome: resolved, notFound, forbidden, versionMismatch, over.';
REVOKE ALL ON FUNCTION maintenance.resolve_fault(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_resolution text) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.resolve_fault(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_resolution text) TO plateau_app;

CREATE FUNCTION maintenance.resource_fault(p_resource platforms.resource) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return case when p_resource.id is null then 'notFound'
                when p_resource.kind not in ('platform', 'equipment') or p_resource.parent_id is not null then 'partOfPlatform'
                when p_resource.retired_at is not null then 'retired' end;
end
$$;
REVOKE ALL ON FUNCTION maintenance.resource_fault(p_resource platforms.resource) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.resource_fault(p_resource platforms.resource) TO plateau_functions;

CREATE FUNCTION maintenance.settle(p_booking uuid, p_key uuid, p_policy labels.policy, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
    v_booking bookings.booking;
    v_judged record;
    v_former text;
begin
    select * into v_booking from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if not v_booking.flags @> array['displaced'] or v_booking.state <> 'suspended' and v_booking.starts > p_now then
        return 'left';
    elsif v_booking.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse') then
        -- It was under way and kept its room.
        perform bookings.stay(v_booking, v_booking.state, array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key,
                              'outageEnded', 'booking.restored', p_now);
        return 'restored';
    elsif v_booking.state <> 'suspended' or v_booking.starts <= p_now then
        return 'left';
    end if;
    v_judged := bookings.judge_label(v_booking, p_policy);
    if v_judged.verdict = 'deny' then
        -- Suspended all the same: its label's return brings it back.
        perform bookings.stay(v_booking, 'suspended', array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key,
                              v_judged.code, 'booking.suspended', p_now);
        return 'labelInTheWay';
    elsif not bookings.restore(v_booking) then
        return 'noRoom';
    end if;
    select t.from_state into v_former from bookings.transition t
    where t.centre_id = v_booking.centre_id and t.booking_id = v_booking.id and t.to_state = 'suspended' and t.from_state <> 'suspended'
    order by t.version desc limit 1;
    perform bookings.stay(
        v_booking,
        case when v_former in ('requested', 'held') then v_former
             when v_judged.verdict = 'conditional' then 'conditional' else 'confirmed' end,
        array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key, 'outageEnded', 'booking.restored', p_now);
    return 'restored';
end
$$;
COMMENT ON FUNCTION maintenance.settle(p_booking uuid, p_key uuid, p_policy labels.policy, p_now timestamp with time zone) IS 'What becomes of one displaced booking whose outage is over: the label is judged and the guard runs again. The caller holds the locks of its labels and rooms.';
REVOKE ALL ON FUNCTION maintenance.settle(p_booking uuid, p_key uuid, p_policy labels.policy, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.settle(p_booking uuid, p_key uuid, p_policy labels.policy, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.stop(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    update maintenance.outage o set ended_at = p_now, ended_by = p_key, version = o.version + 1
    where o.centre_id = p_outage.centre_id and o.id = p_outage.id
    returning * into p_outage;
    perform maintenance.give_back(p_outage, p_key, p_now);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_outage.centre_id, 'outage.ended', p_outage.id, p_outage.version, p_now);
end
$$;
REVOKE ALL ON FUNCTION maintenance.stop(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.stop(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.take_up(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) RETURNS uuid[]
    LANGUAGE plpgsql
    AS $$
declare
    v_resource platforms.resource;
    v_bookings uuid[] := maintenance.touched(p_outage.centre_id, p_outage.resource_id, p_outage.during, p_now);
begin
    select * into v_resource from platforms.resource r where r.centre_id = p_outage.centre_id and r.id = p_outage.resource_id;
    perform maintenance.displace(p_outage, v_bookings, p_key, p_now);
    perform maintenance.block(v_resource, p_outage, '-infinity');
    return v_bookings;
end
$$;
COMMENT ON FUNCTION maintenance.take_up(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) IS 'Displaces what stands in the way of an outage and takes its room. The bookings displaced. The caller holds the label lock exclusively.';
REVOKE ALL ON FUNCTION maintenance.take_up(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.take_up(p_outage maintenance.outage, p_key uuid, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.touched(p_centre_id smallint, p_resource_id uuid, p_window tstzrange, p_now timestamp with time zone) RETURNS uuid[]
    LANGUAGE sql STABLE
    AS $$
    select coalesce(array_agg(b.id order by b.created_at, b.id), '{}')
    from bookings.booking b
    where (b.centre_id, b.id) in (
              select plateau.centre_of(o.holder_id), o.holder_id from platforms.occupancy o
              where o.centre_id = p_centre_id and o.resource_id = p_resource_id and o.ends > greatest(lower(p_window), p_now)
                and o.starts < coalesce(upper(p_window), 'infinity'))
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse')
$$;
COMMENT ON FUNCTION maintenance.touched(p_centre_id smallint, p_resource_id uuid, p_window tstzrange, p_now timestamp with time zone) IS 'The live bookings, oldest first, that have a resource, a part of it or buffers around it in what is left of a window.';
REVOKE ALL ON FUNCTION maintenance.touched(p_centre_id smallint, p_resource_id uuid, p_window tstzrange, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.touched(p_centre_id smallint, p_resource_id uuid, p_window tstzrange, p_now timestamp with time zone) TO plateau_functions;

CREATE FUNCTION maintenance.use_minutes(p_centre_id smallint, p_resource_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    select coalesce(sum(extract(epoch from least(o.use_ends, p_to) - greatest(o.use_starts, p_from)))::bigint / 60, 0)
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_resource_id and o.ends > p_from and o.starts < p_to
      and least(o.use_ends, p_to) > greatest(o.use_starts, p_from)
$$;
COMMENT ON FUNCTION maintenance.use_minutes(p_centre_id smallint, p_resource_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) IS 'For how long a resource was in use, buffers left out: as booked.';
REVOKE ALL ON FUNCTION maintenance.use_minutes(p_centre_id smallint, p_resource_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION maintenance.use_minutes(p_centre_id smallint, p_resource_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) TO plateau_app, plateau_functions;


-- utilisation =============================================================================================================================

CREATE SCHEMA utilisation;
COMMENT ON SCHEMA utilisation IS 'What each booking comes to by local day, totals, reports, seals.';
GRANT USAGE ON SCHEMA utilisation TO plateau_app, plateau_functions;

CREATE TYPE utilisation.figures AS (
    open numeric,
    maintenance numeric,
    booked numeric,
    outside numeric,
    used numeric,
    used_outside numeric,
    overhead numeric,
    lost_late numeric,
    lost_closed numeric,
    lost_no_show numeric,
    bookings numeric,
    by_companies numeric
);
COMMENT ON TYPE utilisation.figures IS 'Workstation-seconds of a resource or of several; bookings: how many began.';

CREATE TYPE utilisation.trainees AS (
    word text,
    attended numeric,
    participations numeric
);

CREATE TABLE utilisation.fact (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    line_number smallint NOT NULL,
    resource_id uuid NOT NULL,
    day date NOT NULL,
    is_own boolean NOT NULL,
    organisation_id uuid NOT NULL,
    organisation_kind text NOT NULL,
    activity text NOT NULL,
    programme text NOT NULL,
    booked bigint NOT NULL,
    outside bigint NOT NULL,
    used bigint NOT NULL,
    used_outside bigint NOT NULL,
    overhead bigint NOT NULL,
    lost_late bigint NOT NULL,
    lost_closed bigint NOT NULL,
    lost_no_show bigint NOT NULL,
    lines integer NOT NULL,
    bookings integer NOT NULL,
    lead bigint NOT NULL,
    checked_in integer NOT NULL,
    cancelled_by_user integer NOT NULL,
    cancelled_by_centre integer NOT NULL,
    cancelled_late integer NOT NULL,
    no_shows integer NOT NULL,
    audiences text[] NOT NULL,
    heads integer[] NOT NULL,
    attended bigint NOT NULL,
    participates boolean NOT NULL,
    hours smallint[] NOT NULL,
    hour_booked integer[] NOT NULL
);
ALTER TABLE ONLY utilisation.fact FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.fact IS 'What the totals hold of each line of a booking, by local day, at its resource (is_own) and at each of its ancestors. Times are workstation-seconds; attended is seconds for each head, time that several lines of one booking share counted once.';
ALTER TABLE ONLY utilisation.fact ADD CONSTRAINT fact_pkey PRIMARY KEY (centre_id, booking_id, line_number, resource_id, day);
CREATE INDEX fact_by_day ON utilisation.fact USING btree (centre_id, day);
CREATE INDEX fact_by_resource ON utilisation.fact USING btree (centre_id, resource_id, day);
ALTER TABLE utilisation.fact ENABLE ROW LEVEL SECURITY;
CREATE POLICY fact_functions ON utilisation.fact TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE utilisation.fact TO plateau_functions;

CREATE TABLE utilisation.former (
    centre_id smallint NOT NULL,
    booking_id uuid NOT NULL,
    line_number smallint NOT NULL,
    until timestamp with time zone NOT NULL,
    image jsonb NOT NULL
);
ALTER TABLE ONLY utilisation.former FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.former IS 'Lines (0: the booking itself) as they were until a change replaced them, so that a report as known at a moment can be made again. Rows are only added.';
ALTER TABLE ONLY utilisation.former ADD CONSTRAINT former_pkey PRIMARY KEY (centre_id, booking_id, line_number, until);
ALTER TABLE utilisation.former ENABLE ROW LEVEL SECURITY;
CREATE POLICY former_functions ON utilisation.former TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE utilisation.former TO plateau_functions;

CREATE TABLE utilisation.hour_total (
    centre_id smallint NOT NULL,
    grain text NOT NULL,
    starts date NOT NULL,
    resource_id uuid NOT NULL,
    is_own boolean NOT NULL,
    weekday smallint NOT NULL,
    hour smallint NOT NULL,
    booked bigint NOT NULL
);
ALTER TABLE ONLY utilisation.hour_total FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.hour_total IS 'Workstation-seconds booked by weekday (1: Monday) and local hour. An hour that happens twice holds both.';
ALTER TABLE ONLY utilisation.hour_total ADD CONSTRAINT hour_total_pkey PRIMARY KEY (centre_id, grain, starts, resource_id, is_own, weekday, hour);
ALTER TABLE utilisation.hour_total ENABLE ROW LEVEL SECURITY;
CREATE POLICY hour_total_functions ON utilisation.hour_total TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE utilisation.hour_total TO plateau_functions;

CREATE TABLE utilisation.pending (
    centre_id smallint NOT NULL,
    id bigint NOT NULL,
    booking_id uuid NOT NULL
);
ALTER TABLE ONLY utilisation.pending FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.pending IS 'The delta rows: bookings that changed, written in the transaction of the change, and that the totals of a centre do not hold yet as they are now. A read adds what they come to now and takes off what they came to before.';
ALTER TABLE utilisation.pending ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME utilisation.pending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY utilisation.pending ADD CONSTRAINT pending_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE utilisation.pending ENABLE ROW LEVEL SECURITY;
CREATE POLICY pending_functions ON utilisation.pending TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE utilisation.pending TO plateau_functions;
GRANT SELECT ON SEQUENCE utilisation.pending_id_seq TO plateau_functions;

CREATE TABLE utilisation.people_total (
    centre_id smallint NOT NULL,
    grain text NOT NULL,
    starts date NOT NULL,
    resource_id uuid NOT NULL,
    audience text NOT NULL,
    organisation_kind text NOT NULL,
    activity text NOT NULL,
    programme text NOT NULL,
    attended bigint NOT NULL,
    participations bigint NOT NULL
);
ALTER TABLE ONLY utilisation.people_total FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.people_total IS 'Trainee-seconds and participations (heads of a booking, not persons) by audience, kind of organisation, activity and programme.';
ALTER TABLE ONLY utilisation.people_total ADD CONSTRAINT people_total_pkey PRIMARY KEY (centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme);
ALTER TABLE utilisation.people_total ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_total_functions ON utilisation.people_total TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE utilisation.people_total TO plateau_functions;

CREATE TABLE utilisation.resource_version (
    centre_id smallint NOT NULL,
    resource_id uuid NOT NULL,
    during tstzrange NOT NULL,
    name text NOT NULL,
    capacity integer NOT NULL,
    setup_minutes integer NOT NULL,
    cleanup_minutes integer NOT NULL,
    ancestors uuid[] NOT NULL,
    sectors text[] DEFAULT '{}'::text[] NOT NULL,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL
);
ALTER TABLE ONLY utilisation.resource_version FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.resource_version IS 'A resource as it was during some time: figures of the past do not move when it grows, is renamed or stands elsewhere later. The first version has no beginning, the last no end.';
ALTER TABLE ONLY utilisation.resource_version ADD CONSTRAINT resource_version_no_overlap EXCLUDE USING gist (centre_id WITH =, resource_id WITH =, during WITH &&);
ALTER TABLE ONLY utilisation.resource_version ADD CONSTRAINT resource_version_pkey PRIMARY KEY (centre_id, resource_id, during);
ALTER TABLE utilisation.resource_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY resource_version_functions ON utilisation.resource_version TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE utilisation.resource_version TO plateau_functions;

CREATE TABLE utilisation.sealed_report (
    centre_id smallint NOT NULL,
    id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    version integer NOT NULL,
    known_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    sealed_by uuid,
    body text NOT NULL,
    sha256 bytea NOT NULL,
    CONSTRAINT sealed_report_hash CHECK ((sha256 = sha256(convert_to(body, 'UTF8'::name)))),
    CONSTRAINT sealed_report_id_carries_number CHECK ((plateau.centre_of(id) = centre_id)),
    CONSTRAINT sealed_report_order CHECK ((last_day >= first_day)),
    CONSTRAINT sealed_report_reason_known CHECK ((reason = ANY (ARRAY['asked'::text, 'labelChanged'::text]))),
    CONSTRAINT sealed_report_somebody_asked CHECK (((reason <> 'asked'::text) OR (sealed_by IS NOT NULL)))
);
ALTER TABLE ONLY utilisation.sealed_report FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.sealed_report IS 'Reports as they were known at a moment, word for word. Rows are only added: what changes later is a new version, and both stay readable.';
ALTER TABLE ONLY utilisation.sealed_report ADD CONSTRAINT sealed_report_pkey PRIMARY KEY (centre_id, id);
ALTER TABLE ONLY utilisation.sealed_report ADD CONSTRAINT sealed_report_version_once UNIQUE (centre_id, first_day, last_day, version);
CREATE TRIGGER sealed_report_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON utilisation.sealed_report FOR EACH STATEMENT EXECUTE FUNCTION labels.refuse_change();
ALTER TABLE utilisation.sealed_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY sealed_report_functions ON utilisation.sealed_report TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON TABLE utilisation.sealed_report TO plateau_functions;

CREATE TABLE utilisation.stale_seal (
    centre_id smallint NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY utilisation.stale_seal FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.stale_seal IS 'Sealed periods that a label decision recorded since may have changed.';
ALTER TABLE ONLY utilisation.stale_seal ADD CONSTRAINT stale_seal_pkey PRIMARY KEY (centre_id, first_day, last_day);
ALTER TABLE utilisation.stale_seal ENABLE ROW LEVEL SECURITY;
CREATE POLICY stale_seal_functions ON utilisation.stale_seal TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE utilisation.stale_seal TO plateau_functions;

CREATE TABLE utilisation.total (
    centre_id smallint NOT NULL,
    grain text NOT NULL,
    starts date NOT NULL,
    resource_id uuid NOT NULL,
    is_own boolean NOT NULL,
    organisation_kind text NOT NULL,
    activity text NOT NULL,
    booked bigint NOT NULL,
    outside bigint NOT NULL,
    used bigint NOT NULL,
    used_outside bigint NOT NULL,
    overhead bigint NOT NULL,
    lost_late bigint NOT NULL,
    lost_closed bigint NOT NULL,
    lost_no_show bigint NOT NULL,
    lines bigint NOT NULL,
    bookings bigint NOT NULL,
    lead bigint NOT NULL,
    checked_in bigint NOT NULL,
    cancelled_by_user bigint NOT NULL,
    cancelled_by_centre bigint NOT NULL,
    cancelled_late bigint NOT NULL,
    no_shows bigint NOT NULL,
    CONSTRAINT total_grain_known CHECK ((grain = ANY (ARRAY['day'::text, 'month'::text, 'year'::text])))
);
ALTER TABLE ONLY utilisation.total FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE utilisation.total IS 'Sums of utilisation.fact by resource, day, month and year, kind of organisation and activity. is_own: of lines of the resource itself, which add up over resources; otherwise of what stands in it. utilisation.whole() in place of a resource: all of the centre.';
ALTER TABLE ONLY utilisation.total ADD CONSTRAINT total_pkey PRIMARY KEY (centre_id, grain, starts, resource_id, is_own, organisation_kind, activity);
ALTER TABLE utilisation.total ENABLE ROW LEVEL SECURITY;
CREATE POLICY total_functions ON utilisation.total TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE utilisation.total TO plateau_functions;

CREATE FUNCTION utilisation.allowances(p_centre_id smallint, p_year integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with drawn as materialized (
        select f.organisation_id, f.booking_id, min(f.day) as day, sum(f.booked + f.outside) as seconds
        from utilisation.within(p_centre_id, make_date(p_year, 1, 1), make_date(p_year + 1, 1, 1), null) f
        where f.is_own group by 1, 2
        having sum(f.booked + f.outside) > 0
    ), agreement as (
        select a.id, a.organisation_id, a.allowance_hours * 3600::bigint as allowance, a.during
        from access.agreement a
        where a.centre_id = p_centre_id and a.state = 'approved' and a.allowance_hours is not null
          and a.during && daterange(make_date(p_year, 1, 1), make_date(p_year + 1, 1, 1))
    ), running as (
        select a.id, a.organisation_id, a.allowance, d.booking_id, d.seconds,
               sum(d.seconds) over (partition by a.id order by d.day, d.booking_id) as until
        from agreement a
        left join drawn d on d.organisation_id = a.organisation_id and a.during @> d.day
    )
    select coalesce(jsonb_agg(x.json order by x.id), '[]')
    from (
        select r.id, jsonb_strip_nulls(jsonb_build_object(
                   'agreementId', r.id, 'organisationId', r.organisation_id, 'year', p_year,
                   'allowanceMinutes', utilisation.minutes(max(r.allowance)),
                   'drawnMinutes', utilisation.minutes(coalesce(sum(r.seconds), 0)),
                   'overMinutes', utilisation.minutes(greatest(coalesce(sum(r.seconds), 0) - max(r.allowance), 0)),
                   'crossedBy', (array_agg(jsonb_build_object(
                       'bookingId', r.booking_id,
                       'insideMinutes', utilisation.minutes(r.seconds - (r.until - r.allowance)),
                       'overMinutes', utilisation.minutes(r.until - r.allowance)))
                       filter (where r.until > r.allowance and r.until - r.seconds < r.allowance))[1])) as json
        from running r group by r.id, r.organisation_id) x
$$;
ALTER FUNCTION utilisation.allowances(p_centre_id smallint, p_year integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.allowances(p_centre_id smallint, p_year integer) IS 'What each agreement with an allowance drew of it in a calendar year, bookings in the order of their days; crossedBy: the booking in the middle of which it was used up, and how much of it lies on either side.';
REVOKE ALL ON FUNCTION utilisation.allowances(p_centre_id smallint, p_year integer) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.allowances(p_centre_id smallint, p_year integer) TO plateau_app;

CREATE FUNCTION utilisation.apply(p_sign integer, p_facts utilisation.fact[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into utilisation.total as t (
        centre_id, grain, starts, resource_id, is_own, organisation_kind, activity, booked, outside, used, used_outside, overhead, lost_late,
        lost_closed, lost_no_show, lines, bookings, lead, checked_in, cancelled_by_user, cancelled_by_centre, cancelled_late, no_shows)
    select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, f.organisation_kind, f.activity, p_sign * sum(f.booked),
           p_sign * sum(f.outside), p_sign * sum(f.used), p_sign * sum(f.used_outside), p_sign * sum(f.overhead), p_sign * sum(f.lost_late),
           p_sign * sum(f.lost_closed), p_sign * sum(f.lost_no_show), p_sign * sum(f.lines), p_sign * sum(f.bookings),
           p_sign * sum(f.lead), p_sign * sum(f.checked_in), p_sign * sum(f.cancelled_by_user), p_sign * sum(f.cancelled_by_centre),
           p_sign * sum(f.cancelled_late), p_sign * sum(f.no_shows)
    from unnest(p_facts) f
    cross join lateral utilisation.grains(f.day) as g
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    group by 1, 2, 3, 4, 5, 6, 7
    order by 1, 2, 3, 4, 5, 6, 7
    on conflict on constraint total_pkey do update
        set booked = t.booked + excluded.booked, outside = t.outside + excluded.outside, used = t.used + excluded.used,
            used_outside = t.used_outside + excluded.used_outside, overhead = t.overhead + excluded.overhead,
            lost_late = t.lost_late + excluded.lost_late, lost_closed = t.lost_closed + excluded.lost_closed,
            lost_no_show = t.lost_no_show + excluded.lost_no_show, lines = t.lines + excluded.lines,
            bookings = t.bookings + excluded.bookings, lead = t.lead + excluded.lead, checked_in = t.checked_in + excluded.checked_in,
            cancelled_by_user = t.cancelled_by_user + excluded.cancelled_by_user,
            cancelled_by_centre = t.cancelled_by_centre + excluded.cancelled_by_centre,
            cancelled_late = t.cancelled_late + excluded.cancelled_late, no_shows = t.no_shows + excluded.no_shows;
    insert into utilisation.people_total as t (
        centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme, attended, participations)
    select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme,
           p_sign * sum(f.attended * a.heads), p_sign * sum(case when f.participates then a.heads else 0 end)
    from unnest(p_facts) f
    cross join lateral unnest(f.audiences, f.heads) as a (audience, heads)
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    cross join lateral utilisation.grains(f.day) as g
    where f.attended > 0 or f.participates
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict on constraint people_total_pkey do update
        set attended = t.attended + excluded.attended, participations = t.participations + excluded.participations;
    insert into utilisation.hour_total as t (centre_id, grain, starts, resource_id, is_own, weekday, hour, booked)
    select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, extract(isodow from f.day)::smallint, h.hour, p_sign * sum(h.booked)
    from unnest(p_facts) f
    cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
    cross join lateral utilisation.grains(f.day) as g
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    group by 1, 2, 3, 4, 5, 6, 7
    order by 1, 2, 3, 4, 5, 6, 7
    on conflict on constraint hour_total_pkey do update set booked = t.booked + excluded.booked;
end
$$;
COMMENT ON FUNCTION utilisation.apply(p_sign integer, p_facts utilisation.fact[]) IS 'Adds facts to the totals, or takes them off (sign -1).';
REVOKE ALL ON FUNCTION utilisation.apply(p_sign integer, p_facts utilisation.fact[]) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.apply(p_sign integer, p_facts utilisation.fact[]) TO plateau_functions;

CREATE FUNCTION utilisation.bookings_known(p_bookings uuid[], p_known_at timestamp with time zone) RETURNS SETOF bookings.booking
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if p_known_at is null then
        return query select b.* from unnest(p_bookings) as x (id)
                     join bookings.booking b on b.centre_id = plateau.centre_of(x.id) and b.id = x.id;
        return;
    end if;
    return query
    select (jsonb_populate_record(null::bookings.booking, coalesce(
               (select f.image from utilisation.former f
                where f.centre_id = b.centre_id and f.booking_id = b.id and f.line_number = 0 and f.until > p_known_at
                order by f.until limit 1), to_jsonb(b))
           || jsonb_build_object('state', (
               select t.to_state from bookings.transition t
               where t.centre_id = b.centre_id and t.booking_id = b.id and t.at <= p_known_at
               order by t.version desc limit 1)))).*
    from unnest(p_bookings) as x (id)
    join bookings.booking b on b.centre_id = plateau.centre_of(x.id) and b.id = x.id
    where b.created_at <= p_known_at;
end
$$;
COMMENT ON FUNCTION utilisation.bookings_known(p_bookings uuid[], p_known_at timestamp with time zone) IS 'Bookings as they were known at a moment; null: as they are.';
REVOKE ALL ON FUNCTION utilisation.bookings_known(p_bookings uuid[], p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.bookings_known(p_bookings uuid[], p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.by_hour(p_time tstzmultirange, p_zone text, OUT hours smallint[], OUT seconds integer[]) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    select coalesce(array_agg(s.hour order by s.hour), '{}'), coalesce(array_agg(s.seconds order by s.hour), '{}')
    from (
        select extract(hour from h.at at time zone p_zone)::smallint as hour,
               sum(extract(epoch from least(upper(r), h.at + interval '1 hour') - greatest(lower(r), h.at)))::integer as seconds
        from unnest(p_time) as r
        cross join lateral generate_series(
            lower(r) - ((lower(r) at time zone p_zone) - date_trunc('hour', lower(r) at time zone p_zone)),
            upper(r) - interval '1 microsecond', interval '1 hour') as h (at)
        group by 1) s
$$;
COMMENT ON FUNCTION utilisation.by_hour(p_time tstzmultirange, p_zone text, OUT hours smallint[], OUT seconds integer[]) IS 'Seconds of some time by local hour of the day.';
REVOKE ALL ON FUNCTION utilisation.by_hour(p_time tstzmultirange, p_zone text, OUT hours smallint[], OUT seconds integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.by_hour(p_time tstzmultirange, p_zone text, OUT hours smallint[], OUT seconds integer[]) TO plateau_functions;

CREATE FUNCTION utilisation.canonical(p_value jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    case jsonb_typeof(p_value)
        when 'object' then
            return '{' || coalesce((
                select string_agg(to_json(e.key)::text || ':' || utilisation.canonical(e.value), ',' order by e.key collate "C")
                from jsonb_each(p_value) e), '') || '}';
        when 'array' then
            return '[' || coalesce((
                select string_agg(utilisation.canonical(e.value), ',' order by e.number)
                from jsonb_array_elements(p_value) with ordinality as e (value, number)), '') || ']';
        else return p_value::text;
    end case;
end
$$;
COMMENT ON FUNCTION utilisation.canonical(p_value jsonb) IS 'JSON in one form only: members by name, no white space, as RFC 8785 has it (the names here are ASCII, the numbers short decimals).';
REVOKE ALL ON FUNCTION utilisation.canonical(p_value jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.canonical(p_value jsonb) TO plateau_functions;

CREATE FUNCTION utilisation.comparison(p_centre_id smallint, p_from date, p_to date) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select jsonb_build_object(
        'unit', 'workstationMinutes',
        'period', jsonb_build_object('from', p_from, 'to', p_to - 1)
                  || utilisation.figures_json(utilisation.sums(p_centre_id, p_from, p_to)),
        'before', jsonb_build_object('from', p_from - (p_to - p_from), 'to', p_from - 1)
                  || utilisation.figures_json(utilisation.sums(p_centre_id, p_from - (p_to - p_from), p_from)),
        'medians', utilisation.network_report(p_from, p_to) -> 'medians')
$$;
ALTER FUNCTION utilisation.comparison(p_centre_id smallint, p_from date, p_to date) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.comparison(p_centre_id smallint, p_from date, p_to date) IS 'A period beside the one of the same length before it, and beside the network''s medians.';
REVOKE ALL ON FUNCTION utilisation.comparison(p_centre_id smallint, p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.comparison(p_centre_id smallint, p_from date, p_to date) TO plateau_app;

CREATE FUNCTION utilisation.cover(p_from date, p_to date) RETURNS TABLE(grain text, first date, after date)
    LANGUAGE plpgsql IMMUTABLE
    AS $$
declare
    v_first date := date_trunc('year', p_from + interval '1 year' - interval '1 day')::date;
    v_after date := date_trunc('year', p_to)::date;
begin
    if v_first < v_after then
        return query select 'year', v_first, v_after
                     union all select * from utilisation.months(p_from, v_first) union all select * from utilisation.months(v_after, p_to);
    else
        return query select * from utilisation.months(p_from, p_to);
    end if;
end
$$;
COMMENT ON FUNCTION utilisation.cover(p_from date, p_to date) IS 'A period as whole years, and the months and days before and after them.';
REVOKE ALL ON FUNCTION utilisation.cover(p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.cover(p_from date, p_to date) TO plateau_functions;

CREATE FUNCTION utilisation.cuts(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) RETURNS date[]
    LANGUAGE sql STABLE
    AS $$
    select array_agg(distinct d.day order by d.day)
    from (
        select p_from union all select p_to
        union all
        select m::date from generate_series(date_trunc('month', p_from::timestamp) + interval '1 month', p_to::timestamp, interval '1 month') m
        union all
        select lower(l.during) from labels.label_period l where l.centre_id = p_centre_id and p_known_at is null
        union all
        select upper(l.during) from labels.label_period l where l.centre_id = p_centre_id and p_known_at is null
        union all
        select e.day from labels.periods_known(p_centre_id, p_known_at) l
        cross join lateral (values (lower(l.during)), (upper(l.during))) as e (day) where p_known_at is not null) d (day)
    where d.day between p_from and p_to
$$;
COMMENT ON FUNCTION utilisation.cuts(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) IS 'Where a period is cut: at months and where the status of the label changes.';
REVOKE ALL ON FUNCTION utilisation.cuts(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.cuts(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.demand_report(p_centre_id smallint, p_from date, p_to date) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with away as materialized (
        select * from utilisation.turned_away(p_centre_id, p_from, p_to, null)
    ), by_resource as (
        select a.resource_id, count(*) as requests,
               sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))) as seconds,
               utilisation.seconds(range_agg(a.during)) as one_more
        from away a group by a.resource_id
    )
    select jsonb_build_object(
        'resources', coalesce((
            select jsonb_agg(jsonb_build_object(
                'resourceId', b.resource_id, 'name', r.name, 'requests', b.requests, 'minutes', utilisation.minutes(b.seconds),
                'servedByOneMoreMinutes', utilisation.minutes(b.one_more)) order by b.one_more desc, b.seconds desc, r.name)
            from by_resource b join platforms.resource r on r.centre_id = p_centre_id and r.id = b.resource_id), '[]'),
        'hours', coalesce((
            select jsonb_agg(jsonb_build_object(
                'resourceId', h.resource_id, 'hour', h.hour, 'minutes', utilisation.minutes(h.seconds)) order by h.resource_id, h.hour)
            from (select a.resource_id, e.hour, sum(a.seats * e.seconds) as seconds
                  from away a
                  cross join lateral utilisation.by_hour(tstzmultirange(a.during), a.zone) as b
                  cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
                  group by 1, 2) h), '[]'),
        'actors', coalesce((
            select jsonb_agg(jsonb_build_object(
                'organisationKind', k.kind, 'organisations', k.organisations, 'requests', k.requests,
                'minutes', utilisation.minutes(k.seconds)) order by k.seconds desc, k.kind)
            from (select a.organisation_kind as kind, count(distinct a.organisation_id) as organisations, count(*) as requests,
                         sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))) as seconds
                  from away a group by 1) k), '[]'))
$$;
ALTER FUNCTION utilisation.demand_report(p_centre_id smallint, p_from date, p_to date) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.demand_report(p_centre_id smallint, p_from date, p_to date) IS 'Turned-away demand by resource, resource and local hour, and kind of actor. servedByOneMoreMinutes: time in which at least one request waited, which is what one more workstation would have served at most.';
REVOKE ALL ON FUNCTION utilisation.demand_report(p_centre_id smallint, p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.demand_report(p_centre_id smallint, p_from date, p_to date) TO plateau_app;

CREATE FUNCTION utilisation.difference(p_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select jsonb_build_object(
        'version', s.version, 'knownAt', plateau.rfc3339(s.known_at), 'before', o.version, 'beforeKnownAt', plateau.rfc3339(o.known_at),
        'differences', coalesce((
            select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('path', path, 'before', b.value, 'after', a.value)) order by path)
            from utilisation.leaves(o.body::jsonb - 'knownAt', '') b
            full join utilisation.leaves(s.body::jsonb - 'knownAt', '') a using (path)
            where a.value is distinct from b.value), '[]'))
    from utilisation.sealed_report s
    join utilisation.sealed_report o on o.centre_id = s.centre_id and o.first_day = s.first_day and o.last_day = s.last_day
         and o.version = s.version - 1
    where s.centre_id = plateau.centre_of(p_id) and s.id = p_id
$$;
ALTER FUNCTION utilisation.difference(p_id uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.difference(p_id uuid) IS 'What a version of a sealed report says otherwise than the one before it. Null: there is none before it.';
REVOKE ALL ON FUNCTION utilisation.difference(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.difference(p_id uuid) TO plateau_app;

CREATE FUNCTION utilisation.differences(p_centre_id smallint, p_limit integer) RETURNS TABLE(place text, row_key text, held text, recomputed text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    -- Against the rows: every booking that nobody has marked.
    return query
    with recomputed as (
        select f.*
        from utilisation.facts_of(p_centre_id, array(
            select b.id from bookings.booking b
            where (b.centre_id = p_centre_id or cardinality(b.centres) > 1) and b.centres @> array[p_centre_id]
              and not exists (select from utilisation.pending p where p.centre_id = p_centre_id and p.booking_id = b.id)), null) f
    ), held as (
        select f.* from utilisation.fact f
        where f.centre_id = p_centre_id
          and not exists (select from utilisation.pending p where p.centre_id = f.centre_id and p.booking_id = f.booking_id)
    )
    select 'utilisation.fact',
           format('booking %s, line %s, resource %s, day %s', coalesce(h.booking_id, r.booking_id), coalesce(h.line_number, r.line_number),
                  coalesce(h.resource_id, r.resource_id), coalesce(h.day, r.day)),
           h::text, r::text
    from held h
    full join recomputed r on r.booking_id = h.booking_id and r.line_number = h.line_number
         and r.resource_id = h.resource_id and r.day = h.day
    where h is distinct from r
    order by 2 limit p_limit;
    -- Against the facts: every total.
    return query
    with summed as (
        select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, f.organisation_kind, f.activity,
               array[sum(f.booked), sum(f.outside), sum(f.used), sum(f.used_outside), sum(f.overhead), sum(f.lost_late), sum(f.lost_closed),
                     sum(f.lost_no_show), sum(f.lines), sum(f.bookings), sum(f.lead), sum(f.checked_in), sum(f.cancelled_by_user),
                     sum(f.cancelled_by_centre), sum(f.cancelled_late), sum(f.no_shows)]::bigint[] as figures
        from utilisation.fact f
        cross join lateral utilisation.grains(f.day) as g
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        where f.centre_id = p_centre_id
        group by 1, 2, 3, 4, 5, 6, 7
    ), held as (
        select t.centre_id, t.grain, t.starts, t.resource_id, t.is_own, t.organisation_kind, t.activity,
               array[t.booked, t.outside, t.used, t.used_outside, t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings,
                     t.lead, t.checked_in, t.cancelled_by_user, t.cancelled_by_centre, t.cancelled_late, t.no_shows] as figures
        from utilisation.total t
        where t.centre_id = p_centre_id
    )
    select 'utilisation.total',
           format('%s %s, resource %s, own %s, %s, %s', d.grain, d.starts, d.resource_id, d.is_own, d.organisation_kind, d.activity),
           h.figures::text, s.figures::text
    from held h
    full join summed s using (centre_id, grain, starts, resource_id, is_own, organisation_kind, activity)
    cross join lateral (select coalesce(h.centre_id, s.centre_id) as centre_id, grain, starts, resource_id, is_own, organisation_kind, activity) d
    where coalesce(h.figures, array_fill(0::bigint, array[16])) <> coalesce(s.figures, array_fill(0::bigint, array[16]))
    order by 2 limit p_limit;
    return query
    with summed as (
        select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme,
               sum(f.attended * a.heads)::bigint as attended,
               sum(case when f.participates then a.heads else 0 end)::bigint as participations
        from utilisation.fact f
        cross join lateral unnest(f.audiences, f.heads) as a (audience, heads)
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        cross join lateral utilisation.grains(f.day) as g
        where f.centre_id = p_centre_id and (f.attended > 0 or f.participates)
        group by 1, 2, 3, 4, 5, 6, 7, 8
    )
    select 'utilisation.people_total',
           format('%s %s, resource %s, %s, %s, %s, %s', grain, starts, resource_id, audience, organisation_kind, activity, programme),
           format('%s, %s', t.attended, t.participations), format('%s, %s', s.attended, s.participations)
    from (select p.* from utilisation.people_total p where p.centre_id = p_centre_id) t
    full join summed s using (centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme)
    where (coalesce(t.attended, 0), coalesce(t.participations, 0)) <> (coalesce(s.attended, 0), coalesce(s.participations, 0))
    order by 2 limit p_limit;
    return query
    with summed as (
        select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, extract(isodow from f.day)::smallint as weekday, h.hour,
               sum(h.booked)::bigint as booked
        from utilisation.fact f
        cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
        cross join lateral utilisation.grains(f.day) as g
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        where f.centre_id = p_centre_id
        group by 1, 2, 3, 4, 5, 6, 7
    )
    select 'utilisation.hour_total',
           format('%s %s, resource %s, own %s, weekday %s, hour %s', grain, starts, resource_id, is_own, weekday, hour),
           t.booked::text, s.booked::text
    from (select h.* from utilisation.hour_total h where h.centre_id = p_centre_id) t
    full join summed s using (centre_id, grain, starts, resource_id, is_own, weekday, hour)
    where coalesce(t.booked, 0) <> coalesce(s.booked, 0)
    order by 2 limit p_limit;
end
$$;
ALTER FUNCTION utilisation.differences(p_centre_id smallint, p_limit integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.differences(p_centre_id smallint, p_limit integer) IS 'Rows of a centre in which what is held differs from what the bookings come to, at most so many of each table. Repairs nothing.';
REVOKE ALL ON FUNCTION utilisation.differences(p_centre_id smallint, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.differences(p_centre_id smallint, p_limit integer) TO plateau_app;

CREATE FUNCTION utilisation.document(p_centre_id smallint, p_first date, p_last date, p_known_at timestamp with time zone, p_company_share numeric) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with report as materialized (
        select utilisation.report(p_centre_id, p_first, p_last + 1, p_known_at) as figures
    )
    select jsonb_build_object(
               'centreId', c.id, 'from', p_first, 'to', p_last, 'zone', c.zone,
               'knownAt', plateau.rfc3339(coalesce(p_known_at, plateau.clock())))
           || r.figures
           || case when p_company_share is null then '{}'::jsonb
                   else jsonb_build_object('companyShareOver', coalesce((
                       select jsonb_agg(e -> 'resourceId') from jsonb_array_elements(r.figures -> 'resources') e
                       where (e ->> 'companyShare')::numeric > p_company_share), '[]')) end
    from centres.centre c cross join report r
    where c.centre_id = p_centre_id
$$;
ALTER FUNCTION utilisation.document(p_centre_id smallint, p_first date, p_last date, p_known_at timestamp with time zone, p_company_share numeric) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.document(p_centre_id smallint, p_first date, p_last date, p_known_at timestamp with time zone, p_company_share numeric) IS 'utilisation.report with what it is about. company_share: lists the resources of which companies had more than that share.';
REVOKE ALL ON FUNCTION utilisation.document(p_centre_id smallint, p_first date, p_last date, p_known_at timestamp with time zone, p_company_share numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.document(p_centre_id smallint, p_first date, p_last date, p_known_at timestamp with time zone, p_company_share numeric) TO plateau_app;

CREATE FUNCTION utilisation.evidence(p_centre_id smallint, p_first date, p_last date) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_document jsonb := utilisation.document(p_centre_id, p_first, p_last, null, null);
    v_id text := v_document ->> 'centreId';
    v_zone text := v_document ->> 'zone';
    v_span tstzrange := tstzrange(plateau.instant_of(p_first::timestamp, v_zone), plateau.instant_of((p_last + 1)::timestamp, v_zone));
    v_period text := format('from=%s&to=%s', p_first, p_last);
    v_file labels.recognition_file := labels.file_in_force(p_centre_id, p_last, 'infinity');
    v_reached text[];
    v_gaps jsonb := '[]'::jsonb;
    v_missions jsonb;
    v_elements jsonb;
begin
    select coalesce(array_agg(a ->> 'audience' order by a ->> 'audience'), '{}') into v_reached
    from jsonb_array_elements(v_document -> 'trainees' -> 'byAudience') a where (a ->> 'traineeHours')::numeric > 0;
    with activity as (
        select a.mission, a.activity,
               coalesce((select (x ->> 'bookedMinutes')::bigint from jsonb_array_elements(v_document -> 'activities') x
                         where x ->> 'activity' = a.activity), 0) as booked,
               coalesce((select (x ->> 'traineeHours')::numeric from jsonb_array_elements(v_document -> 'trainees' -> 'byActivity') x
                         where x ->> 'activity' = a.activity), 0) as hours
        from (values ('informationAwareness', 'awareness'), ('informationAwareness', 'demonstration'), ('technologyWatch', 'technologyWatch'),
                     ('training', 'catalogueTraining'), ('training', 'bespokeTraining'), ('needsAnalysis', 'needsAnalysis')) as a (mission, activity)
    )
    select jsonb_agg(jsonb_build_object('mission', m.code, 'bookedMinutes', m.booked, 'traineeHours', trim_scale(m.hours), 'activities', m.activities)
                     order by m.code)
    into v_missions
    from (select n.code, coalesce(sum(a.booked), 0) as booked, coalesce(sum(a.hours), 0) as hours,
                 coalesce(jsonb_agg(a.activity order by a.activity) filter (where a.activity is not null), '[]') as activities
          from labels.mission n left join activity a on a.mission = n.code group by n.code) m;
    with actor as (
        select o.kind, count(distinct b.organisation_id) as organisations
        from bookings.booking b join access.organisation o on o.id = b.organisation_id
        where b.centre_id = p_centre_id and b.starts >= lower(v_span) and b.starts < upper(v_span)
          and b.activity <> 'maintenance' and b.state in ('confirmed', 'inUse', 'completed')
        group by 1
    ), asset as (
        select count(*) as assets, count(*) filter (where a.is_advanced_technology) as advanced,
               count(*) filter (where a.acquired_on between p_first and p_last) as acquired,
               count(*) filter (where a.renewal_expected_on <= p_last) as past_renewal,
               round((avg(p_last - a.acquired_on) / 365.25)::numeric, 1) as mean_age
        from inventory.asset a join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
        where a.centre_id = p_centre_id and r.retired_at is null
    )
    select jsonb_agg(jsonb_strip_nulls(e.json) order by e.position) into v_elements
    from (
        select 1 as position, jsonb_build_object(
            'element', 'economicRoots',
            'figures', jsonb_build_object(
                'companies', coalesce((select organisations from actor where kind = 'company'), 0),
                'companyBookedMinutes', coalesce((select (x ->> 'bookedMinutes')::bigint
                    from jsonb_array_elements(v_document -> 'organisationKinds') x where x ->> 'organisationKind' = 'company'), 0),
                'agreements', (select count(*) from access.agreement a
                               where a.centre_id = p_centre_id and a.state = 'approved' and a.during && daterange(p_first, p_last + 1))),
            'links', jsonb_build_array(format('/v1/bookings?centreId=%s', v_id), format('/v1/centres/%s/utilisation?%s', v_id, v_period))) as json
        union all
        select 2, jsonb_build_object(
            'element', 'trainingOffer',
            'figures', jsonb_build_object(
                'traineeHours', v_document -> 'trainees' -> 'hours', 'participations', v_document -> 'trainees' -> 'participations',
                'byActivity', v_document -> 'trainees' -> 'byActivity', 'bySector', v_document -> 'trainees' -> 'bySector'),
            'links', jsonb_build_array(format('/v1/centres/%s/utilisation?%s', v_id, v_period)))
        union all
        select 3, jsonb_build_object(
            'element', 'resourceCentre',
            'figures', jsonb_build_object(
                'platforms', v_document -> 'totals' -> 'platforms', 'equipment', v_document -> 'totals' -> 'equipment',
                'organisationKinds', coalesce((select jsonb_agg(jsonb_build_object('organisationKind', kind, 'organisations', organisations) order by kind)
                                               from actor), '[]'),
                'audiencesTargeted', coalesce(to_jsonb(v_file.audiences), '[]'), 'audiencesReached', to_jsonb(v_reached),
                'byAudience', v_document -> 'trainees' -> 'byAudience', 'labels', v_document -> 'labels',
                'turnedAway', v_document -> 'turnedAway'),
            'links', jsonb_build_array(format('/v1/centres/%s/utilisation?%s', v_id, v_period), format('/v1/centres/%s/demand?%s', v_id, v_period)))
        union all
        select 4, jsonb_build_object(
            'element', 'mixedInvestment',
            'figures', jsonb_strip_nulls(jsonb_build_object(
                'assets', a.assets, 'advancedAssets', a.advanced, 'acquiredInTerm', a.acquired, 'pastRenewal', a.past_renewal,
                'meanAgeYears', a.mean_age, 'allowances', utilisation.allowances(p_centre_id, extract(year from p_last)::integer))),
            'links', jsonb_build_array(format('/v1/equipment?centreId=%s', v_id)))
        from asset a) e;
    v_gaps := v_gaps || coalesce((
        select jsonb_agg(jsonb_build_object('code', 'missionWithoutUse', 'about', m ->> 'mission'))
        from jsonb_array_elements(v_missions) m where (m ->> 'bookedMinutes')::bigint = 0), '[]');
    v_gaps := v_gaps || coalesce((
        select jsonb_agg(jsonb_build_object('code', 'audienceNotReached', 'about', a) order by a)
        from unnest(v_file.audiences) a where a <> all (v_reached)), '[]');
    v_gaps := v_gaps || coalesce((
        select jsonb_agg(jsonb_build_object('code', g.code, 'about', g.about))
        from (values ('actorMissing', 'company'), ('actorMissing', 'trainingOrganisation')) as g (code, about)
        where not exists (select from jsonb_array_elements(v_document -> 'organisationKinds') x where x ->> 'organisationKind' = g.about)), '[]');
    v_gaps := v_gaps || coalesce((
        select jsonb_agg(jsonb_build_object('code', 'idleResource', 'about', r ->> 'resourceId') order by r ->> 'name')
        from jsonb_array_elements(v_document -> 'resources') r
        where (r ->> 'bookedMinutes')::bigint = 0 and (r ->> 'bookableMinutes')::bigint > 0
          -- A part was in use with the whole that it stands in.
          and not (r ->> 'kind' <> 'equipment' and exists (
              select from jsonb_array_elements(v_document -> 'resources') w
              where w ->> 'resourceId' = r ->> 'parentId' and (w ->> 'bookedMinutes')::bigint > 0))), '[]');
    if v_file.number is null then
        v_gaps := v_gaps || jsonb_build_object('code', 'recognitionFileMissing', 'about', v_id);
    end if;
    if coalesce((v_elements -> 3 -> 'figures' ->> 'advancedAssets')::integer, 0) = 0 then
        v_gaps := v_gaps || jsonb_build_object('code', 'advancedEquipmentMissing', 'about', v_id);
    end if;
    if (v_elements -> 3 -> 'figures' ->> 'pastRenewal')::integer > 0 then
        v_gaps := v_gaps || jsonb_build_object('code', 'equipmentPastRenewal', 'about', v_id);
    end if;
    return jsonb_build_object(
        'centreId', v_id, 'from', p_first, 'to', p_last, 'zone', v_zone, 'knownAt', v_document ->> 'knownAt',
        'elements', v_elements, 'missions', v_missions, 'gaps', v_gaps);
end
$$;
ALTER FUNCTION utilisation.evidence(p_centre_id smallint, p_first date, p_last date) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.evidence(p_centre_id smallint, p_first date, p_last date) IS 'What the use of a centre shows for the renewal of its label: each element of the specifications and each mission of the decree with its figures, what is missing, and where the rows behind it are.';
REVOKE ALL ON FUNCTION utilisation.evidence(p_centre_id smallint, p_first date, p_last date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.evidence(p_centre_id smallint, p_first date, p_last date) TO plateau_app;

CREATE FUNCTION utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamp with time zone) RETURNS SETOF utilisation.fact
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return query
    with booking as materialized (
        select b.centre_id, b.id, b.organisation_id, o.kind as organisation_kind, b.activity, coalesce(b.programme, '') as programme,
               b.state, b.audiences, b.head_counts, b.created_at, t.left_at, t.in_at, t.out_at,
               b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse', 'completed') as is_booked
        from utilisation.bookings_known(p_bookings, p_known_at) b
        join access.organisation o on o.id = b.organisation_id
        cross join lateral (
            select max(x.at) filter (where x.to_state = b.state) as left_at, min(x.at) filter (where x.to_state = 'inUse') as in_at,
                   max(x.at) filter (where x.to_state = 'completed') as out_at
            from bookings.transition x
            where x.centre_id = b.centre_id and x.booking_id = b.id and (p_known_at is null or x.at <= p_known_at)) t
    ), line as materialized (
        select b.id, b.organisation_id, b.organisation_kind, b.activity, b.programme, b.state, b.is_booked, b.audiences, b.head_counts,
               b.created_at, l.number, l.resource_id, l.starts, l.ends, l.seats, l.is_exclusive, s.zone,
               row_number() over first = 1 as is_first,
               coalesce(range_agg(tstzrange(l.starts, l.ends)) over (first rows between unbounded preceding and 1 preceding), '{}') as shared,
               case when b.out_at > b.in_at then tstzrange(b.in_at, b.out_at) end as use,
               b.state in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork')
               and utilisation.working_days(p_centre_id, plateau.local_day(b.left_at, s.zone), plateau.local_day(l.starts, s.zone), b.left_at)
                   < utilisation.late_notice() as is_late,
               b.left_at
        from booking b
        join utilisation.lines_known(p_bookings, p_known_at) l on l.booking_id = b.id
        join platforms.resource r on r.centre_id = p_centre_id and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        window first as (partition by b.id order by l.number)
    ), version as materialized (
        select l.*, v.during as valid, v.capacity, v.ancestors, c.setup, c.cleanup
        from line l
        join utilisation.resource_version v on v.centre_id = p_centre_id and v.resource_id = l.resource_id
             and (p_known_at is null or lower_inf(v.during) or lower(v.during) <= p_known_at)
        -- Buffers are those of the moment of booking.
        join lateral (select make_interval(mins => w.setup_minutes) as setup, make_interval(mins => w.cleanup_minutes) as cleanup
                      from utilisation.resource_version w
                      where w.centre_id = p_centre_id and w.resource_id = l.resource_id and w.during @> l.created_at) c on true
    ), piece as materialized (
        select v.*, d.day::date as day, p.span,
               tstzrange(v.starts, v.ends) * p.span as taken, v.use * p.span as present,
               tstzrange(v.starts - v.setup, v.ends + v.cleanup) * p.span as kept,
               case when v.is_exclusive then v.capacity else v.seats end as places
        from version v
        cross join lateral generate_series(
            plateau.local_day(least(v.starts - v.setup, lower(v.use)), v.zone),
            plateau.local_day(greatest(v.ends + v.cleanup, upper(v.use)) - interval '1 microsecond', v.zone), interval '1 day') as d (day)
        cross join lateral (
            -- As known then, what is the last version now had no end.
            select tstzrange(plateau.instant_of(d.day::date::timestamp, v.zone), plateau.instant_of((d.day::date + 1)::timestamp, v.zone))
                   * case when upper(v.valid) > p_known_at then tstzrange(lower(v.valid), null) else v.valid end as span) p
        where not isempty(p.span)
    ), node as materialized (
        select p.*, n.id as node_id, n.id = p.resource_id as is_own, coalesce(r.calendar_id, r.site_id) as calendar_id
        from piece p
        cross join lateral unnest(p.resource_id || p.ancestors) as n (id)
        join platforms.resource r on r.centre_id = p_centre_id and r.id = n.id
    ), opening as materialized (
        -- Once for all that fall on a day: they are what costs most.
        select d.calendar_id, d.day, utilisation.hours_on(p_centre_id, d.calendar_id, d.day, p_known_at) as open
        from (select distinct n.calendar_id, n.day from node n) d
    ), measured as materialized (
        select n.*, multirange(n.taken) * n.open as inside,
               n.places * extract(epoch from coalesce(upper(n.taken) - lower(n.taken), interval '0'))::bigint as taken_seconds,
               n.places * extract(epoch from coalesce(upper(n.kept) - lower(n.kept), interval '0'))::bigint as kept_seconds,
               n.places * utilisation.seconds(multirange(n.taken) * n.open) as inside_seconds,
               n.places * coalesce(extract(epoch from upper(n.present) - lower(n.present)), 0)::bigint as used_seconds,
               n.places * utilisation.seconds(multirange(n.present) * n.open) as used_inside
        from (select x.*, o.open from node x join opening o using (calendar_id, day)) n
    ), hourly as (
        select w.id, w.number, w.node_id, w.day, array_agg(w.hour order by w.hour) as hours,
               array_agg(w.booked order by w.hour)::integer[] as booked
        from (
            select m.id, m.number, m.node_id, m.day, e.hour, sum(m.places * e.seconds) as booked
            from measured m
            cross join lateral utilisation.by_hour(m.inside, m.zone) as b
            cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
            where m.is_booked and m.activity <> 'maintenance'
            group by 1, 2, 3, 4, 5) w
        group by 1, 2, 3, 4
    )
    select p_centre_id, m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme,
           sum(case when m.is_booked then m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_booked then m.taken_seconds - m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_booked then coalesce(m.used_inside, 0) else 0 end)::bigint,
           sum(case when m.is_booked then coalesce(m.used_seconds - m.used_inside, 0) else 0 end)::bigint,
           sum(case when m.is_booked then m.kept_seconds - m.taken_seconds else 0 end)::bigint,
           sum(case when m.is_late and m.state = 'cancelledByUser' then m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_late and m.state <> 'cancelledByUser' then m.inside_seconds else 0 end)::bigint,
           sum(case when m.state = 'noShow' then m.inside_seconds else 0 end)::bigint,
           bool_or(m.is_booked and m.span @> m.starts)::integer,
           bool_or(m.is_booked and m.is_own and m.is_first and m.span @> m.starts)::integer,
           max(case when m.is_booked and m.is_own and m.is_first and m.span @> m.starts
                    then extract(epoch from m.starts - m.created_at)::bigint else 0 end),
           bool_or(m.is_booked and m.use is not null and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'cancelledByUser' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state in ('cancelledByCentre', 'cancelledByNetwork') and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.is_late and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'noShow' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           case when m.is_own then m.audiences else '{}' end, case when m.is_own then m.head_counts else '{}' end,
           sum(case when m.is_booked and m.is_own and m.activity <> 'maintenance'
                    then utilisation.seconds(multirange(m.taken) - m.shared) else 0 end)::bigint,
           bool_or(m.is_booked and m.is_own and m.is_first and m.span @> m.starts and m.activity <> 'maintenance'),
           coalesce(h.hours, '{}'), coalesce(h.booked, '{}')
    from measured m
    left join hourly h using (id, number, node_id, day)
    group by m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme, m.audiences,
             m.head_counts, h.hours, h.booked
    order by m.id, m.number, m.node_id, m.day;
end
$$;
COMMENT ON FUNCTION utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamp with time zone) IS 'What bookings come to at a centre, from their rows, as known at a moment (null: now): the one definition of booked, outside, used, overhead and lost. Booked: lines that take or took room, inside opening hours. Used: from check-in to check-out, once both are known. Lost: given back with less than utilisation.late_notice() working days, by whom booked (late) or by the centre or the network (closed), or never come for (no-show).';
REVOKE ALL ON FUNCTION utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.figures_json(p utilisation.figures) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select jsonb_strip_nulls(jsonb_build_object(
        'openMinutes', utilisation.minutes((p).open),
        'maintenanceMinutes', utilisation.minutes((p).maintenance),
        'bookableMinutes', utilisation.minutes((p).open - coalesce((p).maintenance, 0)),
        'bookedMinutes', utilisation.minutes((p).booked),
        'bookedOutsideMinutes', utilisation.minutes((p).outside),
        'usedMinutes', utilisation.minutes((p).used),
        'usedOutsideMinutes', utilisation.minutes((p).used_outside),
        'overheadMinutes', utilisation.minutes((p).overhead),
        'lateCancelledMinutes', utilisation.minutes((p).lost_late),
        'closedMinutes', utilisation.minutes((p).lost_closed),
        'noShowMinutes', utilisation.minutes((p).lost_no_show),
        'bookings', coalesce((p).bookings, 0),
        'availability', utilisation.share((p).open - coalesce((p).maintenance, 0), (p).open),
        'occupancy', utilisation.share((p).booked, (p).open - coalesce((p).maintenance, 0)),
        'use', utilisation.share((p).used, (p).open - coalesce((p).maintenance, 0)),
        'companyShare', utilisation.share((p).by_companies, (p).booked)))
$$;
COMMENT ON FUNCTION utilisation.figures_json(p utilisation.figures) IS 'The definitions. bookable = open less maintenance, which is outages and bookings for maintenance; availability = bookable / open; occupancy = booked / bookable; use = used / bookable; companyShare = booked by companies, or for production, / booked. All in workstation-minutes.';
REVOKE ALL ON FUNCTION utilisation.figures_json(p utilisation.figures) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.figures_json(p utilisation.figures) TO plateau_functions;

CREATE FUNCTION utilisation.fold(p_limit integer, p_until bigint DEFAULT NULL::bigint) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
    v_centre_id smallint;
    v_ids bigint[];
    v_bookings uuid[];
    v_facts utilisation.fact[];
begin
    -- One worker a centre, so that nothing is taken off twice; another instance takes the next centre.
    for v_centre_id in
        with recursive waiting as (
            (select p.centre_id from utilisation.pending p order by p.centre_id limit 1)
            union all
            select (select p.centre_id from utilisation.pending p where p.centre_id > w.centre_id order by p.centre_id limit 1)
            from waiting w where w.centre_id is not null)
        select w.centre_id from waiting w where w.centre_id is not null
    loop
        continue when not pg_try_advisory_xact_lock(46, v_centre_id);
        select array_agg(p.id), array_agg(distinct p.booking_id) into v_ids, v_bookings
        from (select x.id, x.booking_id from utilisation.pending x
              where x.centre_id = v_centre_id and (p_until is null or x.id <= p_until) order by x.id limit p_limit) p;
        continue when v_ids is null;
        -- Rows marked after this moment stay marked, whatever of them is read below.
        delete from utilisation.pending p where p.centre_id = v_centre_id and p.id = any (v_ids);
        v_facts := array(select f from utilisation.fact f where f.centre_id = v_centre_id and f.booking_id = any (v_bookings));
        if cardinality(v_facts) > 0 then
            perform utilisation.apply(-1, v_facts);
            delete from utilisation.fact f where f.centre_id = v_centre_id and f.booking_id = any (v_bookings);
        end if;
        v_facts := array(select f from utilisation.facts_of(v_centre_id, v_bookings, null) f);
        insert into utilisation.fact select f.* from unnest(v_facts) f;
        perform utilisation.apply(1, v_facts);
        return cardinality(v_ids);
    end loop;
    return 0;
end
$$;
ALTER FUNCTION utilisation.fold(p_limit integer, p_until bigint) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.fold(p_limit integer, p_until bigint) IS 'Brings the totals of one centre up to date with at most so many of its changed bookings, marked no later than the given mark (null: any). How many marks it settled; 0: nothing to do, or another is at it.';
REVOKE ALL ON FUNCTION utilisation.fold(p_limit integer, p_until bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.fold(p_limit integer, p_until bigint) TO plateau_app;

CREATE FUNCTION utilisation.grains(p_day date) RETURNS TABLE(grain text, starts date)
    LANGUAGE sql IMMUTABLE
    AS $$
    values ('day', p_day), ('month', date_trunc('month', p_day)::date), ('year', date_trunc('year', p_day)::date)
$$;
REVOKE ALL ON FUNCTION utilisation.grains(p_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.grains(p_day date) TO plateau_functions;

CREATE FUNCTION utilisation.heat_map(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with booked as (
        select h.weekday, h.hour, sum(h.booked) as booked from utilisation.hours_of(p_centre_id, p_from, p_to, p_resource_id) h
        group by 1, 2
    ), calendar as (
        select coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone, sum(r.capacity) as capacity
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and r.retired_at is null
          and case when p_resource_id is null then r.parent_id is null else r.id = p_resource_id end
        group by 1, 2
    ), opened as (
        select extract(isodow from h.day)::smallint as weekday, e.hour, sum(c.capacity * e.seconds) as open
        from calendar c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= p_from and h.day < p_to
        cross join lateral utilisation.by_hour(tstzmultirange(h.during), c.zone) as b
        cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
        group by 1, 2
    )
    select jsonb_build_object('unit', 'workstationMinutes', 'cells', coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'weekday', weekday, 'hour', hour, 'openMinutes', utilisation.minutes(o.open), 'bookedMinutes', utilisation.minutes(b.booked),
        'share', utilisation.share(b.booked, o.open))) order by weekday, hour), '[]'))
    from opened o full join booked b using (weekday, hour)
    where coalesce(o.open, 0) > 0 or b.booked > 0
$$;
ALTER FUNCTION utilisation.heat_map(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.heat_map(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) IS 'Open and booked time by weekday (1: Monday) and local hour; of one resource, or of a centre. Open: with the capacity of today.';
REVOKE ALL ON FUNCTION utilisation.heat_map(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.heat_map(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) TO plateau_app;

CREATE FUNCTION utilisation.hours_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) RETURNS TABLE(weekday smallint, hour smallint, booked bigint)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_span record;
begin
    for v_span in select c.* from utilisation.cover(p_from, p_to) c loop
        return query
        select t.weekday, t.hour, t.booked
        from utilisation.hour_total t
        where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
          and t.resource_id = coalesce(p_resource_id, utilisation.whole());
    end loop;
    return query
    select extract(isodow from (d.fact).day)::smallint, h.hour, (d.sign * h.booked)::bigint
    from utilisation.unfolded(p_centre_id) d
    cross join lateral unnest((d.fact).hours, (d.fact).hour_booked) as h (hour, booked)
    where (d.fact).day >= p_from and (d.fact).day < p_to
      and case when p_resource_id is null then (d.fact).is_own else (d.fact).resource_id = p_resource_id end;
end
$$;
COMMENT ON FUNCTION utilisation.hours_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) IS 'Workstation-seconds booked by weekday and hour, of a resource or (null) of a centre, to be summed.';
REVOKE ALL ON FUNCTION utilisation.hours_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.hours_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) TO plateau_functions;

CREATE FUNCTION utilisation.hours_on(p_centre_id smallint, p_calendar_id uuid, p_day date, p_known_at timestamp with time zone) RETURNS tstzmultirange
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if p_known_at is null then
        return (select coalesce(range_agg(h.during), '{}') from centres.open_hours h
                where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day = p_day);
    end if;
    return (select coalesce(range_agg(h.during), '{}')
            from centres.open_hours_known(p_centre_id, p_calendar_id, daterange(p_day, p_day + 1), p_known_at) h);
end
$$;
COMMENT ON FUNCTION utilisation.hours_on(p_centre_id smallint, p_calendar_id uuid, p_day date, p_known_at timestamp with time zone) IS 'When a calendar is open on a day, as known at a moment (null: now).';
REVOKE ALL ON FUNCTION utilisation.hours_on(p_centre_id smallint, p_calendar_id uuid, p_day date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.hours_on(p_centre_id smallint, p_calendar_id uuid, p_day date, p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.keep_resource_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_resource platforms.resource;
    v_sectors text[];
    v_last utilisation.resource_version;
begin
    select * into v_resource from platforms.resource r where r.centre_id = new.centre_id and r.id = new.id;
    select coalesce(p.sectors, '{}') into v_sectors from platforms.platform p where p.centre_id = new.centre_id and p.id = new.id;
    v_sectors := coalesce(v_sectors, '{}');
    select * into v_last from utilisation.resource_version v
    where v.centre_id = new.centre_id and v.resource_id = new.id and upper_inf(v.during);
    if not found then
        insert into utilisation.resource_version (
            centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors, sectors)
        values (v_resource.centre_id, v_resource.id, tstzrange(null, null), v_resource.name, v_resource.capacity,
                v_resource.setup_minutes, v_resource.cleanup_minutes, v_resource.ancestors, v_sectors);
        return null;
    end if;
    if (v_last.name, v_last.capacity, v_last.setup_minutes, v_last.cleanup_minutes, v_last.ancestors, v_last.sectors)
        is not distinct from (v_resource.name, v_resource.capacity, v_resource.setup_minutes, v_resource.cleanup_minutes,
                              v_resource.ancestors, v_sectors) then
        return null;
    end if;
    -- What one transaction does in several steps is one change.
    if v_last.changed_in <> pg_current_xact_id() then
        update utilisation.resource_version v set during = tstzrange(lower(v.during), v_now)
        where v.centre_id = new.centre_id and v.resource_id = new.id and v.during = v_last.during;
        insert into utilisation.resource_version (
            centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors, sectors)
        values (v_resource.centre_id, v_resource.id, tstzrange(v_now, null), v_resource.name, v_resource.capacity,
                v_resource.setup_minutes, v_resource.cleanup_minutes, v_resource.ancestors, v_sectors);
    else
        update utilisation.resource_version v
        set name = v_resource.name, capacity = v_resource.capacity, setup_minutes = v_resource.setup_minutes,
            cleanup_minutes = v_resource.cleanup_minutes, ancestors = v_resource.ancestors, sectors = v_sectors
        where v.centre_id = new.centre_id and v.resource_id = new.id and v.during = v_last.during;
    end if;
    -- Use of the whole takes as many seats as there are.
    if v_last.capacity <> v_resource.capacity then
        insert into utilisation.pending (centre_id, booking_id)
        select distinct o.centre_id, o.holder_id from platforms.occupancy o
        where o.centre_id = new.centre_id and o.resource_id = new.id and o.is_exclusive and o.ends > v_now;
    end if;
    return null;
end
$$;
ALTER FUNCTION utilisation.keep_resource_version() OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.keep_resource_version() IS 'Ends the version of a resource that a change replaced and begins the next; what was booked as a whole is counted anew.';
REVOKE ALL ON FUNCTION utilisation.keep_resource_version() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.keep_resource_version() TO plateau_app;

CREATE FUNCTION utilisation.last_mark() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN (SELECT s.last_value FROM utilisation.pending_id_seq s);
ALTER FUNCTION utilisation.last_mark() OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.last_mark() IS 'The latest mark: a turn of folding ends there, whatever is marked meanwhile.';
REVOKE ALL ON FUNCTION utilisation.last_mark() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.last_mark() TO plateau_app;

CREATE FUNCTION utilisation.late_notice() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 5;
COMMENT ON FUNCTION utilisation.late_notice() IS 'Working days: what is given back with less notice counts as lost.';
REVOKE ALL ON FUNCTION utilisation.late_notice() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.late_notice() TO plateau_functions;

CREATE FUNCTION utilisation.leaves(p_value jsonb, p_path text) RETURNS TABLE(path text, value jsonb)
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    case jsonb_typeof(p_value)
        when 'object' then
            return query select l.path, l.value from jsonb_each(p_value) e cross join lateral utilisation.leaves(e.value, p_path || '/' || e.key) l;
        when 'array' then
            return query
            select l.path, l.value
            from jsonb_array_elements(p_value) with ordinality as e (value, number)
            cross join lateral utilisation.leaves(e.value, p_path || '/' || coalesce(
                e.value ->> 'resourceId', e.value ->> 'status', e.value ->> 'audience', e.value ->> 'activity', e.value ->> 'organisationKind',
                e.value ->> 'programme', e.value ->> 'sector', e.value ->> 'from', e.number::text)) l;
        else return query select p_path, p_value;
    end case;
end
$$;
COMMENT ON FUNCTION utilisation.leaves(p_value jsonb, p_path text) IS 'Every single value of a document, by its path; elements by what names them.';
REVOKE ALL ON FUNCTION utilisation.leaves(p_value jsonb, p_path text) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.leaves(p_value jsonb, p_path text) TO plateau_functions;

CREATE FUNCTION utilisation.lines_known(p_bookings uuid[], p_known_at timestamp with time zone) RETURNS SETOF bookings.line
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if p_known_at is null then
        return query select l.* from unnest(p_bookings) as x (id)
                     join bookings.line l on l.centre_id = plateau.centre_of(x.id) and l.booking_id = x.id;
        return;
    end if;
    return query
    select l.* from unnest(p_bookings) as x (id)
    join bookings.line l on l.centre_id = plateau.centre_of(x.id) and l.booking_id = x.id
    where not exists (select from utilisation.former f
                      where f.centre_id = l.centre_id and f.booking_id = l.booking_id and f.line_number = l.number and f.until > p_known_at)
    union all
    select (jsonb_populate_record(null::bookings.line, f.image)).*
    from unnest(p_bookings) as x (id)
    cross join lateral (
        select distinct on (o.line_number) o.image from utilisation.former o
        where o.centre_id = plateau.centre_of(x.id) and o.booking_id = x.id and o.line_number > 0 and o.until > p_known_at
        order by o.line_number, o.until) f;
end
$$;
COMMENT ON FUNCTION utilisation.lines_known(p_bookings uuid[], p_known_at timestamp with time zone) IS 'Lines of bookings as they were known at a moment; null: as they are.';
REVOKE ALL ON FUNCTION utilisation.lines_known(p_bookings uuid[], p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.lines_known(p_bookings uuid[], p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.mark_booking() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        if cardinality(new.centres) = 1 then
            insert into utilisation.pending (centre_id, booking_id) values (new.centres[1], new.id);
        else
            insert into utilisation.pending (centre_id, booking_id) select c, new.id from unnest(new.centres) c;
        end if;
        return null;
    end if;
    insert into utilisation.pending (centre_id, booking_id)
    select c.centre_id, new.id from (select unnest(old.centres) union select unnest(new.centres)) as c (centre_id);
    if (old.organisation_id, old.centres, old.activity, old.audiences, old.head_counts, old.programme, old.starts, old.ends)
        is distinct from
       (new.organisation_id, new.centres, new.activity, new.audiences, new.head_counts, new.programme, new.starts, new.ends) then
        insert into utilisation.former (centre_id, booking_id, line_number, until, image)
        values (old.centre_id, old.id, 0, plateau.clock(), to_jsonb(old));
    end if;
    return null;
end
$$;
ALTER FUNCTION utilisation.mark_booking() OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.mark_booking() IS 'Says in the transaction of a booking that the totals of its centres do not hold it as it is now; keeps what a change replaced.';
REVOKE ALL ON FUNCTION utilisation.mark_booking() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.mark_booking() TO plateau_app;

CREATE FUNCTION utilisation.mark_hours() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_hours centres.open_hours;
begin
    if tg_op = 'DELETE' then
        v_hours := old;
    else
        v_hours := new;
    end if;
    insert into utilisation.pending (centre_id, booking_id)
    select distinct f.centre_id, f.booking_id
    from platforms.resource r
    join utilisation.fact f on f.centre_id = r.centre_id and f.resource_id = r.id and f.day = v_hours.day
    where r.centre_id = v_hours.centre_id and coalesce(r.calendar_id, r.site_id) = v_hours.calendar_id;
    return null;
end
$$;
ALTER FUNCTION utilisation.mark_hours() OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.mark_hours() IS 'Counts anew what was booked on days whose opening hours change: what was inside may be outside.';
REVOKE ALL ON FUNCTION utilisation.mark_hours() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.mark_hours() TO plateau_app;

CREATE FUNCTION utilisation.mark_line() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into utilisation.former (centre_id, booking_id, line_number, until, image)
    values (old.centre_id, old.booking_id, old.number, plateau.clock(), to_jsonb(old));
    insert into utilisation.pending (centre_id, booking_id) values (plateau.centre_of(old.resource_id), old.booking_id);
    if tg_op = 'UPDATE' and new.resource_id <> old.resource_id then
        insert into utilisation.pending (centre_id, booking_id) values (plateau.centre_of(new.resource_id), new.booking_id);
    end if;
    return null;
end
$$;
ALTER FUNCTION utilisation.mark_line() OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.mark_line() IS 'The same for a line that changes or goes. A line that is added comes with a change of its booking.';
REVOKE ALL ON FUNCTION utilisation.mark_line() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.mark_line() TO plateau_app;

CREATE FUNCTION utilisation.mark_seals() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into utilisation.stale_seal (centre_id, first_day, last_day, recorded_at)
    select distinct s.centre_id, s.first_day, s.last_day, new.recorded_at
    from utilisation.sealed_report s
    where s.centre_id = new.centre_id
    on conflict on constraint stale_seal_pkey do update set recorded_at = excluded.recorded_at;
    return null;
end
$$;
ALTER FUNCTION utilisation.mark_seals() OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.mark_seals() IS 'A decision may reach back: every sealed period of its centre is looked at again.';
REVOKE ALL ON FUNCTION utilisation.mark_seals() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.mark_seals() TO plateau_app;

CREATE FUNCTION utilisation.mark_transition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into utilisation.pending (centre_id, booking_id)
    select c, b.id from bookings.booking b, unnest(b.centres) c where b.centre_id = new.centre_id and b.id = new.booking_id;
    return null;
end
$$;
ALTER FUNCTION utilisation.mark_transition() OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.mark_transition() IS 'A check-in or check-out is recorded by a transition, maybe without another change of the booking.';
REVOKE ALL ON FUNCTION utilisation.mark_transition() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.mark_transition() TO plateau_app;

CREATE FUNCTION utilisation.median(p_values numeric[]) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    RETURN (SELECT trim_scale(round((percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((v.v)::double precision)))::numeric, 4)) AS trim_scale FROM unnest(median.p_values) v(v));
REVOKE ALL ON FUNCTION utilisation.median(p_values numeric[]) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.median(p_values numeric[]) TO plateau_functions;

CREATE FUNCTION utilisation.minutes(p_seconds numeric) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (round((COALESCE(p_seconds, (0)::numeric) / (60)::numeric)))::bigint;
REVOKE ALL ON FUNCTION utilisation.minutes(p_seconds numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.minutes(p_seconds numeric) TO plateau_functions;

CREATE FUNCTION utilisation.months(p_from date, p_to date) RETURNS TABLE(grain text, first date, after date)
    LANGUAGE sql IMMUTABLE
    AS $$
    select g.grain, g.first, g.after
    from (select date_trunc('month', p_from + interval '1 month' - interval '1 day')::date as first, date_trunc('month', p_to)::date as after) m
    cross join lateral (
        select 'month', m.first, m.after where m.first < m.after
        union all select 'day', p_from, m.first where m.first < m.after
        union all select 'day', m.after, p_to where m.first < m.after
        union all select 'day', p_from, p_to where m.first >= m.after) as g (grain, first, after)
    where g.first < g.after
$$;
COMMENT ON FUNCTION utilisation.months(p_from date, p_to date) IS 'A period as whole months and the days before and after them.';
REVOKE ALL ON FUNCTION utilisation.months(p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.months(p_from date, p_to date) TO plateau_functions;

CREATE FUNCTION utilisation.network_report(p_from date, p_to date) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with centre as materialized (
        select c.centre_id, c.id, n.name, utilisation.sums(c.centre_id, p_from, p_to) as figures
        from centres.centre c
        join centres.named_centre n on n.centre_id = c.centre_id
        where exists (select from platforms.resource r where r.centre_id = c.centre_id)
    ), figure as (
        select c.*, utilisation.figures_json(c.figures) as json from centre c
    )
    select jsonb_build_object(
        'unit', 'workstationMinutes',
        'centres', coalesce(jsonb_agg(jsonb_build_object('centreId', f.id, 'number', f.centre_id, 'name', f.name) || f.json
                                      order by f.name, f.centre_id), '[]'),
        'totals', utilisation.figures_json(row (
            sum((f.figures).open), sum((f.figures).maintenance), sum((f.figures).booked), sum((f.figures).outside), sum((f.figures).used),
            sum((f.figures).used_outside), sum((f.figures).overhead), sum((f.figures).lost_late), sum((f.figures).lost_closed),
            sum((f.figures).lost_no_show), sum((f.figures).bookings), sum((f.figures).by_companies))::utilisation.figures),
        'medians', jsonb_strip_nulls(jsonb_build_object(
            'availability', utilisation.median(array_agg((f.json ->> 'availability')::numeric)),
            'occupancy', utilisation.median(array_agg((f.json ->> 'occupancy')::numeric)),
            'use', utilisation.median(array_agg((f.json ->> 'use')::numeric)))))
    from figure f
$$;
ALTER FUNCTION utilisation.network_report(p_from date, p_to date) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.network_report(p_from date, p_to date) IS 'The figures of every centre that has resources, of all together, and the medians of the shares.';
REVOKE ALL ON FUNCTION utilisation.network_report(p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.network_report(p_from date, p_to date) TO plateau_app;

CREATE FUNCTION utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone) RETURNS TABLE(piece integer, resource_id uuid, is_part boolean, open bigint, outage bigint)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_from date := p_cuts[1];
    v_to date := p_cuts[cardinality(p_cuts)];
begin
    return query
    with resource as materialized (
        select r.id, coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone,
               -- From the day on which it was registered until it is retired.
               plateau.local_day(r.created_at, s.zone) as first_day,
               case when p_known_at is null or r.retired_at <= p_known_at then r.retired_at end as retired_at
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and (p_known_at is null or r.created_at <= p_known_at)
    ), hours as materialized (
        select c.calendar_id, h.day, h.during
        from (select distinct r.calendar_id from resource r) c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= v_from and h.day < v_to
        where p_known_at is null
        union all
        select c.calendar_id, h.day, h.during
        from (select distinct r.calendar_id from resource r) c
        cross join lateral centres.open_hours_known(p_centre_id, c.calendar_id, daterange(v_from, v_to), p_known_at) h
        where p_known_at is not null
    ), calendar as materialized (
        select h.calendar_id, width_bucket(h.day, p_cuts) as piece,
               extract(epoch from sum(upper(h.during) - lower(h.during)))::bigint as seconds
        from hours h
        group by 1, 2
    ), version as materialized (
        select r.id, r.zone, r.calendar_id, v.capacity, v.ancestors, v.ancestors <> '{}' as is_part,
               case when upper(v.during) > p_known_at then tstzrange(lower(v.during), null) else v.during end
               * tstzrange(plateau.instant_of(r.first_day::timestamp, r.zone), r.retired_at) as life
        from resource r
        join utilisation.resource_version v on v.centre_id = p_centre_id and v.resource_id = r.id
             and (p_known_at is null or lower_inf(v.during) or lower(v.during) <= p_known_at)
        where r.retired_at is null or plateau.instant_of(r.first_day::timestamp, r.zone) < r.retired_at
    ), span as materialized (
        select p.piece, p.first, p.after, z.zone,
               tstzrange(plateau.instant_of(p.first::timestamp, z.zone), plateau.instant_of(p.after::timestamp, z.zone)) as during
        from utilisation.pieces(p_cuts) p cross join (select distinct r.zone from resource r) z
    ), outage as materialized (
        select z.zone, x.resource_id, x.during
        from (select distinct r.zone from resource r) z
        cross join lateral maintenance.out_of_service(
            p_centre_id, tstzrange(plateau.instant_of(v_from::timestamp, z.zone), plateau.instant_of(v_to::timestamp, z.zone)), p_known_at) x
    ), partly as materialized (
        select s.piece, s.first, s.after, v.id, v.is_part, v.capacity, v.calendar_id, v.life
        from version v join span s on s.zone = v.zone and v.life && s.during and not v.life @> s.during
    )
    select s.piece, v.id, v.is_part, v.capacity * c.seconds, 0::bigint
    from version v
    join span s on s.zone = v.zone and v.life @> s.during
    join calendar c on c.calendar_id = v.calendar_id and c.piece = s.piece
    union all
    -- What began, ended or changed inside the piece, to the second.
    select v.piece, v.id, v.is_part,
           v.capacity * sum(extract(epoch from upper(h.during * v.life) - lower(h.during * v.life)))::bigint, 0::bigint
    from partly v
    join hours h on h.calendar_id = v.calendar_id and h.day >= v.first and h.day < v.after and h.during && v.life
    group by v.piece, v.id, v.is_part, v.capacity, v.life
    union all
    -- Of the open time, what nothing could be done in: two outages at once count once, and a hall takes its bays with it.
    select w.piece, w.id, w.is_part, 0::bigint, sum(w.capacity * utilisation.seconds(multirange(w.during) * w.outage))::bigint
    from (
        select width_bucket(h.day, p_cuts) as piece, v.id, v.is_part, v.capacity, h.during * v.life as during, o.outage
        from version v
        join lateral (
            select range_agg(x.during) as outage from outage x where x.zone = v.zone and x.resource_id = any (v.id || v.ancestors)) o
             on o.outage is not null
        join hours h on h.calendar_id = v.calendar_id and h.during && v.life) w
    group by w.piece, w.id, w.is_part;
end
$$;
COMMENT ON FUNCTION utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone) IS 'Opening time of the resources of a centre, and what outages take of it, times their workstations, in seconds, by piece of a period: with the capacity and the place in the tree that they had at the time. is_part: it stands in another, whose time enters totals once.';
REVOKE ALL ON FUNCTION utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.people_of(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone, p_whole boolean) RETURNS TABLE(resource_id uuid, audience text, organisation_kind text, activity text, programme text, attended bigint, participations bigint)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_span record;
begin
    if p_known_at is null then
        for v_span in select c.* from utilisation.cover(p_from, p_to) c loop
            return query
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.attended, t.participations
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and p_whole and t.resource_id = utilisation.whole()
            union all
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.attended, t.participations
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and not p_whole and t.resource_id > utilisation.whole();
        end loop;
    end if;
    return query
    select case when p_whole then utilisation.whole() else (d.fact).resource_id end, a.audience, (d.fact).organisation_kind, (d.fact).activity, (d.fact).programme,
           d.sign * (d.fact).attended * a.heads, case when (d.fact).participates then d.sign * a.heads::bigint else 0 end
    from (select u.sign, u.fact from utilisation.unfolded(p_centre_id) u where p_known_at is null
          union all
          select 1, f from utilisation.within(p_centre_id, p_from, p_to, p_known_at) f where p_known_at is not null) d
    cross join lateral unnest((d.fact).audiences, (d.fact).heads) as a (audience, heads)
    where (d.fact).day >= p_from and (d.fact).day < p_to;
end
$$;
COMMENT ON FUNCTION utilisation.people_of(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone, p_whole boolean) IS 'Trainee-seconds and participations of a period, by resource or of a centre as a whole, to be summed.';
REVOKE ALL ON FUNCTION utilisation.people_of(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone, p_whole boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.people_of(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone, p_whole boolean) TO plateau_functions;

CREATE FUNCTION utilisation.pieces(p_cuts date[]) RETURNS TABLE(piece integer, first date, after date)
    LANGUAGE sql IMMUTABLE
    AS $$
    select c.number::integer, c.day, c.next
    from (select x.day, x.number, lead(x.day) over (order by x.number) as next
          from unnest(p_cuts) with ordinality as x (day, number)) c
    where c.next is not null
$$;
COMMENT ON FUNCTION utilisation.pieces(p_cuts date[]) IS 'The periods between the cuts, which ascend; half-open.';
REVOKE ALL ON FUNCTION utilisation.pieces(p_cuts date[]) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.pieces(p_cuts date[]) TO plateau_functions;

CREATE FUNCTION utilisation.places(p_resource_id uuid, p_is_own boolean) RETURNS TABLE(resource_id uuid, is_own boolean)
    LANGUAGE sql IMMUTABLE
    AS $$
    select p_resource_id, p_is_own union all select utilisation.whole(), true where p_is_own
$$;
COMMENT ON FUNCTION utilisation.places(p_resource_id uuid, p_is_own boolean) IS 'Where a fact enters totals: at its resource, and once in those of the centre.';
REVOKE ALL ON FUNCTION utilisation.places(p_resource_id uuid, p_is_own boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.places(p_resource_id uuid, p_is_own boolean) TO plateau_functions;

CREATE FUNCTION utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_cuts date[] := utilisation.cuts(p_centre_id, p_from, p_to, p_known_at);
    v_moment timestamptz := coalesce(p_known_at, plateau.clock());
begin
    return (
        with use as materialized (
            select u.resource_id, u.is_own, u.organisation_kind, u.activity, sum(u.booked) as booked, sum(u.outside) as outside,
                   sum(u.used) as used, sum(u.used_outside) as used_outside, sum(u.overhead) as overhead, sum(u.lost_late) as lost_late,
                   sum(u.lost_closed) as lost_closed, sum(u.lost_no_show) as lost_no_show, sum(u.lines) as lines,
                   sum(u.bookings) as bookings, sum(u.lead) as lead, sum(u.checked_in) as checked_in,
                   sum(u.cancelled_by_user) as cancelled_by_user, sum(u.cancelled_by_centre) as cancelled_by_centre,
                   sum(u.cancelled_late) as cancelled_late, sum(u.no_shows) as no_shows
            from utilisation.use_of(p_centre_id, array[p_from, p_to], p_known_at, false) u
            group by 1, 2, 3, 4
        ), whole as materialized (
            select u.piece, u.activity = 'maintenance' as is_maintenance, sum(u.booked) as booked
            from utilisation.use_of(p_centre_id, v_cuts, p_known_at, true) u
            group by 1, 2
        ), opened as materialized (
            select o.piece, o.resource_id, o.is_part, sum(o.open) as open, sum(o.outage) as outage
            from utilisation.opened(p_centre_id, v_cuts, p_known_at) o group by 1, 2, 3
        ), people as materialized (
            select p.audience, p.organisation_kind, p.activity, p.programme, sum(p.attended) as attended,
                   sum(p.participations) as participations
            from utilisation.people_of(p_centre_id, p_from, p_to, p_known_at, true) p
            group by 1, 2, 3, 4
        ), resource as materialized (
            select r.id, r.kind, r.site_id, v.name, v.capacity, v.ancestors, v.sectors
            from platforms.resource r
            join utilisation.resource_version v on v.centre_id = r.centre_id and v.resource_id = r.id
                 and v.during @> v_moment
            where r.centre_id = p_centre_id and (p_known_at is null or r.created_at <= p_known_at)
              and (r.retired_at is null or r.retired_at > plateau.instant_of(p_from::timestamp, 'UTC')
                   or exists (select from use u where u.resource_id = r.id))
        ), sector as materialized (
            -- Of its platform: of what it stands in, or of what it is fixed to.
            select distinct r.id as resource_id, unnest(v.sectors) as sector
            from resource r
            left join inventory.asset a on a.centre_id = p_centre_id and a.id = r.id
            join utilisation.resource_version v on v.centre_id = p_centre_id and v.during @> v_moment
                 and v.resource_id = any (r.id || r.ancestors || a.platform_id)
        ), of_resource as materialized (
            select r.id, u.*, o.open, coalesce(u.worked, 0) + coalesce(o.outage, 0) as maintenance
            from resource r
            left join (
                select u.resource_id, sum(u.booked) filter (where u.activity = 'maintenance') as worked,
                       sum(u.booked) filter (where u.activity <> 'maintenance') as booked,
                       sum(u.outside) filter (where u.activity <> 'maintenance') as outside,
                       sum(u.used) filter (where u.activity <> 'maintenance') as used,
                       sum(u.used_outside) filter (where u.activity <> 'maintenance') as used_outside,
                       sum(u.overhead) filter (where u.activity <> 'maintenance') as overhead,
                       sum(u.lost_late) filter (where u.activity <> 'maintenance') as lost_late,
                       sum(u.lost_closed) filter (where u.activity <> 'maintenance') as lost_closed,
                       sum(u.lost_no_show) filter (where u.activity <> 'maintenance') as lost_no_show,
                       sum(u.lines) filter (where u.activity <> 'maintenance') as lines,
                       sum(u.booked) filter (where u.activity <> 'maintenance'
                                             and (u.organisation_kind = 'company' or u.activity = 'companyProduction')) as by_companies
                from use u group by u.resource_id) u on u.resource_id = r.id
            left join (select o.resource_id, sum(o.open) as open, sum(o.outage) as outage from opened o group by 1) o on o.resource_id = r.id
        ), own as materialized (
            -- A line enters sums once, at its own resource.
            select u.*, r.kind = 'equipment' as is_equipment from use u join platforms.resource r on r.centre_id = p_centre_id and r.id = u.resource_id
            where u.is_own
        ), summed as (
            select k.name, k.is_equipment, k.open, coalesce(sum(u.booked) filter (where u.activity = 'maintenance'), 0) + k.outage as maintenance,
                   sum(u.booked) filter (where u.activity <> 'maintenance') as booked,
                   sum(u.outside) filter (where u.activity <> 'maintenance') as outside,
                   sum(u.used) filter (where u.activity <> 'maintenance') as used,
                   sum(u.used_outside) filter (where u.activity <> 'maintenance') as used_outside,
                   sum(u.overhead) filter (where u.activity <> 'maintenance') as overhead,
                   sum(u.lost_late) filter (where u.activity <> 'maintenance') as lost_late,
                   sum(u.lost_closed) filter (where u.activity <> 'maintenance') as lost_closed,
                   sum(u.lost_no_show) filter (where u.activity <> 'maintenance') as lost_no_show,
                   sum(u.lines) filter (where u.activity <> 'maintenance') as lines,
                   sum(u.booked) filter (where u.activity <> 'maintenance'
                                         and (u.organisation_kind = 'company' or u.activity = 'companyProduction')) as by_companies
            from (
                select e.name, e.is_equipment, sum(o.open) as open, coalesce(sum(o.outage), 0) as outage
                from (values ('platforms', false), ('equipment', true)) as e (name, is_equipment)
                left join (opened o join platforms.resource r on r.centre_id = p_centre_id and r.id = o.resource_id)
                     on not o.is_part and (r.kind = 'equipment') = e.is_equipment
                group by 1, 2) k
            left join own u on u.is_equipment = k.is_equipment
            group by k.name, k.is_equipment, k.open, k.outage
        ), piece as materialized (
            select p.piece, p.first, p.after, coalesce(l.status, case when p_centre_id = 0 then 'notApplicable' else 'none' end) as status,
                   date_trunc('month', p.first)::date as month
            from utilisation.pieces(v_cuts) p
            left join lateral (
                select x.status from labels.label_period x where p_known_at is null and x.centre_id = p_centre_id and x.during @> p.first
                union all
                select x.status from labels.periods_known(p_centre_id, p_known_at) x where p_known_at is not null and x.during @> p.first) l on true
        ), work as (
            select coalesce(sum(u.booked), 0) as booked, coalesce(sum(u.bookings), 0) as bookings, coalesce(sum(u.lead), 0) as lead,
                   coalesce(sum(u.checked_in), 0) as checked_in, coalesce(sum(u.cancelled_by_user), 0) as by_user,
                   coalesce(sum(u.cancelled_by_centre), 0) as by_centre, coalesce(sum(u.cancelled_late), 0) as late,
                   coalesce(sum(u.no_shows), 0) as no_shows
            from own u where u.activity <> 'maintenance'
        )
        select jsonb_strip_nulls(jsonb_build_object(
            'unit', 'workstationMinutes',
            'resources', coalesce((
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'resourceId', r.id, 'kind', r.kind, 'name', r.name, 'siteId', r.site_id, 'parentId', r.ancestors[1],
                    'capacity', r.capacity))
                    || utilisation.figures_json(row (
                        f.open, f.maintenance, f.booked, f.outside, f.used, f.used_outside, f.overhead, f.lost_late, f.lost_closed,
                        f.lost_no_show, f.lines, f.by_companies)::utilisation.figures)
                    order by r.kind desc, r.name, r.id)
                from resource r join of_resource f on f.id = r.id), '[]'),
            'totals', (
                select jsonb_object_agg(s.name, utilisation.figures_json(row (
                    s.open, s.maintenance, s.booked, s.outside, s.used, s.used_outside, s.overhead, s.lost_late, s.lost_closed, s.lost_no_show,
                    s.lines, s.by_companies)::utilisation.figures)) from summed s),
            'months', (
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'from', m.first, 'to', m.after - 1,
                    'bookableMinutes', utilisation.minutes(m.open - m.maintenance), 'bookedMinutes', utilisation.minutes(m.booked),
                    'occupancy', utilisation.share(m.booked, m.open - m.maintenance))) order by m.first)
                from (
                    select min(p.first) as first, max(p.after) as after,
                           coalesce(sum(o.open), 0) as open, coalesce(sum(u.maintenance), 0) + coalesce(sum(o.outage), 0) as maintenance,
                           coalesce(sum(u.booked), 0) as booked
                    from piece p
                    left join (select x.piece, sum(x.open) as open, sum(x.outage) as outage from opened x where not x.is_part group by 1) o
                         on o.piece = p.piece
                    left join (select x.piece, sum(x.booked) filter (where x.is_maintenance) as maintenance,
                                      sum(x.booked) filter (where not x.is_maintenance) as booked
                               from whole x group by 1) u on u.piece = p.piece
                    group by p.month) m),
            'labels', (
                select jsonb_agg(jsonb_build_object('status', l.status, 'bookedMinutes', utilisation.minutes(l.booked)) order by l.status)
                from (select p.status, coalesce(sum(u.booked), 0) as booked
                      from piece p left join whole u on u.piece = p.piece and not u.is_maintenance group by 1) l),
            'organisationKinds', coalesce((
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'organisationKind', k.kind, 'bookedMinutes', utilisation.minutes(k.booked),
                    'share', utilisation.share(k.booked, w.booked))) order by k.kind)
                from (select u.organisation_kind as kind, sum(u.booked) as booked from own u where u.activity <> 'maintenance' group by 1) k, work w
                where k.booked > 0), '[]'),
            'activities', coalesce((
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'activity', k.activity, 'bookedMinutes', utilisation.minutes(k.booked))) order by k.activity)
                from (select u.activity, sum(u.booked) as booked from own u group by 1) k where k.booked > 0), '[]'),
            'schoolShare', (select utilisation.share(sum(u.booked) filter (where u.organisation_kind = 'school'), sum(u.booked))
                            from own u where u.activity <> 'maintenance'),
            'trainees', jsonb_build_object(
                'hours', (select utilisation.trainee_hours(coalesce(sum(p.attended), 0)) from people p),
                'participations', (select coalesce(sum(p.participations), 0) from people p),
                'byAudience', utilisation.trainees_json(array(select row (p.audience, p.attended, p.participations)::utilisation.trainees from people p), 'audience'),
                'byActivity', utilisation.trainees_json(array(select row (p.activity, p.attended, p.participations)::utilisation.trainees from people p), 'activity'),
                'byProgramme', utilisation.trainees_json(
                    array(select row (p.programme, p.attended, p.participations)::utilisation.trainees from people p where p.programme <> ''), 'programme'),
                'byOrganisationKind', utilisation.trainees_json(
                    array(select row (p.organisation_kind, p.attended, p.participations)::utilisation.trainees from people p), 'organisationKind'),
                'bySector', utilisation.trainees_json(array(
                    select row (s.sector, p.attended, p.participations)::utilisation.trainees
                    from (select o.resource_id, sum(o.attended) as attended, sum(o.participations) as participations
                          from utilisation.people_of(p_centre_id, p_from, p_to, p_known_at, false) o group by 1) p
                    join sector s on s.resource_id = p.resource_id), 'sector')),
            'leadTime', (select jsonb_strip_nulls(jsonb_build_object(
                'bookings', w.bookings, 'meanHours', case when w.bookings > 0 then trim_scale(round(w.lead / w.bookings / 3600, 2)) end)) from work w),
            'cancellations', (
                select jsonb_strip_nulls(jsonb_build_object(
                    'bookings', w.bookings + w.by_user + w.by_centre + w.no_shows, 'byUser', w.by_user, 'byCentre', w.by_centre, 'late', w.late,
                    'noShows', w.no_shows, 'checkedIn', w.checked_in,
                    'rate', utilisation.share(w.by_user + w.by_centre, w.bookings + w.by_user + w.by_centre + w.no_shows))) from work w),
            'turnedAway', (
                select jsonb_build_object(
                    'requests', count(*),
                    'minutes', utilisation.minutes(coalesce(sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))), 0)))
                from utilisation.turned_away(p_centre_id, p_from, p_to, p_known_at) a))));
end
$$;
ALTER FUNCTION utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) IS 'The figures of a centre from a day up to another, which is left out: as they are (null: from totals) or as known at a moment (from the rows). Both ways give the same figures.';
REVOKE ALL ON FUNCTION utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) TO plateau_app;

CREATE FUNCTION utilisation.reproduce(p_id uuid) RETURNS TABLE(sealed bytea, reproduced bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.sha256, pg_catalog.sha256(convert_to(utilisation.canonical(
        utilisation.document(s.centre_id, s.first_day, s.last_day, s.known_at, null)), 'UTF8'))
    from utilisation.sealed_report s
    where s.centre_id = plateau.centre_of(p_id) and s.id = p_id
$$;
ALTER FUNCTION utilisation.reproduce(p_id uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.reproduce(p_id uuid) IS 'The hash of a sealed report beside that of the same report made again from the rows, as known at its moment.';
REVOKE ALL ON FUNCTION utilisation.reproduce(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.reproduce(p_id uuid) TO plateau_app;

CREATE FUNCTION utilisation.reseal(p_id uuid, p_margin interval) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_stale utilisation.stale_seal;
    v_last utilisation.sealed_report;
    v_moment timestamptz := utilisation.settled_moment(p_margin);
begin
    select * into v_stale from utilisation.stale_seal s
    where s.recorded_at <= v_moment and s.centre_id = plateau.centre_of(p_id)
    order by s.recorded_at limit 1 for update skip locked;
    if not found then
        return null;
    end if;
    delete from utilisation.stale_seal s
    where s.centre_id = v_stale.centre_id and s.first_day = v_stale.first_day and s.last_day = v_stale.last_day;
    select * into v_last from utilisation.sealed_report s
    where s.centre_id = v_stale.centre_id and s.first_day = v_stale.first_day and s.last_day = v_stale.last_day
    order by s.version desc limit 1;
    if v_last.known_at >= v_stale.recorded_at
        or v_last.body::jsonb -> 'labels' = utilisation.report(v_stale.centre_id, v_stale.first_day, v_stale.last_day + 1, v_moment) -> 'labels' then
        return 'unchanged';
    end if;
    perform utilisation.seal(v_stale.centre_id, p_id, v_stale.first_day, v_stale.last_day, v_moment, 'labelChanged', null);
    return 'sealed';
end
$$;
ALTER FUNCTION utilisation.reseal(p_id uuid, p_margin interval) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.reseal(p_id uuid, p_margin interval) IS 'Looks at one sealed period of a centre that a decision may have changed; where its hours by label differ, seals a new version under the id. Null: nothing waits.';
REVOKE ALL ON FUNCTION utilisation.reseal(p_id uuid, p_margin interval) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.reseal(p_id uuid, p_margin interval) TO plateau_app;

CREATE FUNCTION utilisation.seal(p_centre_id smallint, p_id uuid, p_first date, p_last date, p_known_at timestamp with time zone, p_reason text, p_key uuid) RETURNS TABLE(outcome text, version integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_known_at timestamptz := date_trunc('second', coalesce(p_known_at, utilisation.settled_moment('1 minute')));
    v_body text;
begin
    if v_known_at > plateau.clock() then
        return query select 'knownAtInFuture', null::integer;
        return;
    end if;
    perform pg_advisory_xact_lock(47, p_centre_id);
    select coalesce(max(s.version), 0) + 1 into version from utilisation.sealed_report s
    where s.centre_id = p_centre_id and s.first_day = p_first and s.last_day = p_last;
    v_body := utilisation.canonical(utilisation.document(p_centre_id, p_first, p_last, v_known_at, null));
    insert into utilisation.sealed_report (
        centre_id, id, first_day, last_day, version, known_at, reason, sealed_at, sealed_by, body, sha256)
    values (p_centre_id, p_id, p_first, p_last, version, v_known_at, p_reason, plateau.clock(), p_key, v_body,
            pg_catalog.sha256(convert_to(v_body, 'UTF8')));
    outcome := 'sealed';
    return next;
end
$$;
ALTER FUNCTION utilisation.seal(p_centre_id smallint, p_id uuid, p_first date, p_last date, p_known_at timestamp with time zone, p_reason text, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.seal(p_centre_id smallint, p_id uuid, p_first date, p_last date, p_known_at timestamp with time zone, p_reason text, p_key uuid) IS 'Keeps the report of some days, the last included, as known at a moment (null: a minute ago). outcome: sealed, knownAtInFuture.';
REVOKE ALL ON FUNCTION utilisation.seal(p_centre_id smallint, p_id uuid, p_first date, p_last date, p_known_at timestamp with time zone, p_reason text, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.seal(p_centre_id smallint, p_id uuid, p_first date, p_last date, p_known_at timestamp with time zone, p_reason text, p_key uuid) TO plateau_app;

CREATE FUNCTION utilisation.sealed_body(p_id uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.body from utilisation.sealed_report s where s.centre_id = plateau.centre_of(p_id) and s.id = p_id
$$;
ALTER FUNCTION utilisation.sealed_body(p_id uuid) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION utilisation.sealed_body(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.sealed_body(p_id uuid) TO plateau_app;

CREATE FUNCTION utilisation.sealed_reports(p_centre_id smallint) RETURNS TABLE(id uuid, first_day date, last_day date, version integer, known_at timestamp with time zone, reason text, sealed_at timestamp with time zone, sha256 bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.id, s.first_day, s.last_day, s.version, s.known_at, s.reason, s.sealed_at, s.sha256
    from utilisation.sealed_report s where s.centre_id = p_centre_id
$$;
ALTER FUNCTION utilisation.sealed_reports(p_centre_id smallint) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION utilisation.sealed_reports(p_centre_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.sealed_reports(p_centre_id smallint) TO plateau_app;

CREATE FUNCTION utilisation.seconds(p_time tstzmultirange) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT (COALESCE(sum(EXTRACT(epoch FROM (upper(r.r) - lower(r.r)))), (0)::numeric))::bigint AS "coalesce" FROM unnest(seconds.p_time) r(r));
REVOKE ALL ON FUNCTION utilisation.seconds(p_time tstzmultirange) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.seconds(p_time tstzmultirange) TO plateau_functions;

CREATE FUNCTION utilisation.settled_moment(p_margin interval) RETURNS timestamp with time zone
    LANGUAGE sql
    RETURN date_trunc('second'::text, (plateau.clock() - p_margin));
COMMENT ON FUNCTION utilisation.settled_moment(p_margin interval) IS 'A moment, to the second, so long ago that what began before it has ended: nothing can be recorded for it any more.';
REVOKE ALL ON FUNCTION utilisation.settled_moment(p_margin interval) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.settled_moment(p_margin interval) TO plateau_functions;

CREATE FUNCTION utilisation.share(p_part numeric, p_whole numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_whole > (0)::numeric) THEN trim_scale(round((COALESCE(p_part, (0)::numeric) / p_whole), 4)) ELSE NULL::numeric END;
COMMENT ON FUNCTION utilisation.share(p_part numeric, p_whole numeric) IS 'A part of a whole, to four decimals; null: of nothing.';
REVOKE ALL ON FUNCTION utilisation.share(p_part numeric, p_whole numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.share(p_part numeric, p_whole numeric) TO plateau_functions;

CREATE FUNCTION utilisation.stale_centre(p_margin interval) RETURNS smallint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.centre_id from utilisation.stale_seal s where s.recorded_at <= utilisation.settled_moment(p_margin) order by s.recorded_at limit 1
$$;
ALTER FUNCTION utilisation.stale_centre(p_margin interval) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION utilisation.stale_centre(p_margin interval) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.stale_centre(p_margin interval) TO plateau_app;

CREATE FUNCTION utilisation.sums(p_centre_id smallint, p_from date, p_to date) RETURNS utilisation.figures
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_cuts date[] := array[p_from, p_to];
    v_sums utilisation.figures;
begin
    select max(o.open), coalesce(sum(u.booked) filter (where u.activity = 'maintenance'), 0) + coalesce(max(o.outage), 0),
           sum(u.booked) filter (where u.activity <> 'maintenance'), sum(u.outside) filter (where u.activity <> 'maintenance'),
           sum(u.used) filter (where u.activity <> 'maintenance'), sum(u.used_outside) filter (where u.activity <> 'maintenance'),
           sum(u.overhead) filter (where u.activity <> 'maintenance'), sum(u.lost_late) filter (where u.activity <> 'maintenance'),
           sum(u.lost_closed) filter (where u.activity <> 'maintenance'), sum(u.lost_no_show) filter (where u.activity <> 'maintenance'),
           sum(u.bookings) filter (where u.activity <> 'maintenance'),
           sum(u.booked) filter (where u.activity <> 'maintenance'
                                 and (u.organisation_kind = 'company' or u.activity = 'companyProduction'))
    into v_sums
    from (select sum(x.open) as open, sum(x.outage) as outage from utilisation.opened(p_centre_id, v_cuts, null) x where not x.is_part) o
    left join utilisation.use_of(p_centre_id, v_cuts, null, true) u on true;
    return v_sums;
end
$$;
COMMENT ON FUNCTION utilisation.sums(p_centre_id smallint, p_from date, p_to date) IS 'The figures of all resources of a centre together.';
REVOKE ALL ON FUNCTION utilisation.sums(p_centre_id smallint, p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.sums(p_centre_id smallint, p_from date, p_to date) TO plateau_functions;

CREATE FUNCTION utilisation.term_of(p_centre_id smallint) RETURNS TABLE(first_day date, last_day date)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select lower(p.during), least(coalesce(p.ends_on, plateau.local_day(plateau.clock(), c.zone)), plateau.local_day(plateau.clock(), c.zone))
    from labels.label_period p join centres.centre c on c.centre_id = p.centre_id
    where p.centre_id = p_centre_id and p.status in ('labelled', 'provisional')
      and lower(p.during) <= plateau.local_day(plateau.clock(), c.zone)
    order by p.during desc limit 1
$$;
ALTER FUNCTION utilisation.term_of(p_centre_id smallint) OWNER TO plateau_functions;
COMMENT ON FUNCTION utilisation.term_of(p_centre_id smallint) IS 'The term of the label that runs, up to today, or the last one.';
REVOKE ALL ON FUNCTION utilisation.term_of(p_centre_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.term_of(p_centre_id smallint) TO plateau_app;

CREATE FUNCTION utilisation.trainee_hours(p_seconds numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN trim_scale(round((p_seconds / (3600)::numeric), 2));
REVOKE ALL ON FUNCTION utilisation.trainee_hours(p_seconds numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.trainee_hours(p_seconds numeric) TO plateau_functions;

CREATE FUNCTION utilisation.trainees_json(p_people utilisation.trainees[], p_name text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select coalesce(jsonb_agg(jsonb_build_object(
        p_name, t.word, 'traineeHours', utilisation.trainee_hours(t.attended), 'participations', t.participations) order by t.word), '[]')
    from (select p.word, sum(p.attended) as attended, sum(p.participations) as participations from unnest(p_people) p group by 1) t
    where t.attended > 0 or t.participations > 0
$$;
REVOKE ALL ON FUNCTION utilisation.trainees_json(p_people utilisation.trainees[], p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.trainees_json(p_people utilisation.trainees[], p_name text) TO plateau_functions;

CREATE FUNCTION utilisation.turned_away(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) RETURNS TABLE(resource_id uuid, organisation_id uuid, organisation_kind text, zone text, during tstzrange, seats integer)
    LANGUAGE sql STABLE
    AS $$
    select d.resource_id, d.organisation_id, o.kind, s.zone,
           tstzrange(d.starts, d.ends) * tstzrange(plateau.instant_of(p_from::timestamp, s.zone), plateau.instant_of(p_to::timestamp, s.zone)),
           d.seats
    from bookings.unmet_demand d
    join platforms.resource r on r.centre_id = d.centre_id and r.id = d.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    join access.organisation o on o.id = d.organisation_id
    where d.centre_id = p_centre_id and (p_known_at is null or d.at <= p_known_at)
      and d.starts < plateau.instant_of(p_to::timestamp, s.zone) and d.starts > plateau.instant_of((p_from - 32)::timestamp, s.zone)
      and d.ends > plateau.instant_of(p_from::timestamp, s.zone)
      -- Taken back when the organisation was served after all.
      and not exists (
          select from bookings.booking b
          join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id and l.resource_id = d.resource_id
               and l.starts <= d.starts and l.ends >= d.ends
          cross join lateral (
              select case when p_known_at is null then b.state
                          else (select t.to_state from bookings.transition t
                                where t.centre_id = b.centre_id and t.booking_id = b.id and t.at <= p_known_at
                                order by t.version desc limit 1) end as state) x
          where b.organisation_id = d.organisation_id and b.starts < d.ends and b.starts > d.starts - interval '32 days'
            and x.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse', 'completed'))
$$;
COMMENT ON FUNCTION utilisation.turned_away(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) IS 'What a centre turned away in a period for lack of room and did not serve later.';
REVOKE ALL ON FUNCTION utilisation.turned_away(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.turned_away(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.unfolded(p_centre_id smallint) RETURNS TABLE(sign integer, fact utilisation.fact)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_bookings uuid[] := array(select distinct p.booking_id from utilisation.pending p where p.centre_id = p_centre_id);
begin
    if cardinality(v_bookings) = 0 then
        return;
    end if;
    return query select 1, f from utilisation.facts_of(p_centre_id, v_bookings, null) f;
    return query select -1, f from utilisation.fact f where f.centre_id = p_centre_id and f.booking_id = any (v_bookings);
end
$$;
COMMENT ON FUNCTION utilisation.unfolded(p_centre_id smallint) IS 'What the totals of a centre still lack: what changed bookings come to now, less what they came to before.';
REVOKE ALL ON FUNCTION utilisation.unfolded(p_centre_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.unfolded(p_centre_id smallint) TO plateau_functions;

CREATE FUNCTION utilisation.use_of(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone, p_whole boolean) RETURNS TABLE(piece integer, resource_id uuid, is_own boolean, organisation_kind text, activity text, booked bigint, outside bigint, used bigint, used_outside bigint, overhead bigint, lost_late bigint, lost_closed bigint, lost_no_show bigint, lines bigint, bookings bigint, lead bigint, checked_in bigint, cancelled_by_user bigint, cancelled_by_centre bigint, cancelled_late bigint, no_shows bigint)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_span record;
begin
    if p_known_at is null then
        -- Piece by piece: a join over them all reads every row of the centre, because its plan is made for any number of pieces.
        for v_span in
            select p.piece, c.grain, c.first, c.after from utilisation.pieces(p_cuts) p, utilisation.cover(p.first, p.after) c
        loop
            return query
            select v_span.piece, t.resource_id, t.is_own, t.organisation_kind, t.activity, t.booked, t.outside, t.used, t.used_outside,
                   t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings, t.lead, t.checked_in, t.cancelled_by_user,
                   t.cancelled_by_centre, t.cancelled_late, t.no_shows
            from utilisation.total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and p_whole and t.resource_id = utilisation.whole()
            union all
            select v_span.piece, t.resource_id, t.is_own, t.organisation_kind, t.activity, t.booked, t.outside, t.used, t.used_outside,
                   t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings, t.lead, t.checked_in, t.cancelled_by_user,
                   t.cancelled_by_centre, t.cancelled_late, t.no_shows
            from utilisation.total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and not p_whole and t.resource_id > utilisation.whole();
        end loop;
    end if;
    return query
    select p.piece, case when p_whole then utilisation.whole() else (d.fact).resource_id end, (d.fact).is_own, (d.fact).organisation_kind, (d.fact).activity, d.sign * (d.fact).booked,
           d.sign * (d.fact).outside, d.sign * (d.fact).used, d.sign * (d.fact).used_outside, d.sign * (d.fact).overhead,
           d.sign * (d.fact).lost_late, d.sign * (d.fact).lost_closed, d.sign * (d.fact).lost_no_show, (d.sign * (d.fact).lines)::bigint,
           (d.sign * (d.fact).bookings)::bigint, d.sign * (d.fact).lead, (d.sign * (d.fact).checked_in)::bigint,
           (d.sign * (d.fact).cancelled_by_user)::bigint, (d.sign * (d.fact).cancelled_by_centre)::bigint,
           (d.sign * (d.fact).cancelled_late)::bigint, (d.sign * (d.fact).no_shows)::bigint
    from (select u.sign, u.fact from utilisation.unfolded(p_centre_id) u where p_known_at is null
          union all
          select 1, f from utilisation.within(p_centre_id, p_cuts[1], p_cuts[cardinality(p_cuts)], p_known_at) f
          where p_known_at is not null) d
    join utilisation.pieces(p_cuts) p on (d.fact).day >= p.first and (d.fact).day < p.after
    where not p_whole or (d.fact).is_own;
end
$$;
COMMENT ON FUNCTION utilisation.use_of(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone, p_whole boolean) IS 'How the resources of a centre (or all of it, as a whole) were used in each piece of a period, to be summed: totals of years, and of months and days at the edges, with what they still lack, in one snapshot; or from the rows, as known at a moment.';
REVOKE ALL ON FUNCTION utilisation.use_of(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone, p_whole boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.use_of(p_centre_id smallint, p_cuts date[], p_known_at timestamp with time zone, p_whole boolean) TO plateau_functions;

CREATE FUNCTION utilisation.whole() RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '00000000-0000-0000-0000-000000000000'::uuid;
COMMENT ON FUNCTION utilisation.whole() IS 'Stands in totals for all resources of a centre together.';
REVOKE ALL ON FUNCTION utilisation.whole() FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.whole() TO plateau_functions;

CREATE FUNCTION utilisation.within(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) RETURNS SETOF utilisation.fact
    LANGUAGE plpgsql STABLE
    AS $$
declare
    -- A day of a zone begins or ends up to 14 hours away from the UTC day, and a booking lasts at most 31 days.
    v_from timestamptz := (p_from - 33)::timestamp at time zone 'UTC';
    v_to timestamptz := (p_to + 2)::timestamp at time zone 'UTC';
begin
    return query
    select f.*
    from utilisation.facts_of(p_centre_id, array(
        select b.id from bookings.booking b
        where b.centre_id = p_centre_id and b.centres @> array[p_centre_id] and b.starts >= v_from and b.starts < v_to
        union
        select b.id from bookings.booking b
        where cardinality(b.centres) > 1 and b.centres @> array[p_centre_id] and b.starts >= v_from and b.starts < v_to
        union
        -- What a change took away from this period, or from this centre.
        select r.booking_id from utilisation.former r where r.centre_id = p_centre_id and r.until > p_known_at), p_known_at) f
    where f.day >= p_from and f.day < p_to;
end
$$;
COMMENT ON FUNCTION utilisation.within(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) IS 'The facts of a period, from the rows, as known at a moment.';
REVOKE ALL ON FUNCTION utilisation.within(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.within(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) TO plateau_functions;

CREATE FUNCTION utilisation.working_days(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE
    AS $$
    select count(*)::integer
    from generate_series(p_from, p_to - 1, interval '1 day') as d (day)
    where extract(isodow from d.day) < 6
      and not exists (select from centres.closed_day c
                      where c.centre_id = p_centre_id and c.day = d.day::date and c.recorded_at <= p_known_at)
$$;
COMMENT ON FUNCTION utilisation.working_days(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) IS 'Working days from a day up to another, which is left out: Monday to Friday, less the days on which a centre is closed as known then.';
REVOKE ALL ON FUNCTION utilisation.working_days(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION utilisation.working_days(p_centre_id smallint, p_from date, p_to date, p_known_at timestamp with time zone) TO plateau_functions;


-- delivery ================================================================================================================================

CREATE SCHEMA delivery;
COMMENT ON SCHEMA delivery IS 'Webhooks: where events are sent, what was sent, and what came back.';
GRANT USAGE ON SCHEMA delivery TO plateau_app, plateau_functions;

CREATE TABLE delivery.attempt (
    webhook_id uuid NOT NULL,
    message_id uuid NOT NULL,
    number integer NOT NULL,
    organisation_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    milliseconds integer NOT NULL,
    outcome text NOT NULL,
    status smallint,
    CONSTRAINT attempt_outcome_known CHECK ((outcome = ANY (ARRAY['delivered'::text, 'refused'::text, 'redirected'::text, 'gone'::text, 'timedOut'::text, 'unreachable'::text, 'addressNotAllowed'::text, 'nameUnknown'::text, 'eventForgotten'::text])))
);
ALTER TABLE ONLY delivery.attempt FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE delivery.attempt IS 'What came of each attempt; rows are only added, and go with their message after 30 days.';
ALTER TABLE ONLY delivery.attempt ADD CONSTRAINT attempt_pkey PRIMARY KEY (webhook_id, message_id, number);
ALTER TABLE ONLY delivery.attempt ADD CONSTRAINT attempt_message FOREIGN KEY (webhook_id, message_id) REFERENCES delivery.message(webhook_id, id) ON DELETE CASCADE;
ALTER TABLE delivery.attempt ENABLE ROW LEVEL SECURITY;
CREATE POLICY attempt_actor ON delivery.attempt FOR SELECT TO plateau_app USING ((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)));
CREATE POLICY attempt_functions ON delivery.attempt TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON TABLE delivery.attempt TO plateau_functions;
GRANT SELECT ON TABLE delivery.attempt TO plateau_app;

CREATE TABLE delivery.feed (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    key_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid,
    digest bytea NOT NULL,
    language text NOT NULL,
    description text,
    created_at timestamp with time zone NOT NULL,
    last_read_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT feed_digest_length CHECK ((length(digest) = 32)),
    CONSTRAINT feed_has_subject CHECK (((kind = ANY (ARRAY['resource'::text, 'site'::text, 'centre'::text])) = (subject_id IS NOT NULL))),
    CONSTRAINT feed_kind_known CHECK ((kind = ANY (ARRAY['resource'::text, 'site'::text, 'centre'::text, 'organisation'::text, 'person'::text]))),
    CONSTRAINT feed_language_known CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text])))
);
ALTER TABLE ONLY delivery.feed FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE delivery.feed IS 'A calendar that is read under an address without a key. It shows what the key that made it may read, and ends with that key. The secret in the address stands nowhere: digest is its SHA-256.';
COMMENT ON COLUMN delivery.feed.subject_id IS 'The resource, site or centre; of the others the organisation, or the key itself, is the subject.';
COMMENT ON COLUMN delivery.feed.last_read_at IS 'To the hour.';
ALTER TABLE ONLY delivery.feed ADD CONSTRAINT feed_digest_once UNIQUE (digest);
ALTER TABLE ONLY delivery.feed ADD CONSTRAINT feed_pkey PRIMARY KEY (id);
CREATE INDEX feed_by_key ON delivery.feed USING btree (key_id) WHERE (revoked_at IS NULL);
CREATE INDEX feed_by_organisation ON delivery.feed USING btree (organisation_id, id) WHERE (revoked_at IS NULL);
ALTER TABLE ONLY delivery.feed ADD CONSTRAINT feed_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE delivery.feed ENABLE ROW LEVEL SECURITY;
CREATE POLICY feed_actor ON delivery.feed FOR SELECT TO plateau_app USING ((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)));
CREATE POLICY feed_functions ON delivery.feed TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE delivery.feed TO plateau_functions;
GRANT SELECT (organisation_id, id, key_id, kind, subject_id, language, description, created_at, last_read_at, revoked_at) ON TABLE delivery.feed TO plateau_app;

CREATE TABLE delivery.mail (
    id uuid NOT NULL,
    once text NOT NULL,
    kind text NOT NULL,
    centre_id smallint NOT NULL,
    booking_id uuid,
    series_id uuid,
    xact bigint,
    recipient text NOT NULL,
    language text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    lease uuid,
    lease_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    last_error text,
    CONSTRAINT mail_about_one_thing CHECK ((num_nonnulls(booking_id, series_id) = 1)),
    CONSTRAINT mail_due_while_pending CHECK (((state = 'pending'::text) = (next_at IS NOT NULL))),
    CONSTRAINT mail_kind_known CHECK ((kind = ANY (delivery.mail_kinds()))),
    CONSTRAINT mail_recipient_is_address CHECK (delivery.is_address(recipient)),
    CONSTRAINT mail_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text, 'superseded'::text])))
);
ALTER TABLE ONLY delivery.mail FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE delivery.mail IS 'A message to one address about a booking or, where many change at once, about their series (those that changed in the transaction xact). once: what it is made of, so that it is made one time. superseded: the booking had gone on before it was sent.';
ALTER TABLE ONLY delivery.mail ADD CONSTRAINT mail_once UNIQUE (once);
ALTER TABLE ONLY delivery.mail ADD CONSTRAINT mail_pkey PRIMARY KEY (id);
CREATE INDEX mail_by_age ON delivery.mail USING btree (created_at);
CREATE INDEX mail_due ON delivery.mail USING btree (next_at) WHERE (state = 'pending'::text);
ALTER TABLE delivery.mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY mail_functions ON delivery.mail TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE delivery.mail TO plateau_functions;

CREATE TABLE delivery.message (
    webhook_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    type text NOT NULL,
    event_centre_id smallint,
    event_id bigint,
    state text DEFAULT 'pending'::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    lease uuid,
    lease_until timestamp with time zone,
    first_tried_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT message_due_while_pending CHECK (((state = 'pending'::text) = (next_at IS NOT NULL))),
    CONSTRAINT message_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text])))
);
ALTER TABLE ONLY delivery.message FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE delivery.message IS 'An event on its way to a webhook; id is the event''s public id and the header webhook-id, the same in every attempt. Without an event: a test.';
COMMENT ON COLUMN delivery.message.tries IS 'Since it became pending, for the schedule; attempts counts all.';
ALTER TABLE ONLY delivery.message ADD CONSTRAINT message_pkey PRIMARY KEY (webhook_id, id);
CREATE INDEX message_by_age ON delivery.message USING btree (created_at);
CREATE INDEX message_due ON delivery.message USING btree (webhook_id, next_at) WHERE (state = 'pending'::text);
ALTER TABLE ONLY delivery.message ADD CONSTRAINT message_webhook FOREIGN KEY (webhook_id) REFERENCES delivery.webhook(id);
ALTER TABLE delivery.message ENABLE ROW LEVEL SECURITY;
CREATE POLICY message_actor ON delivery.message FOR SELECT TO plateau_app USING ((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)));
CREATE POLICY message_functions ON delivery.message TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ON TABLE delivery.message TO plateau_functions;
GRANT SELECT ON TABLE delivery.message TO plateau_app;

CREATE TABLE delivery.notification_settings (
    organisation_id uuid NOT NULL,
    addresses text[] NOT NULL,
    kinds text[],
    language text NOT NULL,
    writes_to_contacts boolean NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT notification_settings_addresses CHECK ((delivery.are_addresses(addresses) AND (cardinality(addresses) <= 20))),
    CONSTRAINT notification_settings_kinds_known CHECK ((kinds <@ delivery.mail_kinds())),
    CONSTRAINT notification_settings_language_known CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text])))
);
ALTER TABLE ONLY delivery.notification_settings FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE delivery.notification_settings IS 'Where an organisation gets mail about its bookings, a centre''s also about requests for its resources; kinds null: every kind. No row: no address, French, and contacts of bookings are written to.';
ALTER TABLE ONLY delivery.notification_settings ADD CONSTRAINT notification_settings_pkey PRIMARY KEY (organisation_id);
ALTER TABLE ONLY delivery.notification_settings ADD CONSTRAINT notification_settings_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE delivery.notification_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_settings_actor ON delivery.notification_settings FOR SELECT TO plateau_app USING ((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)));
CREATE POLICY notification_settings_functions ON delivery.notification_settings TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE delivery.notification_settings TO plateau_functions;
GRANT SELECT ON TABLE delivery.notification_settings TO plateau_app;

CREATE TABLE delivery.progress (
    consumer text NOT NULL,
    xact bigint NOT NULL,
    id bigint NOT NULL
);
ALTER TABLE ONLY delivery.progress FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE delivery.progress IS 'Up to which event each consumer of the outbox has got.';
ALTER TABLE ONLY delivery.progress ADD CONSTRAINT progress_pkey PRIMARY KEY (consumer);
ALTER TABLE delivery.progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY progress_functions ON delivery.progress TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE delivery.progress TO plateau_functions;

CREATE TABLE delivery.webhook (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    description text,
    types text[],
    state text DEFAULT 'enabled'::text NOT NULL,
    disabled_because text,
    disabled_at timestamp with time zone,
    secret_number integer DEFAULT 1 NOT NULL,
    former_secret_until timestamp with time zone,
    since_xact bigint NOT NULL,
    last_success_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT webhook_disabled_because_known CHECK ((disabled_because = ANY (ARRAY['request'::text, 'gone'::text, 'failing'::text]))),
    CONSTRAINT webhook_disabled_has_reason CHECK (((state = 'disabled'::text) = (disabled_because IS NOT NULL))),
    CONSTRAINT webhook_state_known CHECK ((state = ANY (ARRAY['enabled'::text, 'disabled'::text, 'removed'::text]))),
    CONSTRAINT webhook_types_present CHECK (((types IS NULL) OR ((cardinality(types) >= 1) AND (cardinality(types) <= 50))))
);
ALTER TABLE ONLY delivery.webhook FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE delivery.webhook IS 'Where an organisation gets its events. The secret stands nowhere: the server derives it from its own, the id and secret_number.';
COMMENT ON COLUMN delivery.webhook.types IS 'The types of events that are sent; null: all.';
COMMENT ON COLUMN delivery.webhook.since_xact IS 'Events of transactions before this one are none of its business.';
ALTER TABLE ONLY delivery.webhook ADD CONSTRAINT webhook_pkey PRIMARY KEY (id);
CREATE INDEX webhook_by_organisation ON delivery.webhook USING btree (organisation_id, id);
ALTER TABLE ONLY delivery.webhook ADD CONSTRAINT webhook_organisation FOREIGN KEY (organisation_id) REFERENCES access.organisation(id);
ALTER TABLE delivery.webhook ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_actor ON delivery.webhook FOR SELECT TO plateau_app USING ((organisation_id = ( SELECT plateau.actor_organisation() AS actor_organisation)));
CREATE POLICY webhook_functions ON delivery.webhook TO plateau_functions USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON TABLE delivery.webhook TO plateau_functions;
GRANT SELECT ON TABLE delivery.webhook TO plateau_app;

CREATE FUNCTION delivery.are_addresses(p_texts text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN COALESCE((SELECT bool_and(delivery.is_address(t.t)) AS bool_and FROM unnest(are_addresses.p_texts) t(t)), true);
REVOKE ALL ON FUNCTION delivery.are_addresses(p_texts text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.are_addresses(p_texts text[]) TO plateau_functions;

CREATE FUNCTION delivery.change_webhook(p_id uuid, p_organisation uuid, p_version integer, p_url text, p_description text, p_types text[], p_enabled boolean, p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_webhook delivery.webhook;
    v_now timestamptz := plateau.clock();
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    select * into v_webhook from delivery.webhook w
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed' for update;
    if not found then
        return 'notFound';
    elsif v_webhook.version <> p_version then
        return 'versionMismatch';
    end if;
    update delivery.webhook w
    set url = p_url, description = p_description, types = p_types,
        state = case when p_enabled then 'enabled' else 'disabled' end,
        disabled_because = case when p_enabled then null else coalesce(w.disabled_because, 'request') end,
        disabled_at = case when p_enabled then null else coalesce(w.disabled_at, v_now) end,
        -- What happened while it was off is not sent; the list of events has it.
        since_xact = case when p_enabled and w.state = 'disabled' then jobs.horizon() else w.since_xact end,
        version = w.version + 1
    where w.id = p_id;
    if p_enabled and v_webhook.state = 'disabled' then
        -- What waits begins its schedule anew.
        update delivery.message m set tries = 0, first_tried_at = null, next_at = v_now
        where m.webhook_id = p_id and m.state = 'pending';
    end if;
    return 'changed';
end
$$;
ALTER FUNCTION delivery.change_webhook(p_id uuid, p_organisation uuid, p_version integer, p_url text, p_description text, p_types text[], p_enabled boolean, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.change_webhook(p_id uuid, p_organisation uuid, p_version integer, p_url text, p_description text, p_types text[], p_enabled boolean, p_key uuid) IS 'outcome: changed, forbidden, notFound, versionMismatch.';
REVOKE ALL ON FUNCTION delivery.change_webhook(p_id uuid, p_organisation uuid, p_version integer, p_url text, p_description text, p_types text[], p_enabled boolean, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.change_webhook(p_id uuid, p_organisation uuid, p_version integer, p_url text, p_description text, p_types text[], p_enabled boolean, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.claim(p_lease uuid, p_limit integer, p_lease_seconds integer) RETURNS TABLE(webhook_id uuid, message_id uuid, url text, secret_number integer, has_former_secret boolean, type text, event_centre_id smallint, event_id bigint, tries integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return query
    with due as (
        -- A few of each webhook, so that a slow one holds up no other.
        select m.webhook_id, m.id
        from delivery.webhook w
        cross join lateral (
            select m.webhook_id, m.id, m.next_at from delivery.message m
            where m.webhook_id = w.id and m.state = 'pending' and m.next_at <= plateau.clock()
              and (m.lease_until is null or m.lease_until < plateau.clock())
            order by m.next_at limit 4 for update skip locked) m
        where w.state = 'enabled'
        order by m.next_at
        limit p_limit
    )
    update delivery.message m
    set lease = p_lease, lease_until = plateau.clock() + make_interval(secs => p_lease_seconds),
        first_tried_at = coalesce(m.first_tried_at, plateau.clock())
    from due d, delivery.webhook w
    where m.webhook_id = d.webhook_id and m.id = d.id and w.id = m.webhook_id
    returning m.webhook_id, m.id, w.url, w.secret_number, coalesce(w.former_secret_until > plateau.clock(), false), m.type,
              m.event_centre_id, m.event_id, m.tries;
end
$$;
ALTER FUNCTION delivery.claim(p_lease uuid, p_limit integer, p_lease_seconds integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.claim(p_lease uuid, p_limit integer, p_lease_seconds integer) IS 'Lends messages that are due to one sender for some seconds; one that dies gives them back by the lease''s end.';
REVOKE ALL ON FUNCTION delivery.claim(p_lease uuid, p_limit integer, p_lease_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.claim(p_lease uuid, p_limit integer, p_lease_seconds integer) TO plateau_app;

CREATE FUNCTION delivery.claim_mail(p_lease uuid, p_limit integer, p_lease_seconds integer) RETURNS TABLE(id uuid, kind text, recipient text, language text, tries integer, created_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return query
    with due as (
        select m.id, delivery.is_out_of_date(m) as is_old
        from delivery.mail m
        where m.state = 'pending' and m.next_at <= plateau.clock() and (m.lease_until is null or m.lease_until < plateau.clock())
        order by m.next_at, m.created_at
        limit p_limit
        for update skip locked
    ), dropped as (
        update delivery.mail m set state = 'superseded', next_at = null, settled_at = plateau.clock()
        from due d where m.id = d.id and d.is_old
    )
    update delivery.mail m
    set lease = p_lease, lease_until = plateau.clock() + make_interval(secs => p_lease_seconds)
    from due d
    where m.id = d.id and not d.is_old
    returning m.id, m.kind, m.recipient, m.language, m.tries, m.created_at;
end
$$;
ALTER FUNCTION delivery.claim_mail(p_lease uuid, p_limit integer, p_lease_seconds integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.claim_mail(p_lease uuid, p_limit integer, p_lease_seconds integer) IS 'Lends messages that are due to one sender for some seconds; drops those that are no longer true.';
REVOKE ALL ON FUNCTION delivery.claim_mail(p_lease uuid, p_limit integer, p_lease_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.claim_mail(p_lease uuid, p_limit integer, p_lease_seconds integer) TO plateau_app;

CREATE FUNCTION delivery.create_feed(p_id uuid, p_organisation uuid, p_kind text, p_subject uuid, p_digest bytea, p_language text, p_description text, p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform from access.api_key k where k.id = p_key and k.organisation_id = p_organisation for no key update;
    if not found or not delivery.is_valid_key(p_key) then
        return 'forbidden';
    elsif not delivery.subject_exists(p_kind, p_subject) then
        return 'subjectUnknown';
    elsif (select count(*) from delivery.feed f where f.key_id = p_key and f.revoked_at is null) >= 50 then
        return 'tooMany';
    end if;
    insert into delivery.feed (organisation_id, id, key_id, kind, subject_id, digest, language, description, created_at)
    values (p_organisation, p_id, p_key, p_kind, p_subject, p_digest, p_language, p_description, plateau.clock());
    return 'created';
end
$$;
ALTER FUNCTION delivery.create_feed(p_id uuid, p_organisation uuid, p_kind text, p_subject uuid, p_digest bytea, p_language text, p_description text, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.create_feed(p_id uuid, p_organisation uuid, p_kind text, p_subject uuid, p_digest bytea, p_language text, p_description text, p_key uuid) IS 'outcome: created, forbidden, subjectUnknown, tooMany (fifty of a key).';
REVOKE ALL ON FUNCTION delivery.create_feed(p_id uuid, p_organisation uuid, p_kind text, p_subject uuid, p_digest bytea, p_language text, p_description text, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.create_feed(p_id uuid, p_organisation uuid, p_kind text, p_subject uuid, p_digest bytea, p_language text, p_description text, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.create_webhook(p_id uuid, p_organisation uuid, p_url text, p_description text, p_types text[], p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    perform from access.organisation o where o.id = p_organisation for no key update;
    if (select count(*) from delivery.webhook w where w.organisation_id = p_organisation and w.state <> 'removed') >= 100 then
        return 'tooMany';
    end if;
    insert into delivery.webhook (organisation_id, id, url, description, types, since_xact, created_at, created_by)
    values (p_organisation, p_id, p_url, p_description, p_types, jobs.horizon(), plateau.clock(), p_key);
    return 'created';
end
$$;
ALTER FUNCTION delivery.create_webhook(p_id uuid, p_organisation uuid, p_url text, p_description text, p_types text[], p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.create_webhook(p_id uuid, p_organisation uuid, p_url text, p_description text, p_types text[], p_key uuid) IS 'outcome: created, forbidden, tooMany (a hundred of an organisation). It gets what happens from now on.';
REVOKE ALL ON FUNCTION delivery.create_webhook(p_id uuid, p_organisation uuid, p_url text, p_description text, p_types text[], p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.create_webhook(p_id uuid, p_organisation uuid, p_url text, p_description text, p_types text[], p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.data_of(p_centre_id smallint, p_id bigint) RETURNS TABLE(occurred_at timestamp with time zone, data jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return query
    select e.occurred_at, delivery.event_data(e) from jobs.event e where e.centre_id = p_centre_id and e.id = p_id;
end
$$;
ALTER FUNCTION delivery.data_of(p_centre_id smallint, p_id bigint) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.data_of(p_centre_id smallint, p_id bigint) IS 'For sending, to webhooks that it concerns. No row: forgotten.';
REVOKE ALL ON FUNCTION delivery.data_of(p_centre_id smallint, p_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.data_of(p_centre_id smallint, p_id bigint) TO plateau_app;

CREATE FUNCTION delivery.event_data(p_event jobs.event) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
begin
    -- Ids and what changed. A comment is a person's words: whoever may read it finds it at its subject.
    return jsonb_strip_nulls(jsonb_build_object(
               'subjectId', p_event.subject_id, 'version', p_event.version, 'organisationId', p_event.organisation_id,
               'centreId', (select c.id from centres.centre c where c.centre_id = p_event.centre_id)))
           || (p_event.payload - 'comment')
           || case when p_event.type like 'booking.%' then coalesce(
                  (select jsonb_strip_nulls(jsonb_build_object('fromState', t.from_state, 'state', t.to_state)) from bookings.change t
                   where t.centre_id = p_event.centre_id and t.booking_id = p_event.subject_id and t.version = p_event.version), '{}')
                   else '{}' end;
end
$$;
COMMENT ON FUNCTION delivery.event_data(p_event jobs.event) IS 'What the list of events and webhooks say of an event, alike; no personal data.';
REVOKE ALL ON FUNCTION delivery.event_data(p_event jobs.event) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.event_data(p_event jobs.event) TO plateau_functions, plateau_app;

CREATE FUNCTION delivery.forget_old_mail(p_batch integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_count integer;
begin
    delete from delivery.mail m
    where m.id in (select o.id from delivery.mail o where o.created_at < plateau.clock() - interval '30 days' order by o.created_at limit p_batch);
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
ALTER FUNCTION delivery.forget_old_mail(p_batch integer) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION delivery.forget_old_mail(p_batch integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.forget_old_mail(p_batch integer) TO plateau_app;

CREATE FUNCTION delivery.forget_old_messages(p_batch integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_count integer;
begin
    delete from delivery.message m
    where (m.webhook_id, m.id) in (
        select o.webhook_id, o.id from delivery.message o
        where o.created_at < plateau.clock() - interval '30 days' order by o.created_at limit p_batch);
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
ALTER FUNCTION delivery.forget_old_messages(p_batch integer) OWNER TO plateau_functions;
REVOKE ALL ON FUNCTION delivery.forget_old_messages(p_batch integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.forget_old_messages(p_batch integer) TO plateau_app;

CREATE FUNCTION delivery.is_address(p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((length(p_text) <= 254) AND (p_text ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~][A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$'::text));
COMMENT ON FUNCTION delivery.is_address(p_text text) IS 'Whether a text can stand in a header and as an argument: ASCII, without white space, quotes, comments or a dash at its beginning.';
REVOKE ALL ON FUNCTION delivery.is_address(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.is_address(p_text text) TO plateau_functions;

CREATE FUNCTION delivery.is_out_of_date(p_mail delivery.mail) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
declare
    v_state text;
    v_starts timestamptz;
    v_expires timestamptz;
begin
    if p_mail.booking_id is null then
        return false;
    end if;
    select b.state, b.starts, b.expires_at into v_state, v_starts, v_expires from bookings.booking b
    where b.centre_id = p_mail.centre_id and b.id = p_mail.booking_id;
    return case
        when p_mail.kind in ('confirmed', 'approved', 'changed', 'restored') then
            v_state not in ('confirmed', 'conditional', 'inUse', 'completed')
        when p_mail.kind in ('requested', 'approvalAsked') then v_state <> 'requested'
        when p_mail.kind = 'offered' then v_state <> 'held' or v_expires <= plateau.clock()
        when p_mail.kind = 'suspended' then v_state <> 'suspended'
        when p_mail.kind = 'reminder' then v_state not in ('confirmed', 'conditional') or v_starts <= plateau.clock()
        else false end;
end
$$;
REVOKE ALL ON FUNCTION delivery.is_out_of_date(p_mail delivery.mail) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.is_out_of_date(p_mail delivery.mail) TO plateau_functions;

CREATE FUNCTION delivery.is_valid_key(p_key uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (select from access.api_key k
                   where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock()));
end
$$;
REVOKE ALL ON FUNCTION delivery.is_valid_key(p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.is_valid_key(p_key uuid) TO plateau_functions;

CREATE FUNCTION delivery.mail_kind(p_type text, p_from text, p_to text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_to = 'requested'::text) THEN CASE WHEN (p_from IS DISTINCT FROM 'requested'::text) THEN 'requested'::text ELSE NULL::text END WHEN (p_to = ANY (ARRAY['confirmed'::text, 'conditional'::text])) THEN CASE WHEN (p_from = 'requested'::text) THEN 'approved'::text WHEN (p_from = 'suspended'::text) THEN 'restored'::text WHEN ((p_from IS NULL) OR (p_from = ANY (ARRAY['draft'::text, 'held'::text, 'waitlisted'::text]))) THEN 'confirmed'::text WHEN (p_type = ANY (ARRAY['booking.changed'::text, 'booking.moved'::text])) THEN 'changed'::text ELSE NULL::text END WHEN (p_to = 'rejected'::text) THEN 'rejected'::text WHEN (p_to = 'held'::text) THEN CASE WHEN (p_from = 'waitlisted'::text) THEN 'offered'::text ELSE NULL::text END WHEN (p_to = 'suspended'::text) THEN CASE WHEN (p_from IS DISTINCT FROM 'suspended'::text) THEN 'suspended'::text ELSE NULL::text END WHEN ((p_to = ANY (ARRAY['cancelledByUser'::text, 'cancelledByCentre'::text, 'cancelledByNetwork'::text])) AND (p_from <> ALL (ARRAY['draft'::text, 'held'::text]))) THEN 'cancelled'::text ELSE NULL::text END;
COMMENT ON FUNCTION delivery.mail_kind(p_type text, p_from text, p_to text) IS 'What a change of a booking is written about; null: nothing.';
REVOKE ALL ON FUNCTION delivery.mail_kind(p_type text, p_from text, p_to text) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.mail_kind(p_type text, p_from text, p_to text) TO plateau_functions;

CREATE FUNCTION delivery.mail_kinds() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['confirmed'::text, 'requested'::text, 'approvalAsked'::text, 'approved'::text, 'rejected'::text, 'offered'::text, 'changed'::text, 'suspended'::text, 'restored'::text, 'cancelled'::text, 'reminder'::text];
REVOKE ALL ON FUNCTION delivery.mail_kinds() FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.mail_kinds() TO plateau_functions;

CREATE FUNCTION delivery.mail_lines(p_id uuid) RETURNS TABLE(booking_id uuid, reference text, version integer, state text, title text, activity text, organisation_name text, contact_name text, expires_at timestamp with time zone, reason text, changed_at timestamp with time zone, created_at timestamp with time zone, line_number smallint, starts timestamp with time zone, ends timestamp with time zone, seats integer, capacity integer, resource_name text, site_name text, town text, zone text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_mail delivery.mail;
begin
    select * into v_mail from delivery.mail m where m.id = p_id;
    return query
    select b.id, b.reference, b.version, b.state, b.title, b.activity, o.name, b.contact_name, b.expires_at, t.reason, t.at, b.created_at,
           l.number, l.starts, l.ends, l.seats, r.capacity, r.name, s.name, s.town, s.zone
    from bookings.booking b
    join access.organisation o on o.id = b.organisation_id
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    left join bookings.transition t on t.centre_id = b.centre_id and t.booking_id = b.id and t.version = b.version
    where b.centre_id = v_mail.centre_id
      and (b.id = v_mail.booking_id
           or b.series_id = v_mail.series_id
              and exists (select from jobs.event e where e.xact = v_mail.xact and e.subject_id = b.id))
    order by b.starts, b.id, l.starts, l.number;
end
$$;
ALTER FUNCTION delivery.mail_lines(p_id uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.mail_lines(p_id uuid) IS 'What a message tells, as it is now: a row for each line of its bookings.';
REVOKE ALL ON FUNCTION delivery.mail_lines(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.mail_lines(p_id uuid) TO plateau_app;

CREATE FUNCTION delivery.may_manage(p_key uuid, p_organisation uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.organisation_id = p_organisation
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role in ('organisationAdmin', 'centreManager', 'networkManager'));
end
$$;
REVOKE ALL ON FUNCTION delivery.may_manage(p_key uuid, p_organisation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.may_manage(p_key uuid, p_organisation uuid) TO plateau_functions;

CREATE FUNCTION delivery.open_feed(p_digest bytea) RETURNS TABLE(id uuid, kind text, subject_id uuid, language text, key_id uuid, organisation_id uuid, name text, created_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_feed delivery.feed;
    v_centre smallint;
    v_now timestamptz := plateau.clock();
begin
    select * into v_feed from delivery.feed f where f.digest = p_digest and f.revoked_at is null;
    if not found or not delivery.is_valid_key(v_feed.key_id) then
        return;
    end if;
    if v_feed.last_read_at is null or v_feed.last_read_at < v_now - interval '1 hour' then
        update delivery.feed f set last_read_at = v_now where f.id = v_feed.id;
    end if;
    v_centre := plateau.centre_of(v_feed.subject_id);
    return query
    select v_feed.id, v_feed.kind, v_feed.subject_id, v_feed.language, v_feed.key_id, v_feed.organisation_id, n.name, v_feed.created_at
    from (
        select r.name || ' – ' || s.name as name from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where v_feed.kind = 'resource' and r.centre_id = v_centre and r.id = v_feed.subject_id
        union all
        select s.name from centres.site s
        where v_feed.kind = 'site' and s.centre_id = v_centre and s.id = v_feed.subject_id
        union all
        select c.name from centres.named_centre c where v_feed.kind = 'centre' and c.centre_id = v_centre
        union all
        select o.name from access.organisation o where v_feed.kind = 'organisation' and o.id = v_feed.organisation_id
        union all
        select k.label from access.api_key k where v_feed.kind = 'person' and k.id = v_feed.key_id) n;
end
$$;
ALTER FUNCTION delivery.open_feed(p_digest bytea) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.open_feed(p_digest bytea) IS 'What an address leads to, and whose rights it is read with. No row: there is no such feed, it was revoked, or its key is not good any more.';
REVOKE ALL ON FUNCTION delivery.open_feed(p_digest bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.open_feed(p_digest bytea) TO plateau_app;

CREATE FUNCTION delivery.pause_after(p_tries integer) RETURNS interval
    LANGUAGE sql IMMUTABLE
    RETURN (ARRAY['00:00:05'::interval, '00:05:00'::interval, '00:30:00'::interval, '02:00:00'::interval, '05:00:00'::interval, '10:00:00'::interval, '14:00:00'::interval, '20:00:00'::interval, '24:00:00'::interval])[p_tries];
COMMENT ON FUNCTION delivery.pause_after(p_tries integer) IS 'How long after so many tries the next one comes (Standard Webhooks 1.0); null: none.';
REVOKE ALL ON FUNCTION delivery.pause_after(p_tries integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.pause_after(p_tries integer) TO plateau_functions;

CREATE FUNCTION delivery.publish(p_batch integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_from delivery.progress;
    v_horizon bigint;
    v_last_xact bigint;
    v_last_id bigint;
    v_read integer;
begin
    -- One instance at a time; another one has nothing to wait for.
    select * into v_from from delivery.progress p where p.consumer = 'webhooks' for update skip locked;
    if not found then
        return 0;
    end if;
    -- Asked before the events are read: everything below it is there by then.
    v_horizon := jobs.horizon();
    select l.xact, l.id, l.number into v_last_xact, v_last_id, v_read
    from (select e.xact, e.id, row_number() over (order by e.xact, e.id) as number
          from (select e.xact, e.id from jobs.event e
                where (e.xact, e.id) > (v_from.xact, v_from.id) and e.xact < v_horizon
                order by e.xact, e.id limit p_batch) e) l
    order by l.number desc limit 1;
    if not found then
        update delivery.progress p set xact = v_horizon, id = 0 where p.consumer = 'webhooks' and p.xact < v_horizon;
        return 0;
    end if;
    insert into delivery.message (
        webhook_id, id, organisation_id, type, event_centre_id, event_id, next_at, created_at)
    select w.id, jobs.event_uid(e.centre_id, e.id, e.occurred_at), w.organisation_id, e.type, e.centre_id, e.id, plateau.clock(),
           plateau.clock()
    from jobs.event e
    join delivery.webhook w on w.state = 'enabled' and e.xact >= w.since_xact and (w.types is null or e.type = any (w.types))
    join access.organisation o on o.id = w.organisation_id
    where (e.xact, e.id) > (v_from.xact, v_from.id) and (e.xact, e.id) <= (v_last_xact, v_last_id)
      and (e.organisation_id = w.organisation_id or e.centre_id = o.centre_id or o.kind = 'network'
           or exists (select from jobs.event_elsewhere x
                      where x.centre_id = o.centre_id and x.xact = e.xact and x.home_centre_id = e.centre_id
                        and x.subject_id = e.subject_id and x.version = e.version))
    on conflict do nothing;
    update delivery.progress p set xact = v_last_xact, id = v_last_id where p.consumer = 'webhooks';
    return v_read;
end
$$;
ALTER FUNCTION delivery.publish(p_batch integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.publish(p_batch integer) IS 'Takes the next events of the outbox, none skipped, and makes a message for each webhook that one concerns. How many events it took.';
REVOKE ALL ON FUNCTION delivery.publish(p_batch integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.publish(p_batch integer) TO plateau_app;

CREATE FUNCTION delivery.recipients(p_booking bookings.booking, p_kind text) RETURNS TABLE(address text, language text, kind text)
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return query
    select distinct on (lower(w.address)) w.address, w.language, w.kind
    from (
        select p_booking.contact_email as address, coalesce(n.language, 'fr') as language, p_kind as kind, 1 as rank
        from (select) as one
        left join delivery.notification_settings n on n.organisation_id = p_booking.organisation_id
        where delivery.is_address(p_booking.contact_email) and coalesce(n.writes_to_contacts, true)
        union all
        select a, n.language, p_kind, 2
        from delivery.notification_settings n cross join unnest(n.addresses) a
        where n.organisation_id = p_booking.organisation_id and (n.kinds is null or p_kind = any (n.kinds))
        union all
        -- Who has to decide.
        select a, n.language, 'approvalAsked', 0
        from bookings.approval d
        join access.organisation o on o.centre_id = d.approving_centre
        join delivery.notification_settings n on n.organisation_id = o.id
        cross join unnest(n.addresses) a
        where p_kind = 'requested' and d.centre_id = p_booking.centre_id and d.booking_id = p_booking.id and d.decided_at is null
          and (n.kinds is null or 'approvalAsked' = any (n.kinds))) w
    order by lower(w.address), w.rank;
end
$$;
COMMENT ON FUNCTION delivery.recipients(p_booking bookings.booking, p_kind text) IS 'Whom to write to about a booking: its contact, its organisation''s addresses and, of a request, those of the centres that decide. Each address once.';
REVOKE ALL ON FUNCTION delivery.recipients(p_booking bookings.booking, p_kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.recipients(p_booking bookings.booking, p_kind text) TO plateau_functions;

CREATE FUNCTION delivery.record_attempt(p_webhook uuid, p_message uuid, p_lease uuid, p_outcome text, p_status smallint, p_milliseconds integer, p_jitter double precision) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_webhook delivery.webhook;
    v_message delivery.message;
    v_pause interval;
    v_because text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_webhook from delivery.webhook w where w.id = p_webhook for update;
    select * into v_message from delivery.message m where m.webhook_id = p_webhook and m.id = p_message for update;
    if not found or v_message.lease is distinct from p_lease then
        return 'leaseLost';
    end if;
    insert into delivery.attempt (webhook_id, message_id, number, organisation_id, at, milliseconds, outcome, status)
    values (p_webhook, p_message, v_message.attempts + 1, v_message.organisation_id, v_now, p_milliseconds, p_outcome, p_status);
    v_pause := delivery.pause_after(v_message.tries + 1) * (1 + p_jitter * 0.1);
    if p_outcome = 'gone' then
        v_because := 'gone';
    elsif p_outcome <> 'delivered' and v_pause is null
          and coalesce(v_webhook.last_success_at, '-infinity') < v_message.first_tried_at and v_message.type <> 'webhook.test' then
        v_because := 'failing';
    end if;
    update delivery.message m
    set attempts = m.attempts + 1, tries = m.tries + 1, lease = null, lease_until = null,
        state = case when p_outcome = 'delivered' then 'delivered'
                     when v_pause is null or p_outcome in ('gone', 'eventForgotten') or m.type = 'webhook.test' then 'failed'
                     else 'pending' end,
        next_at = case when p_outcome = 'delivered' or v_pause is null or p_outcome in ('gone', 'eventForgotten')
                            or m.type = 'webhook.test' then null
                       else v_now + v_pause end,
        settled_at = case when p_outcome = 'delivered' or v_pause is null or p_outcome in ('gone', 'eventForgotten')
                               or m.type = 'webhook.test' then v_now end
    where m.webhook_id = p_webhook and m.id = p_message;
    if p_outcome = 'delivered' then
        update delivery.webhook w set last_success_at = v_now where w.id = p_webhook;
    elsif v_because is not null and v_webhook.state = 'enabled' then
        update delivery.webhook w
        set state = 'disabled', disabled_because = v_because, disabled_at = v_now, version = w.version + 1
        where w.id = p_webhook;
        -- The notice: its organisation finds it among its events.
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
        values (plateau.centre_of(p_webhook), 'webhook.disabled', p_webhook, v_webhook.organisation_id, v_webhook.version + 1,
                jsonb_build_object('because', v_because), v_now);
        return 'disabled';
    end if;
    return 'recorded';
end
$$;
ALTER FUNCTION delivery.record_attempt(p_webhook uuid, p_message uuid, p_lease uuid, p_outcome text, p_status smallint, p_milliseconds integer, p_jitter double precision) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.record_attempt(p_webhook uuid, p_message uuid, p_lease uuid, p_outcome text, p_status smallint, p_milliseconds integer, p_jitter double precision) IS 'Writes an attempt to the log and says when the next one is: ten over three days, a tenth earlier or later by jitter (-1 to 1). A webhook that is gone (410), or to which nothing got through in the three days, is disabled, and its organisation told. outcome: recorded, disabled, leaseLost (another sender has it by now).';
REVOKE ALL ON FUNCTION delivery.record_attempt(p_webhook uuid, p_message uuid, p_lease uuid, p_outcome text, p_status smallint, p_milliseconds integer, p_jitter double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.record_attempt(p_webhook uuid, p_message uuid, p_lease uuid, p_outcome text, p_status smallint, p_milliseconds integer, p_jitter double precision) TO plateau_app;

CREATE FUNCTION delivery.remove_webhook(p_id uuid, p_organisation uuid, p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    update delivery.webhook w set state = 'removed', disabled_because = null, version = w.version + 1
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed';
    if not found then
        return 'notFound';
    end if;
    delete from delivery.message m where m.webhook_id = p_id;
    return 'removed';
end
$$;
ALTER FUNCTION delivery.remove_webhook(p_id uuid, p_organisation uuid, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.remove_webhook(p_id uuid, p_organisation uuid, p_key uuid) IS 'outcome: removed, forbidden, notFound. Its log goes with it.';
REVOKE ALL ON FUNCTION delivery.remove_webhook(p_id uuid, p_organisation uuid, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.remove_webhook(p_id uuid, p_organisation uuid, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.replay(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_state text;
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    select w.state into v_state from delivery.webhook w
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed' for share;
    if not found then
        return 'notFound';
    elsif v_state = 'disabled' then
        return 'disabled';
    end if;
    update delivery.message m
    set state = 'pending', tries = 0, first_tried_at = null, next_at = plateau.clock(), settled_at = null
    where m.webhook_id = p_id and m.id = p_message;
    return case when found then 'sent' else 'notFound' end;
end
$$;
ALTER FUNCTION delivery.replay(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.replay(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) IS 'Sends a message once more, with its id. outcome: sent (it is on its way), forbidden, notFound, disabled.';
REVOKE ALL ON FUNCTION delivery.replay(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.replay(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.revoke_feed(p_id uuid, p_organisation uuid, p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    update delivery.feed f set revoked_at = plateau.clock()
    where f.id = p_id and f.organisation_id = p_organisation and f.revoked_at is null
      and (f.key_id = p_key and delivery.is_valid_key(p_key) or delivery.may_manage(p_key, p_organisation));
    return case when found then 'revoked' else 'notFound' end;
end
$$;
ALTER FUNCTION delivery.revoke_feed(p_id uuid, p_organisation uuid, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.revoke_feed(p_id uuid, p_organisation uuid, p_key uuid) IS 'By the key that made it, or by who manages the organisation. outcome: revoked, notFound.';
REVOKE ALL ON FUNCTION delivery.revoke_feed(p_id uuid, p_organisation uuid, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.revoke_feed(p_id uuid, p_organisation uuid, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.rotate_secret(p_id uuid, p_organisation uuid, p_overlap_hours integer, p_key uuid) RETURNS TABLE(outcome text, secret_number integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    return query
    update delivery.webhook w
    set secret_number = w.secret_number + 1, former_secret_until = plateau.clock() + make_interval(hours => p_overlap_hours),
        version = w.version + 1
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed'
    returning 'rotated', w.secret_number;
    if not found then
        return query select 'notFound', null::integer;
    end if;
end
$$;
ALTER FUNCTION delivery.rotate_secret(p_id uuid, p_organisation uuid, p_overlap_hours integer, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.rotate_secret(p_id uuid, p_organisation uuid, p_overlap_hours integer, p_key uuid) IS 'outcome: rotated, forbidden, notFound. For so many hours deliveries are signed with the former secret too.';
REVOKE ALL ON FUNCTION delivery.rotate_secret(p_id uuid, p_organisation uuid, p_overlap_hours integer, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.rotate_secret(p_id uuid, p_organisation uuid, p_overlap_hours integer, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.send_test(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_state text;
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    select w.state into v_state from delivery.webhook w
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed' for share;
    if not found then
        return 'notFound';
    elsif v_state = 'disabled' then
        return 'disabled';
    end if;
    insert into delivery.message (webhook_id, id, organisation_id, type, next_at, created_at)
    values (p_id, p_message, p_organisation, 'webhook.test', v_now, v_now);
    return 'sent';
end
$$;
ALTER FUNCTION delivery.send_test(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.send_test(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) IS 'outcome: sent (it is on its way), forbidden, notFound, disabled.';
REVOKE ALL ON FUNCTION delivery.send_test(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.send_test(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.set_notifications(p_organisation uuid, p_version integer, p_addresses text[], p_kinds text[], p_language text, p_writes_to_contacts boolean, p_key uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    if p_version = 0 then
        insert into delivery.notification_settings (
            organisation_id, addresses, kinds, language, writes_to_contacts, changed_at, changed_by)
        values (p_organisation, p_addresses, p_kinds, p_language, p_writes_to_contacts, plateau.clock(), p_key)
        on conflict do nothing;
    else
        update delivery.notification_settings n
        set addresses = p_addresses, kinds = p_kinds, language = p_language, writes_to_contacts = p_writes_to_contacts,
            version = n.version + 1, changed_at = plateau.clock(), changed_by = p_key
        where n.organisation_id = p_organisation and n.version = p_version;
    end if;
    return case when found then 'changed' else 'versionMismatch' end;
end
$$;
ALTER FUNCTION delivery.set_notifications(p_organisation uuid, p_version integer, p_addresses text[], p_kinds text[], p_language text, p_writes_to_contacts boolean, p_key uuid) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.set_notifications(p_organisation uuid, p_version integer, p_addresses text[], p_kinds text[], p_language text, p_writes_to_contacts boolean, p_key uuid) IS 'version 0: there were none. outcome: changed, forbidden, versionMismatch.';
REVOKE ALL ON FUNCTION delivery.set_notifications(p_organisation uuid, p_version integer, p_addresses text[], p_kinds text[], p_language text, p_writes_to_contacts boolean, p_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.set_notifications(p_organisation uuid, p_version integer, p_addresses text[], p_kinds text[], p_language text, p_writes_to_contacts boolean, p_key uuid) TO plateau_app;

CREATE FUNCTION delivery.settle_mail(p_id uuid, p_lease uuid, p_outcome text, p_error text, p_jitter double precision) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_pause interval;
    v_now timestamptz := plateau.clock();
begin
    select (array[interval '1 minute', interval '5 minutes', interval '30 minutes', interval '2 hours', interval '6 hours',
                  interval '12 hours', interval '24 hours'])[m.tries + 1] * (1 + p_jitter * 0.1) into v_pause
    from delivery.mail m where m.id = p_id and m.lease = p_lease and m.state = 'pending' for update;
    if not found then
        return 'leaseLost';
    end if;
    update delivery.mail m
    set tries = m.tries + 1, lease = null, lease_until = null, last_error = p_error,
        state = case when p_outcome = 'later' and v_pause is not null then 'pending' when p_outcome = 'later' then 'failed' else p_outcome end,
        next_at = case when p_outcome = 'later' then v_now + v_pause end,
        settled_at = case when p_outcome <> 'later' or v_pause is null then v_now end
    where m.id = p_id;
    return 'settled';
end
$$;
ALTER FUNCTION delivery.settle_mail(p_id uuid, p_lease uuid, p_outcome text, p_error text, p_jitter double precision) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.settle_mail(p_id uuid, p_lease uuid, p_outcome text, p_error text, p_jitter double precision) IS 'What came of a message: sent (the mail program has it), failed (never will), later (eight tries over two days, each a tenth earlier or later by jitter, -1 to 1). outcome: settled, leaseLost (another sender has it by now).';
REVOKE ALL ON FUNCTION delivery.settle_mail(p_id uuid, p_lease uuid, p_outcome text, p_error text, p_jitter double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.settle_mail(p_id uuid, p_lease uuid, p_outcome text, p_error text, p_jitter double precision) TO plateau_app;

CREATE FUNCTION delivery.subject_exists(p_kind text, p_subject uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return case p_kind
        when 'resource' then exists (select from platforms.resource r
                                     where r.centre_id = plateau.centre_of(p_subject) and r.id = p_subject and r.retired_at is null)
        when 'site' then exists (select from centres.site s where s.centre_id = plateau.centre_of(p_subject) and s.id = p_subject)
        when 'centre' then exists (select from centres.centre c where c.centre_id = plateau.centre_of(p_subject) and c.id = p_subject)
        else p_subject is null end;
end
$$;
REVOKE ALL ON FUNCTION delivery.subject_exists(p_kind text, p_subject uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.subject_exists(p_kind text, p_subject uuid) TO plateau_functions;

CREATE FUNCTION delivery.write_mail(p_batch integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_from delivery.progress;
    v_horizon bigint;
    v_event jobs.event;
    v_booking bookings.booking;
    v_series uuid;
    v_kind text;
    v_read integer := 0;
begin
    -- One instance at a time; another one has nothing to wait for.
    select * into v_from from delivery.progress p where p.consumer = 'mail' for update skip locked;
    if not found then
        return 0;
    end if;
    v_horizon := jobs.horizon();
    for v_event in
        select e.* from jobs.event e
        where (e.xact, e.id) > (v_from.xact, v_from.id) and e.xact < v_horizon
        order by e.xact, e.id limit p_batch loop
        v_read := v_read + 1;
        v_from.xact := v_event.xact;
        v_from.id := v_event.id;
        -- What happened while nothing was sent is no news.
        continue when v_event.type not like 'booking.%' or v_event.occurred_at < plateau.clock() - interval '1 day';
        select * into v_booking from bookings.booking b where b.centre_id = v_event.centre_id and b.id = v_event.subject_id;
        select delivery.mail_kind(v_event.type, t.from_state, t.to_state) into v_kind from bookings.change t
        where t.centre_id = v_event.centre_id and t.booking_id = v_event.subject_id and t.version = v_event.version;
        continue when v_kind is null;
        -- Many of a series at once: one message, made of the first.
        v_series := (select e.subject_id from jobs.event e
                     where e.xact = v_event.xact and e.type like 'series.%' and e.subject_id = v_booking.series_id limit 1);
        insert into delivery.mail (id, once, kind, centre_id, booking_id, series_id, xact, recipient, language, next_at, created_at)
        select gen_random_uuid(),
               case when v_series is null then format('event %s %s %s', v_event.centre_id, v_event.id, lower(r.address))
                    else format('series %s %s %s %s', v_series, v_event.xact, r.kind, lower(r.address)) end,
               r.kind, v_event.centre_id, case when v_series is null then v_booking.id end, v_series,
               case when v_series is not null then v_event.xact end, r.address, r.language, plateau.clock(), plateau.clock()
        from delivery.recipients(v_booking, v_kind) r
        on conflict on constraint mail_once do nothing;
    end loop;
    if v_read > 0 then
        update delivery.progress p set xact = v_from.xact, id = v_from.id where p.consumer = 'mail';
    else
        update delivery.progress p set xact = v_horizon, id = 0 where p.consumer = 'mail' and p.xact < v_horizon;
    end if;
    return v_read;
end
$$;
ALTER FUNCTION delivery.write_mail(p_batch integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.write_mail(p_batch integer) IS 'Takes the next events of the outbox, none skipped, and makes a message for each address that one is of interest to. How many it took.';
REVOKE ALL ON FUNCTION delivery.write_mail(p_batch integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.write_mail(p_batch integer) TO plateau_app;

CREATE FUNCTION delivery.write_reminders(p_hours integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    v_now timestamptz := plateau.clock();
    v_seen bigint;
    v_until timestamptz;
    v_count integer;
begin
    -- In the place of a transaction: the second up to which starts were looked at.
    select p.xact into v_seen from delivery.progress p where p.consumer = 'reminders' for update skip locked;
    if not found or p_hours = 0 then
        return 0;
    end if;
    v_until := v_now + make_interval(hours => p_hours);
    insert into delivery.mail (id, once, kind, centre_id, booking_id, recipient, language, next_at, created_at)
    select gen_random_uuid(), format('reminder %s %s %s', b.id, extract(epoch from b.starts), lower(r.address)), r.kind, b.centre_id, b.id,
           r.address, r.language, v_now, v_now
    from centres.centre c
    cross join lateral (
        select b.* from bookings.booking b
        where b.centre_id = c.centre_id and b.starts > greatest(v_now, to_timestamp(v_seen)) and b.starts <= v_until
          and b.state in ('confirmed', 'conditional')
          -- Who has just booked needs none.
          and b.created_at < b.starts - make_interval(hours => p_hours)) b
    cross join lateral delivery.recipients(b, 'reminder') r
    on conflict on constraint mail_once do nothing;
    get diagnostics v_count = row_count;
    update delivery.progress p set xact = extract(epoch from v_until)::bigint where p.consumer = 'reminders';
    return v_count;
end
$$;
ALTER FUNCTION delivery.write_reminders(p_hours integer) OWNER TO plateau_functions;
COMMENT ON FUNCTION delivery.write_reminders(p_hours integer) IS 'Makes reminders of bookings that begin within so many hours, each once for the time at which it begins. How many.';
REVOKE ALL ON FUNCTION delivery.write_reminders(p_hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION delivery.write_reminders(p_hours integer) TO plateau_app;
