//! Challenges and benchmarks: the tracker, the results, and one challenge.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::members::Member;
use super::records::{Mark, RECORDS, Record, Run};
use super::responses::{bad_request, dto, forbidden, thin};
use super::schedule::COACHES;
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

/// The first year in the tracker.
const SINCE: i16 = 2018;

/// What the tracker lists: category, subcategory, name.
const PROGRAMS: [(u64, u64, &str); 5] = [
    (2, 1, "DriTri Full"),
    (2, 3, "DriTri Sprint"),
    (5, 15, "Marathon Month Half"),
    (52, 0, "Hell Week"),
    (63, 0, "12 Days of Fitness"),
];

const MACHINES: [(u64, &str); 4] = [(2, "Treadmill"), (3, "Strider"), (4, "Rower"), (6, "Weight Floor")];

impl Domain {
    /// `GET /challenges/v3.1/member/{member}`: no `Challenges`, though clients know of them.
    pub(super) fn challenge_tracker(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let today = member.home.local(call.now).date();
        let records = records_of(member);
        let years = |wanted: &dyn Fn(&Record) -> bool, running: bool| -> Value {
            let runs = || records.iter().filter(|record| wanted(record)).flat_map(|record| record.runs);
            let year = |year: i16| {
                json!({
                    "Year": year.to_string(),
                    "IsParticipated": runs().any(|run| started(run, today).year() == year),
                    "InProgress": running && year == today.year(),
                })
            };
            (SINCE..=today.year()).rev().map(year).collect()
        };
        let program = |&(category, sub, name): &(u64, u64, &str)| {
            let wanted = |record: &Record| record.category == category && record.sub.unwrap_or(0) == sub;
            json!({
                "ChallengeCategoryId": category,
                "ChallengeSubCategoryId": sub,
                "ChallengeName": name,
                "Years": years(&wanted, sub == 1),
                "LogoUrl": logo(category),
            })
        };
        let machine = |&(equipment, name): &(u64, &str)| {
            json!({
                "EquipmentId": equipment,
                "EquipmentName": name,
                "Years": years(&|record: &Record| record.equipment == equipment, false),
                "LogoUrl": logo(equipment),
            })
        };
        let mut tracker = json!({
            "Programs": PROGRAMS.iter().map(program).collect::<Value>(),
            "Benchmarks": MACHINES.iter().map(machine).collect::<Value>(),
        });
        if member.is_sparse() {
            thin(&mut tracker, &[], &["Benchmarks"]);
            if let Some(program) = tracker.pointer_mut("/Programs/0") {
                thin(program, &["ChallengeSubCategoryId", "ChallengeName"], &["LogoUrl"]);
            }
        }
        dto(&tracker)
    }

    /// `GET /challenges/v3/member/{member}/benchmarks?equipmentId&challengeTypeId&challengeSubTypeId`
    pub(super) fn benchmarks(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let id = |name: &str| call.request.query(name).map_or(Ok(0), str::parse::<u64>);
        let (Ok(equipment), Ok(category), Ok(sub)) =
            (id("equipmentId"), id("challengeTypeId"), id("challengeSubTypeId"))
        else {
            return bad_request("equipmentId, challengeTypeId and challengeSubTypeId must be numbers");
        };
        let fits = |wanted: u64, is: Option<u64>| wanted == 0 || is == Some(wanted);
        let wanted = |record: &&Record| {
            fits(equipment, Some(record.equipment))
                && fits(category, Some(record.category))
                && fits(sub, record.sub)
        };
        let found =
            records_of(member).iter().filter(wanted).map(|record| benchmark(record, member, call, false));
        dto(&found.collect())
    }

    /// `GET /challenges/v1/member/{member}/participation?challengeTypeId=…`
    ///
    /// Members who took no part in a challenge get its description too.
    pub(super) fn participation(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let Ok(category) = call.request.query("challengeTypeId").unwrap_or_default().parse::<u64>() else {
            return bad_request("challengeTypeId must be a number");
        };
        let took_part = !records_of(member).is_empty();
        let found = RECORDS.iter().filter(|record| record.category == category).map(|record| {
            let mut challenge = benchmark(record, member, call, true);
            if let (false, Some(fields)) = (took_part, challenge.as_object_mut()) {
                fields.insert("ChallengeHistories".to_owned(), json!([]));
                for name in ["BestRecord", "LastRecord", "PreviousRecord"] {
                    fields.insert(name.to_owned(), Value::Null);
                }
            }
            challenge
        });
        dto(&found.collect())
    }
}

