-- How long nobody has heard from a session while the service ran, in ticks (100 ns), to the day. By the service's own clock, and
-- not the time of the last heartbeat: a service that was switched off for a month, or whose wall clock jumps, must not take
-- sessions for abandoned.
ALTER TABLE sessions ADD COLUMN silence INTEGER NOT NULL DEFAULT 0;
