-- Municipality codes of sites: versions of lists, what ended codes became, and the code that a site was stored with.
-- lock class: access exclusive on centres.site while columns without default are added (no rewrite) and their constraints are read over it
-- (a few hundred rows).

-- MARK: Lists

create function centres.code_fits(p_pattern text, p_code text) returns boolean
    language sql immutable parallel safe
    return p_code ~ ('^' || replace(replace(replace(replace(p_pattern, '.', '[.]'), '9', '[0-9]'), 'A', '[A-Z]'), 'X', '[0-9A-Z]') || '$');
comment on function centres.code_fits(text, text) is
    'Whether a code has the form of its scheme: 9 stands for a digit, A for a letter, X for either, a dot and a hyphen for themselves.';

create table centres.municipality_scheme (
    scheme text not null,
    code_pattern text not null,
    constraint municipality_scheme_pkey primary key (scheme),
    constraint municipality_scheme_form check (scheme ~ '^[A-Z][A-Z0-9-]{1,19}$'),
    constraint municipality_scheme_pattern_form check (code_pattern ~ '^[9AX.-]{1,20}$')
);
comment on table centres.municipality_scheme is
    'Who gives codes to municipalities, such as a statistical office, and the form of these codes. Entered with the first list.';

create table centres.municipality_list (
    scheme text not null,
    version text not null,
    valid_from date not null,
    former text,
    entered_at timestamptz not null,
    entered_by uuid not null,
    constraint municipality_list_pkey primary key (scheme, version),
    constraint municipality_list_scheme foreign key (scheme) references centres.municipality_scheme (scheme),
    constraint municipality_list_version_form check (version ~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,39}$'),
    constraint municipality_list_day_once unique (scheme, valid_from),
    constraint municipality_list_one_follows unique nulls not distinct (scheme, former),
    constraint municipality_list_of_former unique (scheme, version, former),
    constraint municipality_list_former foreign key (scheme, former) references centres.municipality_list (scheme, version)
);
comment on table centres.municipality_list is
    'A version of the list of a scheme. The lists of a scheme are a chain: each follows one (former), the first none, and holds until the next begins.';

create table centres.municipality (
    scheme text not null,
    version text not null,
    code text not null,
    name text not null,
    names jsonb not null default '{}',
    constraint municipality_pkey primary key (scheme, version, code),
    constraint municipality_of_list foreign key (scheme, version) references centres.municipality_list (scheme, version),
    constraint municipality_name_present check (length(btrim(name)) between 1 and 200),
    constraint municipality_names_by_language check (
        jsonb_typeof(names) = 'object' and names - '{fr,nl,de,en}'::text[] = '{}'
        and not jsonb_path_exists(names, 'strict $.* ? (@.type() != "string" || @ == "")'))
);
comment on table centres.municipality is 'A municipality as a version of a list has it: its name, and what it is called in other languages.';

create table centres.municipality_successor (
    scheme text not null,
    version text not null,
    former text not null,
    code text not null,
    next_code text not null,
    constraint municipality_successor_pkey primary key (scheme, version, code, next_code),
    constraint municipality_successor_list foreign key (scheme, version, former)
        references centres.municipality_list (scheme, version, former),
    constraint municipality_successor_code foreign key (scheme, former, code) references centres.municipality (scheme, version, code),
    constraint municipality_successor_next foreign key (scheme, version, next_code) references centres.municipality (scheme, version, code)
);
comment on table centres.municipality_successor is
    'What a municipality of the former list became in a version: one in a merger, several in a split. A code without a row here stands on.';

create trigger municipality_scheme_stays before update or delete or truncate on centres.municipality_scheme
    for each statement execute function plateau.refuse_removal();
create trigger municipality_list_stays before update or delete or truncate on centres.municipality_list
    for each statement execute function plateau.refuse_removal();
create trigger municipality_stays before update or delete or truncate on centres.municipality
    for each statement execute function plateau.refuse_removal();
create trigger municipality_successor_stays before update or delete or truncate on centres.municipality_successor
    for each statement execute function plateau.refuse_removal();

grant select on centres.municipality_scheme, centres.municipality_list, centres.municipality, centres.municipality_successor
    to plateau_app, plateau_functions, plateau_readonly;
grant insert on centres.municipality_scheme, centres.municipality_list, centres.municipality, centres.municipality_successor
    to plateau_functions;

-- MARK: Reading them

create function centres.municipality_on(p_scheme text, p_version text, p_code text, p_day date)
    returns table (version text, code text, valid_to date)
    language sql stable
