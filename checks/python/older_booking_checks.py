"""The older booking endpoints, and ratings."""

from datetime import datetime, timedelta

from otf_api import exceptions
from otf_api.models import HISTORICAL_BOOKING_STATUSES, Booking, BookingStatus, OtfClass

from context import Context, as_many, everything, first, free_classes, some
from report import raises, same

NOBODY = "00000000-0000-4000-8000-000000000000"


def run(context: Context) -> None:
    lists(context)
    _book_and_cancel(context)


def lists(context: Context) -> None:
    """The lists of older bookings."""
    bookings = context.otf.bookings

    def counted(found: list[Booking]) -> str:
        words = as_many("bookings", found, context.raw("/bookings", "data"))
        everything(b.otf_class for b in found)
        everything(b.otf_class.coach for b in found)
        everything(b.otf_class.studio for b in found)
        return words

    def plain() -> str:
        return counted(bookings.get_bookings(exclude_cancelled=False, exclude_checkedin=False))

    def with_dates() -> str:
        start, end = _days(-45), _days(45)
        return counted(bookings.get_bookings(start, end, exclude_cancelled=False, exclude_checkedin=False))

    def by_status() -> str:
        sizes = []
        for status in (BookingStatus.Booked, BookingStatus.Cancelled, BookingStatus.CheckedIn):
            found = bookings.get_bookings(_days(-45), _days(45), status=status, exclude_checkedin=False)
            same("statuses", {b.status for b in found} - {status}, set())
            sizes.append(f"{len(found)} {status}")
        return ", ".join(sizes)

    def history() -> str:
        found = bookings.get_historical_bookings()
        same("other statuses", {b.status for b in found} - set(HISTORICAL_BOOKING_STATUSES), set())
        return counted(found)

    context.check("bookings.get_bookings", plain)
    context.check("bookings.get_bookings with dates", with_dates)
    context.check("bookings.get_bookings by status", by_status, ("Cannot exclude cancelled",))
    context.check("bookings.get_historical_bookings", history)


def _book_and_cancel(context: Context) -> None:
    otf = context.otf
    bookings = otf.bookings
    made: list[tuple[OtfClass, Booking]] = []

    def book() -> str:
        wanted = free_classes(context)[0]
        booking = bookings.book_class(wanted)
        everything(booking)
        made.append((wanted, booking))
        same("class UUID", booking.class_uuid, wanted.class_uuid)
        same("status", booking.status, BookingStatus.Booked)
        newer = {b.otf_class.class_id for b in bookings.get_bookings_new()}
        same("the newer list has it", wanted.class_id in newer, True)
        return str(booking)

    def look_up() -> None:
        wanted, booking = first(made)
        same("by UUID", bookings.get_booking(booking.booking_uuid).class_uuid, wanted.class_uuid)
        for key in (wanted, wanted.class_uuid):
            same("by class", bookings.get_booking_from_class(key).booking_uuid, booking.booking_uuid)
        same("of its class", wanted.get_booking().id_value, booking.booking_uuid)
        same("class", bookings.get_class_from_booking(booking).class_uuid, wanted.class_uuid)

    def refusals() -> str:
        wanted, _ = first(made)
        raises(exceptions.AlreadyBookedError, lambda: bookings.book_class(wanted))
        # Past the client's own look at the list: what the service says to it.
        body = {"classUUId": wanted.class_uuid, "confirmed": False, "waitlist": False}
        raises(exceptions.AlreadyBookedError, lambda: bookings.client.put_class(body))
        raises(exceptions.ResourceNotFoundError, lambda: bookings.get_booking(NOBODY))
        raises(exceptions.ResourceNotFoundError, lambda: bookings.get_booking_from_class(NOBODY))
        return raises(exceptions.ResourceNotFoundError, lambda: bookings.cancel_booking(NOBODY))

    def conflict() -> str:
        wanted, _ = first(made)
        same_hour = wanted.model_copy(update={"class_uuid": NOBODY})
        return raises(exceptions.ConflictingBookingError, lambda: bookings.book_class(same_hour))

    def too_early() -> str:
        bookings.get_classes()
        listed = context.raw("/v1/classes", "items")
        last = (datetime.now() + timedelta(days=30)).isoformat()
        open_ones = (c for c in listed if c["starts_at_local"] > last and not c.get("canceled"))
        far = some("class more than 29 days ahead", open_ones)[0]
        return raises(exceptions.OutsideSchedulingWindowError, lambda: bookings.book_class(far["ot_base_class_uuid"]))

    def cancel() -> None:
        wanted, booking = first(made)
        bookings.cancel_booking(booking)
        same("status", bookings.get_booking_from_class(wanted).status, BookingStatus.Cancelled)
        raises(exceptions.ResourceNotFoundError, lambda: bookings.cancel_booking(booking))

    def by_the_models() -> None:
        # A class of its own for each: the client takes a canceled booking for the one it looks for.
        one, second, third = free_classes(context)[:3]
        one.book_class()
        one.cancel_booking()
        bookings.cancel_booking(bookings.book_class(second.class_uuid).booking_uuid)
        third.book_class().cancel()
        booked = {b.class_uuid for b in bookings.get_bookings(status=BookingStatus.Booked)}
        same("left in the list", booked & {c.class_uuid for c in (one, second, third)}, set())

    context.check("bookings.book_class", book)
    context.check("bookings.get_booking, …_from_class, OtfClass.get_booking", look_up)
    context.check("already booked, and not there", refusals)
    context.check("a class at the same time", conflict)
    context.check("a class outside the scheduling window", too_early)
    context.check("bookings.cancel_booking", cancel)
    context.check("book and cancel by the models", by_the_models)


def _days(days: int):
    return datetime.now().date() + timedelta(days=days)
