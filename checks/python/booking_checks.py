"""Classes, the newer bookings, and the member and studio that they need."""

from datetime import datetime, timedelta

from otf_api import exceptions
from otf_api.models import BookingStatus, BookingV2, ClassType
from otf_api.models.bookings import ClassFilter

from context import Context, as_many, everything, first, free_classes, some
from report import raises, same

# Whatever the account has ever booked, and may book yet.
ALL_TIME = ("2000-01-01", (datetime.now() + timedelta(days=60)).date().isoformat())


def newer(context: Context) -> None:
    member_and_studio(context)
    classes(context)
    lists(context)
    _book_and_cancel(context)


def member_and_studio(context: Context) -> None:
    """The member, and the home studio."""
    otf = context.otf

    def member() -> str:
        detail = otf.members.get_member_detail()
        everything([detail, detail.home_studio])
        same("member UUID", detail.member_uuid, context.account["member_uuid"])
        raw = context.raw(detail.member_uuid, "data")
        same("home studio", detail.home_studio.studio_uuid, raw["homeStudio"]["studioUUId"])
        same("number of addresses", len(detail.addresses or []), len(raw.get("addresses") or []))
        return f"{detail.first_name} {detail.last_name}"

    def properties() -> str:
        same("member", otf.refresh_member(), otf.member)
        same("member UUID", otf.member_uuid, context.account["member_uuid"])
        same("home studio", otf.home_studio.studio_uuid, otf.home_studio_uuid)
        return str(otf.home_studio.name)

    def studio() -> str:
        detail = otf.studios.get_studio_detail()
        everything(detail)
        same("studio", detail.studio_uuid, otf.home_studio_uuid)
        same("by its id", otf.studios.get_studio_detail(detail.studio_uuid), detail)
        return str(detail.name)

    def unknown_studio() -> None:
        detail = otf.studios.get_studio_detail("00000000-0000-4000-8000-000000000000")
        same("name", detail.name, "Studio Not Found")

    context.check("members.get_member_detail", member)
    context.check("Otf.member, .home_studio and .refresh_member", properties)
    context.check("studios.get_studio_detail", studio)
    context.check("studios.get_studio_detail of an unknown one", unknown_studio, ("not found",))


