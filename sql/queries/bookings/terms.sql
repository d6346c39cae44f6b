-- name: FindTerms :maybe
-- The terms that hold for a resource: its own, or those of what it stands in. version 0: it has none of its own. No row: no such resource.
-- param resource uuid as ResourceID not null
-- column of uuid as ResourceID
-- column version int4 not null
-- column approval_for text[] not null
-- column is_self_service bool not null
-- column no_show_minutes int4 not null
-- column free_working_days int4 not null
-- column late_fee_percent int4 not null
-- column no_show_fee_percent int4 not null
select t.resource_id as of, case when t.resource_id = r.id then t.version else 0 end as version,
       coalesce(t.approval_for, '{}') as approval_for, coalesce(t.is_self_service, false) as is_self_service,
       coalesce(t.no_show_minutes, 30) as no_show_minutes, coalesce(t.free_working_days, 0) as free_working_days,
       coalesce(t.late_fee_percent, 0) as late_fee_percent, coalesce(t.no_show_fee_percent, 0) as no_show_fee_percent
from platforms.resource r
left join lateral bookings.terms_of(r) t on true
where r.centre_id = plateau.centre_of(@resource) and r.id = @resource;

-- name: SetTerms :one
-- Replaces the terms of a resource. outcome: changed, forbidden, notFound, versionMismatch.
-- param resource uuid as ResourceID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param approval_for text[] not null
-- param is_self_service bool not null
-- param no_show_minutes int4 not null
-- param free_working_days int4 not null
-- param late_fee_percent int4 not null
-- param no_show_fee_percent int4 not null
-- column outcome text not null
-- column version int4
select s.outcome, s.version
from bookings.set_resource_terms(
    @resource, @key, @version, @approval_for, @is_self_service, @no_show_minutes, @free_working_days, @late_fee_percent,
    @no_show_fee_percent) as s;

-- name: ReadBookingPolicy :one
-- What holds for every booking.
-- column version int4 not null
-- column holds_per_organisation int4 not null
-- column approval_hours int4 not null
-- column accept_minutes int4 not null
-- column early_check_in_minutes int4 not null
-- column forgotten_check_out_minutes int4 not null
select p.version, p.holds_per_organisation, p.approval_hours, p.accept_minutes, p.early_check_in_minutes, p.forgotten_check_out_minutes
from bookings.policy p;

-- name: ChangeBookingPolicy :one
-- outcome: changed, forbidden, versionMismatch.
-- param version int4 not null
-- param holds int4 not null
-- param approval_hours int4 not null
-- param accept_minutes int4 not null
-- param early_check_in_minutes int4 not null
-- param forgotten_check_out_minutes int4 not null
-- param by uuid as KeyID not null
-- column outcome text not null
select bookings.change_policy(
    @version, @holds, @approval_hours, @accept_minutes, @early_check_in_minutes, @forgotten_check_out_minutes, @by) as outcome;

-- name: SetQuota :one
-- A new quota. outcome: created, forbidden, organisationUnknown, resourceUnknown.
-- param id uuid as QuotaID not null
-- param organisation uuid as OrganisationID not null
-- param kind text not null
-- param resource uuid as ResourceID
-- param period text not null
-- param most_minutes int4
-- param most_bookings int4
-- param from_day date not null
-- param to_day date
-- param note text
-- param by uuid as KeyID not null
-- column outcome text not null
select bookings.set_quota(
    @id, @organisation, @kind, @resource, @period, @most_minutes, @most_bookings, @from_day, @to_day, @note, @by) as outcome;

-- name: EndQuota :one
-- Nothing counts against it any more. outcome: ended, forbidden, notFound.
-- param id uuid as QuotaID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select bookings.end_quota(@id, @by) as outcome;

-- name: ListQuotas :many
-- Quotas that the actor may see, by id, with what is drawn in the period that a day lies in.
-- param organisation_id uuid as OrganisationID
-- param quota_id uuid as QuotaID
-- param on_day date not null
-- param after_id uuid as QuotaID
-- param row_limit int4 not null
-- column id uuid as QuotaID not null
-- column centre_id uuid as CentreID not null
-- column organisation_id uuid as OrganisationID not null
-- column kind text not null
-- column resource_id uuid as ResourceID
-- column period text not null
-- column most_minutes int4
-- column most_bookings int4
-- column from_day date not null
-- column to_day date
-- column note text
-- column ended_at timestamptz
-- column agreement_id uuid as AgreementID
-- column period_start date not null
-- column drawn_minutes int4 not null
-- column drawn_bookings int4 not null
-- column beyond_minutes int4 not null
select q.id, c.id as centre_id, q.organisation_id, q.kind, q.resource_id, q.period, q.most_minutes, q.most_bookings,
       lower(q.during) as from_day, upper(q.during) - 1 as to_day, q.note, q.ended_at, q.agreement_id,
       date_trunc(q.period, @on_day::timestamp)::date as period_start, coalesce(d.minutes, 0)::integer as drawn_minutes,
       coalesce(d.bookings, 0)::integer as drawn_bookings, coalesce(d.beyond_minutes, 0)::integer as beyond_minutes
from bookings.quota q
join centres.centre c on c.centre_id = q.centre_id
cross join lateral (
    select sum(w.minutes) as minutes, sum(w.bookings) as bookings, sum(w.beyond_minutes) as beyond_minutes
    from bookings.draw w
    where w.centre_id = q.centre_id and w.quota_id = q.id and w.period_start = date_trunc(q.period, @on_day::timestamp)::date) d
where (@organisation_id is null or q.organisation_id = @organisation_id)
  and (@quota_id is null or q.id = @quota_id)
  and (@after_id is null or q.id > @after_id)
order by q.id
limit @row_limit;

-- name: ListAllowances :many
-- What agreements that the actor may see give in a calendar year and what is drawn of it, by agreement, after a cursor.
-- param year int4 not null
-- param centre_number int2
-- param organisation_id uuid as OrganisationID
-- param after_id uuid as AgreementID
-- param row_limit int4 not null
-- column agreement_id uuid as AgreementID not null
-- column centre_id uuid as CentreID not null
-- column organisation_id uuid as OrganisationID not null
-- column organisation_name text not null
-- column from_day date not null
-- column to_day date
-- column allowance_minutes int4 not null
-- column drawn_minutes int8 not null
-- column beyond_minutes int8 not null
-- column left_minutes int8 not null
select w.agreement_id, c.id as centre_id, w.organisation_id, access.name_of(w.organisation_id) as organisation_name,
       lower(w.during) as from_day, upper(w.during) - 1 as to_day, w.allowance_minutes, w.drawn_minutes, w.beyond_minutes, w.left_minutes
from bookings.allowances_of(@year) w
join centres.centre c on c.centre_id = w.centre_id
where (@centre_number is null or w.centre_id = @centre_number)
  and (@organisation_id is null or w.organisation_id = @organisation_id)
  and (@after_id is null or w.agreement_id > @after_id)
order by w.agreement_id
limit @row_limit;
