//! The same responses through the client: every one is a value or an error that names the endpoint, and of what is
//! listed nothing is lost.

use otf_api::jiff::civil::Date;
use otf_api::models::{ChallengeCategory, Listing, Rejected, StatsTime};
use otf_api::{
    BenchmarkQuery, BookingId, BookingQuery, BookingUuid, ClassId, ClassQuery, ClassUuid, Error, GeoQuery,
    LegacyBookingQuery, Otf, PerformanceSummaryId, Result, StudioUuid, TrendRange, WorkoutQuery,
};
use serde::Serialize;
use serde_json::Value;

use super::harness::{Net, check_error, client, reply};
use super::payloads::{self, Payload};

/// A call of the public interface.
pub(crate) struct Call {
    /// How errors name the request whose response it is about.
    pub(crate) endpoint: &'static str,
    /// Where in the response its items are, where all of them have to come out.
    pub(crate) whole: Option<&'static [&'static str]>,
    /// How many requests it makes at the most.
    pub(crate) most: usize,
    pub(crate) call: fn(&Otf) -> Result<Seen>,
}

/// What came out.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) items: Vec<Value>,
    pub(crate) rejected: Vec<Rejected>,
}

impl Seen {
    pub(crate) fn list<T: Serialize>(listing: Listing<T>) -> Self {
        let (items, rejected) = listing.into_parts();
        Self { items: items.iter().map(|item| serde_json::to_value(item).unwrap()).collect(), rejected }
    }

    pub(crate) fn one<T: Serialize>(value: T) -> Self {
        Self { items: vec![serde_json::to_value(value).unwrap()], rejected: Vec::new() }
    }
}

const ITEMS: Option<&[&str]> = Some(&["items"]);
const DATA: Option<&[&str]> = Some(&["data"]);

const fn list(
    endpoint: &'static str,
    whole: Option<&'static [&'static str]>,
    call: fn(&Otf) -> Result<Seen>,
) -> Call {
    Call { endpoint, whole, most: 8, call }
}

const fn one(endpoint: &'static str, call: fn(&Otf) -> Result<Seen>) -> Call {
    list(endpoint, None, call)
}

pub(crate) const CLASSES: Call = one("GET /v1/classes", |otf| {
    let classes = otf.bookings().classes(&ClassQuery::new().studio("s0").canceled())?;
    assert!(classes.is_sorted_by_key(|class| class.start.local));
    Ok(Seen::list(classes))
});

pub(crate) const LIST: Call = list("GET /v1/bookings/me", ITEMS, |otf| {
    let all = BookingQuery::new().from(Date::MIN).until(Date::MAX).canceled().duplicates();
    let bookings = otf.bookings().list(&all)?;
    assert!(bookings.is_sorted_by_key(|booking| booking.otf_class.start.local));
    Ok(Seen::list(bookings))
});

pub(crate) const OLDER_LIST: Call = list("/member/members/", DATA, |otf| {
    let all = LegacyBookingQuery::new().from(Date::MIN).until(Date::MAX).canceled().checked_in();
    otf.bookings().legacy().list(&all).map(Seen::list)
});

pub(crate) const OLDER: Call =
    one("GET /member/members/", |otf| otf.bookings().legacy().get(BookingUuid::new("b0")).map(Seen::one));

pub(crate) const HISTORY: Call =
    one("/member/members/", |otf| otf.bookings().legacy().history().map(Seen::list));

pub(crate) const BOOKINGS: &[Call] = &[
    CLASSES,
    LIST,
    one("GET /v1/bookings/me", |otf| {
        let bookings = otf.bookings().by_start(&BookingQuery::new().from(Date::MIN))?;
        for (start, bookings) in bookings.iter() {
            assert!(bookings.iter().all(|booking| booking.otf_class.start.local == *start));
        }
        Ok(Seen { items: Vec::new(), rejected: bookings.rejected().to_vec() })
    }),
    one("GET /v1/bookings/me", |otf| otf.bookings().next().map(Seen::one)),
    Call { most: 40, ..one("", |otf| otf.bookings().for_class(ClassId::new("c0")).map(Seen::one)) },
    one("POST /v1/bookings/me", |otf| otf.bookings().book(ClassId::new("c0")).map(Seen::one)),
    one("DELETE /v1/bookings/me/b0", |otf| otf.bookings().cancel(BookingId::new("b0")).map(Seen::one)),
    OLDER_LIST,
    HISTORY,
    OLDER,
    one("", |otf| otf.bookings().legacy().for_class(ClassUuid::new("c0")).map(Seen::one)),
    one("/member/members/", |otf| otf.bookings().legacy().book(ClassUuid::new("c0")).map(Seen::one)),
    list("GET /v1/classes/filters", ITEMS, |otf| otf.bookings().class_filters().map(Seen::list)),
];

