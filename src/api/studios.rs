//! Studios.

use std::collections::{HashMap, HashSet};

use http::Method;
use serde::Serialize;
use serde_json::Value;

use super::geo_query::GeoQuery;
use super::has_id::{HasId, is_usable, path_segment, required};
use super::members::{CACHE_FOR, MemberApi, member_path};
use crate::client::{Call, Client, Fetch};
use crate::decode;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{DecodeError, Listing, StudioDetail, StudioService, StudioUuid};

const STUDIOS: &str = "/mobile/v1/studios";
const FAVORITES: &str = "/mobile/v1/members/favorite-studios";

/// The service gives this many studios a page at most.
const PAGE_SIZE: usize = 100;

/// More pages than there can be studios for: a service that has so many makes them up.
const MAX_PAGES: usize = 500;

/// Studios: [`Otf::studios`](crate::Otf::studios).
#[derive(Clone, Copy, Debug)]
pub struct StudioApi<'a> {
    client: &'a Client,
}

impl<'a> StudioApi<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// A studio in full, kept for ten minutes. One that the service does not know is shown as a placeholder named
    /// "Studio Not Found" with the status Unknown.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an invalid id; and those of [any call](Error#any-call).
    #[doc(alias = "get_studio_detail")]
    pub fn detail(&self, studio: impl HasId<StudioUuid>) -> Result<StudioDetail> {
        let id = required(&studio)?;
        let studio = self.client.get_in(&detail_call(id)?, &["data"]);
        studio.or_else(|error| or_placeholder(id, error))
    }

    /// Several studios in full, as [`StudioApi::detail`] gives each of them; nothing for an id that can't be asked
    /// for.
    pub(super) fn details<'s>(&self, ids: impl Iterator<Item = &'s StudioUuid>) -> Result<Details> {
        let mut seen = HashSet::new();
        let ids: Vec<&StudioUuid> = ids.filter(|id| is_usable(*id) && seen.insert(*id)).collect();
        let request =
            |id: &&StudioUuid| Ok(Fetch::new(detail_call(id)?, |body| decode::value(body, &["data"])));
        let details = self.client.fetch_in_order(&ids, request, |id, error| or_placeholder(id, error))?;
        Ok(ids.into_iter().cloned().zip(details).collect())
    }

    /// The studios around a place, or around the home studio: one request a hundred studios. A service that still has
    /// more after 500 requests is asked no further, with a warning in the log.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a distance below 0 or above 250 miles or invalid coordinates;
    /// [`Error::NotFound`] where the place is to be the home studio's and that one has no coordinates.
    #[doc(alias = "search_studios_by_geo")]
    #[doc(alias = "get_studios_by_geo")]
    pub fn search(&self, query: &GeoQuery) -> Result<Listing<StudioDetail>> {
        query.check()?;
        let (latitude, longitude) = match query.place {
            Some(place) => place,
            None => {
                let home = MemberApi::new(self.client).home_studio()?;
                match home.latitude().zip(home.longitude()) {
                    Some(place) => place,
                    None => {
                        return Err(Error::NotFound {
                            endpoint: detail_call(&home.studio_uuid)?.endpoint(),
                            message: Some("the home studio has no coordinates".to_owned()),
                        });
                    }
                }
            }
        };
        let call = Call::get(Host::Default, STUDIOS)
            .query("latitude", latitude.to_string())
            .query("longitude", longitude.to_string())
            .query("distance", query.distance.to_string());
        self.all_pages(&call)
    }

    /// All studios there are: one request a hundred studios, with the bound of [`StudioApi::search`].
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_all_studios")]
    pub fn all(&self) -> Result<Listing<StudioDetail>> {
        self.all_pages(&Call::get(Host::Default, STUDIOS))
    }

    /// The member's favourite studios.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_favorite_studios")]
    pub fn favorites(&self) -> Result<Listing<StudioDetail>> {
        let call = Call::get(Host::Default, member_path(self.client, "/favorite-studios")?);
        self.client.list(&call, &["data"])
    }

    /// Makes studios favourites and gives the favourites as they are then.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an empty list or an invalid id; [`Error::NotFound`] for one that the
    /// service does not know; [`Error::OutcomeUnknown`] where they may have become favourites.
    #[doc(alias = "add_favorite_studio")]
    pub fn add_favorites(
        &self,
        studios: impl IntoIterator<Item = impl HasId<StudioUuid>>,
    ) -> Result<Listing<StudioDetail>> {
        self.client.list(&change_favorites(Method::POST, studios)?, &["data", "studios"])
    }

    /// Takes studios from the favourites.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an empty list or an invalid id; [`Error::OutcomeUnknown`] where they may
    /// have been taken away.
    #[doc(alias = "remove_favorite_studio")]
    pub fn remove_favorites(&self, studios: impl IntoIterator<Item = impl HasId<StudioUuid>>) -> Result<()> {
        self.client.send(&change_favorites(Method::DELETE, studios)?)
    }

    /// What a studio sells.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an invalid id; [`Error::NotFound`] for one that the service does not know.
    #[doc(alias = "get_studio_services")]
    pub fn services(&self, studio: impl HasId<StudioUuid>) -> Result<Listing<StudioService>> {
        let id = path_segment(required(&studio)?)?;
        self.client.list(&Call::get(Host::Default, format!("/member/studios/{id}/services")), &["data"])
    }

    /// Puts the studio in full in the place of what an answer says of it: one request a studio. One whose id the
    /// answer leaves out stays as it is.
    pub(super) fn complete<'s>(
        &self,
        studios: impl Iterator<Item = &'s mut Option<StudioDetail>>,
    ) -> Result<()> {
        let studios: Vec<&mut StudioDetail> = studios.flatten().collect();
        let details = self.details(studios.iter().map(|studio| &studio.studio_uuid))?;
        for studio in studios {
            if let Some(detail) = details.get(&studio.studio_uuid) {
                studio.clone_from(detail);
            }
        }
        Ok(())
    }

    /// Every page of a search, each studio once.
    fn all_pages(&self, call: &Call) -> Result<Listing<StudioDetail>> {
        let mut found = Listing::<StudioDetail>::default();
        let mut ids = HashSet::new();
        // Those without an id are studios too.
        let mut others = 0_usize;
        let mut is_whole = false;
        for index in 1..=MAX_PAGES {
            let call =
                call.clone().query("pageIndex", index.to_string()).query("pageSize", PAGE_SIZE.to_string());
            let page = self.client.fetch(&call, Page::read)?;
            let before = ids.len().saturating_add(others);
            let total = page.total();
            let on_page = page.studios.len_with_lost();
            let named = page.ids();
            others = others.saturating_add(on_page.saturating_sub(named.len()));
            ids.extend(named);
            let known = ids.len().saturating_add(others);
            if known == before {
                is_whole = true;
                break;
            }
            found.append(page.studios);
            // A full page may have others after it, whatever the service counts.
            is_whole = on_page < PAGE_SIZE && total.is_none_or(|total| total <= known);
            if is_whole {
                break;
            }
        }
        if !is_whole {
            log::warn!(
                "{}: there are more than {MAX_PAGES} pages; what they hold is left out",
                call.endpoint()
            );
        }
        found.items_mut().retain(|studio| studio.studio_uuid.is_empty() || ids.remove(&studio.studio_uuid));
        Ok(found)
    }
}

