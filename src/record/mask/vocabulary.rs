//! Words that reveal nothing about a person: those of classes, equipment, memberships, states and errors.
//!
//! Words that are given names as well (April, Grace, Will) are left out.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether a word, in lower case, may be shown.
pub(super) fn has(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| TEXT.split_ascii_whitespace().collect());

    WORDS.contains(word)
}

/// Words after which the number of a flat or a box stands.
pub(super) const FLATS: &[&str] = &["apartment", "apt", "box", "flat", "house", "suite", "unit"];

/// Words that a street's name ends with: up to three words before them stands the number of a house.
pub(super) const STREETS: &[&str] = &[
    "alley",
    "ave",
    "avenue",
    "blvd",
    "boulevard",
    "court",
    "crescent",
    "ct",
    "dr",
    "drive",
    "highway",
    "hwy",
    "lane",
    "ln",
    "parade",
    "parkway",
    "pkwy",
    "rd",
    "road",
    "st",
    "street",
    "terrace",
];

const TEXT: &str = "
    a about above access account accounts action active activity add added after again ago all allowed already
    also am an and any are arguments array as at attempt attempts attended auth authorization authorized
    available back bad be because been before begin below body book booked booking bookings both bounds but by
    call called can cancel canceled cancelled cancellation cannot category certificate change changed check
    checked checkin class classes client close closed code coming completed confirm confirmed conflict connection
    contain contains content could count create created current data database date day days deadlock default
    delete deleted denied did disabled does done down duplicate during each either email empty enabled end ended
    ends endpoint enough entity error errors event exceeded exception execute exist existing exists expected
    expired external fail failed failure false feature field fields file find first for forbidden format found
    from full gateway get given go group had has have he header her his home host hour hours html http https id
    ids if in inactive index input integer internal intro invalid is issue it item items its json key large last
    late length less limit limited list load local locked long lookup machine maintenance many matching maximum
    may member members message method minimum minute minutes missing model month months more most must my name
    need needed never new next no none not nothing notice now null number numbers object of off ok old on once
    one only open opens operation or other out over page parameter parameters parse parsing past path pending
    per period permission permitted phone please policy position possible post previous problem processed
    property provided proxy query range rate rated rating ratings reached read ready reason received record
    records ref reference refused request requested requests required reserved resource resources response
    result results retry right route row rows run same schedule scheduled scheduling see seems sent server
    service services session sessions set should show since size small so some something soon source spot spots
    start started starts state status still stop string studio studios success successful successfully support
    syntax system table temporarily test than that the their them then there they this thread through throttled
    time timed timeout times to today token tokens tomorrow too total true try type types unable unauthorized
    unavailable undefined unexpected unhandled unique unit unknown unsupported until up update updated upstream
    url use used user users using uuid valid validation value values version wait waiting waitlist waitlisted
    was we week weeks went were what when where which while who window with within without work wrong year years
    yes yesterday yet you your zero
    body head html title href div span meta script style center hr br pre doctype nginx cloudflare cloudfront
    apache amazon aws
    orange orangetheory otf ot live strength tread treadmill rower rowing row bike strider floor weight walker
    power powerwalk lower upper body total tornado benchmark benchmarks workout workouts mile miles meter meters
    metre metres km k m lb lbs kg min mins sec secs second seconds minute g rpm watt watts kcal calories calorie
    splat splats point points heart zone zones gray grey black blue green red step steps distance elevation
    incline speed pace cadence split top peak average avg max hell inferno mayhem everest infinity
    marathon dri tri dritri full half ultra original sprint relay team catch me transformation challenge
    challenges push remix six twelve fitness clinic workshop interpreting inbody pop vip private enterprise
    explicit mask optional life why give outdoor indoor running walk walking ride cycling swim swimming yoga
    elliptical hike hiking effort display automated manual formula imperial metric percent bpm mph pm
    thumbs double single up above below normal minimum indicator goal setting high low obese healthy fat
    premier elite basic unlimited membership memberships monthly annual pack packs drop fee fees purchase
    purchased refund refunded starter trial promo promotion promotional transactional cancelled show price tax
    credit debit visa mastercard discover american express ach
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
    united states usa us dollar prod production placeholder masked redacted
    bill home mobile web ios android facebook instagram twitter youtube
    s t st nd rd th x i
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_lower_case() {
        assert!(TEXT.split_ascii_whitespace().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
        assert!(has("orange") && !has("Orange") && !has("pat"));
    }
}
