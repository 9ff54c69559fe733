//! Queries of studios by location.

use crate::error::{Error, Result};

/// A search for studios around a location. The default: within 50 miles of the home studio.
///
/// ```
/// use otf_api::GeoQuery;
///
/// let chicago = GeoQuery::around(41.88, -87.63).distance(25.0);
/// # let _ = chicago;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeoQuery {
    pub(super) place: Option<(f64, f64)>,
    pub(super) distance: f64,
}

impl Default for GeoQuery {
    fn default() -> Self {
        Self { place: None, distance: 50.0 }
    }
}

impl GeoQuery {
    /// Within 50 miles of the home studio.
    pub fn new() -> Self {
        Self::default()
    }

    /// Within 50 miles of a location: degrees north, degrees east.
    #[doc(alias = "latitude")]
    #[doc(alias = "longitude")]
    pub fn around(latitude: f64, longitude: f64) -> Self {
        Self { place: Some((latitude, longitude)), ..Self::default() }
    }

    /// Within this distance in miles, 0 to 250. Default: 50.
    #[must_use]
    pub fn distance(mut self, miles: f64) -> Self {
        self.distance = miles;
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        let within = |argument, value: f64, low: f64, high: f64| {
            // False for NaN.
            match (low..=high).contains(&value) {
                true => Ok(()),
                false => Err(Error::invalid(argument, format!("{value} is not within {low} to {high}"))),
            }
        };
        within("distance", self.distance, 0.0, 250.0)?;
        let Some((latitude, longitude)) = self.place else { return Ok(()) };
        within("latitude", latitude, -90.0, 90.0)?;
        within("longitude", longitude, -180.0, 180.0)
    }
}
