//! Body composition, as an InBody scanner measured it.

use jiff::civil::DateTime;

use crate::ids::MemberUuid;

model! {
    /// A scan. Weights and masses are in pounds whatever unit the member uses. What this scanner does not measure
    /// comes as 0.
    pub struct BodyCompositionData {
        /// Whose scan it is.
        pub member_uuid: Option<MemberUuid> = "memberUUId",
        /// The service's number of the member, as a text: it comes as either.
        pub member_id: Option<String> = "memberId",
        /// The scan's id; empty where the service gives none.
        pub scan_result_uuid: String = "scanResultUUId",
        /// The scanner's id of the member: the e-mail address.
        pub inbody_id: Option<String> = "id",
        /// The e-mail address that the scanner knows.
        pub email: Option<String>,
        /// Height, in centimetres.
        pub height: Option<String>,
        /// `M` or `F`, for what is healthy.
        pub gender: Option<String>,
        /// Age in years, for what is healthy.
        pub age: Option<i64>,
        /// When it was made, on the studio's clock.
        pub scan_datetime: Option<DateTime> = "testDatetime",
        /// Weight, in pounds.
        pub provided_weight: Option<f64> = "weight",
        /// Total body water.
        pub total_body_water: Option<f64> = "tbw",
        /// Dry lean mass, in pounds.
        pub dry_lean_mass: Option<f64> = "dlm",
        /// Body fat, in pounds.
        pub body_fat_mass: Option<f64> = "bfm",
        /// Lean body mass, in pounds.
        pub lean_body_mass: Option<f64> = "lbm",
        /// Skeletal muscles, in pounds.
        pub skeletal_muscle_mass: Option<f64> = "smm",
        /// Body mass index, in kilograms per square metre.
        pub body_mass_index: Option<f64> = "bmi",
        /// Body fat, in percent of the weight.
        pub percent_body_fat: Option<f64> = "pbf",
        /// Basal metabolic rate, in kilocalories per day.
        pub basal_metabolic_rate: Option<f64> = "bmr",
        /// The scanner's model.
        pub in_body_type: Option<String> = "inBodyType",
        /// Lean body mass, in pounds.
        pub lean_body_mass_details: LeanBodyMass,
        /// Lean body mass, in percent of what is normal.
        pub lean_body_mass_percent_details: LeanBodyMassPercent,
        /// The marks on the scale of body fat.
        pub body_fat_mass_dividers: Vec<f64> = "bfmGraphScale",
        /// The place on the scale of body fat.
        pub body_fat_mass_plot_point: Option<f64> = "pfatnew",
        /// The marks on the scale of skeletal muscles.
        pub skeletal_muscle_mass_dividers: Vec<f64> = "smmGraphScale",
        /// The place on the scale of skeletal muscles.
        pub skeletal_muscle_mass_plot_point: Option<f64> = "psmm",
        /// The marks on the scale of weight.
        pub weight_dividers: Vec<f64> = "wtGraphScale",
        /// The place on the scale of weight.
        pub weight_plot_point: Option<f64> = "pwt",
        /// Body fat, in pounds.
        pub body_fat_mass_details: BodyFatMass,
        /// Body fat, in percent of what is normal.
        pub body_fat_mass_percent_details: BodyFatMassPercent,
        /// Water.
        pub total_body_water_details: TotalBodyWater,
        /// Water within cells.
        pub intra_cellular_water_details: IntraCellularWater,
        /// Water outside cells.
        pub extra_cellular_water_details: ExtraCellularWater,
        /// Water outside cells, as a part of all water.
        pub extra_cellular_water_over_total_body_water_details: ExtraCellularWaterOverTotalBodyWater,
        /// Visceral fat, as a level.
        pub visceral_fat_level: Option<f64> = "vfl",
        /// Visceral fat, as an area.
        pub visceral_fat_area: Option<f64> = "vfa",
        /// Body cell mass.
        pub body_comp_measurement: Option<f64> = "bcm",
        /// Water, as a part of the lean body mass.
        pub total_body_water_over_lean_body_mass: Option<f64> = "tbwOverLBM",
        /// Water within cells.
        pub intracellular_water: Option<f64> = "icw",
        /// Water outside cells.
        pub extracellular_water: Option<f64> = "ecw",
        /// Lean body mass to gain, in pounds.
        pub lean_body_mass_control: Option<f64> = "lbmControl",
    }
    flat {
        "lbmOfLeftArm" => lean_body_mass_details.left_arm,
        "lbmOfLeftLeg" => lean_body_mass_details.left_leg,
        "lbmOfRightArm" => lean_body_mass_details.right_arm,
        "lbmOfRightLeg" => lean_body_mass_details.right_leg,
        "lbmOfTrunk" => lean_body_mass_details.trunk,
        "lbmPercentOfLeftArm" => lean_body_mass_percent_details.left_arm,
        "lbmPercentOfLeftLeg" => lean_body_mass_percent_details.left_leg,
        "lbmPercentOfRightArm" => lean_body_mass_percent_details.right_arm,
        "lbmPercentOfRightLeg" => lean_body_mass_percent_details.right_leg,
        "lbmPercentOfTrunk" => lean_body_mass_percent_details.trunk,
        "bfmControl" => body_fat_mass_details.control,
        "bfmOfLeftArm" => body_fat_mass_details.left_arm,
        "bfmOfLeftLeg" => body_fat_mass_details.left_leg,
        "bfmOfRightArm" => body_fat_mass_details.right_arm,
        "bfmOfRightLeg" => body_fat_mass_details.right_leg,
        "bfmOfTrunk" => body_fat_mass_details.trunk,
        "bfmPercentOfLeftArm" => body_fat_mass_percent_details.left_arm,
        "bfmPercentOfLeftLeg" => body_fat_mass_percent_details.left_leg,
        "bfmPercentOfRightArm" => body_fat_mass_percent_details.right_arm,
        "bfmPercentOfRightLeg" => body_fat_mass_percent_details.right_leg,
        "bfmPercentOfTrunk" => body_fat_mass_percent_details.trunk,
        "tbwOfLeftArm" => total_body_water_details.left_arm,
        "tbwOfLeftLeg" => total_body_water_details.left_leg,
        "tbwOfRightArm" => total_body_water_details.right_arm,
        "tbwOfRightLeg" => total_body_water_details.right_leg,
        "tbwOfTrunk" => total_body_water_details.trunk,
        "icwOfLeftArm" => intra_cellular_water_details.left_arm,
        "icwOfLeftLeg" => intra_cellular_water_details.left_leg,
        "icwOfRightArm" => intra_cellular_water_details.right_arm,
        "icwOfRightLeg" => intra_cellular_water_details.right_leg,
        "icwOfTrunk" => intra_cellular_water_details.trunk,
        "ecwOfLeftArm" => extra_cellular_water_details.left_arm,
        "ecwOfLeftLeg" => extra_cellular_water_details.left_leg,
        "ecwOfRightArm" => extra_cellular_water_details.right_arm,
        "ecwOfRightLeg" => extra_cellular_water_details.right_leg,
        "ecwOfTrunk" => extra_cellular_water_details.trunk,
        "ecwOverTBWOfLeftArm" => extra_cellular_water_over_total_body_water_details.left_arm,
        "ecwOverTBWOfLeftLeg" => extra_cellular_water_over_total_body_water_details.left_leg,
        "ecwOverTBWOfRightArm" => extra_cellular_water_over_total_body_water_details.right_arm,
        "ecwOverTBWOfRightLeg" => extra_cellular_water_over_total_body_water_details.right_leg,
        "ecwOverTBWOfTrunk" => extra_cellular_water_over_total_body_water_details.trunk,
    }
}

