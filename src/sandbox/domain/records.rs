//! Results of challenges and benchmarks: text for times and attendance, numbers for distances.

use Mark::{Number, Text};

/// A result in the service's form.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Text(&'static str),
    Number(f64),
}

/// A benchmark or challenge with its results.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) category: u64,
    pub(super) sub: Option<u64>,
    pub(super) equipment: u64,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) entry_type: &'static str,
    /// The limits of an entry. Both empty text and null mean none.
    pub(super) limits: Option<(&'static str, &'static str)>,
    pub(super) unit: Option<&'static str>,
    pub(super) has_goals: bool,
    pub(super) best: Mark,
    pub(super) last: Mark,
    pub(super) previous: Mark,
    pub(super) runs: &'static [Run],
}

/// One run of a challenge.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) days_ago: i32,
    /// Days from the first to the last.
    pub(super) length: i32,
    pub(super) total: Mark,
    pub(super) results: &'static [Mark],
}

pub(super) static RECORDS: [Record; 7] = [
    Record {
        category: 15,
        sub: None,
        equipment: 4,
        name: "200 METER Row",
        title: "200 METER",
        entry_type: "Time",
        limits: Some(("00:15.00", "01:50.00")),
        unit: None,
        has_goals: false,
        best: Text("00:33.50"),
        last: Text("00:34.18"),
        previous: Text("00:33.50"),
        runs: &[
            Run { days_ago: 120, length: 0, total: Text("00:00:34.18"), results: &[Text("00:34.18")] },
            Run { days_ago: 330, length: 0, total: Text("00:00:33.50"), results: &[Text("00:33.50")] },
        ],
    },
    Record {
        category: 55,
        sub: None,
        equipment: 4,
        name: "Inferno",
        title: "23 MIN",
        entry_type: "Distance",
        limits: Some(("", "")),
        unit: Some("m"),
        has_goals: false,
        best: Number(2_323.0),
        last: Number(2_323.0),
        previous: Number(2_284.0),
        runs: &[Run { days_ago: 150, length: 0, total: Number(2_323.0), results: &[Number(2_323.0)] }],
    },
    Record {
        category: 52,
        sub: None,
        equipment: 4,
        name: "Hell Week",
        title: "",
        entry_type: "Attendance",
        limits: Some(("", "")),
        unit: Some("lb"),
        has_goals: true,
        best: Text("0"),
        last: Text("0"),
        previous: Text("0"),
        runs: &[Run { days_ago: 200, length: 7, total: Text("0"), results: &[Text("0"), Text("0")] }],
    },
    Record {
        category: 19,
        sub: None,
        equipment: 2,
        name: "1 MILE Treadmill",
        title: "1 MILE",
        entry_type: "Time",
        limits: Some(("", "")),
        unit: None,
        has_goals: false,
        best: Text("11:17"),
        last: Text("11:17"),
        previous: Text("11:17"),
        runs: &[Run { days_ago: 250, length: 0, total: Text("00:11:17.00"), results: &[Text("11:17")] }],
    },
    Record {
        category: 2,
        sub: Some(3),
        equipment: 2,
        name: "DriTri Sprint",
        title: "3.1 MILE",
        entry_type: "Time",
        limits: Some(("20:00.00", "90:00.00")),
        unit: None,
        has_goals: false,
        best: Text("36:54.00"),
        last: Text("36:54.00"),
        previous: Text("36:54.00"),
        runs: &[Run { days_ago: 300, length: 2, total: Text("36:54.00"), results: &[Text("36:54.00")] }],
    },
    Record {
        category: 5,
        sub: Some(15),
        equipment: 2,
        name: "Marathon Month Half",
        title: "23 MIN",
        entry_type: "Distance",
        limits: None,
        unit: Some("km"),
        has_goals: false,
        best: Number(6.147_694_08),
        last: Number(3.218_688),
        previous: Number(5.182_087_68),
        runs: &[Run {
            days_ago: 95,
            length: 30,
            total: Number(11.297_594_88),
            results: &[Number(3.218_688), Number(5.182_087_68), Number(2.896_819_200_000_000_4)],
        }],
    },
    Record {
        category: 10,
        sub: None,
        equipment: 2,
        name: "Catch me If You Can",
        title: "22 MIN",
        entry_type: "Distance",
        limits: Some(("0.16093440000000003", "8.04672")),
        unit: Some("km"),
        has_goals: false,
        best: Number(1.400_129_28),
        last: Number(1.367_942_4),
        previous: Number(1.400_129_28),
        runs: &[Run { days_ago: 60, length: 0, total: Number(1.367_942_4), results: &[Number(1.367_942_4)] }],
    },
];
