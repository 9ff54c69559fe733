//! Lifetime stats: sums of the workouts over calendar periods.

use jiff::civil::{Date, Weekday, date};
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value};

use super::outside::{Outing, outings};
use super::responses::{bad_request, forbidden, success, whole};
use super::workouts::Totals;
use super::{Call, Domain, times};
use crate::sandbox::http::Response;

/// The sums of one period. Distances are metres, zones and durations seconds.
type Sums = Vec<(&'static str, f64)>;

impl Domain {
    /// `GET /performance/v2/{member}/over-time/{period}`
    ///
    /// The response holds all periods, whichever is requested.
    pub(super) fn lifetime(&self, call: &Call<'_>, period: &str) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let today = member.home.local(call.now).date();
        let periods = periods(today);
        if !periods.iter().any(|(name, ..)| *name == period) {
            return bad_request("There is no such period");
        }
        let workouts: Vec<(Date, &Totals)> = self
            .worked_out(call)
            .map(|(_, class, workout)| (class.local_start().date(), workout.totals()))
            .collect();
        let outings = outings(member, call.now);
        let date_of = |start: Timestamp| member.home.local(start).date();
        let mut parts = [("inStudio", Map::new()), ("outStudio", Map::new()), ("allStats", Map::new())];
        for (name, from, to) in periods {
            let within = |date: Date| from <= date && date <= to;
            let inside =
                in_studio(workouts.iter().filter(|(date, _)| within(*date)).map(|(_, workout)| *workout));
            let outside = out_of_studio(outings.iter().filter(|outing| within(date_of(outing.start))));
            let all = together(&inside, &outside);
            for ((_, part), sums) in parts.iter_mut().zip([inside, outside, all]) {
                part.insert(
                    name.to_owned(),
                    sums.into_iter().map(|(name, sum)| (name, whole(sum))).collect(),
                );
            }
        }
        let parts: Map<String, Value> =
            parts.into_iter().map(|(name, part)| (name.to_owned(), part.into())).collect();
        success(&parts.into())
    }
}

/// The periods with their first and last day. A week begins on Monday.
fn periods(today: Date) -> [(&'static str, Date, Date); 7] {
    let year = |year: i16| (Date::new(year, 1, 1).unwrap_or(today), Date::new(year, 12, 31).unwrap_or(today));
    let (this_year, last_year) = (year(today.year()), year(today.year().saturating_sub(1)));
    let month = today.first_of_month();
    let month_before = month.saturating_sub(1.day()).first_of_month();
    let since_monday = i32::from(today.weekday().since(Weekday::Monday));
    let monday = times::plus_days(today, -since_monday);
    [
        ("lastYear", last_year.0, last_year.1),
        ("thisYear", this_year.0, this_year.1),
        ("lastMonth", month_before, month_before.last_of_month()),
        ("thisMonth", month, month.last_of_month()),
        ("lastWeek", times::plus_days(monday, -7), times::plus_days(monday, -1)),
        ("thisWeek", monday, times::plus_days(monday, 6)),
        ("allTime", date(1970, 1, 1), today),
    ]
}

fn in_studio<'a>(workouts: impl Iterator<Item = &'a Totals>) -> Sums {
    let workouts: Vec<&Totals> = workouts.collect();
    let sum = |what: fn(&Totals) -> u64| workouts.iter().map(|workout| what(workout)).sum::<u64>() as f64;
    vec![
        ("treadmillDistance", sum(|workout| workout.treadmill.as_ref().map_or(0, |used| used.distance))),
        (
            "treadmillElevationGained",
            workouts.iter().filter_map(|workout| workout.treadmill.as_ref()).map(|used| used.climb).sum(),
        ),
        ("rowerDistance", sum(|workout| workout.rower.as_ref().map_or(0, |used| used.distance))),
        ("rowerWatt", sum(|workout| workout.rower.as_ref().map_or(0, |used| used.power))),
        ("calories", sum(|workout| workout.calories)),
        ("splatPoint", sum(Totals::splats)),
        ("totalBlackZone", sum(|workout| seconds_in(workout, 0))),
        ("totalBlueZone", sum(|workout| seconds_in(workout, 1))),
        ("totalGreenZone", sum(|workout| seconds_in(workout, 2))),
        ("totalOrangeZone", sum(|workout| seconds_in(workout, 3))),
        ("totalRedZone", sum(|workout| seconds_in(workout, 4))),
        ("workoutDuration", 0.0),
        ("stepCount", sum(|workout| workout.steps)),
    ]
}

fn seconds_in(workout: &Totals, zone: usize) -> u64 {
    workout.zones.get(zone).copied().unwrap_or_default()
}

fn out_of_studio<'a>(outings: impl Iterator<Item = &'a Outing>) -> Sums {
    let outings: Vec<&Outing> = outings.collect();
    let sum = |what: &dyn Fn(&Outing) -> f64| outings.iter().map(|outing| what(outing)).sum::<f64>();
    let metres = |kinds: &'static [u64]| {
        sum(&|outing: &Outing| if outing.is_kind(kinds) { outing.metres } else { 0.0 })
    };
    let zone = |zone: usize| sum(&|outing: &Outing| outing.zones.get(zone).copied().unwrap_or_default());
    vec![
        ("walkingDistance", metres(&[3])),
        ("runningDistance", metres(&[1, 2])),
        ("cyclingDistance", metres(&[4])),
        ("calories", sum(&|outing| outing.calories as f64)),
        ("splatPoint", sum(&|outing| outing.splats as f64)),
        ("totalBlackZone", zone(0)),
        ("totalBlueZone", zone(1)),
        ("totalGreenZone", zone(2)),
        ("totalOrangeZone", zone(3)),
        ("totalRedZone", zone(4)),
        ("workoutDuration", sum(&|outing| outing.seconds)),
        ("stepCount", sum(&|outing| outing.steps as f64)),
    ]
}

fn together(inside: &Sums, outside: &Sums) -> Sums {
    let mut all = inside.clone();
    for (name, sum) in outside {
        match all.iter_mut().find(|(other, _)| other == name) {
            Some((_, total)) => *total += sum,
            None => all.push((name, *sum)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_touch_and_follow_the_calendar() {
        let found = periods(date(2026, 3, 1));
        let named = |name: &str| {
            found.iter().find(|(other, ..)| *other == name).map(|(_, from, to)| (*from, *to)).unwrap()
        };
        assert_eq!(named("lastMonth"), (date(2026, 2, 1), date(2026, 2, 28)));
        assert_eq!(named("thisWeek"), (date(2026, 2, 23), date(2026, 3, 1)));
        assert_eq!(named("lastWeek"), (date(2026, 2, 16), date(2026, 2, 22)));
        assert_eq!(named("lastYear"), (date(2025, 1, 1), date(2025, 12, 31)));
    }
}