fn change_favorites(
    method: Method,
    studios: impl IntoIterator<Item = impl HasId<StudioUuid>>,
) -> Result<Call> {
    #[derive(Serialize)]
    struct Favorites {
        #[serde(rename = "studioUUIds")]
        studio_uuids: Vec<StudioUuid>,
    }

    let studio_uuids =
        studios.into_iter().map(|studio| required(&studio).cloned()).collect::<Result<Vec<_>>>();
    let studio_uuids = studio_uuids.map_err(|error| match error {
        Error::InvalidInput { reason, .. } => Error::invalid("studios", reason),
        error => error,
    })?;
    if studio_uuids.is_empty() {
        return Err(Error::invalid("studios", "none given"));
    }
    let call = Call::new(method, Host::Default, FAVORITES).json(&Favorites { studio_uuids })?;
    Ok(call.hint("look up studios().favorites()"))
}

fn detail_call(id: &StudioUuid) -> Result<Call> {
    Ok(Call::get(Host::Default, format!("{STUDIOS}/{}", path_segment(id)?)).cache_for(CACHE_FOR))
}

/// A placeholder for a studio that the service does not know.
fn or_placeholder(id: &StudioUuid, error: Error) -> Result<StudioDetail> {
    match error {
        Error::NotFound { .. } => Ok(StudioDetail::not_found(id.clone())),
        error => Err(error),
    }
}

/// Studios by the ids that they were requested with.
pub(super) type Details = HashMap<StudioUuid, StudioDetail>;

/// A page of a search.
struct Page {
    studios: Listing<StudioDetail>,
    pagination: Option<Value>,
}

impl Page {
    fn read(body: &[u8]) -> Result<Self, DecodeError> {
        let studios = decode::list(body, &["data", "studios"])?;
        Ok(Self { studios, pagination: decode::value(body, &["data", "pagination"]).ok() })
    }

    /// The ids of the studios that have one, of those that can't be read as well.
    fn ids(&self) -> Vec<StudioUuid> {
        let read = self.studios.iter().map(|studio| studio.studio_uuid.as_str());
        let rejected = self.studios.rejected().iter().filter(|item| !item.item_kept);
        let rejected = rejected.filter_map(|item| item.raw.get("studioUUId")?.as_str());
        read.chain(rejected).filter(|id| !id.is_empty()).map(StudioUuid::new).collect()
    }

    /// How many studios there are on all pages; a number, or a text as the other numbers of the pagination are.
    fn total(&self) -> Option<usize> {
        match self.pagination.as_ref()?.get("totalCount")? {
            Value::String(text) => text.trim().parse().ok(),
            number => number.as_u64().and_then(|number| number.try_into().ok()),
        }
    }
}
