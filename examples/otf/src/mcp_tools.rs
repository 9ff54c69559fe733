//! The tools that `otf mcp` offers.

use std::fmt::Display;

use otf_api::jiff::SignedDuration;
use otf_api::jiff::civil::DateTime;
use otf_api::{BookingOptions, BookingQuery, ClassQuery, WorkoutQuery};
use serde_json::{Map, Value, json};

use crate::class_choice::ClassChoice;
use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::service::Service;
use crate::{shapes, values};

/// A tool: its name, what it is for, and its arguments.
pub struct Tool {
    pub name: &'static str,
    description: &'static str,
    arguments: &'static [Argument],
    is_read_only: bool,
}

struct Argument {
    name: &'static str,
    kind: &'static str,
    description: &'static str,
    is_required: bool,
}

const fn required(name: &'static str, kind: &'static str, description: &'static str) -> Argument {
    Argument { name, kind, description, is_required: true }
}

const fn optional(name: &'static str, kind: &'static str, description: &'static str) -> Argument {
    Argument { name, kind, description, is_required: false }
}

const DATE: Argument = required("date", "string", "the day, YYYY-MM-DD");
const TIME: Argument = required("time", "string", "the start on the studio's clock, such as 9:45");
const TYPE: Argument = optional("type", "string", "the class type, such as orange_60");
const COACH: Argument = optional("coach", "string", "the coach, if several classes start at that time");
const CLASS_ID: Argument = optional(
    "class_id",
    "string",
    "the class's id from the list, if coach and type do not tell classes apart",
);
const CONFIRM: Argument = required(
    "confirm",
    "string",
    "the class's name, coach, day and time, repeated from the list once the person has agreed: NAME with COACH, \
        YYYY-MM-DD HH:MM",
);

/// All tools. Those that change something need `confirm`.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "list_classes",
        description: "The classes of the home studio in the next weeks.",
        arguments: &[
            optional("date", "string", "only this day, YYYY-MM-DD"),
            optional("weekday", "string", "only this day of the week, such as sat"),
            TYPE,
            optional("available", "boolean", "only classes with a free spot"),
        ],
        is_read_only: true,
    },
    Tool {
        name: "list_bookings",
        description: "The upcoming bookings and waitlist spots.",
        arguments: &[optional("days", "integer", "how many days ahead; 45 unless given")],
        is_read_only: true,
    },
    Tool {
        name: "list_workouts",
        description: "Past workouts with their figures.",
        arguments: &[optional("days", "integer", "how many days back; 30 unless given")],
        is_read_only: true,
    },
    Tool {
        name: "book_class",
        description: "Books a class, once, no matter how often it is called.",
        arguments: &[
            DATE,
            TIME,
            TYPE,
            COACH,
            CLASS_ID,
            optional("waitlist", "boolean", "take a spot on the waitlist if the class is full"),
            CONFIRM,
        ],
        is_read_only: false,
    },
    Tool {
        name: "cancel_booking",
        description: "Cancels a booking or leaves a waitlist. Within the late-cancel window it refuses unless late is true.",
        arguments: &[
            DATE,
            TIME,
            TYPE,
            COACH,
            CLASS_ID,
            optional("late", "boolean", "cancel although the studio may charge for it"),
            CONFIRM,
        ],
        is_read_only: false,
    },
];

impl Tool {
    /// The tool as the protocol lists it.
    pub fn describe(&self) -> Value {
        let properties: Map<String, Value> = self
            .arguments
            .iter()
            .map(|argument| {
                let schema = json!({ "type": argument.kind, "description": argument.description });
                (argument.name.to_owned(), schema)
            })
            .collect();
        let required = self.arguments.iter().filter(|argument| argument.is_required);
        json!({
            "name": self.name,
            "description": self.description,
            "inputSchema": {
                "type": "object",
                "properties": properties,
                "required": required.map(|argument| argument.name).collect::<Vec<_>>(),
                "additionalProperties": false,
            },
            "annotations": { "readOnlyHint": self.is_read_only, "destructiveHint": !self.is_read_only },
        })
    }
}

/// The tools with the client that they use, which signs in at the first call.
pub struct Tools<'a> {
    global: &'a Global,
    service: Option<Service>,
}

impl<'a> Tools<'a> {
    pub fn new(global: &'a Global) -> Self {
        Self { global, service: None }
    }

    /// Calls a tool.
    pub fn call(&mut self, tool: &Tool, arguments: &Value) -> Result<Value> {
        let arguments = Arguments::of(tool, arguments)?;
        let service = match self.service.take() {
            Some(service) => service,
            // Standard input is the protocol's, so nobody can be asked for a password.
            None => Service::connect_with(self.global, |builder| builder.prompt(false))?,
        };
        let service = self.service.insert(service);
        match tool.name {
            "list_classes" => list_classes(service, &arguments),
            "list_bookings" => list_bookings(service, &arguments),
            "list_workouts" => list_workouts(service, &arguments),
            "book_class" => book(service, &arguments),
            "cancel_booking" => cancel(service, &arguments),
            name => Err(Failure::usage(format!("unknown tool {name:?}"))),
        }
    }
}

/// The arguments of a call, checked against the tool's.
struct Arguments<'a>(&'a Map<String, Value>);

