-- Batches: the locks of many bookings of one request, taken before the first, in the order in which single bookings take theirs.
-- lock class: none (one function)

create function bookings.lock_batch(
    p_batch uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
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
comment on function bookings.lock_batch(uuid, uuid[], uuid[], timestamptz[], timestamptz[]) is
    'Every lock of every line of a batch, in the order in which single bookings take theirs: labels, organisations with quotas, rooms ascending.';
alter function bookings.lock_batch(uuid, uuid[], uuid[], timestamptz[], timestamptz[]) owner to plateau_functions;
grant execute on function bookings.lock_batch(uuid, uuid[], uuid[], timestamptz[], timestamptz[]) to plateau_app;
