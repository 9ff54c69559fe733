"""Workouts, what belongs to them, ratings and trends."""

import warnings
from datetime import datetime, timedelta

from otf_api import exceptions
from otf_api.models import EquipmentType, StatsTime, TrendType

from booking_checks import ALL_TIME
from context import Context, as_many, everything, some
from report import raises, same

# A workout without heart rate monitor, and one whose summary the service has lost.
INCOMPLETE = ("has no telemetry data", "No performance summary data found", "Failed to retrieve")


def run(context: Context) -> None:
    lists(context, "workouts", "scans", "benchmarks", "records")
    _parts(context)
    _rate(context)


def lists(context: Context, *required: str) -> None:
    """All the lists and statistics."""
    workouts, trends = context.otf.workouts, context.otf.trends

    def counted(what: str, found, raw) -> str:
        if what in required:
            some(what, found)
        return as_many(what, found, raw)

    def of_the_account() -> str:
        start = datetime.now() - timedelta(days=365)
        found = workouts.get_workouts(start.date(), datetime.now().date())
        words = counted("workouts", found, _past(context))
        everything(part for w in found for part in (w.heart_rate, w.rower_data, w.treadmill_data, w.telemetry) if part)
        return words

    def lately() -> str:
        return as_many("workouts", workouts.get_workouts(), _past(context))

    def lifetime() -> str:
        return counted("workouts", workouts.get_lifetime_workouts(), _past(context))

    def scans() -> str:
        return counted("scans", workouts.get_body_composition_list(), context.raw("/body-composition", "data"))

    def tracker() -> str:
        found = workouts.get_challenge_tracker()
        everything(found)
        raw = context.traffic.exchanges[-1].json["Dto"]
        for what in ("programs", "challenges", "benchmarks"):
            as_many(what, getattr(found, what), raw.get(what.title()) or [])
        return f"{len(found.programs)} programs, {len(found.challenges)} challenges, {len(found.benchmarks)} benchmarks"

    def benchmarks() -> str:
        found = workouts.get_benchmarks()
        words = counted("benchmarks", found, context.raw("/benchmarks", "Dto"))
        for equipment in {b.equipment_id for b in found if b.equipment_id}:
            by = workouts.get_benchmarks_by_equipment(EquipmentType(equipment))
            same("by equipment", {b.equipment_id for b in some("benchmarks", by)}, {equipment})
        for category in {b.challenge_category_id for b in found}:
            by = workouts.get_benchmarks_by_challenge_category(category)
            same("by category", {b.challenge_category_id for b in some("benchmarks", by)}, {category})
        return words

    def heart_rates() -> str:
        return counted("records", workouts.get_hr_history(), context.raw("/maxHr/history", "history"))

    def out_of_studio() -> str:
        found = workouts.get_out_of_studio_workout_history()
        return as_many("workouts", found, context.raw("/out-of-studio-workout", "data"))

    def statistics() -> str:
        for period in StatsTime:
            everything(workouts.get_member_lifetime_stats_in_studio(period))
            everything(workouts.get_member_lifetime_stats_out_of_studio(period))
        return str(workouts.get_member_lifetime_stats_in_studio().calories)

    def trend(kind: TrendType) -> str:
        found = trends.get_workout_stats(kind)
        everything(found)
        same("key", found.stat_key, kind.value)
        return counted("points", found.points, context.raw(f"/{kind.value}", "points"))

    def preview() -> str:
        found = trends.get_workout_stats_preview(5)
        everything(found)
        same("trends", {s.stat_key for s in found.stats} - {t.value for t in TrendType}, set())
        return as_many("trends", found.stats, context.raw("/preview", "stats"))

    context.check("workouts.get_workouts", of_the_account, INCOMPLETE)
    context.check("workouts.get_workouts without dates", lately, INCOMPLETE)
    context.check("workouts.get_lifetime_workouts", lifetime, INCOMPLETE)
    context.check("workouts.get_body_composition_list", scans)
    context.check("workouts.get_challenge_tracker", tracker)
    context.check("workouts.get_benchmarks, …_by_equipment, …_by_challenge_category", benchmarks)
    context.check("workouts.get_hr_history", heart_rates)
    context.check("workouts.get_out_of_studio_workout_history", out_of_studio)
    context.check("workouts.get_member_lifetime_stats_in_studio and …_out_of_studio", statistics)
    context.check("workouts._get_aspire_data", lambda: workouts._get_aspire_data() and None)
    for kind in TrendType:
        context.check(f"trends.get_workout_stats of {kind}", lambda kind=kind: trend(kind))
    context.check("trends.get_workout_stats_preview", preview)