pub(crate) const DETAIL: Call = one("", |otf| otf.members().detail().map(Seen::one));
pub(crate) const MEMBERSHIP: Call = one("/memberships", |otf| otf.members().membership().map(Seen::one));
pub(crate) const PURCHASES: Call = list("/purchases", DATA, |otf| otf.members().purchases().map(Seen::list));
pub(crate) const SMS: Call = one("", |otf| otf.members().sms_notifications().map(Seen::one));
pub(crate) const EMAIL: Call = one("", |otf| otf.members().email_notifications().map(Seen::one));

pub(crate) const MEMBERS: &[Call] = &[
    DETAIL,
    MEMBERSHIP,
    PURCHASES,
    SMS,
    EMAIL,
    Call { most: 120, ..list("", DATA, |otf| otf.members().purchases_with_studios().map(Seen::list)) },
    one("", |otf| otf.home_studio_uuid().map(Seen::one)),
    one("", |otf| otf.members().update_name("Robin", "Gray").map(Seen::one)),
    one("", |otf| otf.members().update_display_name("Robin").map(Seen::one)),
    one("GET /mobile/v1/members/classes/summary", |otf| otf.members().class_counters().map(Seen::one)),
];

pub(crate) const STUDIO: Call =
    one("GET /mobile/v1/studios/s0", |otf| otf.studios().detail(StudioUuid::new("s0")).map(Seen::one));

/// Every page gets the same reply.
pub(crate) const SEARCH: Call = Call {
    most: 1_000,
    ..one("GET /mobile/v1/studios", |otf| {
        otf.studios().search(&GeoQuery::around(42.0, -93.6)).map(Seen::list)
    })
};

/// The list, and a studio.
pub(crate) const SERVICES: Call = Call {
    most: 10,
    ..list("GET /member/studios/s0/services", DATA, |otf| {
        otf.studios().services(StudioUuid::new("s0")).map(Seen::list)
    })
};

pub(crate) const STUDIOS: &[Call] = &[
    STUDIO,
    SEARCH,
    SERVICES,
    Call { most: 120, ..list("/favorite-studios", DATA, |otf| otf.studios().favorites().map(Seen::list)) },
    list("POST /mobile/v1/members/favorite-studios", Some(&["data", "studios"]), |otf| {
        otf.studios().add_favorites([StudioUuid::new("s0")]).map(Seen::list)
    }),
];

const EVER: fn() -> WorkoutQuery = || WorkoutQuery::new().lifetime();

pub(crate) const WORKOUTS: &[Call] = &[
    // Bookings, summaries, and for each of two workouts its summary and its telemetry.
    Call { most: 40, ..one("", |otf| otf.workouts().list(&EVER()).map(Seen::list)) },
    Call {
        most: 40,
        ..one("", |otf| {
            let mut workouts = otf.workouts().iter(&EVER())?;
            let items =
                workouts.by_ref().take(60).map(|workout| workout.map(|it| serde_json::to_value(it).unwrap()));
            Ok(Seen { items: items.collect::<Result<_>>()?, rejected: workouts.rejected().to_vec() })
        })
    },
    Call { most: 40, ..one("", |otf| otf.workouts().for_booking(BookingId::new("b0")).map(Seen::one)) },
    SUMMARY,
    SUMMARIES,
    TELEMETRY,
    HEART_RATES,
    SCANS,
    OUT_OF_STUDIO,
    TRACKER,
    BENCHMARKS,
    one("GET /challenges/v1/member/", |otf| {
        otf.workouts().challenge_detail(ChallengeCategory::DriTri).map(Seen::one)
    }),
    STATS,
    one("GET /performance/v2/", |otf| {
        otf.workouts().lifetime_stats_out_of_studio(StatsTime::ThisYear).map(Seen::one)
    }),
    TREND,
    PREVIEW,
    list("GET /virtual-class/in-studio-workouts", DATA, |otf| {
        otf.workouts().in_studio_history().map(Seen::list)
    }),
];

