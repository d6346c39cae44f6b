-- Import of platforms from a table, line by line by the functions that change one, each line by itself.
-- lock class: none (functions)

create function platforms.named_platforms(p_centre_id smallint, p_site_id uuid, p_name text) returns uuid[]
    language sql stable set search_path = pg_catalog, pg_temp
as $$
    select case when exists (select from platforms.resource i where i.centre_id = p_centre_id and i.kind = 'platform' and i.id::text = p_name)
                then array[p_name::uuid]
                else array(select r.id from platforms.resource r
                           where r.centre_id = p_centre_id and r.kind = 'platform' and r.retired_at is null and r.site_id = p_site_id
                             and r.name = p_name) end
$$;
comment on function platforms.named_platforms(smallint, uuid, text) is 'The platform of an id, else those of a name at a site.';
revoke all on function platforms.named_platforms(smallint, uuid, text) from public;
grant execute on function platforms.named_platforms(smallint, uuid, text) to plateau_functions;

create function platforms.import_line(p_centre_id smallint, p_line jsonb, p_columns text[], p_site_id uuid, p_known_id uuid, p_parent_id uuid)
    returns table (outcome text, taken integer, taken_at timestamptz)
    language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
    v_line record;
    v_former record;
begin
    select * into v_line from jsonb_to_record(p_line) as l (
        id uuid, name text, description text, "isShared" boolean, workstations integer, "personLimit" integer, sectors text[],
        skills text[], supervision text[], "setupMinutes" integer, "cleanupMinutes" integer, "minimumMinutes" integer,
        "maximumMinutes" integer, "gridMinutes" integer, "noticeMinutes" integer, "horizonDays" integer);
    if p_known_id is null then
        perform platforms.create_platform(
            p_centre_id, v_line.id, v_line.name, v_line.description, p_site_id, v_line."isShared", v_line.workstations,
            coalesce(v_line."setupMinutes", 0), coalesce(v_line."cleanupMinutes", 0), coalesce(v_line."minimumMinutes", 15),
            coalesce(v_line."maximumMinutes", 1440), coalesce(v_line."gridMinutes", 15), coalesce(v_line."noticeMinutes", 0),
            coalesce(v_line."horizonDays", 366), p_parent_id, v_line."personLimit", coalesce(v_line.sectors, '{}'),
            coalesce(v_line.skills, '{}'), coalesce(v_line.supervision, '{}'));
        return query select 'created', null::integer, null::timestamptz;
        return;
    end if;
    select r.*, p.description, p.sectors, p.skills,
           array(select q.holder from platforms.prerequisite q where q.centre_id = r.centre_id and q.resource_id = r.id order by q.number) as holders,
           array(select q.attestation from platforms.prerequisite q
                 where q.centre_id = r.centre_id and q.resource_id = r.id order by q.number) as attestations,
           array(select coalesce(q.note, '') from platforms.prerequisite q
                 where q.centre_id = r.centre_id and q.resource_id = r.id order by q.number) as notes
    into v_former
    from platforms.resource r join platforms.platform p on p.centre_id = r.centre_id and p.id = r.id
    where r.centre_id = p_centre_id and r.id = p_known_id;
    if v_former.site_id <> p_site_id then
        return query select 'platformElsewhere', null::integer, null::timestamptz;
        return;
    end if;
    -- A column that is not there, or a cell without a value for what always has one, leaves what is known as it is.
    if not 'description' = any (p_columns) then v_line.description := v_former.description; end if;
    if not 'personLimit' = any (p_columns) then v_line."personLimit" := v_former.person_limit; end if;
    if not 'parent' = any (p_columns) then p_parent_id := v_former.parent_id; end if;
    v_line.sectors := case when 'sectors' = any (p_columns) then coalesce(v_line.sectors, '{}') else v_former.sectors end;
    v_line.skills := case when 'skills' = any (p_columns) then coalesce(v_line.skills, '{}') else v_former.skills end;
    v_line.supervision := case when 'supervision' = any (p_columns) then coalesce(v_line.supervision, '{}') else v_former.supervision end;
    v_line."setupMinutes" := coalesce(v_line."setupMinutes", v_former.setup_minutes);
    v_line."cleanupMinutes" := coalesce(v_line."cleanupMinutes", v_former.cleanup_minutes);
    v_line."minimumMinutes" := coalesce(v_line."minimumMinutes", v_former.minimum_minutes);
    v_line."maximumMinutes" := coalesce(v_line."maximumMinutes", v_former.maximum_minutes);
    v_line."gridMinutes" := coalesce(v_line."gridMinutes", v_former.grid_minutes);
    v_line."noticeMinutes" := coalesce(v_line."noticeMinutes", v_former.notice_minutes);
    v_line."horizonDays" := coalesce(v_line."horizonDays", v_former.horizon_days);
    if (v_line.name, v_line.description, v_line."isShared", v_line.workstations, v_line."setupMinutes", v_line."cleanupMinutes",
        v_line."minimumMinutes", v_line."maximumMinutes", v_line."gridMinutes", v_line."noticeMinutes", v_line."horizonDays", p_parent_id,
        v_line."personLimit", v_line.sectors, v_line.skills, v_line.supervision)
        is not distinct from (
            v_former.name, v_former.description, v_former.is_shared, v_former.capacity, v_former.setup_minutes, v_former.cleanup_minutes,
            v_former.minimum_minutes, v_former.maximum_minutes, v_former.grid_minutes, v_former.notice_minutes, v_former.horizon_days,
            v_former.parent_id, v_former.person_limit, v_former.sectors, v_former.skills, v_former.supervision) then
        return query select 'unchanged', null::integer, null::timestamptz;
        return;
    end if;
    return query
        select case c.outcome when 'changed' then 'updated' else c.outcome end, c.taken, c.taken_at
        from platforms.change_platform(
            p_centre_id, p_known_id, v_former.version, v_line.name, v_line.description, v_line."isShared", v_line.workstations,
            v_line."setupMinutes", v_line."cleanupMinutes", v_line."minimumMinutes", v_line."maximumMinutes", v_line."gridMinutes",
            v_line."noticeMinutes", v_line."horizonDays", p_parent_id, v_line."personLimit", v_line.sectors, v_line.skills,
            v_line.supervision, v_former.holders, v_former.attestations, v_former.notes) c;