impl<'a> Arguments<'a> {
    fn of(tool: &Tool, arguments: &'a Value) -> Result<Self> {
        let given = arguments.as_object().ok_or_else(|| Failure::usage("arguments must be an object"))?;
        for (name, value) in given {
            let known = tool.arguments.iter().find(|argument| argument.name == name);
            let argument = known.ok_or_else(|| Failure::usage(format!("unknown argument {name:?}")))?;
            let fits = match argument.kind {
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                _ => value.is_u64(),
            };
            if !fits {
                return Err(Failure::usage(format!("{name}: expected {}", argument.kind)));
            }
        }
        match tool
            .arguments
            .iter()
            .find(|argument| argument.is_required && !given.contains_key(argument.name))
        {
            Some(missing) => Err(Failure::usage(format!("{} is missing", missing.name))),
            None => Ok(Self(given)),
        }
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A text, read as options of the command line are.
    fn parsed<T>(&self, name: &str, parse: fn(&str) -> std::result::Result<T, String>) -> Result<Option<T>> {
        self.text(name).map(parse).transpose().map_err(|error| Failure::usage(error).about(name))
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn days(&self, default: i64, most: i64) -> Result<SignedDuration> {
        let days = self.0.get("days").and_then(Value::as_i64).unwrap_or(default);
        if !(1..=most).contains(&days) {
            return Err(Failure::usage(format!("days: expected 1 to {most}")));
        }
        Ok(SignedDuration::from_hours(24 * days))
    }

    fn class(&self) -> Result<ClassChoice> {
        let missing = || Failure::usage("date and time are missing");
        Ok(ClassChoice {
            date: Some(self.parsed("date", values::date)?.ok_or_else(missing)?),
            weekday: None,
            time: self.parsed("time", values::time_of_day)?.ok_or_else(missing)?,
            class_type: self.parsed("type", values::class_type)?,
            coach: self.parsed("coach", values::non_blank)?,
            id: self.parsed("class_id", values::non_blank)?,
        })
    }

    /// Whether `confirm` repeats the class, its coach, its day and its time.
    fn check_confirmation(&self, name: impl Display, coach: Option<&str>, start: DateTime) -> Result {
        let with = coach.map(|coach| format!(" with {coach}")).unwrap_or_default();
        let expected = format!("{name}{with}, {}", start.strftime("%Y-%m-%d %H:%M"));
        let given = self.text("confirm").unwrap_or_default().trim();
        if given.to_lowercase() == expected.to_lowercase() {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "nothing was done: the class is \"{expected}\". Ask the person, then repeat exactly that in confirm"
        )))
    }
}

fn list_classes(service: &Service, arguments: &Arguments<'_>) -> Result<Value> {
    let mut query = ClassQuery::new();
    if let Some(date) = arguments.parsed("date", values::date)? {
        query = query.on(date);
    }
    if let Some(weekday) = arguments.parsed("weekday", values::weekday)? {
        query = query.weekday(weekday);
    }
    if let Some(class_type) = arguments.parsed("type", values::class_type)? {
        query = query.class_type(class_type);
    }
    if arguments.flag("available") {
        query = query.available();
    }
    let classes = service.otf.bookings().classes(&query)?;
    let list: Vec<_> = classes.iter().map(shapes::class).collect();
    Ok(json!({ "classes": list, "unreadable": classes.rejected().len() }))
}

fn list_bookings(service: &Service, arguments: &Arguments<'_>) -> Result<Value> {
    let until = service.now().checked_add(arguments.days(45, 366)?)?;
    let bookings = service.otf.bookings().list(&BookingQuery::new().until(until))?;
    let list: Vec<_> = bookings.iter().map(shapes::booking).collect();
    Ok(json!({ "bookings": list, "unreadable": bookings.rejected().len() }))
}

fn list_workouts(service: &Service, arguments: &Arguments<'_>) -> Result<Value> {
    let from = service.now().checked_sub(arguments.days(30, 3660)?)?;
    let workouts = service.otf.workouts().list(&WorkoutQuery::new().from(from).without_telemetry())?;
    let list: Vec<_> = workouts.iter().map(shapes::workout).collect();
    Ok(json!({ "workouts": list, "unreadable": workouts.rejected().len() }))
}

fn book(service: &Service, arguments: &Arguments<'_>) -> Result<Value> {
    let choice = arguments.class()?;
    let class = choice.require(service, choice.day(service.now(), &service.zone()?)?)?;
    arguments.check_confirmation(&class.name, class.coach_name(), class.start.local)?;
    let mut options = BookingOptions::new();
    if arguments.flag("waitlist") {
        options = options.waitlist();
    }
    let ensured = service.otf.bookings().ensure_booked(&class, &options)?;
    Ok(shapes::ensured(&ensured))
}

fn cancel(service: &Service, arguments: &Arguments<'_>) -> Result<Value> {
    let booking = arguments.class()?.find_booking(service)?;
    arguments.check_confirmation(&booking.otf_class.name, booking.coach_name(), booking.start().local)?;
    let canceled = service.cancel(&booking, arguments.flag("late"))?;
    Ok(shapes::canceled(&booking, &canceled))
}
