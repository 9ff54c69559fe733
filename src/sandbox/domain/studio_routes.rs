//! Studio search, favorite studios, and the services of a studio.

use serde_json::{Value, json};

use super::atlas::{self, STUDIOS};
use super::responses::{bad_request, error, forbidden, not_found, success};
use super::studios::Studio;
use super::{Call, Domain, ids};
use crate::sandbox::http::Response;

/// The largest search radius, in miles.
const MAX_DISTANCE: f64 = 250.0;
const MAX_PAGE: usize = 100;
/// Mean radius of the Earth in miles.
const EARTH_RADIUS: f64 = 3_958.761_3;

/// `GET /mobile/v1/studios/{studio}`
pub(super) fn detail(id: &str) -> Response {
    match atlas::by_uuid(id) {
        Some(studio) => success(&studio.detail()),
        None => not_found("The studio"),
    }
}

/// `GET /mobile/v1/studios`: around a place, nearest first, or all of them.
pub(super) fn search(call: &Call<'_>) -> Response {
    let number = |name: &str| call.request.query(name).map(str::parse::<f64>).transpose();
    let (Ok(latitude), Ok(longitude), Ok(distance)) =
        (number("latitude"), number("longitude"), number("distance"))
    else {
        return bad_request("latitude, longitude and distance must be numbers");
    };
    let count =
        |name: &str, default: usize| call.request.query(name).map_or(Ok(default), str::parse::<usize>);
    let (Ok(page), Ok(size)) = (count("pageIndex", 1), count("pageSize", MAX_PAGE)) else {
        return bad_request("pageIndex and pageSize must be numbers");
    };
    if page == 0 || size == 0 {
        return bad_request("pageIndex and pageSize begin at 1");
    }
    let size = size.min(MAX_PAGE);
    let reach = distance.unwrap_or(MAX_DISTANCE).min(MAX_DISTANCE);
    let found: Vec<Value> = match latitude.zip(longitude) {
        Some(place) => nearby(place, reach),
        None => STUDIOS.into_iter().map(Studio::detail).collect(),
    };
    let total = found.len();
    let shown: Vec<Value> =
        found.into_iter().skip(page.saturating_sub(1).saturating_mul(size)).take(size).collect();
    success(&json!({
        "pagination": {
            "pageIndex": page.to_string(),
            "pageSize": size.to_string(),
            "totalCount": total,
            "totalPages": total.div_ceil(size),
        },
        "studios": shown,
    }))
}

fn nearby(place: (f64, f64), reach: f64) -> Vec<Value> {
    let mut found: Vec<(f64, &Studio)> = STUDIOS
        .into_iter()
        .filter_map(|studio| Some((miles(place, studio.coordinates?), studio)))
        .filter(|(distance, _)| *distance <= reach)
        .collect();
    found.sort_by(|(near, _), (far, _)| near.total_cmp(far));
    let detail = |(distance, studio): (f64, &Studio)| {
        let mut detail = studio.detail();
        if let Some(fields) = detail.as_object_mut() {
            fields.insert("distance".to_owned(), json!(distance));
        }
        detail
    };
    found.into_iter().map(detail).collect()
}

/// The great-circle distance of two places, given in degrees (haversine formula).
fn miles(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (from_latitude, to_latitude) = (from.0.to_radians(), to.0.to_radians());
    let half_sine = |angle: f64| (angle / 2.0).sin().powi(2);
    let chord = half_sine(to_latitude - from_latitude)
        + from_latitude.cos() * to_latitude.cos() * half_sine((to.1 - from.1).to_radians());
    2.0 * EARTH_RADIUS * chord.sqrt().min(1.0).asin()
}

/// `GET /member/studios/{studio}/services`
pub(super) fn services(id: &str) -> Response {
    let Some(studio) = atlas::by_uuid(id) else { return not_found("The studio") };
    if !studio.is_open() {
        return success(&json!([]));
    }
    let offers =
        [("10 Session Pack - $199", "199.00", 10), ("Drop-In Class", "32.0", 1), ("Private Class", "0", 0)];
    let services: Value = offers
        .into_iter()
        .map(|(name, price, sessions)| {
            let seed = format!("service/{}/{name}", studio.key);
            let product = ids::number(&seed, "product", 20_000, 160_000);
            json!({
                "serviceId": ids::number(&seed, "id", 30_000, 9_500_000),
                "serviceUUId": ids::uuid(&seed),
                "studioId": studio.id(),
                "name": name,
                "price": price,
                "qty": sessions,
                "mboProgramId": 22,
                "mboDescriptionId": product.to_string(),
                "mboProductId": product,
                "onlinePrice": price,
                "taxRate": "0.075000",
                "current": true,
                "isWeb": false,
                "isCrm": false,
                "isMobile": true,
                "createdBy": ids::uuid("author/studio"),
                "createdDate": "2018-12-27T18:04:48.000Z",
                "updatedBy": ids::uuid("author/studio"),
                "updatedDate": "2026-01-26T23:55:21.000Z",
                "isDeleted": false,
                "studio": studio.in_service(),
            })
        })
        .collect();
    success(&services)
}

impl Domain {
    /// `GET /member/members/{member}/favorite-studios`: ids and names. Only an empty list was recorded, and another
    /// client loads each studio after it.
    pub(super) fn favorites(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let named = |studio: &Studio| json!({ "studioUUId": studio.uuid(), "studioName": studio.name });
        let favorites = member.favorites.iter().filter_map(|uuid| atlas::by_uuid(uuid));
        success(&favorites.map(named).collect::<Value>())
    }

    /// `POST /mobile/v1/members/favorite-studios`: returns the favorites after the change, which is a guess.
    pub(super) fn add_favorites(&mut self, call: &Call<'_>) -> Response {
        let Some(uuids) = named_studios(call) else { return bad_request("studioUUIds is required") };
        if uuids.iter().any(|uuid| atlas::by_uuid(uuid).is_none()) {
            return error(404, "NOT_FOUND", "A studio was not found");
        }
        let Some(member) = self.member_mut(call.caller) else { return forbidden() };
        for uuid in uuids {
            if !member.favorites.contains(&uuid) {
                member.favorites.push(uuid);
            }
        }
        success(&json!({ "studios": favorites_json(&member.favorites) }))
    }

    /// `DELETE /mobile/v1/members/favorite-studios`
    pub(super) fn remove_favorites(&mut self, call: &Call<'_>) -> Response {
        let Some(uuids) = named_studios(call) else { return bad_request("studioUUIds is required") };
        let Some(member) = self.member_mut(call.caller) else { return forbidden() };
        member.favorites.retain(|uuid| !uuids.contains(uuid));
        success(&json!({ "studios": favorites_json(&member.favorites) }))
    }
}

fn named_studios(call: &Call<'_>) -> Option<Vec<String>> {
    let body = call.request.json();
    let uuids: Option<Vec<String>> =
        body.get("studioUUIds")?.as_array()?.iter().map(|uuid| uuid.as_str().map(str::to_owned)).collect();
    uuids.filter(|uuids| !uuids.is_empty())
}

fn favorites_json(uuids: &[String]) -> Value {
    uuids.iter().filter_map(|uuid| atlas::by_uuid(uuid)).map(Studio::detail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_great_circles() {
        let chicago = (41.8781, -87.6298);
        let denver = (39.7392, -104.9903);
        assert!((miles(chicago, denver) - 919.0).abs() < 2.0, "{}", miles(chicago, denver));
        assert!(miles(chicago, chicago) < 1e-9);
        assert!((miles((0.0, 0.0), (0.0, 180.0)) - 12_436.8).abs() < 1.0);
    }
}
