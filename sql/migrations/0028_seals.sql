-- Seals: reports kept with their hash, made again as known at a moment, with a new version when a label decision changes them; the
-- evidence for a renewal, computed from use.
-- lock class: SHARE ROW EXCLUSIVE on labels.label_decision while a trigger is added; the rest is new

-- MARK: Documents

create function utilisation.canonical(p_value jsonb) returns text
    language plpgsql immutable
as $$
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
comment on function utilisation.canonical(jsonb) is
    'JSON in one form only: members by name, no white space, as RFC 8785 has it (the names here are ASCII, the numbers short decimals).';

create function utilisation.document(p_centre_id smallint, p_first date, p_last date, p_known_at timestamptz, p_company_share numeric)
    returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
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
comment on function utilisation.document(smallint, date, date, timestamptz, numeric) is
    'utilisation.report with what it is about. company_share: lists the resources of which companies had more than that share.';

-- MARK: Seals

create table utilisation.sealed_report (
    centre_id smallint not null,
    id uuid not null,
    first_day date not null,
    last_day date not null,
    version integer not null,
    known_at timestamptz not null,
    reason text not null,
    sealed_at timestamptz not null,
    sealed_by uuid,
    body text not null,
    sha256 bytea not null,
    constraint sealed_report_pkey primary key (centre_id, id),
    constraint sealed_report_version_once unique (centre_id, first_day, last_day, version),
    constraint sealed_report_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint sealed_report_order check (last_day >= first_day),
    constraint sealed_report_reason_known check (reason in ('asked', 'labelChanged')),
    constraint sealed_report_somebody_asked check (reason <> 'asked' or sealed_by is not null),
    constraint sealed_report_hash check (sha256 = pg_catalog.sha256(convert_to(body, 'UTF8')))
);
comment on table utilisation.sealed_report is
    'Reports as they were known at a moment, word for word. Rows are only added: what changes later is a new version, and both stay readable.';
create trigger sealed_report_stays before delete or truncate or update on utilisation.sealed_report
    for each statement execute function labels.refuse_change();

create table utilisation.stale_seal (
    centre_id smallint not null,
    first_day date not null,
    last_day date not null,
    recorded_at timestamptz not null,
    constraint stale_seal_pkey primary key (centre_id, first_day, last_day)
);
comment on table utilisation.stale_seal is 'Sealed periods that a label decision recorded since may have changed.';

create function utilisation.mark_seals() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into utilisation.stale_seal (centre_id, first_day, last_day, recorded_at)
    select distinct s.centre_id, s.first_day, s.last_day, new.recorded_at
    from utilisation.sealed_report s
    where s.centre_id = new.centre_id
    on conflict on constraint stale_seal_pkey do update set recorded_at = excluded.recorded_at;
    return null;
end
$$;
comment on function utilisation.mark_seals() is 'A decision may reach back: every sealed period of its centre is looked at again.';
create trigger seals_marked after insert on labels.label_decision for each row execute function utilisation.mark_seals();

create function utilisation.settled_moment(p_margin interval) returns timestamptz
    language sql volatile
    return date_trunc('second', plateau.clock() - p_margin);
comment on function utilisation.settled_moment(interval) is
    'A moment, to the second, so long ago that what began before it has ended: nothing can be recorded for it any more.';

create function utilisation.seal(
    p_centre_id smallint, p_id uuid, p_first date, p_last date, p_known_at timestamptz, p_reason text, p_key uuid)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
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
comment on function utilisation.seal(smallint, uuid, date, date, timestamptz, text, uuid) is
    'Keeps the report of some days, the last included, as known at a moment (null: a minute ago). outcome: sealed, knownAtInFuture.';

create function utilisation.reseal(p_id uuid, p_margin interval) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
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
comment on function utilisation.reseal(uuid, interval) is
    'Looks at one sealed period of a centre that a decision may have changed; where its hours by label differ, seals a new version under the id. Null: nothing waits.';

create function utilisation.stale_centre(p_margin interval) returns smallint
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    select s.centre_id from utilisation.stale_seal s where s.recorded_at <= utilisation.settled_moment(p_margin) order by s.recorded_at limit 1
$$;

create function utilisation.leaves(p_value jsonb, p_path text) returns table (path text, value jsonb)
    language plpgsql immutable
as $$
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
comment on function utilisation.leaves(jsonb, text) is 'Every single value of a document, by its path; elements by what names them.';

create function utilisation.difference(p_id uuid) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
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
comment on function utilisation.difference(uuid) is 'What a version of a sealed report says otherwise than the one before it. Null: there is none before it.';

create function utilisation.reproduce(p_id uuid) returns table (sealed bytea, reproduced bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select s.sha256, pg_catalog.sha256(convert_to(utilisation.canonical(
        utilisation.document(s.centre_id, s.first_day, s.last_day, s.known_at, null)), 'UTF8'))
    from utilisation.sealed_report s
    where s.centre_id = plateau.centre_of(p_id) and s.id = p_id
$$;
comment on function utilisation.reproduce(uuid) is 'The hash of a sealed report beside that of the same report made again from the rows, as known at its moment.';

create function utilisation.sealed_reports(p_centre_id smallint) returns table (
        id uuid, first_day date, last_day date, version integer, known_at timestamptz, reason text, sealed_at timestamptz, sha256 bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select s.id, s.first_day, s.last_day, s.version, s.known_at, s.reason, s.sealed_at, s.sha256
    from utilisation.sealed_report s where s.centre_id = p_centre_id
$$;

create function utilisation.sealed_body(p_id uuid) returns text
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select s.body from utilisation.sealed_report s where s.centre_id = plateau.centre_of(p_id) and s.id = p_id
$$;

-- MARK: Allowances

create function utilisation.allowances(p_centre_id smallint, p_year integer) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
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
comment on function utilisation.allowances(smallint, integer) is
    'What each agreement with an allowance drew of it in a calendar year, bookings in the order of their days; crossedBy: the booking in the middle of which it was used up, and how much of it lies on either side.';

-- MARK: Evidence

create function utilisation.evidence(p_centre_id smallint, p_first date, p_last date) returns jsonb
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
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
comment on function utilisation.evidence(smallint, date, date) is
    'What the use of a centre shows for the renewal of its label: each element of the specifications and each mission of the decree with its figures, what is missing, and where the rows behind it are.';

create function utilisation.term_of(p_centre_id smallint) returns table (first_day date, last_day date)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select lower(p.during), least(coalesce(p.ends_on, plateau.local_day(plateau.clock(), c.zone)), plateau.local_day(plateau.clock(), c.zone))
    from labels.label_period p join centres.centre c on c.centre_id = p.centre_id
    where p.centre_id = p_centre_id and p.status in ('labelled', 'provisional')
      and lower(p.during) <= plateau.local_day(plateau.clock(), c.zone)
    order by p.during desc limit 1
$$;
comment on function utilisation.term_of(smallint) is 'The term of the label that runs, up to today, or the last one.';

-- MARK: Rights

alter table utilisation.sealed_report enable row level security;
alter table utilisation.sealed_report force row level security;
alter table utilisation.stale_seal enable row level security;
alter table utilisation.stale_seal force row level security;
create policy sealed_report_functions on utilisation.sealed_report to plateau_functions using (true) with check (true);
create policy stale_seal_functions on utilisation.stale_seal to plateau_functions using (true) with check (true);
grant select, insert on utilisation.sealed_report to plateau_functions;
grant select, insert, update, delete on utilisation.stale_seal to plateau_functions;

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'utilisation'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'utilisation'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
