//! What a key says about its value.

/// How a value is treated. Whatever the rule, an address, an id or a token inside a text is seen by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A state, a unit, an enumeration, a figure: kept.
    Keep,
    /// The name of a time zone.
    Zone,
    /// Only words of the vocabulary are kept. The rule of unknown keys.
    Text,
    /// Names, places, cards: nothing is kept.
    Hide,
    Phone,
    Email,
    Birth,
    Coordinate,
    Id,
    /// A measure of the body.
    Measure,
    Secret,
}

impl Rule {
    /// Whether it also holds for the unknown keys inside the value.
    pub(super) fn reaches_inside(self) -> bool {
        matches!(self, Self::Hide | Self::Phone | Self::Email | Self::Birth | Self::Coordinate | Self::Secret)
    }
}

/// A key in the one form that all spellings share: `memberUUId` and `member_uuid` are `memberuuid`.
pub(super) fn normalized(key: &str) -> String {
    const LONGEST: usize = 64;
    key.chars().take(LONGEST).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The rule of a key inside an object that stands under `parent`, both normalized; `None` for unknown keys.
pub(super) fn rule_of(key: &str, parent: &str) -> Option<Rule> {
    let has = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
    let ends = |parts: &[&str]| parts.iter().any(|part| key.ends_with(part));
    Some(match key {
        _ if has(SECRETS) => Rule::Secret,
        _ if KEPT.contains(&key) => Rule::Keep,
        "timezone" => Rule::Zone,
        _ if MESSAGES.contains(&key) => Rule::Text,
        _ if has(&["email", "mailaddress"]) => Rule::Email,
        _ if has(&["phone", "msisdn"]) || ["mobile", "cell", "fax"].contains(&key) => Rule::Phone,
        _ if has(&["birth"]) || ["dob", "bday"].contains(&key) => Rule::Birth,
        // Everyone can look up which studio opened when.
        "opendate" | "reopendate" => Rule::Birth,
        _ if has(&["latitude", "longitude", "coordinate"]) => Rule::Coordinate,
        "lat" | "lng" | "lon" | "long" => Rule::Coordinate,
        "age" | "weight" | "height" | "weightlbs" | "weightkg" => Rule::Measure,
        "paid" | "prepaid" | "unpaid" | "valid" | "invalid" | "void" => Rule::Text,
        "housenumber" | "streetnumber" | "unitnumber" | "apartment" | "apt" | "suite" | "pobox" => Rule::Hide,
        _ if ends(&["id", "ids", "number", "refno", "identifier", "barcode"]) => Rule::Id,
        "lastclassstudiovisited" => Rule::Id,
        "name" if names_person(parent) || names_place(parent) => Rule::Hide,
        "displayname" if parent == "workouttype" => Rule::Text,
        _ if NAMES.contains(&key) || names_person(key) || ends(&["by"]) => Rule::Hide,
        _ if is_place(key) => Rule::Hide,
        _ if has(&["last4", "cardnumber", "iban", "imageurl", "pictureurl", "photo", "avatar"]) => Rule::Hide,
        _ => return None,
    })
}

/// Whether a normalized key is known as a whole: David only ends as keys do.
pub(super) fn is_listed(key: &str) -> bool {
    [KEPT, MESSAGES, NAMES].iter().any(|list| list.contains(&key)) || names_person(key) || is_place(key)
}

/// The rule of a query parameter.
pub(super) fn rule_of_query(name: &str) -> Option<Rule> {
    let name = normalized(name);
    match name.as_str() {
        "include" | "statuses" | "expand" | "activeonly" => Some(Rule::Keep),
        name => rule_of(name, ""),
    }
}

fn names_person(key: &str) -> bool {
    const SOMEONE: &[&str] = &[
        "coach",
        "member",
        "person",
        "user",
        "staff",
        "instructor",
        "trainer",
        "contact",
        "owner",
        "customer",
        "referrer",
        "memberreferrer",
        "emergencycontact",
    ];
    SOMEONE.contains(&key.strip_suffix('s').unwrap_or(key)) || key == "coaches"
}

fn names_place(key: &str) -> bool {
    const SOMEWHERE: &[&str] = &["studio", "homestudio", "payingstudio", "location", "gym", "club", "tenant"];
    SOMEWHERE.contains(&key.strip_suffix('s').unwrap_or(key))
}

fn is_place(key: &str) -> bool {
    const WHOSE: &[&str] = &["physical", "billto", "shipto", "home", "work", "mailing", "billing", "studio"];
    let place = WHOSE.iter().find_map(|whose| key.strip_prefix(whose)).unwrap_or(key);
    PLACES.contains(&place.trim_end_matches(|c: char| c.is_ascii_digit()))
}

const SECRETS: &[&str] = &[
    "token",
    "password",
    "passcode",
    "secret",
    "credential",
    "authorization",
    "signature",
    "apikey",
    "accesskey",
    "privatekey",
    "cookie",
];

const MESSAGES: &[&str] =
    &["message", "error", "errormessage", "description", "reason", "detail", "details", "servicename"];

const NAMES: &[&str] = &[
    "firstname",
    "lastname",
    "middlename",
    "maidenname",
    "fullname",
    "givenname",
    "familyname",
    "surname",
    "forename",
    "nickname",
    "preferredname",
    "preferredusername",
    "username",
    "displayname",
    "contactname",
    "coachname",
    "studioname",
    "staffname",
    "membername",
    "personname",
    "holdername",
    "cardholder",
    "salutation",
];

const PLACES: &[&str] = &[
    "address",
    "addresses",
    "addressline",
    "line",
    "street",
    "city",
    "suburb",
    "town",
    "postalcode",
    "postcode",
    "zip",
    "zipcode",
    "state",
    "territory",
    "region",
    "province",
    "county",
];

const KEPT: &[&str] = &[
    "type",
    "status",
    "code",
    "errorcode",
    "unit",
    "gender",
    "locale",
    "year",
    "environment",
    "period",
    // units and countries
    "displayunit",
    "displayvalue",
    "metricvalue",
    "unitofmeasure",
    "weightmeasure",
    "heightmeasure",
    "durationunit",
    "distanceunit",
    "country",
    "countrycode",
    "physicalcountry",
    "billtocountry",
    "shiptocountry",
    "countrycurrencycode",
    "countrycurrencyname",
    "currencyalphabeticcode",
    "currencycode",
    "languagecode",
    "languagename",
    // enumerations
    "mbostatus",
    "studiostatus",
    "memberpurchasetype",
    "maxhrtype",
    "changebucket",
    "inbodytype",
    "classtype",
    "statkey",
    "valuetype",
    "cctype",
    "phonetype",
    "programname",
    "equipmentid",
    "challengecategoryid",
    "challengesubcategoryid",
    "challengetypeid",
    "challengesubtypeid",
    "workouttypeid",
    "studiotypeid",
    // challenges
    "equipmentname",
    "entrytype",
    "metrickey",
    "title",
    "challengename",
    "minvalue",
    "maxvalue",
    "result",
    "totalresult",
    "bestrecord",
    "lastrecord",
    "previousrecord",
    "goalperiod",
    "overallgoalperiod",
    "minoverallperiod",
    // figures
    "price",
    "onlineprice",
    "taxrate",
    "royaltyrate",
    "marketingfundrate",
    "commissionpercent",
    "bfmgraphscale",
    "smmgraphscale",
    "wtgraphscale",
    "pageindex",
    "pagesize",
    "totalcount",
    "limit",
    "maxdatapoints",
    "workoutcount",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(key: &str, parent: &str) -> Option<Rule> {
        rule_of(&normalized(key), &normalized(parent))
    }

    #[test]
    fn keys_in_any_spelling() {
        for (key, wanted) in [
            ("memberUUId", Rule::Id),
            ("person_id", Rule::Id),
            ("physicalAddress2", Rule::Hide),
            ("postal_code", Rule::Hide),
            ("billToCity", Rule::Hide),
            ("first_name", Rule::Hide),
            ("StudioName", Rule::Hide),
            ("createdBy", Rule::Hide),
            ("ccLast4", Rule::Hide),
            ("homePhone", Rule::Phone),
            ("contactEmail", Rule::Email),
            ("birthDay", Rule::Birth),
            ("studioToken", Rule::Secret),
            ("studioNumber", Rule::Id),
            ("ChallengeCategoryId", Rule::Keep),
            ("time_zone", Rule::Zone),
        ] {
            assert_eq!(rule(key, "data"), Some(wanted), "{key}");
        }
        for key in ["booking_capacity", "max_capacity", "isMobile2", "hr", "starts_at", "is_booked", "rower"]
        {
            assert_eq!(rule(key, "items"), None, "{key}");
        }
    }

    #[test]
    fn a_name_is_whose_it_stands_under() {
        assert_eq!(rule("name", "coach"), Some(Rule::Hide));
        assert_eq!(rule("name", "studio"), Some(Rule::Hide));
        assert_eq!(rule("name", "class"), None);
        assert_eq!(rule("name", "items"), None);
        assert_eq!(rule("displayName", "workoutType"), Some(Rule::Text));
        assert_eq!(rule("displayName", "data"), Some(Rule::Hide));
    }
}
