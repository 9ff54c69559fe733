//! Challenges and benchmarks.

use std::fmt;

use jiff::civil::DateTime;
use serde_json::Value;

use super::measurement::Measurement;
use crate::decode::Listing;
use crate::error::printable;

model! {
    /// The programs, challenges and benchmarks that exist, and the years in which the member took part.
    pub struct ChallengeTracker {
        /// Programs.
        pub programs: Listing<Challenge> = "Programs",
        /// Challenges.
        pub challenges: Listing<Challenge> = "Challenges",
        /// Benchmarks, by equipment.
        pub benchmarks: Listing<Benchmark> = "Benchmarks",
    }
}

model! {
    /// A challenge or a program.
    #[doc(alias = "Program")]
    pub struct Challenge {
        /// Its category.
        pub challenge_category_id: Option<ChallengeCategory> = "ChallengeCategoryId",
        /// Its sub-category, whose meaning depends on the category: see [`DriTriChallengeSubCategory`] and
        /// [`MarathonMonthChallengeSubCategory`].
        pub challenge_sub_category_id: Option<i64> = "ChallengeSubCategoryId",
        /// Its name.
        pub challenge_name: Option<String> = "ChallengeName",
        /// The years in which it took place.
        pub years: Listing<ChallengeYear> = "Years",
        /// A picture for it.
        pub logo_url: Option<String> = "LogoUrl",
    }
}

model! {
    /// The benchmarks of one kind of equipment.
    pub struct Benchmark {
        /// The equipment.
        pub equipment_id: Option<EquipmentType> = "EquipmentId",
        /// The equipment's name.
        pub equipment_name: Option<String> = "EquipmentName",
        /// The years in which there were some.
        pub years: Listing<ChallengeYear> = "Years",
        /// A picture for it.
        pub logo_url: Option<String> = "LogoUrl",
    }
}

model! {
    /// A year of a challenge.
    #[doc(alias = "Year")]
    #[derive(Copy, Eq)]
    pub struct ChallengeYear {
        /// The year.
        pub year: Option<i64> = "Year",
        /// Whether the member took part.
        pub is_participated: Option<bool> = "IsParticipated",
        /// Whether it is in progress.
        pub in_progress: Option<bool> = "InProgress",
    }
}

model! {
    /// A benchmark or challenge with all that the member did in it.
    pub struct FitnessBenchmark {
        /// The category.
        pub challenge_category_id: Option<ChallengeCategory> = "ChallengeCategoryId",
        /// The sub-category, whose meaning depends on the category.
        pub challenge_sub_category_id: Option<i64> = "ChallengeSubCategoryId",
        /// The equipment.
        pub equipment_id: Option<EquipmentType> = "EquipmentId",
        /// The equipment's name.
        pub equipment_name: Option<String> = "EquipmentName",
        /// What is measured.
        pub metric_entry: Option<MetricEntry> = "MetricEntry",
        /// The name.
        pub challenge_name: Option<String> = "ChallengeName",
        /// A picture for it.
        pub logo_url: Option<String> = "LogoUrl",
        /// The best result: a time, or a number in `unit`.
        pub best_record: Option<Measurement> = "BestRecord",
        /// The last result.
        pub last_record: Option<Measurement> = "LastRecord",
        /// The result before the last one.
        pub previous_record: Option<Measurement> = "PreviousRecord",
        /// The unit of results that are numbers: `km`, `m`, `lb`.
        pub unit: Option<String> = "Unit",
        /// The goal.
        pub goals: Option<Goal> = "Goals",
        /// When the member took part.
        pub challenge_histories: Listing<ChallengeHistory> = "ChallengeHistories",
    }
}

impl fmt::Display for FitnessBenchmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.challenge_name.as_deref().unwrap_or("a benchmark without a name")))?;
        if let Some(best) = &self.best_record {
            write!(f, ": best {best}")?;
            if let (Measurement::Number(_), Some(unit)) = (best, &self.unit) {
                write!(f, " {}", printable(unit))?;
            }
        }
        Ok(())
    }
}

model! {
    /// What a benchmark measures.
    pub struct MetricEntry {
        /// What is done, such as `200 METER`.
        pub title: Option<String> = "Title",
        /// The equipment.
        pub equipment_id: Option<EquipmentType> = "EquipmentId",
        /// What is counted: `Time`, `Distance`, `Attendance`.
        pub entry_type: Option<String> = "EntryType",
        /// The service's key for it.
        pub metric_key: Option<String> = "MetricKey",
        /// The lowest result that counts.
        pub min_value: Option<String> = "MinValue",
        /// The highest result that counts.
        pub max_value: Option<String> = "MaxValue",
    }
}

model! {
    /// The goal of a challenge.
    #[derive(Eq)]
    pub struct Goal {
        /// How much in each period.
        pub goal: Option<i64> = "Goal",
        /// The period, such as `day`.
        pub goal_period: Option<String> = "GoalPeriod",
        /// How much in all.
        pub overall_goal: Option<i64> = "OverallGoal",
        /// The unit of that.
        pub overall_goal_period: Option<String> = "OverallGoalPeriod",
        /// How much at least.
        pub min_overall: Option<i64> = "MinOverall",
        /// The unit of that.
        pub min_overall_period: Option<String> = "MinOverallPeriod",
    }
}