def _past(context: Context) -> list:
    """The bookings of the latest answer that `get_workouts` makes workouts of."""
    now = datetime.now().isoformat()
    items = context.raw("/v1/bookings/me", "items")
    past = [b for b in items if not b["canceled"] and b["class"]["starts_at_local"] <= now]
    return list({b["class"]["id"]: b for b in past}.values())


def _parts(context: Context) -> None:
    workouts = context.otf.workouts

    def parts() -> str:
        bookings = context.otf.bookings.get_bookings_new(*ALL_TIME)
        booking = some("booking with a workout", (b for b in bookings if b.workout))[-1]
        summary_id = booking.workout.performance_summary_id
        with warnings.catch_warnings(action="ignore"):
            summary = workouts.get_performance_summary(summary_id)
        telemetry = workouts.get_telemetry(summary_id, 60)
        everything([summary, telemetry])
        same("ids", {summary.performance_summary_id, telemetry.performance_summary_id}, {summary_id})
        as_many("telemetry", telemetry.telemetry, context.raw("/v1/performance/summary").get("telemetry") or [])
        workout = workouts.get_workout_from_booking(booking)
        same("by id", workouts.get_workout_from_booking(booking.booking_id).model_dump(), workout.model_dump())
        same("summary", workout.performance_summary_id, summary_id)
        return f"{len(telemetry.telemetry)} points"

    def without() -> str:
        listed = context.otf.bookings.get_bookings_new()
        upcoming = some("booking without a workout", (b for b in listed if not b.workout))
        return raises(exceptions.ResourceNotFoundError, lambda: workouts.get_workout_from_booking(upcoming[0]))

    def challenge() -> str:
        tracker = workouts.get_challenge_tracker()
        names = []
        for one in [*tracker.programs, *tracker.challenges]:
            try:
                detail = workouts.get_challenge_tracker_detail(one.challenge_category_id)
            except exceptions.ResourceNotFoundError:
                # The service has an empty list for some of those that its tracker names.
                continue
            everything([detail, *detail.challenge_histories])
            same("category", detail.challenge_category_id, one.challenge_category_id)
            names.append(detail.challenge_name)
        raises(exceptions.ResourceNotFoundError, lambda: workouts.get_challenge_tracker_detail(123456))
        return f"{len(some('challenges', names))} challenges"

    context.check("workouts.get_performance_summary, get_telemetry, get_workout_from_booking", parts, INCOMPLETE)
    context.check("workouts.get_workout_from_booking without one", without)
    several = ("Multiple challenge participations found",)
    context.check("workouts.get_challenge_tracker_detail", challenge, several)


def _rate(context: Context) -> None:
    otf = context.otf

    def ratable() -> list:
        found = otf.workouts.get_workouts()
        return [w for w in found if w.ratable and w.class_uuid and w.class_rating is None and w.coach_rating is None]

    def rate_class() -> str:
        workout = some("ratable workout", ratable())[0]
        otf.bookings.rate_class(workout.class_uuid, workout.performance_summary_id, 3, 2)
        rated = otf.workouts.get_workout_from_booking(workout.booking_id)
        same("rated", rated.class_rating is not None and rated.coach_rating is not None, True)
        everything([rated.class_rating, rated.coach_rating])
        return raises(
            exceptions.AlreadyRatedError,
            lambda: otf.bookings.rate_class(workout.class_uuid, workout.performance_summary_id, 3, 3),
        )

    def from_workout() -> str:
        workout = some("second ratable workout", ratable())[0]
        rated = otf.workouts.rate_class_from_workout(workout, 2, 3)
        same("rated", rated.class_rating is not None and rated.coach_rating is not None, True)
        twice = (exceptions.AlreadyRatedError, exceptions.ClassNotRatableError)
        return raises(twice, lambda: otf.workouts.rate_class_from_workout(rated, 1, 1))

    def by_the_model() -> None:
        workout = some("third ratable workout", ratable())[0]
        workout.rate(1, 1)
        same("still ratable", workout.booking_id in {w.booking_id for w in ratable()}, False)

    def not_ratable() -> str:
        past = otf.workouts.get_workouts()
        workout = some("workout that cannot be rated", (w for w in past if not w.ratable))[0]
        return raises(exceptions.ClassNotRatableError, lambda: otf.workouts.rate_class_from_workout(workout, 1, 1))

    refused = (*INCOMPLETE, "HTTP error 403")
    context.check("bookings.rate_class", rate_class, refused)
    context.check("workouts.rate_class_from_workout", from_workout, INCOMPLETE)
    context.check("Workout.rate", by_the_model, INCOMPLETE)
    context.check("a workout that cannot be rated", not_ratable, INCOMPLETE)
