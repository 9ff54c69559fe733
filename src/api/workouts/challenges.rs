//! Challenges and benchmarks.

use super::WorkoutApi;
use crate::client::Call;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{ChallengeCategory, ChallengeTracker, EquipmentType, FitnessBenchmark, Listing};

/// A query of the benchmarks. The default: all of them. The number 0 means any, as it does for the service.
///
/// ```
/// use otf_api::BenchmarkQuery;
/// use otf_api::models::EquipmentType;
///
/// let rowing = BenchmarkQuery::new().equipment(EquipmentType::Rower);
/// # let _ = rowing;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenchmarkQuery {
    equipment: Option<EquipmentType>,
    category: Option<ChallengeCategory>,
    sub_category: Option<i64>,
}

impl BenchmarkQuery {
    /// All of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Benchmarks on this equipment.
    #[doc(alias = "equipment_id")]
    #[must_use]
    pub fn equipment(mut self, equipment: EquipmentType) -> Self {
        self.equipment = Some(equipment);
        self
    }

    /// Benchmarks of this challenge.
    #[doc(alias = "challenge_category_id")]
    #[must_use]
    pub fn category(mut self, category: impl Into<ChallengeCategory>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Benchmarks of this part of a challenge, whose meaning depends on the challenge: see
    /// [`DriTriChallengeSubCategory`](crate::models::DriTriChallengeSubCategory) and
    /// [`MarathonMonthChallengeSubCategory`](crate::models::MarathonMonthChallengeSubCategory).
    #[doc(alias = "challenge_subcategory_id")]
    #[must_use]
    pub fn sub_category(mut self, sub_category: i64) -> Self {
        self.sub_category = Some(sub_category);
        self
    }

    /// Equipment, category and subcategory as numbers; 0 for any.
    fn numbers(&self) -> [i64; 3] {
        let equipment = self.equipment.map(EquipmentType::number);
        let category = self.category.map(ChallengeCategory::number);
        [equipment, category, self.sub_category].map(Option::unwrap_or_default)
    }

    /// The service also sends benchmarks that do not match.
    fn matches(&self, benchmark: &FitnessBenchmark) -> bool {
        let equipment = benchmark.equipment_id.map(EquipmentType::number);
        let category = benchmark.challenge_category_id.map(ChallengeCategory::number);
        let numbers = [equipment, category, benchmark.challenge_sub_category_id];
        self.numbers().into_iter().zip(numbers).all(|(wanted, is)| wanted == 0 || is == Some(wanted))
    }
}

impl WorkoutApi<'_> {
    /// The programs, challenges and benchmarks that exist, and the years in which the member took part.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_challenge_tracker")]
    pub fn challenge_tracker(&self) -> Result<ChallengeTracker> {
        let call = Call::get(Host::Default, format!("/challenges/v3.1/member/{}", self.member()?));
        self.client.get_in(&call, &["Dto"])
    }

    /// The benchmarks of the query, with the member's results.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_benchmarks")]
    #[doc(alias = "get_benchmarks_by_equipment")]
    #[doc(alias = "get_benchmarks_by_challenge_category")]
    pub fn benchmarks(&self, query: &BenchmarkQuery) -> Result<Listing<FitnessBenchmark>> {
        let [equipment, category, sub_category] = query.numbers().map(|number| number.to_string());
        let call = Call::get(Host::Default, format!("/challenges/v3/member/{}/benchmarks", self.member()?))
            .query("equipmentId", equipment)
            .query("challengeTypeId", category)
            .query("challengeSubTypeId", sub_category);
        let mut benchmarks: Listing<FitnessBenchmark> = self.client.list(&call, &["Dto"])?;
        benchmarks.items_mut().retain(|benchmark| query.matches(benchmark));
        Ok(benchmarks)
    }

    /// The description of a challenge, without the member's results.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such challenge; and those of [any call](Error#any-call).
    #[doc(alias = "get_challenge_tracker_detail")]
    pub fn challenge_detail(&self, category: impl Into<ChallengeCategory>) -> Result<FitnessBenchmark> {
        let category = category.into();
        let call =
            Call::get(Host::Default, format!("/challenges/v1/member/{}/participation", self.member()?))
                .query("challengeTypeId", category.number().to_string());
        let found: Listing<FitnessBenchmark> = self.client.list(&call, &["Dto"])?;
        let (found, rejected) = found.into_parts();
        match (found.into_iter().next(), rejected.into_iter().next()) {
            (Some(challenge), _) => Ok(challenge),
            (None, Some(rejected)) => Err(Error::Decode {
                endpoint: call.endpoint(),
                path: format!("Dto[{}]", rejected.index),
                reason: rejected.reason,
            }),
            (None, None) => Err(Error::NotFound {
                endpoint: call.endpoint(),
                message: Some(format!("challenge {category}")),
            }),
        }
    }
}