model! {
    /// A time that the member took part in a challenge.
    pub struct ChallengeHistory {
        /// The studio's name.
        pub studio_name: Option<String> = "StudioName",
        /// When the challenge started, on the studio's clock.
        pub start_date: Option<DateTime> = "StartDate",
        /// When it ended, on the studio's clock.
        pub end_date: Option<DateTime> = "EndDate",
        /// The result: a time, or a number in the benchmark's unit.
        pub total_result: Option<Measurement> = "TotalResult",
        /// Whether the member finished it.
        pub is_finished: Option<bool> = "IsFinished",
        /// The results that went into it.
        pub benchmark_histories: Listing<BenchmarkHistory> = "BenchmarkHistories",
        /// The service's number of the challenge.
        pub challenge_id: Option<i64> = "ChallengeId",
        /// The service's number of the studio.
        pub studio_id: Option<i64> = "StudioId",
        /// What it is about.
        pub challenge_objective: Option<String> = "ChallengeObjective",
    }
}

model! {
    /// A result in one class.
    pub struct BenchmarkHistory {
        /// The studio's name.
        pub studio_name: Option<String> = "StudioName",
        /// The equipment.
        pub equipment_id: Option<EquipmentType> = "EquipmentId",
        /// When the class was, on the studio's clock.
        pub class_time: Option<DateTime> = "ClassTime",
        /// The sub-category, whose meaning depends on the category.
        pub challenge_sub_category_id: Option<i64> = "ChallengeSubCategoryId",
        /// The weight lifted, in pounds.
        pub weight_lbs: Option<f64> = "WeightLBS",
        /// The class's name.
        pub class_name: Option<String> = "ClassName",
        /// The coach's name.
        pub coach_name: Option<String> = "CoachName",
        /// A picture of the coach.
        pub coach_image_url: Option<String> = "CoachImageUrl",
        /// The result: a time, or a number in the benchmark's unit.
        pub result: Option<Measurement> = "Result",
        /// The service's number of the kind of workout.
        pub workout_type_id: Option<i64> = "WorkoutTypeId",
        /// The service's number of the workout.
        pub workout_id: Option<i64> = "WorkoutId",
        /// Challenges that the result counts for, too; never seen filled.
        pub linked_challenges: Listing<Value> = "LinkedChallenges",
        /// When the record was made; it looks like UTC.
        pub date_created: Option<DateTime> = "DateCreated",
        /// When the record was last changed; it looks like UTC.
        pub date_updated: Option<DateTime> = "DateUpdated",
        /// The service's number of the class.
        pub class_id: Option<i64> = "ClassId",
        /// The service's number of what was done instead.
        pub substitute_id: Option<i64> = "SubstituteId",
    }
}

number_enum! {
    /// Exercise equipment.
    pub enum EquipmentType {
        /// The treadmill.
        Treadmill = 2,
        /// The strider.
        Strider = 3,
        /// The rower.
        Rower = 4,
        /// The bike.
        Bike = 5,
        /// The weight floor.
        WeightFloor = 6,
        /// The treadmill, walking.
        PowerWalker = 7,
    }
}

number_enum! {
    /// What a challenge is about. The service's own "other" is [`ChallengeCategory::OTHER`].
    pub enum ChallengeCategory {
        /// Rowing, strength and running in one class.
        DriTri = 2,
        /// Infinity.
        Infinity = 3,
        /// A marathon, or a part of it, over a month.
        MarathonMonth = 5,
        /// Climbing on the treadmill.
        OrangeEverest = 9,
        /// Distance within the time given.
        CatchMeIfYouCan = 10,
        /// 200 meters on the rower.
        TwoHundredMeterRow = 15,
        /// 500 meters on the rower.
        FiveHundredMeterRow = 16,
        /// 2000 meters on the rower.
        TwoThousandMeterRow = 17,
        /// 12 minutes on the treadmill.
        TwelveMinuteTreadmill = 18,
        /// A mile on the treadmill.
        OneMileTreadmill = 19,
        /// 10 minutes on the rower.
        TenMinuteRow = 20,
        /// Hell Week.
        HellWeek = 52,
        /// Inferno.
        Inferno = 55,
        /// Mayhem.
        Mayhem = 58,
        /// Back At It.
        BackAtIt = 60,
        /// 14 minutes on the rower.
        FourteenMinuteRow = 61,
        /// 12 Days of Fitness.
        TwelveDaysOfFitness = 63,
        /// The Transformation Challenge.
        TransformationChallenge = 64,
        /// Remix in Six.
        RemixInSix = 65,
        /// Push.
        Push = 66,
        /// A quarter of a mile on the treadmill.
        QuarterMileTreadmill = 69,
        /// 1000 meters on the rower.
        OneThousandMeterRow = 70,
    }
}

impl ChallengeCategory {
    /// The service's own "other", 0; in a query it means any.
    pub const OTHER: Self = Self::Other(0);
}

number_enum! {
    /// Sub-categories of [`ChallengeCategory::DriTri`].
    pub enum DriTriChallengeSubCategory {
        /// The whole distance.
        FullRun = 1,
        /// The short one.
        SprintRun = 3,
        /// In a team.
        Relay = 4,
        /// With more strength.
        StrengthRun = 1500,
    }
}

number_enum! {
    /// Sub-categories of [`ChallengeCategory::MarathonMonth`].
    pub enum MarathonMonthChallengeSubCategory {
        /// The first of its kind.
        Original = 1,
        /// A marathon.
        Full = 14,
        /// Half of one.
        Half = 15,
        /// More than one.
        Ultra = 16,
    }
}