end
$$;
comment on function platforms.import_line(smallint, jsonb, text[], uuid, uuid, uuid) is
    'Creates or changes one platform from a line. outcome: created, updated, unchanged, platformElsewhere, or what platforms.change_platform says. Raises what these raise.';
revoke all on function platforms.import_line(smallint, jsonb, text[], uuid, uuid, uuid) from public;
grant execute on function platforms.import_line(smallint, jsonb, text[], uuid, uuid, uuid) to plateau_functions;

create function platforms.import_platforms(p_centre_id smallint, p_key uuid, p_columns text[], p_lines jsonb)
    returns table (line integer, outcome text, member text, taken integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_line jsonb;
    v_left jsonb[] := array(select l from jsonb_array_elements(p_lines) l);
    v_later jsonb[];
    v_sites uuid[];
    v_known uuid[];
    v_parents uuid[];
    v_seen uuid[] := '{}'::uuid[];
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select null::integer, 'forbidden', null::text, null::integer, null::timestamptz;
        return;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    loop
        v_later := '{}';
        foreach v_line in array v_left loop
            -- What stands in a platform that another line may yet enter or rename comes after it.
            if exists (select from unnest(v_left) o
                       where o ->> 'name' = v_line ->> 'parent' and o -> 'line' <> v_line -> 'line' and o ->> 'site' = v_line ->> 'site') then
                v_later := v_later || v_line;
                continue;
            end if;
            line := (v_line ->> 'line')::integer;
            member := null;
            taken := null;
            taken_at := null;
            v_sites := array(select s.id from centres.site s where s.centre_id = p_centre_id and s.id::text = v_line ->> 'site');
            if v_sites = '{}' then
                v_sites := array(select s.id from centres.site s where s.centre_id = p_centre_id and s.name = v_line ->> 'site');
            end if;
            v_known := case when v_line ? 'platform' then array(
                                select r.id from platforms.resource r
                                where r.centre_id = p_centre_id and r.kind = 'platform' and r.retired_at is null
                                  and r.id = (v_line ->> 'platform')::uuid)
                            else array(select r.id from platforms.resource r
                                       where r.centre_id = p_centre_id and r.kind = 'platform' and r.retired_at is null
                                         and r.site_id = v_sites[1] and r.name = v_line ->> 'name') end;
            v_parents := platforms.named_platforms(p_centre_id, v_sites[1], v_line ->> 'parent');
            outcome := case
                when v_sites = '{}' or v_line ? 'platform' and v_known = '{}' or v_line ? 'parent' and v_parents = '{}' then 'nameUnknown'
                when cardinality(v_sites) > 1 or cardinality(v_known) > 1 or v_line ? 'parent' and cardinality(v_parents) > 1
                    then 'nameAmbiguous'
                when v_known[1] = any (v_seen) then 'keyTwice' end;
            if outcome is not null then
                member := case when outcome = 'keyTwice' or cardinality(v_known) > 1 then 'name' when cardinality(v_sites) <> 1 then 'site'
                               when v_line ? 'platform' and v_known = '{}' then 'platform' else 'parent' end;
                return next;
                continue;
            end if;
            begin
                select i.outcome, i.taken, i.taken_at into outcome, taken, taken_at
                from platforms.import_line(p_centre_id, v_line, p_columns, v_sites[1], v_known[1], v_parents[1]) i;
                v_seen := v_seen || coalesce(v_known[1], (v_line ->> 'id')::uuid);
            exception when check_violation or foreign_key_violation then
                outcome := 'constraint';
                get stacked diagnostics member = constraint_name;
            end;
            return next;
        end loop;
        exit when v_later = '{}';
        -- Platforms that stand in each other: none of them can come first.
        if cardinality(v_later) = cardinality(v_left) then
            return query select (l ->> 'line')::integer, 'constraint', 'resource_parent_inside', null::integer, null::timestamptz
                         from unnest(v_later) l;
            exit;
        end if;
        v_left := v_later;
    end loop;
end
$$;
comment on function platforms.import_platforms(smallint, uuid, text[], jsonb) is
    'Enters platforms: by the id in platform, else by their name at a site; new ones under the id that the line brings along. A row for each line. outcome: created, updated, unchanged; nameUnknown, nameAmbiguous or keyTwice (member: which cell); constraint (member: its name); else what platforms.import_line says; or forbidden alone. Lines that are right are entered whatever others are: the caller rolls back.';
alter function platforms.import_platforms(smallint, uuid, text[], jsonb) owner to plateau_functions;
revoke all on function platforms.import_platforms(smallint, uuid, text[], jsonb) from public;
grant execute on function platforms.import_platforms(smallint, uuid, text[], jsonb) to plateau_app;