as $$
    with recursive followed (version, code, valid_to) as (
        select p_version, p_code, null::date
        union
        select l.version, coalesce(s.next_code, f.code), coalesce(f.valid_to, case when s.code is not null then l.valid_from - 1 end)
        from followed f
        join centres.municipality_list l on l.scheme = p_scheme and l.former = f.version and l.valid_from <= p_day
        left join centres.municipality_successor s on s.scheme = p_scheme and s.version = l.version and s.code = f.code
    )
    select f.version, f.code, f.valid_to
    from followed f
    where not exists (select from centres.municipality_list l
                      where l.scheme = p_scheme and l.former = f.version and l.valid_from <= p_day)
$$;
comment on function centres.municipality_on(text, text, text, date) is
    'What a municipality of a list is on a day, in the list in force then: itself, or what it became through every list between; valid_to: the last day on which it was itself, null while it is.';
grant execute on function centres.municipality_on(text, text, text, date) to plateau_app, plateau_functions;

create function centres.objection_to_municipality(
    p_scheme text, p_version text, p_code text, p_day date, out code text, out facts jsonb)
    language plpgsql stable
as $$
declare
    v_current text;
    v_from date;
    v_ended date;
    v_became jsonb;
begin
    select l.version into v_current from centres.municipality_list l
    where l.scheme = p_scheme and l.valid_from <= p_day order by l.valid_from desc limit 1;
    select l.valid_from into v_from from centres.municipality_list l where l.scheme = p_scheme and l.version = p_version;
    facts := jsonb_strip_nulls(jsonb_build_object(
        'scheme', p_scheme, 'version', p_version, 'code', p_code, 'day', p_day, 'currentVersion', v_current));
    if v_from is null then
        code := 'municipalityListUnknown';
    elsif not exists (select from centres.municipality m where m.scheme = p_scheme and m.version = p_version and m.code = p_code) then
        code := 'municipalityCodeUnknown';
    elsif v_from > p_day then
        code := 'municipalityListToCome';
        facts := facts || jsonb_build_object('validFrom', v_from);
    else
        select min(b.valid_to), jsonb_agg(jsonb_build_object('code', b.code, 'name', m.name) order by b.code) into v_ended, v_became
        from centres.municipality_on(p_scheme, p_version, p_code, p_day) b
        join centres.municipality m on m.scheme = p_scheme and m.version = b.version and m.code = b.code;
        if v_ended is not null then
            code := 'municipalityEnded';
            facts := facts || jsonb_build_object('validTo', v_ended, 'successors', v_became);
        end if;
    end if;
end
$$;
comment on function centres.objection_to_municipality(text, text, text, date) is
    'Why a site cannot be stored with a municipality on a day: municipalityListUnknown, municipalityCodeUnknown, municipalityListToCome, municipalityEnded (with its last day and what it became); null when it can. A code of an earlier list that stands on is one.';
grant execute on function centres.objection_to_municipality(text, text, text, date) to plateau_functions;

-- MARK: Entering one

create function centres.municipality_list_differences(
    p_scheme text, p_version text, p_valid_from date, p_code_pattern text, p_municipalities jsonb, p_successors jsonb)
    returns table (place text, fault text, subject text, known text)
    language sql stable
as $$
    with given as (
        select m.number - 1 as at, m.one ->> 'code' as code, m.one ->> 'name' as name, coalesce(m.one -> 'names', '{}') as names
        from jsonb_array_elements(p_municipalities) with ordinality as m (one, number)
    ), entered as (
        select m.code, m.name, m.names from centres.municipality m where m.scheme = p_scheme and m.version = p_version
    ), given_ends as (
        select s.number - 1 as at, s.one ->> 'code' as code,
               array(select n from jsonb_array_elements_text(s.one -> 'successors') n order by n collate "C") as became
        from jsonb_array_elements(p_successors) with ordinality as s (one, number)
    ), entered_ends as (
        select s.code, array_agg(s.next_code order by s.next_code collate "C") as became
        from centres.municipality_successor s where s.scheme = p_scheme and s.version = p_version group by s.code
    )
    select '/validFrom', 'differs', p_valid_from::text, l.valid_from::text
    from centres.municipality_list l
    where l.scheme = p_scheme and l.version = p_version and l.valid_from <> p_valid_from
    union all
    select '/codePattern', 'differs', p_code_pattern, k.code_pattern
    from centres.municipality_scheme k where k.scheme = p_scheme and k.code_pattern <> p_code_pattern
    union all
    select coalesce('/municipalities/' || g.at, '/municipalities'),
           case when e.code is null then 'added' when g.code is null then 'left' else 'differs' end, coalesce(g.code, e.code), e.name
    from given g
    full join entered e on e.code = g.code
    where (g.name, g.names) is distinct from (e.name, e.names)
    union all
    select coalesce('/successors/' || g.at, '/successors'),
           case when e.code is null then 'added' when g.code is null then 'left' else 'differs' end, coalesce(g.code, e.code),
           array_to_string(e.became, ', ')
    from given_ends g
    full join entered_ends e on e.code = g.code
    where g.became is distinct from e.became
