//! The classes of the studios around the day on which the sandbox started.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use super::atlas::STUDIOS;
use super::responses::{add, thin};
use super::studios::Studio;
use super::{ids, times};

/// Days of the schedule, counted from today at the studio. They reach beyond the booking window, as on
/// the real service, so booking the last few is refused.
const DAYS: std::ops::RangeInclusive<i32> = -1..=35;

/// A class at a studio, listed or long past.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) id: String,
    /// The class UUID of the older endpoints and of ratings.
    pub(super) base_uuid: String,
    pub(super) studio: &'static Studio,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) start: Timestamp,
    pub(super) minutes: i64,
    pub(super) coach: &'static str,
    pub(super) capacity: usize,
    /// Spots taken by people without an account of the sandbox.
    pub(super) others: usize,
    /// The waitlist in order: a booking's id, or `None` for somebody else.
    pub(super) queue: Vec<Option<String>>,
    pub(super) waitlist_open: bool,
    pub(super) canceled: bool,
}

/// One class of a studio's day.
struct Slot {
    hour: i8,
    minute: i8,
    name: &'static str,
    kind: &'static str,
    minutes: i64,
    capacity: usize,
}

const fn slot(at: (i8, i8), name: &'static str, kind: &'static str, minutes: i64, capacity: usize) -> Slot {
    Slot { hour: at.0, minute: at.1, name, kind, minutes, capacity }
}

/// Two classes overlap (09:45 and 10:00), and two touch (16:30 and 18:00).
const SLOTS: [Slot; 8] = [
    slot((5, 0), "Orange 3G", "ORANGE_60", 60, 36),
    slot((7, 15), "Strength 50 (Total)", "STRENGTH_50", 50, 12),
    slot((9, 45), "Orange 60 Min 2G", "ORANGE_60", 60, 24),
    slot((10, 0), "Tread 50", "TREAD_50", 50, 12),
    slot((11, 30), "Open Studio", "OTHER", 30, 36),
    slot((16, 30), "Orange 90 Min 3G", "ORANGE_90", 90, 36),
    slot((18, 0), "Orange 60 Min 2G", "ORANGE_60", 60, 24),
    slot((19, 15), "Strength 50 (Upper)", "STRENGTH_50", 50, 12),
];

pub(super) const COACHES: [&str; 5] = ["Wren", "Finley", "Taylor", "Harper", "Indigo"];

/// All classes of the studios that are open, by studio and start.
pub(super) fn schedule(now: Timestamp) -> Vec<Class> {
    let mut classes = Vec::new();
    for studio in STUDIOS.into_iter().filter(|studio| studio.is_open()) {
        let today = studio.local(now).date();
        for offset in DAYS {
            let date = times::plus_days(today, offset);
            for (number, slot) in (0..).zip(&SLOTS) {
                classes.push(scheduled(studio, date, offset, number, slot));
            }
        }
        classes.push(just_started(studio, now));
    }
    classes
}

fn scheduled(studio: &'static Studio, date: Date, offset: i32, number: i32, slot: &Slot) -> Class {
    let local = DateTime::from_parts(date, jiff::civil::time(slot.hour, slot.minute, 0, 0));
    let mut class = Class::new(studio, local, slot.name, slot.kind, slot.minutes, slot.capacity);
    // Tomorrow has one full and one canceled class, and all others can be booked.
    let (full, canceled) = match offset {
        1 => (number == 1, number == 4),
        _ => ((offset + number).rem_euclid(9) == 4, (offset + number).rem_euclid(13) == 6),
    };
    class.canceled = canceled;
    if full {
        class.others = class.capacity;
        class.waitlist_open = offset % 5 != 4;
        if class.waitlist_open {
            class.queue = vec![None; usize::from(offset % 2 != 0) * 2];
        }
    }
    class
}

/// A class that began ten minutes ago, whatever the hour.
fn just_started(studio: &'static Studio, now: Timestamp) -> Class {
    let since_epoch = now.as_second().div_euclid(300) * 300;
    let start = times::plus_minutes(Timestamp::from_second(since_epoch).unwrap_or(now), -10);
    let mut class = Class::new(studio, studio.local(start), "Orange 60 Min 3G", "ORANGE_60", 60, 24);
    // When clocks go back, the local time stands for two instants.
    class.start = start;
    class
}

