-- What may lapse is found by an index of that alone. Of an index on every deadline the planner expected a third of the table as long as hardly
-- any booking had one, and started workers for it: 14 ms of each week calendar at a million bookings.
-- lock class: share on bookings.booking while the index is built (a few rows; the table is read once)

create index booking_lapsing on bookings.booking (expires_at)
    where state in ('draft', 'held', 'requested', 'waitlisted', 'suspended');
drop index bookings.booking_by_expiry;
