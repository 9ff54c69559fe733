//! Body composition, as an InBody scanner measured it.

use jiff::civil::DateTime;

use crate::ids::MemberUuid;

model! {
    /// A scan. Weights and masses are in pounds, whatever unit the member uses. Values that the scanner does not
    /// measure are 0.
    pub struct BodyCompositionData {
        joined {
            /// Lean body mass, in pounds.
            pub lean_body_mass_details: BodySegments,
            /// Lean body mass, in percent of the normal value.
            pub lean_body_mass_percent_details: BodySegments,
            /// Body fat, in pounds.
            pub body_fat_mass_details: BodySegments,
            /// Body fat, in percent of the normal value.
            pub body_fat_mass_percent_details: BodySegments,
            /// Water.
            pub total_body_water_details: BodySegments,
            /// Water within cells.
            pub intra_cellular_water_details: BodySegments,
            /// Water outside cells.
            pub extra_cellular_water_details: BodySegments,
            /// Water outside cells, as a fraction of all water.
            pub extra_cellular_water_over_total_body_water_details: BodySegments,
        }
        /// Whose scan it is.
        pub member_uuid: Option<MemberUuid> = "memberUUId",
        /// The service's number of the member, as text, since the service sends both numbers and text.
        pub member_id: Option<String> = "memberId",
        /// The scan's id; empty if the service sends none.
        pub scan_result_uuid: String = "scanResultUUId",
        /// The scanner's id of the member: the email address.
        pub inbody_id: Option<String> = "id",
        /// The email address that the scanner knows.
        pub email: Option<String>,
        /// Height, in centimeters.
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
        /// Body mass index, in kilograms per square meter.
        pub body_mass_index: Option<f64> = "bmi",
        /// Body fat, in percent of the weight.
        pub percent_body_fat: Option<f64> = "pbf",
        /// Basal metabolic rate, in kilocalories per day.
        pub basal_metabolic_rate: Option<f64> = "bmr",
        /// The scanner's model.
        pub in_body_type: Option<String> = "inBodyType",
        /// The marks on the scale of body fat.
        pub body_fat_mass_dividers: Vec<f64> = "bfmGraphScale",
        /// The position on the scale of body fat.
        pub body_fat_mass_plot_point: Option<f64> = "pfatnew",
        /// The marks on the scale of skeletal muscles.
        pub skeletal_muscle_mass_dividers: Vec<f64> = "smmGraphScale",
        /// The position on the scale of skeletal muscles.
        pub skeletal_muscle_mass_plot_point: Option<f64> = "psmm",
        /// The marks on the scale of weight.
        pub weight_dividers: Vec<f64> = "wtGraphScale",
        /// The position on the scale of weight.
        pub weight_plot_point: Option<f64> = "pwt",
        /// Body fat to gain, or to lose if it is negative, in pounds.
        pub body_fat_mass_control: Option<f64> = "bfmControl",
        /// Visceral fat, as a level.
        pub visceral_fat_level: Option<f64> = "vfl",
        /// Visceral fat, as an area.
        pub visceral_fat_area: Option<f64> = "vfa",
        /// Body cell mass.
        pub body_comp_measurement: Option<f64> = "bcm",
        /// Water, as a fraction of the lean body mass.
        pub total_body_water_over_lean_body_mass: Option<f64> = "tbwOverLBM",
        /// Water within cells.
        pub intracellular_water: Option<f64> = "icw",
        /// Water outside cells.
        pub extracellular_water: Option<f64> = "ecw",
        /// Lean body mass to gain, in pounds.
        pub lean_body_mass_control: Option<f64> = "lbmControl",
    }
    also BodyParts {
        lean_body_mass_details: BodySegments,
        lean_body_mass_percent_details: BodySegments,
        body_fat_mass_details: BodySegments,
        body_fat_mass_percent_details: BodySegments,
        total_body_water_details: BodySegments,
        intra_cellular_water_details: BodySegments,
        extra_cellular_water_details: BodySegments,
        extra_cellular_water_over_total_body_water_details: BodySegments,
        lbm_of_left_arm: Option<f64> = "lbmOfLeftArm",
        lbm_of_left_leg: Option<f64> = "lbmOfLeftLeg",
        lbm_of_right_arm: Option<f64> = "lbmOfRightArm",
        lbm_of_right_leg: Option<f64> = "lbmOfRightLeg",
        lbm_of_trunk: Option<f64> = "lbmOfTrunk",
        lbm_percent_of_left_arm: Option<f64> = "lbmPercentOfLeftArm",
        lbm_percent_of_left_leg: Option<f64> = "lbmPercentOfLeftLeg",
        lbm_percent_of_right_arm: Option<f64> = "lbmPercentOfRightArm",
        lbm_percent_of_right_leg: Option<f64> = "lbmPercentOfRightLeg",
        lbm_percent_of_trunk: Option<f64> = "lbmPercentOfTrunk",
        bfm_of_left_arm: Option<f64> = "bfmOfLeftArm",
        bfm_of_left_leg: Option<f64> = "bfmOfLeftLeg",
        bfm_of_right_arm: Option<f64> = "bfmOfRightArm",
        bfm_of_right_leg: Option<f64> = "bfmOfRightLeg",
        bfm_of_trunk: Option<f64> = "bfmOfTrunk",
        bfm_percent_of_left_arm: Option<f64> = "bfmPercentOfLeftArm",
        bfm_percent_of_left_leg: Option<f64> = "bfmPercentOfLeftLeg",
        bfm_percent_of_right_arm: Option<f64> = "bfmPercentOfRightArm",
        bfm_percent_of_right_leg: Option<f64> = "bfmPercentOfRightLeg",
        bfm_percent_of_trunk: Option<f64> = "bfmPercentOfTrunk",
        tbw_of_left_arm: Option<f64> = "tbwOfLeftArm",
        tbw_of_left_leg: Option<f64> = "tbwOfLeftLeg",
        tbw_of_right_arm: Option<f64> = "tbwOfRightArm",
        tbw_of_right_leg: Option<f64> = "tbwOfRightLeg",
        tbw_of_trunk: Option<f64> = "tbwOfTrunk",
        icw_of_left_arm: Option<f64> = "icwOfLeftArm",
        icw_of_left_leg: Option<f64> = "icwOfLeftLeg",
        icw_of_right_arm: Option<f64> = "icwOfRightArm",
        icw_of_right_leg: Option<f64> = "icwOfRightLeg",
        icw_of_trunk: Option<f64> = "icwOfTrunk",
        ecw_of_left_arm: Option<f64> = "ecwOfLeftArm",
        ecw_of_left_leg: Option<f64> = "ecwOfLeftLeg",
        ecw_of_right_arm: Option<f64> = "ecwOfRightArm",
        ecw_of_right_leg: Option<f64> = "ecwOfRightLeg",
        ecw_of_trunk: Option<f64> = "ecwOfTrunk",
        ecw_over_tbw_of_left_arm: Option<f64> = "ecwOverTBWOfLeftArm",
        ecw_over_tbw_of_left_leg: Option<f64> = "ecwOverTBWOfLeftLeg",
        ecw_over_tbw_of_right_arm: Option<f64> = "ecwOverTBWOfRightArm",
        ecw_over_tbw_of_right_leg: Option<f64> = "ecwOverTBWOfRightLeg",
        ecw_over_tbw_of_trunk: Option<f64> = "ecwOverTBWOfTrunk",
    }
}

