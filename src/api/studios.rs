//! Studios.

use std::collections::{HashMap, HashSet};

use http::Method;
use serde::Serialize;
use serde_json::Value;

use super::best_effort::may_be_missing;
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

/// The most studios that the service returns per page.
const PAGE_SIZE: usize = 100;

/// More pages than there could be studios: only a faulty service returns so many.
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

    /// A studio in full, cached for ten minutes.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the service does not know the studio; [`Error::InvalidInput`] for an invalid id; and
    /// those of [any call](Error#any-call).
    #[doc(alias = "get_studio_detail")]
    pub fn detail(&self, studio: impl HasId<StudioUuid>) -> Result<StudioDetail> {
        self.client.get_in(&detail_call(required(&studio)?)?, &["data"])
    }

    /// Several studios in full, as far as they can be loaded.
    pub(super) fn details<'s>(&self, ids: impl Iterator<Item = &'s StudioUuid>) -> Result<Details> {
        let mut seen = HashSet::new();
        let ids: Vec<&StudioUuid> = ids.filter(|id| !id.is_empty() && seen.insert(*id)).collect();
        let (usable, unusable): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| is_usable(*id));
        let request = |id: &&StudioUuid| {
            Ok(Fetch::new(detail_call(id)?, |body| decode::value(body, &["data"]).map(Ok)))
        };
        let details =
            self.client.fetch_in_order(&usable, request, |_, error| match may_be_missing(&error) {
                true => Ok(Err(error.to_string())),
                false => Err(error),
            })?;
        let mut details: Details = usable.into_iter().cloned().zip(details).collect();
        details.extend(unusable.into_iter().map(|id| (id.clone(), Err("not a valid id".to_owned()))));
        Ok(details)
    }

    /// The studios around a location, or around the home studio: one request per hundred studios. After 500 requests
    /// the rest is left out and a warning is logged.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a distance below 0 or above 250 miles or invalid coordinates;
    /// [`Error::NotFound`] if the search is around the home studio and that has no coordinates; and those of
    /// [any call](Error#any-call).
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

    /// All studios: one request per hundred studios, with the limit of [`StudioApi::search`].
    /// [`StudioDirectory`](crate::StudioDirectory) lists studios without an account.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_all_studios")]
    pub fn all(&self) -> Result<Listing<StudioDetail>> {
        self.all_pages(&Call::get(Host::Default, STUDIOS))
    }

    /// The member's favorite studios: one request for the list, and one per studio that is not cached. If a studio
    /// could not be loaded, the item has what the list says about it, usually id and name, and [`Listing::rejected`]
    /// says why.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_favorite_studios")]
    pub fn favorites(&self) -> Result<Listing<StudioDetail>> {
        let call = Call::get(Host::Default, member_path(self.client, "/favorite-studios")?);
        let mut favorites: Listing<StudioDetail> = self.client.list(&call, &["data"])?;
        self.complete(&mut favorites, |studio| Some(studio), "")?;
        Ok(favorites)
    }

    /// Adds studios to the favorites and returns the new favorites, as the response describes them.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an empty list or an invalid id; [`Error::NotFound`] for a studio that the service
    /// does not know; [`Error::OutcomeUnknown`] if they may have been added; and those of [any call](Error#any-call).
    #[doc(alias = "add_favorite_studio")]
    pub fn add_favorites(
        &self,
        studios: impl IntoIterator<Item = impl HasId<StudioUuid>>,
    ) -> Result<Listing<StudioDetail>> {
        self.client.list(&change_favorites(Method::POST, studios)?, &["data", "studios"])
    }

    /// Removes studios from the favorites.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an empty list or an invalid id; [`Error::OutcomeUnknown`] if they may have been
    /// removed; and those of [any call](Error#any-call).
    #[doc(alias = "remove_favorite_studio")]
    pub fn remove_favorites(&self, studios: impl IntoIterator<Item = impl HasId<StudioUuid>>) -> Result<()> {
        self.client.send(&change_favorites(Method::DELETE, studios)?)
    }

    /// What a studio sells. Takes one request, and one for the studio's details unless they are cached; each service
    /// includes them. If they could not be loaded, each service has what the list says about the studio, and
    /// [`Listing::rejected`] says why.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an invalid id; [`Error::NotFound`] if the service does not know the studio; and
    /// those of [any call](Error#any-call).
    #[doc(alias = "get_studio_services")]
    pub fn services(&self, studio: impl HasId<StudioUuid>) -> Result<Listing<StudioService>> {
        let id = required(&studio)?;
        let call = Call::get(Host::Default, format!("/member/studios/{}/services", path_segment(id)?));
        let mut services: Listing<StudioService> = self.client.list(&call, &["data"])?;
        if services.is_empty() {
            return Ok(services);
        }
        for service in services.items_mut() {
            service.studio.get_or_insert_default().studio_uuid = id.clone();
        }
        self.complete(&mut services, |service| service.studio.as_mut(), "studio")?;
        Ok(services)
    }

    /// Replaces the studios in a list with their details: one request per studio. A studio that could not
    /// be loaded stays as it is, and the list notes that at `field`.
    pub(super) fn complete<T>(
        &self,
        list: &mut Listing<T>,
        studio: impl Fn(&mut T) -> Option<&mut StudioDetail>,
        field: &str,
    ) -> Result<()> {
        let mut studios: Vec<(usize, &mut StudioDetail)> = Vec::new();
        for (index, item) in list.items_mut().iter_mut().enumerate() {
            studios.extend(studio(item).map(|studio| (index, studio)));
        }
        let mut details = self.details(studios.iter().map(|(_, studio)| &studio.studio_uuid))?;
        let mut missing = Vec::new();
        for (index, studio) in studios {
            match details.get_mut(&studio.studio_uuid) {
                Some(Ok(detail)) => studio.clone_from(detail),
                // Noted once per studio.
                Some(Err(reason)) if !reason.is_empty() => {
                    missing.push((index, studio.studio_uuid.clone(), std::mem::take(reason)));
                }
                _ => {}
            }
        }
        for (index, id, reason) in missing {
            list.note_missing(index, field, id.as_str(), reason);
        }
        Ok(())
    }

    /// Every page of a search, each studio once.
    fn all_pages(&self, call: &Call) -> Result<Listing<StudioDetail>> {
        let mut found = Listing::<StudioDetail>::default();
        let mut ids = HashSet::new();
        // Those without an id count too.
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
            // A full page may have others after it, whatever the count says.
            is_whole = on_page < PAGE_SIZE && total.is_none_or(|total| total <= known);
            if is_whole {
                break;
            }
        }
        if !is_whole {
            log::warn!("{}: there are more than {MAX_PAGES} pages; the rest is left out", call.endpoint());
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
        return Err(Error::invalid("studios", "the list is empty"));
    }
    let call = Call::new(method, Host::Default, FAVORITES).json(&Favorites { studio_uuids })?;
    Ok(call.hint("look up studios().favorites()"))
}

fn detail_call(id: &StudioUuid) -> Result<Call> {
    Ok(Call::get(Host::Default, format!("{STUDIOS}/{}", path_segment(id)?)).cache_for(CACHE_FOR))
}

/// Studios by the ids that they were requested with, or why they could not be loaded.
pub(super) type Details = HashMap<StudioUuid, Result<StudioDetail, String>>;

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

    /// The ids of the studios that have one, unreadable studios included.
    fn ids(&self) -> Vec<StudioUuid> {
        let read = self.studios.iter().map(|studio| studio.studio_uuid.as_str());
        let rejected = self.studios.rejected().iter().filter(|item| !item.item_kept);
        let rejected = rejected.filter_map(|item| item.raw.get("studioUUId")?.as_str());
        read.chain(rejected).filter(|id| !id.is_empty()).map(StudioUuid::new).collect()
    }

    /// How many studios there are on all pages: a number, or a text like the other numbers of the pagination.
    fn total(&self) -> Option<usize> {
        match self.pagination.as_ref()?.get("totalCount")? {
            Value::String(text) => text.trim().parse().ok(),
            number => number.as_u64().and_then(|number| number.try_into().ok()),
        }
    }
}