impl BodyCompositionData {
    /// Where body fat stands; less is better.
    #[must_use]
    pub fn body_fat_mass_relative_descriptor(&self) -> Option<AverageType> {
        relative(self.body_fat_mass_plot_point, &self.body_fat_mass_dividers, [80.0, 160.0])
    }

    /// Where skeletal muscles stand; more is better.
    #[must_use]
    pub fn skeletal_muscle_mass_relative_descriptor(&self) -> Option<AverageType> {
        relative(self.skeletal_muscle_mass_plot_point, &self.skeletal_muscle_mass_dividers, [90.0, 110.0])
    }

    /// Where the weight stands; less is better.
    #[must_use]
    pub fn weight_relative_descriptor(&self) -> Option<AverageType> {
        relative(self.weight_plot_point, &self.weight_dividers, [85.0, 115.0])
    }

    /// Where the percentage of body fat stands, for this age and gender.
    #[must_use]
    pub fn body_fat_percent_relative_descriptor(&self) -> BodyFatPercentIndicator {
        let limits = self.age.and_then(|age| body_fat_limits(age, self.gender.as_deref() == Some("M")));
        match (self.percent_body_fat.filter(|percent| *percent != 0.0), limits) {
            (Some(percent), Some([healthy, _])) if percent < healthy => {
                BodyFatPercentIndicator::HealthyBodyFat
            }
            (Some(percent), Some([_, goal])) if percent < goal => BodyFatPercentIndicator::GoalSettingFat,
            (Some(_), Some(_)) => BodyFatPercentIndicator::HighBodyFat,
            _ => BodyFatPercentIndicator::NoIndicator,
        }
    }
}