$$;
comment on function centres.municipality_list_differences(text, text, date, text, jsonb, jsonb) is
    'In what a list that is sent differs from the one that was entered: where, how (differs, added, left out), what, and what was entered.';

create function centres.municipality_list_faults(
    p_scheme text, p_former text, p_code_pattern text, p_municipalities jsonb, p_successors jsonb)
    returns table (place text, fault text, subject text, known text)
    language sql stable
as $$
    with given as (
        select m.number - 1 as at, m.one ->> 'code' as code
        from jsonb_array_elements(p_municipalities) with ordinality as m (one, number)
    ), ends as (
        select s.number - 1 as at, s.one ->> 'code' as code, s.one -> 'successors' as became
        from jsonb_array_elements(p_successors) with ordinality as s (one, number)
    ), became as (
        select e.at, n.number - 1 as place, e.code, n.code as next_code, jsonb_array_length(e.became) as number
        from ends e
        cross join lateral jsonb_array_elements_text(e.became) with ordinality as n (code, number)
    ), former as (
        select m.code, m.name from centres.municipality m where m.scheme = p_scheme and m.version = p_former
    )
    -- NOT IN is hashed whatever the numbers are taken for; NOT EXISTS may be a loop in a loop, minutes for a whole country.
    select '/codePattern', 'patternOfScheme', p_code_pattern, k.code_pattern
    from centres.municipality_scheme k where k.scheme = p_scheme and k.code_pattern <> p_code_pattern
    union all
    select '/municipalities/' || g.at || '/code', 'codeForm', g.code, p_code_pattern
    from given g where not centres.code_fits(p_code_pattern, g.code)
    union all
    select '/successors/' || e.at || '/code', 'notInFormerList', e.code, p_former
    from ends e where e.code not in (select f.code from former f)
    union all
    select '/successors/' || b.at || '/successors/' || b.place, 'notInThisList', b.next_code, null
    from became b where b.next_code not in (select g.code from given g)
    union all
    select '/successors/' || b.at || '/successors', 'becameItself', b.code, null
    from became b where b.number = 1 and b.next_code = b.code
    union all
    select '/successors', 'becameNothing', f.code, f.name
    from former f
    where f.code not in (select g.code from given g) and f.code not in (select e.code from ends e)
$$;
comment on function centres.municipality_list_faults(text, text, text, jsonb, jsonb) is
    'Why a list cannot follow the former one (null: it is the first of its scheme): where, what (patternOfScheme, codeForm, notInFormerList, notInThisList, becameItself, becameNothing), and about which code.';

