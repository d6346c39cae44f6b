"""Whether Python's own reader of mail understands a message as it was meant, and icalendar the times that it carries."""

import email
import email.policy
import email.utils

import icalendar

HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type"}


def faults_of(message: dict) -> list[str]:
    text = message["mail"]
    read = email.message_from_string(text, policy=email.policy.default)
    faults = [f"{type(defect).__name__} in {part.get_content_type()}" for part in read.walk() for defect in part.defects]
    if set(read.keys()) != HEADERS or len(read.keys()) != len(HEADERS):
        faults.append(f"its headers are {sorted(read.keys())}")
    if read["Subject"] != message["subject"]:
        faults.append(f"its subject is {read['Subject']!r}, not {message['subject']!r}")
    if len(read["To"].addresses) != 1 or len(read["From"].addresses) != 1:
        faults.append("it has not one sender and one recipient")
    if read["Date"].datetime is None:
        faults.append("its date is not read")
    plain = read.get_body(("plain",))
    if plain is None or not plain.get_content().strip():
        faults.append("it has no text")
    return faults + calendar_faults(read)


def calendar_faults(read) -> list[str]:
    """A request or a cancellation is about one entry, for the recipient; its attachment is the same."""
    faults = []
    parts = [part for part in read.walk() if part.get_content_type() == "text/calendar"]
    attachments = [part for part in read.iter_attachments() if part.get_content_type() == "application/ics"]
    for part in parts:
        calendar = icalendar.Calendar.from_ical(part.get_content())
        if part.get_param("method") != calendar.get("METHOD"):
            faults.append(f"the part says {part.get_param('method')}, the calendar {calendar.get('METHOD')}")
        events = calendar.walk("VEVENT")
        faults += [str(error) for event in events for error in event.errors]
        if calendar.get("METHOD") in ("REQUEST", "CANCEL"):
            attendees = [str(event.get("ATTENDEE")).lower() for event in events]
            if attendees != [f"mailto:{read['To'].addresses[0].addr_spec}".lower()]:
                faults.append(f"it invites {attendees}")
        if (calendar.get("METHOD") == "CANCEL") != all(event.get("STATUS") == "CANCELLED" for event in events):
            faults.append("a cancellation that cancels nothing, or another that does")
    contents = {part.get_content().replace("\r\n", "\n") for part in parts}
    for one in attachments:
        content = one.get_content().decode().replace("\r\n", "\n")
        if contents and content not in contents:
            faults.append("its attachment is another calendar than its part")
        icalendar.Calendar.from_ical(content)
        if not one.get_filename():
            faults.append("its attachment has no name")
    return faults
