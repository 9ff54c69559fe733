//! The classes that the accounts took before the sandbox started.

use jiff::Timestamp;
use jiff::civil::{DateTime, time};

use super::atlas::{LAKEVIEW, PONSONBY, WEST_LOOP};
use super::bookings::Booking;
use super::schedule::Class;
use super::studios::Studio;
use super::times;
use super::workouts::Workout;
use crate::sandbox::accounts::{NOA, PAT};

/// The classes taken, in turn: hour, minute, name, type, minutes.
const TAKEN: [(i8, i8, &str, &str, i64); 5] = [
    (9, 45, "Orange 60 Min 2G", "ORANGE_60", 60),
    (10, 0, "Tread 50", "TREAD_50", 50),
    (7, 15, "Strength 50 (Total)", "STRENGTH_50", 50),
    (5, 0, "Orange 3G", "ORANGE_60", 60),
    (16, 30, "Orange 90 Min 3G", "ORANGE_90", 90),
];

const PATS: i32 = 40;

/// The bookings of the workouts: forty of Pat's over the last year, five of Noa's. Their classes are added to
/// `classes`; they are too old for the class list.
pub(super) fn workouts(classes: &mut Vec<Class>, now: Timestamp) -> Vec<Booking> {
    let mut bookings = Vec::new();
    for nth in 0..PATS {
        let studio = if nth % 7 == 6 { &WEST_LOOP } else { &LAKEVIEW };
        let days_ago = 2 + nth * 9;
        let (class, mut booking) = taken(PAT.member_uuid, studio, nth, days_ago, now);
        booking.intro = nth == PATS - 1;
        booking.ratable = days_ago < 30 && nth != 2;
        booking.ratings = match nth {
            2 => Some((3, 2)),
            _ if days_ago > 60 && nth % 4 == 0 => Some((2, 3)),
            _ => None,
        };
        if let (5, Some(workout)) = (nth, &mut booking.workout) {
            workout.has_telemetry = false;
        }
        classes.push(class);
        bookings.push(booking);
    }
    for nth in 0..5 {
        let (class, mut booking) = taken(NOA.member_uuid, &PONSONBY, nth, 3 + nth * 8, now);
        if let Some(workout) = &mut booking.workout {
            workout.has_telemetry = nth != 1;
            workout.has_summary = nth != 3;
        }
        booking.ratable = nth == 0;
        classes.push(class);
        bookings.push(booking);
    }
    bookings
}

fn taken(
    member: &'static str,
    studio: &'static Studio,
    nth: i32,
    days_ago: i32,
    now: Timestamp,
) -> (Class, Booking) {
    let turn = usize::try_from(nth).unwrap_or_default() % TAKEN.len();
    let (hour, minute, name, kind, minutes) = TAKEN.get(turn).copied().unwrap_or((9, 45, "", "OTHER", 60));
    let date = times::plus_days(studio.local(now).date(), -days_ago);
    let class =
        Class::new(studio, DateTime::from_parts(date, time(hour, minute, 0, 0)), name, kind, minutes, 24);
    let seed = format!("{member}/{}", class.id);
    let mut booking = Booking::new(&seed, member, &class, times::plus_minutes(class.start, -28 * 24 * 60));
    booking.updated_at = times::plus_minutes(class.start, 2);
    booking.checked_in = true;
    booking.workout = Some(Workout::in_class(&class, member));
    (class, booking)
}