impl BodyCompositionData {
    /// The service sends the parts of the body as fields of the scan.
    fn join(self, also: BodyParts) -> Result<Self, &'static str> {
        Ok(Self {
            lean_body_mass_details: BodySegments {
                left_arm: also.lean_body_mass_details.left_arm.or(also.lbm_of_left_arm),
                left_leg: also.lean_body_mass_details.left_leg.or(also.lbm_of_left_leg),
                right_arm: also.lean_body_mass_details.right_arm.or(also.lbm_of_right_arm),
                right_leg: also.lean_body_mass_details.right_leg.or(also.lbm_of_right_leg),
                trunk: also.lean_body_mass_details.trunk.or(also.lbm_of_trunk),
            },
            lean_body_mass_percent_details: BodySegments {
                left_arm: also.lean_body_mass_percent_details.left_arm.or(also.lbm_percent_of_left_arm),
                left_leg: also.lean_body_mass_percent_details.left_leg.or(also.lbm_percent_of_left_leg),
                right_arm: also.lean_body_mass_percent_details.right_arm.or(also.lbm_percent_of_right_arm),
                right_leg: also.lean_body_mass_percent_details.right_leg.or(also.lbm_percent_of_right_leg),
                trunk: also.lean_body_mass_percent_details.trunk.or(also.lbm_percent_of_trunk),
            },
            body_fat_mass_details: BodySegments {
                left_arm: also.body_fat_mass_details.left_arm.or(also.bfm_of_left_arm),
                left_leg: also.body_fat_mass_details.left_leg.or(also.bfm_of_left_leg),
                right_arm: also.body_fat_mass_details.right_arm.or(also.bfm_of_right_arm),
                right_leg: also.body_fat_mass_details.right_leg.or(also.bfm_of_right_leg),
                trunk: also.body_fat_mass_details.trunk.or(also.bfm_of_trunk),
            },
            body_fat_mass_percent_details: BodySegments {
                left_arm: also.body_fat_mass_percent_details.left_arm.or(also.bfm_percent_of_left_arm),
                left_leg: also.body_fat_mass_percent_details.left_leg.or(also.bfm_percent_of_left_leg),
                right_arm: also.body_fat_mass_percent_details.right_arm.or(also.bfm_percent_of_right_arm),
                right_leg: also.body_fat_mass_percent_details.right_leg.or(also.bfm_percent_of_right_leg),
                trunk: also.body_fat_mass_percent_details.trunk.or(also.bfm_percent_of_trunk),
            },
            total_body_water_details: BodySegments {
                left_arm: also.total_body_water_details.left_arm.or(also.tbw_of_left_arm),
                left_leg: also.total_body_water_details.left_leg.or(also.tbw_of_left_leg),
                right_arm: also.total_body_water_details.right_arm.or(also.tbw_of_right_arm),
                right_leg: also.total_body_water_details.right_leg.or(also.tbw_of_right_leg),
                trunk: also.total_body_water_details.trunk.or(also.tbw_of_trunk),
            },
            intra_cellular_water_details: BodySegments {
                left_arm: also.intra_cellular_water_details.left_arm.or(also.icw_of_left_arm),
                left_leg: also.intra_cellular_water_details.left_leg.or(also.icw_of_left_leg),
                right_arm: also.intra_cellular_water_details.right_arm.or(also.icw_of_right_arm),
                right_leg: also.intra_cellular_water_details.right_leg.or(also.icw_of_right_leg),
                trunk: also.intra_cellular_water_details.trunk.or(also.icw_of_trunk),
            },
            extra_cellular_water_details: BodySegments {
                left_arm: also.extra_cellular_water_details.left_arm.or(also.ecw_of_left_arm),
                left_leg: also.extra_cellular_water_details.left_leg.or(also.ecw_of_left_leg),
                right_arm: also.extra_cellular_water_details.right_arm.or(also.ecw_of_right_arm),
                right_leg: also.extra_cellular_water_details.right_leg.or(also.ecw_of_right_leg),
                trunk: also.extra_cellular_water_details.trunk.or(also.ecw_of_trunk),
            },
            extra_cellular_water_over_total_body_water_details: BodySegments {
                left_arm: also
                    .extra_cellular_water_over_total_body_water_details
                    .left_arm
                    .or(also.ecw_over_tbw_of_left_arm),
                left_leg: also
                    .extra_cellular_water_over_total_body_water_details
                    .left_leg
                    .or(also.ecw_over_tbw_of_left_leg),
                right_arm: also
                    .extra_cellular_water_over_total_body_water_details
                    .right_arm
                    .or(also.ecw_over_tbw_of_right_arm),
                right_leg: also
                    .extra_cellular_water_over_total_body_water_details
                    .right_leg
                    .or(also.ecw_over_tbw_of_right_leg),
                trunk: also
                    .extra_cellular_water_over_total_body_water_details
                    .trunk
                    .or(also.ecw_over_tbw_of_trunk),
            },
            ..self
        })
    }

    /// How body fat compares; less is better.
    #[must_use]
    pub fn body_fat_mass_relative_descriptor(&self) -> Option<AverageType> {
        relative(self.body_fat_mass_plot_point, &self.body_fat_mass_dividers, [80.0, 160.0])
    }

    /// How skeletal muscles compare; more is better.
    #[must_use]
    pub fn skeletal_muscle_mass_relative_descriptor(&self) -> Option<AverageType> {
        relative(self.skeletal_muscle_mass_plot_point, &self.skeletal_muscle_mass_dividers, [90.0, 110.0])
    }

    /// How the weight compares; less is better.
    #[must_use]
    pub fn weight_relative_descriptor(&self) -> Option<AverageType> {
        relative(self.weight_plot_point, &self.weight_dividers, [85.0, 115.0])
    }

    /// How the percentage of body fat compares, for this age and gender.
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

/// The third and the fifth mark are the bounds of the average; `usual` is used if the scan has no marks.
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

/// The percentages of body fat below which it is healthy, and below which a goal can be set, as in the official app.
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

model! {
    /// A measurement for each part of the body.
    #[doc(alias = "LeanBodyMass")]
    #[doc(alias = "LeanBodyMassPercent")]
    #[doc(alias = "BodyFatMass")]
    #[doc(alias = "BodyFatMassPercent")]
    #[doc(alias = "TotalBodyWater")]
    #[doc(alias = "IntraCellularWater")]
    #[doc(alias = "ExtraCellularWater")]
    #[doc(alias = "ExtraCellularWaterOverTotalBodyWater")]
    #[derive(Copy)]
    pub struct BodySegments {
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
}

closed_enum! {
    /// How a measure compares with other people's.
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
    /// How a percentage of body fat compares.
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