/// The third and the fifth mark bound what is average; `usual` are those where the scan has no marks.
fn relative(point: Option<f64>, marks: &[f64], usual: [f64; 2]) -> Option<AverageType> {
    let [low, high] = match marks {
        [] => usual,
        [_, _, low, _, high, ..] => [*low, *high],
        _ => return None,
    };
    Some(match point? {
        point if point <= low => AverageType::BelowAverage,
        point if point <= high => AverageType::Average,
        _ => AverageType::AboveAverage,
    })
}

/// Below which percentage body fat is healthy, and below which a goal can be set, as the official app has it.
fn body_fat_limits(age: i64, male: bool) -> Option<[f64; 2]> {
    Some(match (age, male) {
        (0..=29, true) => [13.1, 21.1],
        (30..=39, true) => [17.1, 23.1],
        (40..=49, true) => [20.1, 25.1],
        (50..=59, true) => [21.1, 26.1],
        (60..=69, true) => [22.1, 27.1],
        (0..=29, false) => [19.1, 26.1],
        (30..=39, false) => [20.1, 27.1],
        (40..=49, false) => [22.1, 30.1],
        (50..=59, false) => [25.1, 32.1],
        (60..=69, false) => [26.1, 33.1],
        _ => return None,
    })
}

/// Something that is measured for each part of the body.
macro_rules! segments {
    ($($(#[$meta:meta])* $name:ident $({ $(#[$control_meta:meta])* $control:ident })?;)*) => {
        $(model! {
            $(#[$meta])*
            #[derive(Copy)]
            pub struct $name {
                $($(#[$control_meta])* pub $control: Option<f64>,)?
                /// Left arm.
                pub left_arm: Option<f64>,
                /// Left leg.
                pub left_leg: Option<f64>,
                /// Right arm.
                pub right_arm: Option<f64>,
                /// Right leg.
                pub right_leg: Option<f64>,
                /// Trunk.
                pub trunk: Option<f64>,
            }
            absent default;
        })*
    };
}

segments! {
    /// Lean body mass of each part of the body, in pounds.
    LeanBodyMass;
    /// Lean body mass of each part of the body, in percent of what is normal.
    LeanBodyMassPercent;
    /// Body fat of each part of the body, in pounds.
    BodyFatMass {
        /// Body fat to gain, or to lose where it is negative.
        control
    };
    /// Body fat of each part of the body, in percent of what is normal.
    BodyFatMassPercent;
    /// Water of each part of the body.
    TotalBodyWater;
    /// Water within cells of each part of the body.
    IntraCellularWater;
    /// Water outside cells of each part of the body.
    ExtraCellularWater;
    /// Water outside cells of each part of the body, as a part of all its water.
    ExtraCellularWaterOverTotalBodyWater;
}

closed_enum! {
    /// Where a measure stands among those of other people.
    pub enum AverageType {
        /// Below average.
        BelowAverage = "BELOW_AVERAGE",
        /// Average.
        Average = "AVERAGE",
        /// Above average.
        AboveAverage = "ABOVE_AVERAGE",
        /// At the minimum; not used.
        Minimum = "MINIMUM",
    }
}

closed_enum! {
    /// Where a percentage of body fat stands.
    pub enum BodyFatPercentIndicator {
        /// Nothing is known for this age.
        NoIndicator = "NO_INDICATOR",
        /// At the minimum; not used.
        MinimumBodyFat = "MINIMUM_BODY_FAT",
        /// Low; not used.
        LowBodyFat = "LOW_BODY_FAT",
        /// Healthy.
        HealthyBodyFat = "HEALTHY_BODY_FAT",
        /// Something to work on.
        GoalSettingFat = "GOAL_SETTING_FAT",
        /// High.
        HighBodyFat = "HIGH_BODY_FAT",
        /// Obese; not used.
        ObeseBodyFat = "OBESE_BODY_FAT",
    }
}
