//! Challenges and benchmarks.

use super::WorkoutApi;
use crate::client::Call;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{ChallengeCategory, ChallengeTracker, EquipmentType, FitnessBenchmark, Listing};

/// A query of the benchmarks. The default: all of them.
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

    /// Those on this equipment.
    #[doc(alias = "equipment_id")]
    #[must_use]
    pub fn equipment(mut self, equipment: EquipmentType) -> Self {
        self.equipment = Some(equipment);
        self
    }

    /// Those of this challenge.
    #[doc(alias = "challenge_category_id")]
    #[must_use]
    pub fn category(mut self, category: impl Into<ChallengeCategory>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Those of this part of a challenge, whose meaning depends on the challenge: see
    /// [`DriTriChallengeSubCategory`](crate::models::DriTriChallengeSubCategory) and
    /// [`MarathonMonthChallengeSubCategory`](crate::models::MarathonMonthChallengeSubCategory).
    #[doc(alias = "challenge_subcategory_id")]
    #[must_use]
    pub fn sub_category(mut self, sub_category: i64) -> Self {
        self.sub_category = Some(sub_category);
        self
    }

    /// The service does not always heed what it is asked for.
    fn matches(&self, benchmark: &FitnessBenchmark) -> bool {
        is_any_or(self.equipment, benchmark.equipment_id)
            && is_any_or(self.category, benchmark.challenge_category_id)
            && is_any_or(self.sub_category, benchmark.challenge_sub_category_id)
    }
}

fn is_any_or<T: PartialEq>(wanted: Option<T>, is: Option<T>) -> bool {
    wanted.is_none() || wanted == is
}

impl WorkoutApi<'_> {
    /// Which programs, challenges and benchmarks there are, and in which years the member took part.
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
        // 0 is any.
        let number = |id: Option<i64>| id.unwrap_or_default().to_string();
        let call = Call::get(Host::Default, format!("/challenges/v3/member/{}/benchmarks", self.member()?))
            .query("equipmentId", number(query.equipment.map(EquipmentType::number)))
            .query("challengeTypeId", number(query.category.map(ChallengeCategory::number)))
            .query("challengeSubTypeId", number(query.sub_category));
        let mut benchmarks: Listing<FitnessBenchmark> = self.client.list(&call, &["Dto"])?;
        benchmarks.items_mut().retain(|benchmark| query.matches(benchmark));
        Ok(benchmarks)
    }

    /// A challenge, described rather than with the member's results.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no such challenge; and those of [any call](Error#any-call).
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