pub(crate) const TREND: Call = one("GET /consumer-mobile/v1/users/me/workout-stats/", |otf| {
    otf.trends().stats("peak_hr", &TrendRange::new()).map(Seen::one)
});
pub(crate) const PREVIEW: Call =
    one("GET /consumer-mobile/v1/users/me/workout-stats/", |otf| otf.trends().preview(3).map(Seen::one));

pub(crate) const SUMMARY: Call = one("GET /v1/performance-summaries/p0", |otf| {
    otf.workouts().performance_summary(PerformanceSummaryId::new("p0")).map(Seen::one)
});
pub(crate) const TELEMETRY: Call = one("GET /v1/performance/summary", |otf| {
    otf.workouts().telemetry(PerformanceSummaryId::new("p0"), 10).map(Seen::one)
});
pub(crate) const SUMMARIES: Call = list("GET /v1/performance-summaries", ITEMS, |otf| {
    otf.workouts().performance_summaries(None).map(Seen::list)
});
pub(crate) const HEART_RATES: Call = list("GET /v1/physVars/maxHr/history", Some(&["history"]), |otf| {
    otf.workouts().heart_rate_history().map(Seen::list)
});
pub(crate) const SCANS: Call =
    list("/body-composition", DATA, |otf| otf.workouts().body_composition().map(Seen::list));
pub(crate) const OUT_OF_STUDIO: Call =
    list("/out-of-studio-workout", DATA, |otf| otf.workouts().out_of_studio_history().map(Seen::list));
pub(crate) const TRACKER: Call =
    one("GET /challenges/v3.1/member/", |otf| otf.workouts().challenge_tracker().map(Seen::one));
pub(crate) const BENCHMARKS: Call = list("GET /challenges/v3/member/", Some(&["Dto"]), |otf| {
    otf.workouts().benchmarks(&BenchmarkQuery::new()).map(Seen::list)
});
pub(crate) const STATS: Call = one("GET /performance/v2/", |otf| {
    otf.workouts().lifetime_stats_in_studio(StatsTime::AllTime).map(Seen::one)
});

/// Makes a call of a service whose response at one payload's place is this body; with `everywhere`, at all places.
pub(crate) fn check(call: &Call, payload: &Payload, body: &[u8], everywhere: bool) {
    let (served, file) = (body.to_vec(), payload.file);
    let net = Net::signed_in(move |request| {
        let other = payloads::at(request.uri().path()).filter(|other| other.file != file && !everywhere);
        Ok(reply(
            200,
            other.map_or_else(|| served.clone(), |other| other.template().to_string().into_bytes()),
        ))
    });
    let otf = client(&net);
    let result = (call.call)(&otf);
    let asked = net.take();
    assert!(asked.len() <= call.most, "{asked:?}");
    let writes = asked.iter().filter(|asked| !asked.starts_with("GET")).count();
    assert!(writes <= 1, "a write was sent twice: {asked:?}");
    match result {
        Ok(seen) if everywhere => {
            let whole: Option<Value> = serde_json::from_slice(body).ok();
            let raw = call
                .whole
                .and_then(|keys| keys.iter().try_fold(whole.as_ref()?, |value, key| value.get(key)));
            if let Some(Value::Array(raw)) = raw {
                let lost = seen.rejected.iter().filter(|rejected| !rejected.item_kept).count();
                assert_eq!(seen.items.len() + lost, raw.len(), "items are lost");
            }
        }
        Ok(_) => {}
        Err(error) => {
            check_error(&error);
            // What the service sent can be nothing that can be asked for.
            if !matches!(error, Error::InvalidInput { .. } | Error::NotFound { .. }) {
                assert!(error.to_string().contains(call.endpoint), "{} is not named: {error}", call.endpoint);
            }
            assert!(writes == 1 || !matches!(error, Error::OutcomeUnknown { .. }), "{error}");
        }
    }
}
