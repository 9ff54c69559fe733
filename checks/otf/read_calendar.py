"""Reads the calendar of the sandbox's bookings with the package icalendar: read_calendar.py FILE"""

import sys
from datetime import timedelta, timezone
from pathlib import Path

from icalendar import Calendar

raw = Path(sys.argv[1]).read_bytes()
assert raw.count(b"\n") == raw.count(b"\r\n"), "a line does not end with CR LF"
assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "a line is longer than 75 octets"

calendar = Calendar.from_ical(raw)
assert not calendar.errors, calendar.errors
assert calendar["VERSION"] == "2.0"
events = calendar.walk("VEVENT")
for event in events:
    assert not event.errors, event.errors
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "LOCATION", "SEQUENCE"):
        assert name in event, f"no {name}"
    for time in (event["DTSTAMP"].dt, event["DTSTART"].dt, event["DTEND"].dt):
        assert time.tzinfo is not None and time.utcoffset() == timedelta(0), time
    assert event["DTSTART"].dt < event["DTEND"].dt
    assert "\n" in event["DESCRIPTION"], event["DESCRIPTION"]
    assert ", IL" in event["LOCATION"], event["LOCATION"]
uids = [str(event["UID"]) for event in events]
assert len(set(uids)) == len(uids), "a UID is there twice"
statuses = [str(event["STATUS"]) for event in events]
assert set(statuses) == {"CONFIRMED", "TENTATIVE", "CANCELLED"}, statuses
first = events[0]["DTSTART"].dt.astimezone(timezone.utc).isoformat()
assert first == "2026-04-13T10:00:00+00:00", first
print(f"  {len(events)} events: {', '.join(statuses)}")