impl Class {
    pub(super) fn new(
        studio: &'static Studio,
        local: DateTime,
        name: &'static str,
        kind: &'static str,
        minutes: i64,
        capacity: usize,
    ) -> Self {
        let seed = format!("class/{}/{local}/{name}", studio.key);
        let coach = ids::number(&seed, "coach", 0, COACHES.len() as u64);
        Self {
            id: ids::uuid(&seed),
            base_uuid: ids::uuid(&format!("base/{seed}")),
            studio,
            name,
            kind,
            start: times::instant(local, &studio.time_zone()),
            minutes,
            coach: usize::try_from(coach)
                .ok()
                .and_then(|index| COACHES.get(index))
                .map_or("Wren", |name| *name),
            capacity,
            others: usize::try_from(ids::number(&seed, "others", 1, 9)).unwrap_or(1),
            queue: Vec::new(),
            waitlist_open: true,
            canceled: false,
        }
    }

    pub(super) fn end(&self) -> Timestamp {
        times::plus_minutes(self.start, self.minutes)
    }

    pub(super) fn local_start(&self) -> DateTime {
        self.studio.local(self.start)
    }

    pub(super) fn local_end(&self) -> DateTime {
        self.studio.local(self.end())
    }

    pub(super) fn is_named(&self, id: &str) -> bool {
        self.id == id || self.base_uuid == id
    }

    pub(super) fn number(&self, what: &str, low: u64, high: u64) -> u64 {
        ids::number(&self.id, what, low, high)
    }

    /// A picture of the coach; some have none.
    pub(super) fn coach_image(&self) -> Option<String> {
        (self.coach != "Harper")
            .then(|| format!("https://example.com/coaches/{}.jpg", self.coach.to_lowercase()))
    }

    /// As the newer endpoints carry the coach: without a picture, the field is absent.
    fn coach_json(&self) -> Value {
        match self.coach_image() {
            Some(image) => json!({ "first_name": self.coach, "image_url": image }),
            None => json!({ "first_name": self.coach }),
        }
    }

    /// When the class was added to the schedule.
    pub(super) fn created_at(&self) -> Timestamp {
        times::plus_seconds(self.start, -31 * 86_400 + 33)
    }

    /// As the class list carries it. `taken` counts the sandbox's accounts that have a spot.
    pub(super) fn listed(&self, taken: usize) -> Value {
        let full = self.others.saturating_add(taken) >= self.capacity;
        let mut coach = self.coach_json();
        let staff_id = ids::number(self.coach, "mbo staff", 1_000_000, 800_000_000).to_string();
        add(&mut coach, json!({ "mbo_staff_id": staff_id }));
        let mut class = json!({
            "id": self.id,
            "ot_base_class_uuid": self.base_uuid,
            "starts_at": times::millis(self.start),
            "starts_at_local": times::naive(self.local_start()),
            "ends_at": times::millis(self.end()),
            "ends_at_local": times::naive(self.local_end()),
            "name": self.name,
            "type": self.kind,
            "studio": self.studio.in_class(),
            "coach": coach,
            "max_capacity": self.capacity,
            "booking_capacity": self.capacity,
            "waitlist_size": self.queue.len(),
            "full": full,
            "waitlist_available": full && self.waitlist_open,
            "canceled": self.canceled,
            "mbo_class_id": self.number("mbo class", 30_000, 60_000).to_string(),
            "mbo_class_schedule_id": self.number("mbo schedule", 2_000, 3_000).to_string(),
            "mbo_class_description_id": ids::number(self.name, "mbo description", 100, 10_000).to_string(),
            "created_at": times::millis(self.created_at()),
            "updated_at": times::millis(times::plus_minutes(self.created_at(), 900)),
        });
        if self.studio.sparse {
            thin(
                &mut class,
                &["max_capacity", "waitlist_available"],
                &["mbo_class_schedule_id", "created_at"],
            );
            if self.coach == "Harper" {
                thin(&mut class, &["coach"], &[]);
            }
        }
        class
    }

    /// As a newer booking carries it: without an end.
    pub(super) fn in_booking(&self, expand: bool, with_base_uuid: bool) -> Value {
        let mut class = json!({
            "id": self.id,
            "name": self.name,
            "type": self.kind,
            "starts_at_local": times::naive(self.local_start()),
            "starts_at": times::millis(self.start),
        });
        let Some(fields) = class.as_object_mut() else { return class };
        if with_base_uuid {
            fields.insert("ot_base_class_uuid".to_owned(), json!(self.base_uuid));
        }
        if expand {
            fields.insert("studio".to_owned(), self.studio.in_booking());
            fields.insert("coach".to_owned(), self.coach_json());
        }
        class
    }
}
