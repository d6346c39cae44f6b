-- name: ReadPolicy :one
-- What the gate does where a label is neither in force for the whole slot nor denied by a decision.
-- column version int4 not null
-- column term_years int4 not null
-- column ends_inside text not null
-- column renewal_pending text not null
-- column after_provisional text not null
-- column term_ended text not null
-- column beyond_horizon text not null
-- column provisional_horizon_days int4 not null
-- column withdrawal_notice_days int4 not null
-- column file_notice_days int4 not null
-- column pending_release_days int4
-- column reminder_months int4[] not null
select o.version, o.term_years, o.ends_inside, o.renewal_pending, o.after_provisional, o.term_ended, o.beyond_horizon,
       o.provisional_horizon_days, o.withdrawal_notice_days, o.file_notice_days, o.pending_release_days, o.reminder_months
from labels.policy o;

-- name: ChangePolicy :one
-- outcome: changed, versionMismatch, forbidden.
-- param version int4 not null
-- param term_years int4 not null
-- param ends_inside text not null
-- param renewal_pending text not null
-- param after_provisional text not null
-- param term_ended text not null
-- param beyond_horizon text not null
-- param provisional_horizon_days int4 not null
-- param withdrawal_notice_days int4 not null
-- param file_notice_days int4 not null
-- param pending_release_days int4
-- param reminder_months int4[] not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.change_policy(
           @version, @term_years, @ends_inside, @renewal_pending, @after_provisional, @term_ended, @beyond_horizon,
           @provisional_horizon_days, @withdrawal_notice_days, @file_notice_days, @pending_release_days, @reminder_months, @by) as outcome;
