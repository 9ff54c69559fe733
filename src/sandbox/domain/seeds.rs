//! The bookings from before the sandbox starts. None is for tomorrow.

use jiff::Timestamp;

use super::atlas::{LAKEVIEW, PONSONBY, WEST_LOOP};
use super::bookings::Booking;
use super::schedule::Class;
use super::studios::Studio;
use super::times;
use crate::sandbox::accounts::{NOA, PAT};

/// The bookings ahead, and the class that Noa is in.
pub(super) fn upcoming(classes: &mut [Class], now: Timestamp) -> Vec<Booking> {
    let book = |member: &'static str, studio: &'static Studio, days: i32, nth: usize, hours_ago: i64| {
        let class = open_classes(classes, studio, days, now).nth(nth)?;
        let seed = format!("{member}/{}/{hours_ago}", class.id);
        Some(Booking::new(&seed, member, class, times::plus_minutes(now, -hours_ago * 60)))
    };
    let canceled = |mut booking: Booking| {
        booking.canceled_at = Some(times::plus_minutes(now, -90));
        booking.updated_at = times::plus_minutes(now, -90);
        booking
    };
    let pat = PAT.member_uuid;
    let seeded = [
        book(pat, &LAKEVIEW, 3, 0, 50),
        book(pat, &WEST_LOOP, 5, 4, 49),
        book(pat, &LAKEVIEW, 6, 2, 26),
        book(pat, &LAKEVIEW, 8, 0, 30).map(canceled),
        // Booked again after canceling: two bookings of one class.
        book(pat, &LAKEVIEW, 10, 3, 30).map(canceled),
        book(pat, &LAKEVIEW, 10, 3, 1),
        book(NOA.member_uuid, &PONSONBY, 2, 0, 20),
    ];
    let mut bookings: Vec<Booking> = seeded.into_iter().flatten().collect();
    bookings.extend(waiting(classes, now));
    bookings.extend(checked_in(classes, now));
    bookings
}

fn open_classes<'a>(
    classes: &'a [Class],
    studio: &'static Studio,
    days: i32,
    now: Timestamp,
) -> impl Iterator<Item = &'a Class> {
    let date = times::plus_days(studio.local(now).date(), days);
    classes.iter().filter(move |class| {
        class.studio.key == studio.key
            && class.local_start().date() == date
            && !class.canceled
            && class.others < class.capacity
    })
}

/// Pat is on the waitlist of a full class.
fn waiting(classes: &mut [Class], now: Timestamp) -> Option<Booking> {
    let from = times::plus_minutes(now, 2 * 24 * 60);
    let class = classes.iter_mut().find(|class| {
        class.studio.key == LAKEVIEW.key
            && class.start > from
            && class.waitlist_open
            && !class.queue.is_empty()
    })?;
    let seed = format!("{}/{}/waiting", PAT.member_uuid, class.id);
    let booking = Booking::new(&seed, PAT.member_uuid, class, times::plus_minutes(now, -600));
    class.queue.push(Some(booking.id.clone()));
    Some(booking)
}

/// Noa is checked in to the class that has just started.
fn checked_in(classes: &[Class], now: Timestamp) -> Option<Booking> {
    let mut running = classes.iter().filter(|class| class.start <= now && now < class.end());
    let class = running.find(|class| class.studio.key == PONSONBY.key && class.name == "Orange 60 Min 3G")?;
    let seed = format!("{}/{}/running", NOA.member_uuid, class.id);
    let mut booking = Booking::new(&seed, NOA.member_uuid, class, times::plus_minutes(now, -300));
    booking.checked_in = true;
    booking.updated_at = class.start;
    Some(booking)
}