def classes(context: Context, at_least_one: bool = True) -> None:
    """The class list and its filters."""
    otf = context.otf

    def all_of_them() -> str:
        found = otf.bookings.get_classes()
        last_day = datetime.today().date() + timedelta(days=29)
        raw = [
            c
            for c in context.raw("/v1/classes", "items")
            if not c.get("canceled") and datetime.fromisoformat(c["starts_at_local"]).date() <= last_day
        ]
        if at_least_one:
            some("classes", found)
        return as_many("classes", found, raw)

    def filtered() -> str:
        listed = otf.bookings.get_classes()
        example = listed[len(listed) // 2]
        day = example.starts_at.date()
        by = {
            "class type": ClassFilter(class_type=example.class_type),
            "weekday": ClassFilter(day_of_week=example.day_of_week),
            "start time": ClassFilter(start_time=example.starts_at.time()),
            "date": ClassFilter(start_date=day, end_date=day),
        }
        sizes = []
        for what, one in by.items():
            found = otf.bookings.get_classes(filters=one)
            same(f"by {what}", [c.class_id for c in found], [c.class_id for c in one.filter_classes(listed)])
            sizes.append(f"{len(found)} by {what}")
        found = otf.bookings.get_classes(start_date=day, end_date=day, studio_uuids=[otf.home_studio_uuid])
        same("dates", {c.starts_at.date() for c in found}, {day})
        return ", ".join(sizes)

    context.check("bookings.get_classes", all_of_them)
    if at_least_one:
        context.check("bookings.get_classes with filters", filtered)


def lists(context: Context, at_least_one: bool = True) -> None:
    """The lists of newer bookings."""
    bookings = context.otf.bookings

    def plain() -> str:
        found = bookings.get_bookings_new(remove_duplicates=False)
        return as_many("bookings", found, context.raw("/v1/bookings/me", "items"))

    def all_of_them() -> str:
        found = bookings.get_bookings_new(*ALL_TIME, exclude_cancelled=False, remove_duplicates=False)
        words = as_many("bookings", found, context.raw("/v1/bookings/me", "items"))
        everything(b.otf_class for b in found)
        everything(b.otf_class.studio for b in found if b.otf_class.studio)
        return words

    def by_date() -> str:
        found = bookings.get_bookings_new_by_date(*ALL_TIME)
        classes = {b["class"]["id"] for b in context.raw("/v1/bookings/me", "items")}
        starts = {b["class"]["starts_at_local"] for b in context.raw("/v1/bookings/me", "items")}
        # Of two bookings for one class only one stays; a start in common hides another.
        same("starts left out", len(found) <= min(len(classes), len(starts)), True)
        if at_least_one:
            some("bookings", found)
        return f"{len(found)} starts"

    context.check("bookings.get_bookings_new", plain)
    context.check("bookings.get_bookings_new with all there are", all_of_them)
    context.check("bookings.get_bookings_new_by_date", by_date)


def _book_and_cancel(context: Context) -> None:
    otf = context.otf
    bookings = otf.bookings
    made: list[BookingV2] = []

    def active(class_id: str) -> list[BookingV2]:
        return [b for b in bookings.get_bookings_new() if b.otf_class.class_id == class_id]

    def book() -> str:
        wanted = free_classes(context)[0]
        booking = bookings.book_class_new(str(wanted.class_id))
        everything(booking)
        made.append(booking)
        same("class", booking.otf_class.class_id, wanted.class_id)
        same("start", booking.starts_at, wanted.starts_at)
        same("status", booking.status, BookingStatus.Booked)
        same("in the list", [b.booking_id for b in active(str(wanted.class_id))], [booking.booking_id])
        listed = [c for c in bookings.get_classes() if c.class_id == wanted.class_id]
        same("marked in the class list", [c.is_booked for c in listed], [True])
        return str(booking)

    def look_up() -> None:
        booking = first(made)
        same("by id", bookings.get_booking_new(booking.booking_id).booking_id, booking.booking_id)
        for of in (bookings.get_class_from_booking, bookings.get_class_from_booking_new):
            same("class", of(booking).class_id, booking.otf_class.class_id)

    def by_class() -> str:
        # Only classes that have been say their class UUID in a booking.
        listed = bookings.get_bookings_new(*ALL_TIME)
        booking = some("booking with a class UUID", (b for b in listed if b.class_uuid))[-1]
        for key in (booking.class_uuid, booking.otf_class):
            same("by class", bookings.get_booking_from_class_new(key).booking_id, booking.booking_id)
        # The client leaves the class of a booking without its own back-reference.
        booking.otf_class.set_api(otf)
        same("of its class", booking.otf_class.get_booking().booking_id, booking.booking_id)
        upcoming = first(made).otf_class
        upcoming.set_api(otf)
        return "but not for upcoming ones: " + raises(ValueError, upcoming.cancel_booking)

    def cancel() -> str:
        booking = first(made)
        bookings.cancel_booking_new(booking)
        same("left in the list", active(booking.otf_class.class_id), [])
        return raises(exceptions.BookingAlreadyCancelledError, lambda: bookings.cancel_booking_new(booking.booking_id))

    def book_again() -> str:
        before = first(made).otf_class
        class_id = before.class_id
        booking = bookings.book_class_new(before)
        words = raises(exceptions.AlreadyBookedError, lambda: bookings.book_class_new(class_id))
        booking.cancel()
        same("left in the list", active(class_id), [])
        return words

    def unknown() -> str:
        nobody = "00000000-0000-4000-8000-000000000000"
        raises(exceptions.ResourceNotFoundError, lambda: bookings.get_booking_new(nobody))
        raises(exceptions.ResourceNotFoundError, lambda: bookings.get_booking_from_class_new(nobody))
        raises(exceptions.ResourceNotFoundError, lambda: bookings.cancel_booking_new(nobody))
        return raises(exceptions.ResourceNotFoundError, lambda: bookings.book_class_new(nobody))

    def full() -> str:
        crowded = [c for c in bookings.get_classes() if c.full and not c.is_booked and c.class_type != ClassType.OTHER]
        chosen = some("full class", crowded)[0]
        return raises(exceptions.OtfRequestError, lambda: bookings.book_class_new(str(chosen.class_id)))

    context.check("bookings.book_class_new", book)
    context.check("bookings.get_booking_new, get_class_from_booking, …_new", look_up)
    context.check("bookings.get_booking_from_class_new, BookingV2Class.get_booking", by_class)
    context.check("bookings.cancel_booking_new", cancel)
    context.check("book again, a second time, and BookingV2.cancel", book_again)
    context.check("a booking and a class that are not there", unknown)
    context.check("a full class", full, ("HTTP error 4",))