fn records_of(member: &Member) -> &'static [Record] {
    match member {
        _ if member.is_new() => &[],
        _ if member.is_sparse() => RECORDS.get(..1).unwrap_or_default(),
        _ => &RECORDS,
    }
}

fn started(run: &Run, today: Date) -> Date {
    times::plus_days(today, -run.days_ago)
}

/// A challenge with the member's results; `in_detail` spells missing goals as an object of nulls.
fn benchmark(record: &Record, member: &Member, call: &Call<'_>, in_detail: bool) -> Value {
    let today = member.home.local(call.now).date();
    let no_goals = json!({
        "Goal": null,
        "GoalPeriod": null,
        "OverallGoal": null,
        "OverallGoalPeriod": null,
        "MinOverall": null,
        "MinOverallPeriod": null,
    });
    let goals = match (record.has_goals, in_detail) {
        (true, _) => json!({
            "Goal": 1,
            "GoalPeriod": "day",
            "OverallGoal": 8,
            "OverallGoalPeriod": "day",
            "MinOverall": 4,
            "MinOverallPeriod": null,
        }),
        (false, true) => no_goals,
        (false, false) => Value::Null,
    };
    let machine = MACHINES.into_iter().find(|(id, _)| *id == record.equipment).map(|(_, name)| name);
    let (low, high) = record.limits.unzip();
    let mut json = json!({
        "ChallengeCategoryId": record.category,
        "ChallengeSubCategoryId": record.sub,
        "EquipmentId": record.equipment,
        "EquipmentName": machine,
        "MetricEntry": {
            "Title": record.title,
            "EquipmentId": record.equipment,
            "EntryType": record.entry_type,
            "MetricKey": record.title.replace(' ', ""),
            "MinValue": low,
            "MaxValue": high,
        },
        "ChallengeName": record.name,
        "LogoUrl": logo(record.category),
        "BestRecord": mark(record.best),
        "LastRecord": mark(record.last),
        "PreviousRecord": mark(record.previous),
        "Unit": record.unit,
        "Goals": goals,
        "ChallengeHistories": record.runs.iter().map(|run| history(record, run, member, today)).collect::<Value>(),
    });
    if member.is_sparse() {
        thin(
            &mut json,
            &["EquipmentId", "EquipmentName", "MetricEntry", "PreviousRecord"],
            &["LogoUrl", "Goals"],
        );
        if let Some(result) = json.pointer_mut("/ChallengeHistories/0/BenchmarkHistories/0") {
            thin(
                result,
                &["CoachName", "LinkedChallenges", "Result", "WeightLBS"],
                &["ClassTime", "ClassId"],
            );
        }
    }
    json
}

fn history(record: &Record, run: &Run, member: &Member, today: Date) -> Value {
    let first = started(run, today);
    let last = times::plus_days(first, run.length);
    let seed = format!("challenge/{}/{}", record.name, run.days_ago);
    let results = (0..).zip(run.results).map(|(nth, result)| {
        let class = format!("{seed}/{nth}");
        let day = times::day(times::plus_days(last, -nth * 2));
        json!({
            "StudioName": member.home.name,
            "EquipmentId": record.equipment,
            "Result": mark(*result),
            "DateCreated": format!("{day}T15:14:52"),
            "DateUpdated": format!("{day}T15:15:53"),
            "ClassTime": format!("{day}T09:45:00"),
            "ChallengeSubCategoryId": record.sub,
            "ClassId": ids::number(&class, "class", 2_200_000_000, 2_600_000_000),
            "SubstituteId": (record.equipment == 2).then_some(1),
            "WeightLBS": 0,
            "ClassName": "Orange 60 Min 2G",
            "CoachName": COACHES.first(),
            "CoachImageUrl": "https://example.com/coaches/wren.jpg",
            "WorkoutTypeId": null,
            "WorkoutId": null,
            "LinkedChallenges": [],
        })
    });
    json!({
        "ChallengeObjective": "None",
        "ChallengeId": ids::number(&seed, "id", 400_000, 900_000),
        "StudioId": ids::number(member.home.key, "challenge studio", 1_000, 9_000),
        "StudioName": member.home.name,
        "StartDate": format!("{first}T00:00:00"),
        "EndDate": format!("{last}T23:59:00"),
        "TotalResult": mark(run.total),
        "IsFinished": true,
        "BenchmarkHistories": results.collect::<Value>(),
    })
}

fn mark(mark: Mark) -> Value {
    match mark {
        Mark::Text(text) => json!(text),
        Mark::Number(number) => json!(number),
    }
}

fn logo(id: u64) -> String {
    format!("https://example.com/logos/{id}.png")
}
