"""Members and studios; and all that can be read, for the other accounts."""

from otf_api.models import MemberDetail
from pydantic import ValidationError

import booking_checks
import older_booking_checks
import workout_checks
from context import Context, as_many, everything, some
from report import raises, same

PLACEHOLDER = ("not found, using empty placeholder",)


def run(context: Context) -> None:
    _read(context, "purchases", "services", "membership")
    _notifications(context)
    _rename(context)
    _favorites(context)
    _signed(context)


def read_all(context: Context) -> None:
    """All that reads and changes nothing, for an account that may have little."""
    booking_checks.member_and_studio(context)
    booking_checks.classes(context, at_least_one=False)
    booking_checks.lists(context, at_least_one=False)
    older_booking_checks.lists(context)
    _read(context)
    workout_checks.lists(context)
    _signed(context)


def _read(context: Context, *required: str) -> None:
    members, studios = context.otf.members, context.otf.studios

    def membership() -> str:
        detail = members.get_member_membership()
        everything(detail)
        if "membership" in required and not detail.name:
            raise AssertionError("no name")
        return str(detail.name)

    def purchases() -> str:
        found = members.get_member_purchases()
        if "purchases" in required:
            some("purchases", found)
        return as_many("purchases", found, context.raw("/purchases", "data"))

    def services() -> str:
        found = studios.get_studio_services()
        if "services" in required:
            some("services", found)
        return as_many("services", found, context.raw("/services", "data"))

    def near() -> str:
        found = studios.search_studios_by_geo(distance=250)
        words = as_many("studios", found, context.raw("/mobile/v1/studios", "data", "studios"))
        everything(s.location for s in found)
        same("the alias", len(studios.get_studios_by_geo(41.88, -87.63)) > 0, True)
        return words

    def every_studio() -> str:
        found = studios._get_all_studios()
        total = int(context.raw("/mobile/v1/studios", "data", "pagination", "totalCount"))
        same("number of studios", len(some("studios", found)), total)
        return f"{total} studios"

    def favorites() -> str:
        return as_many("favourites", studios.get_favorite_studios(), context.raw("/favorite-studios", "data"))

    def read(settings) -> None:
        everything(settings())

    context.check("members.get_member_membership", membership)
    context.check("members.get_member_purchases", purchases, PLACEHOLDER)
    context.check("members._get_member_services", lambda: members._get_member_services() and None)
    context.check("studios.get_studio_services", services)
    context.check("studios.search_studios_by_geo", near)
    context.check("studios._get_all_studios", every_studio)
    context.check("studios.get_favorite_studios", favorites)
    context.check("members.get_sms_notification_settings", lambda: read(members.get_sms_notification_settings))
    context.check("members.get_email_notification_settings", lambda: read(members.get_email_notification_settings))


def _notifications(context: Context) -> None:
    members = context.otf.members

    def turned(read, update, prefix: str) -> None:
        promotional, transactional = f"is_promotional_{prefix}_opt_in", f"is_transactional_{prefix}_opt_in"
        before = read()
        now = update(promotional_enabled=not getattr(before, promotional))
        same("promotional", getattr(now, promotional), not getattr(before, promotional))
        same("transactional", getattr(now, transactional), getattr(before, transactional))
        update(promotional_enabled=bool(getattr(before, promotional)))
        same("as before", read(), before)

    context.check(
        "members.update_sms_notification_settings",
        lambda: turned(members.get_sms_notification_settings, members.update_sms_notification_settings, "sms"),
    )
    context.check(
        "members.update_email_notification_settings",
        lambda: turned(members.get_email_notification_settings, members.update_email_notification_settings, "email"),
    )


def _rename(context: Context) -> None:
    otf = context.otf

    def renamed(rename, first: str, last: str) -> str:
        words = ""
        try:
            everything(rename(first, last) or [])
        except ValidationError as error:
            # The service's answer names the home studio otherwise than this model of the client wants it.
            same("what the model misses", [e["loc"] for e in error.errors()], [("home_studio",)])
            words = "the client sends it, and then fails on its own model: no home_studio in the answer"
        now = otf.refresh_member()
        same("name", (now.first_name, now.last_name), (first, last))
        return words

    def by_the_api() -> str:
        before = otf.member
        words = renamed(otf.members.update_member_name, "Ngaio", "O’Example")
        renamed(otf.members.update_member_name, before.first_name, before.last_name)
        return words

    def by_the_model() -> str:
        before = otf.refresh_member()
        words = renamed(MemberDetail.update_name.__get__(before), "Ngaio", before.last_name)
        renamed(otf.members.update_member_name, "Pat", before.last_name)
        return words

    context.check("members.update_member_name", by_the_api)
    context.check("MemberDetail.update_name", by_the_model)


def _favorites(context: Context) -> None:
    otf = context.otf
    studios = otf.studios

    def ids() -> set[str]:
        return {s.studio_uuid for s in studios.get_favorite_studios()}

    def change() -> str:
        before = ids()
        listed = studios._get_all_studios()
        other = some("studio that is no favourite", (s for s in listed if s.studio_uuid not in before))
        first, rest = other[0].studio_uuid, [s.studio_uuid for s in other[1:3]]
        added = studios.add_favorite_studio([first, *rest])
        everything(added)
        raw = context.raw("/favorite-studios", "data", "studios", method="POST")
        same("number of models", len(added), len(raw))
        same("added", ids(), before | {first, *rest})
        studios.remove_favorite_studio([first, *rest])
        same("removed", ids(), before)
        other[0].add_to_favorites()
        same("added by the model", ids(), before | {first})
        other[0].remove_from_favorites()
        same("removed by the model", ids(), before)
        raises(ValueError, lambda: studios.add_favorite_studio([]))
        return f"{len(before)} favourites"

    context.check("studios.add_favorite_studio and remove_favorite_studio", change)


def _signed(context: Context) -> None:
    def signed() -> str:
        config = context.otf.members.client.get_app_config()
        sent = context.traffic.exchanges[-1].headers
        same("signed", sent.get("authorization", sent.get("Authorization", ""))[:16], "AWS4-HMAC-SHA256")
        return f"{len(config)} keys"

    context.check("members.client.get_app_config, signed", signed)
