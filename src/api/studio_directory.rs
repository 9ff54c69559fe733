//! Studios without an account.

use std::sync::Arc;

use crate::client::{AnonymousClient, Call};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{Listing, PartnerEntry, PartnerStudio};

/// Studios by country or number, without an account:
/// [`OtfBuilder::studio_directory`](crate::OtfBuilder::studio_directory).
///
/// ```
/// # #[cfg(feature = "sandbox")] {
/// use otf_api::Otf;
///
/// # let sandbox = otf_api::sandbox::Sandbox::start()?;
/// let directory = Otf::builder()
/// #   .sandbox(&sandbox)
///     .studio_directory()?
///     .without_junk();
/// for studio in &directory.in_country("United States")? {
///     println!("{studio}: {:?}", studio.coordinates());
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Two clients agree on the endpoint (`/partners/studios/v2`) and on the fields; it was never recorded. Its list
/// contains records that are not studios: see [`PartnerStudio::is_junk`]. It may lack the ids that class lists need;
/// with an account, [`StudioApi::search`](crate::StudioApi::search) returns them.
///
/// The web site's file `studio-details.json` is not used: it has neither of a studio's ids and no coordinates, and
/// mixes studios with drafts and archived pages. This list has everything in that file, and more.
#[derive(Clone, Debug)]
pub struct StudioDirectory {
    client: Arc<AnonymousClient>,
    without_junk: bool,
}

impl StudioDirectory {
    /// The names of countries that another client requests. There may be more.
    pub const COUNTRIES: &'static [&'static str] = &[
        "Australia",
        "Canada",
        "Chile",
        "China",
        "Colombia",
        "Costa Rica",
        "Dominican Republic",
        "Germany",
        "Guatemala",
        "Hong Kong",
        "India",
        "Israel",
        "Japan",
        "Kuwait",
        "Mexico",
        "New Zealand",
        "Peru",
        "Puerto Rico",
        "Singapore",
        "Spain",
        "United Arab Emirates",
        "United Kingdom",
        "United States",
    ];

    pub(crate) fn new(client: AnonymousClient) -> Self {
        Self { client: Arc::new(client), without_junk: false }
    }

    /// Leaves out records that are not studios: see [`PartnerStudio::is_junk`].
    #[must_use]
    pub fn without_junk(mut self) -> Self {
        self.without_junk = true;
        self
    }

    /// The studios of a country, by its English name: one request. See [`COUNTRIES`](Self::COUNTRIES).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an empty name; and those of [any call](Error#any-call) that concern no account.
    pub fn in_country(&self, country: &str) -> Result<Listing<PartnerStudio>> {
        let country = country.trim();
        if country.is_empty() || country.chars().any(char::is_control) {
            return Err(Error::invalid("country", "not a country's name"));
        }
        let mut studios = self.list("country", country)?;
        if self.without_junk {
            studios.items_mut().retain(|studio| !studio.is_junk());
        }
        Ok(studios)
    }

    /// The studio with this number ([`StudioDetail::studio_id`](crate::models::StudioDetail::studio_id)): one request.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for a number below 1; and those of [any call](Error#any-call) that
    /// concern no account.
    pub fn by_number(&self, studio_id: i64) -> Result<PartnerStudio> {
        if studio_id < 1 {
            return Err(Error::invalid("studio_id", format!("{studio_id} is below 1")));
        }
        let (studios, rejected) = self.list("studioId", &studio_id.to_string())?.into_parts();
        let found = studios.into_iter().find(|studio| studio.studio_id.is_none_or(|id| id == studio_id));
        match (found, rejected.into_iter().find(|rejected| !rejected.item_kept)) {
            (Some(studio), _) => Ok(studio),
            (None, Some(rejected)) => Err(Error::Decode {
                endpoint: ENDPOINT.to_owned(),
                path: format!("data[{}]", rejected.index),
                reason: rejected.reason,
            }),
            (None, None) => Err(Error::NotFound {
                endpoint: ENDPOINT.to_owned(),
                message: Some(format!("no studio has the number {studio_id}")),
            }),
        }
    }

    fn list(&self, parameter: &str, value: &str) -> Result<Listing<PartnerStudio>> {
        let call = Call::get(Host::Default, PATH).query(parameter, value);
        let (entries, rejected) = self.client.list::<PartnerEntry>(&call, &["data"])?.into_parts();
        let studios = entries.into_iter().map(|PartnerEntry(studio)| studio).collect();
        Ok(Listing::from_parts(studios, rejected))
    }
}

const PATH: &str = "/partners/studios/v2";
const ENDPOINT: &str = "GET /partners/studios/v2";