create function centres.enter_municipality_list(
    p_scheme text, p_version text, p_valid_from date, p_code_pattern text, p_municipalities jsonb, p_successors jsonb, p_key uuid)
    returns table (outcome text, place text, fault text, subject text, known text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_former text;
    v_begins date;
begin
    if not access.has_role(p_key, array['networkManager'], 0::smallint) then
        return query select 'forbidden', null::text, null::text, null::text, null::text;
        return;
    end if;
    -- Each list follows the last one of its scheme: one is entered at a time.
    perform pg_advisory_xact_lock(hashtextextended(p_scheme, 55));
    if exists (select from centres.municipality_list l where l.scheme = p_scheme and l.version = p_version) then
        return query select 'differs', d.place, d.fault, d.subject, d.known
                     from centres.municipality_list_differences(
                         p_scheme, p_version, p_valid_from, p_code_pattern, p_municipalities, p_successors) d limit 50;
        if not found then
            return query select 'known', null::text, null::text, null::text, null::text;
        end if;
        return;
    end if;
    select l.version, l.valid_from into v_former, v_begins
    from centres.municipality_list l where l.scheme = p_scheme order by l.valid_from desc limit 1;
    if v_begins >= p_valid_from then
        return query select 'outOfOrder', '/validFrom', 'outOfOrder', v_former, v_begins::text;
        return;
    end if;
    return query select 'unfit', f.place, f.fault, f.subject, f.known
                 from centres.municipality_list_faults(p_scheme, v_former, p_code_pattern, p_municipalities, p_successors) f limit 50;
    if found then
        return;
    end if;
    insert into centres.municipality_scheme (scheme, code_pattern) values (p_scheme, p_code_pattern) on conflict (scheme) do nothing;
    insert into centres.municipality_list (scheme, version, valid_from, former, entered_at, entered_by)
    values (p_scheme, p_version, p_valid_from, v_former, plateau.clock(), p_key);
    insert into centres.municipality (scheme, version, code, name, names)
    select p_scheme, p_version, m.one ->> 'code', m.one ->> 'name', coalesce(m.one -> 'names', '{}')
    from jsonb_array_elements(p_municipalities) as m (one);
    insert into centres.municipality_successor (scheme, version, former, code, next_code)
    select p_scheme, p_version, v_former, s.one ->> 'code', n.code
    from jsonb_array_elements(p_successors) as s (one)
    cross join lateral jsonb_array_elements_text(s.one -> 'successors') as n (code);
    return query select 'entered', null::text, null::text, null::text, null::text;
end
$$;
comment on function centres.enter_municipality_list(text, text, date, text, jsonb, jsonb, uuid) is
    'Enters a version of a list, whole and for good. outcome, in one row: entered, known (the same was entered before), forbidden, outOfOrder (it begins before the last one ends; subject: that version, known: its first day); in a row for each of the first 50: differs (from what was entered under this version), unfit.';

-- MARK: Sites

alter table centres.site
    add column municipality_scheme text,
    add column municipality_version text,
    add column municipality_code text,
    add constraint site_municipality_whole check (
        (municipality_scheme is null) = (municipality_code is null) and (municipality_version is null) = (municipality_code is null)),
    add constraint site_municipality foreign key (municipality_scheme, municipality_version, municipality_code)
        references centres.municipality (scheme, version, code);
comment on column centres.site.municipality_code is
    'As it was stored, of the version of the list that it was stored with: a merger afterwards changes nothing here. What it is today: centres.municipality_on.';

drop function centres.create_site(smallint, uuid, text, text, text, text, double precision, double precision);
create function centres.create_site(
    p_centre_id smallint, p_id uuid, p_name text, p_kind text, p_town text, p_zone text, p_latitude double precision,
    p_longitude double precision, p_scheme text default null, p_list_version text default null, p_code text default null)
    returns table (outcome text, facts jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    perform now() at time zone p_zone;
    if p_code is not null then
        select o.code, o.facts into outcome, facts
        from centres.objection_to_municipality(p_scheme, p_list_version, p_code, plateau.local_day(v_now, p_zone)) o;
        if outcome is not null then
            return next;
            return;
        end if;
    end if;
    insert into centres.site (
        centre_id, id, name, kind, town, zone, latitude, longitude, created_at, municipality_scheme, municipality_version, municipality_code)
    values (p_centre_id, p_id, p_name, p_kind, p_town, p_zone, p_latitude, p_longitude, v_now, p_scheme, p_list_version, p_code);
    insert into centres.calendar (centre_id, id, site_id) values (p_centre_id, p_id, p_id);
    outcome := 'created';
    facts := null;
    return next;
end
$$;
comment on function centres.create_site(
    smallint, uuid, text, text, text, text, double precision, double precision, text, text, text) is
    'outcome: created, or an objection to its municipality (centres.objection_to_municipality) with the facts. SQLSTATE 22023 for an unknown zone.';

create function centres.change_site(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_town text, p_latitude double precision,
    p_longitude double precision, p_scheme text, p_list_version text, p_code text)
    returns table (outcome text, version integer, facts jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_site centres.site;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    select s.* into v_site from centres.site s where s.centre_id = p_centre_id and s.id = p_id for no key update;
    if v_site.id is null or v_site.version <> p_version then
        outcome := case when v_site.id is null then 'notFound' else 'versionMismatch' end;
        version := v_site.version;
        return next;
        return;
    end if;
    -- What it was stored with may have ended since: sent again, it is no news.
    if (p_scheme, p_list_version, p_code)
       is distinct from (v_site.municipality_scheme, v_site.municipality_version, v_site.municipality_code) and p_code is not null then
        select o.code, o.facts into outcome, facts
        from centres.objection_to_municipality(p_scheme, p_list_version, p_code, plateau.local_day(plateau.clock(), v_site.zone)) o;
        if outcome is not null then
            return next;
            return;
        end if;
    end if;
    update centres.site s
    set name = coalesce(p_name, s.name), town = coalesce(p_town, s.town), latitude = coalesce(p_latitude, s.latitude),
        longitude = coalesce(p_longitude, s.longitude), municipality_scheme = coalesce(p_scheme, s.municipality_scheme),
        municipality_version = coalesce(p_list_version, s.municipality_version),
        municipality_code = coalesce(p_code, s.municipality_code), version = s.version + 1
    where s.centre_id = p_centre_id and s.id = p_id
    returning 'changed', s.version, null::jsonb into outcome, version, facts;
    return next;
end
$$;
comment on function centres.change_site(
    smallint, uuid, integer, uuid, text, text, double precision, double precision, text, text, text) is
    'Changes what is given of a site; null stays as it is. outcome: changed, notFound, forbidden, versionMismatch (with its version), or an objection to its municipality with the facts.';

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'centres'::regnamespace and p.proname in ('create_site', 'change_site', 'enter_municipality_list')
    loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'centres'::regnamespace
               and p.proname in ('code_fits', 'municipality_list_differences', 'municipality_list_faults')
    loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
