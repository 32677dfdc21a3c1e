//! Query parameters as structs: unknown, empty, repeated and impossible ones are refused by name.
//!
//! A value is never repeated in a refusal: people search for what they have in the clipboard.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use super::error::{ApiError, Problem};
use crate::domain::{DAY_MILLIS, TeamId, UtcMillis};
use crate::store::{Cursor, SearchWords, SurveyAsked};

/// Rows of a list when the client does not say.
const DEFAULT_LIMIT: u32 = 50;

/// Most rows of one answer: about a megabyte of flags.
const MAX_LIMIT: u32 = 200;

/// No parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct NoQuery {}

/// Which team.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TeamQuery {
    /// Team.
    #[param(value_type = Option<String>)]
    pub(super) team: Option<TeamId>,
}

/// The parameters of a request as the struct that also describes them in the OpenAPI document.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned + IntoParams + 'static> FromRequest for Asked<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

fn read<T: DeserializeOwned + IntoParams>(query: &str) -> Result<T, ApiError> {
    let known: Vec<String> = T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| refused("the query string is not form-encoded"))?
        .into_inner();
    for (at, (name, value)) in pairs.iter().enumerate() {
        if !known.contains(name) {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(refused(format!("unknown query parameter; this route knows: {known}")));
        }
        // `?team=` from a script that lost its variable must not answer every team.
        if value.is_empty() {
            return Err(refused(format!("`{name}` is empty: leave it out")));
        }
        if pairs.iter().skip(at + 1).any(|(other, _)| other == name) {
            return Err(refused(format!("`{name}` stands there twice")));
        }
    }
    let values = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(values)
        .map_err(|error| refused(format!("`{}` {}", error.path(), expected(&error.inner().to_string()))))
}

/// What a parameter takes. serde's sentence about a closed set begins with the value, which is left
/// out.
fn expected(sentence: &str) -> String {
    match sentence.split_once(", expected ") {
        Some((_, names)) => {
            let names = names.trim_start_matches("one of ").replace(" or ", ", ").replace('`', "");
            format!("must be one of: {names}")
        }
        None => sentence.to_owned(),
    }
}

/// The place in a list at which an answer goes on: `next` of the answer before.
#[derive(Debug, Clone)]
pub(super) struct After(pub(super) Cursor);

impl<'de> Deserialize<'de> for After {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let cursor = decode(&text).ok_or_else(|| D::Error::custom("must be the `next` of an earlier answer"));
        cursor.map(Self)
    }
}

/// Most rows of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit(u32);

impl Limit {
    /// The limit that was asked for, or the usual one.
    pub(super) fn rows(asked: Option<Self>) -> u32 {
        asked.map_or(DEFAULT_LIMIT, |limit| limit.0)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = String::deserialize(deserializer)?.parse().ok();
        let rows = rows.filter(|rows| (1..=MAX_LIMIT).contains(rows));
        let refusal = || D::Error::custom(format!("must be a whole number from 1 to {MAX_LIMIT}"));
        rows.map(Self).ok_or_else(refusal)
    }
}

/// A point in time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment(pub(super) UtcMillis);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let form = "must be an RFC 3339 time such as 2026-11-01T08:00:00+08:00, with + written as %2B";
        UtcMillis::parse_rfc3339(&text).map(Self).map_err(|_| D::Error::custom(form))
    }
}

/// A day in Beijing or a moment, as a bound of time.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bound {
    /// The first moment of the day.
    Day(UtcMillis),
    Moment(UtcMillis),
}

impl Bound {
    /// The first moment that belongs to it.
    pub(super) const fn begins(self) -> UtcMillis {
        let (Self::Day(at) | Self::Moment(at)) = self;
        at
    }

    /// The first moment after it: a day that is named last belongs to it.
    pub(super) const fn ends(self) -> UtcMillis {
        match self {
            Self::Day(at) => at.plus_millis(DAY_MILLIS),
            Self::Moment(at) => at,
        }
    }

    /// Reads `2026-11-01` or an RFC 3339 time.
    pub(super) fn read(text: &str) -> Option<Self> {
        let day = || UtcMillis::parse_rfc3339(&format!("{text}T00:00:00+08:00")).map(Self::Day);
        UtcMillis::parse_rfc3339(text).map(Self::Moment).or_else(|_| day()).ok()
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = "must be a day such as 2026-11-01, in Beijing, or an RFC 3339 time with + written as %2B";
        Self::read(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom(form))
    }
}

/// A probability, in thousandths.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeastShare(pub(super) u16);

impl LeastShare {
    /// Reads a number from 0 to 1.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it was checked that it lies in 0..=1,000"
    )]
    pub(super) fn read(text: &str) -> Option<Self> {
        let share: f64 = text.parse().ok()?;
        (0.0..=1.0).contains(&share).then(|| Self((share * 1000.0).round() as u16))
    }
}

impl<'de> Deserialize<'de> for LeastShare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = Self::read(&String::deserialize(deserializer)?);
        share.ok_or_else(|| D::Error::custom("must be a number from 0 to 1"))
    }
}

/// What the customer answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered(pub(super) SurveyAsked);

impl Answered {
    /// Reads `any` or a grade from 1 to 5.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text == "any" {
            return Some(Self(SurveyAsked::Answered));
        }
        let grade: u8 = text.parse().ok()?;
        (1..=5).contains(&grade).then_some(Self(SurveyAsked::AtMost(grade)))
    }
}

impl<'de> Deserialize<'de> for Answered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let answered = Self::read(&String::deserialize(deserializer)?);
        answered.ok_or_else(|| D::Error::custom("must be any, or the highest grade of five, from 1 to 5"))
    }
}

/// Words that are looked for.
#[derive(Debug, Clone)]
pub(super) struct Words(pub(super) SearchWords);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = SearchWords::parse(&String::deserialize(deserializer)?);
        let form = "must hold 1 to 8 terms of letters or digits, at most 100 characters in all";
        words.map(Self).ok_or_else(|| D::Error::custom(form))
    }
}

/// `true` or `false`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Switch(pub(super) bool);

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(D::Error::custom("must be true or false")),
        }
    }
}

fn refused(detail: impl Into<String>) -> ApiError {
    ApiError::new(Problem::InvalidQuery, detail)
}

/// 32 characters: eight bytes of sort value, sixteen of the key. Clients must not look inside.
pub(super) fn encode(cursor: &Cursor) -> String {
    let mut bytes = Vec::with_capacity(24);
    bytes.extend_from_slice(&cursor.sort.to_be_bytes());
    bytes.extend_from_slice(cursor.id.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The place that [`encode`] wrote; `None` for anything else.
pub(super) fn decode(text: &str) -> Option<Cursor> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (sort, id) = bytes.split_first_chunk::<8>()?;
    Some(Cursor { sort: i64::from_be_bytes(*sort), id: uuid::Uuid::from_slice(id).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Channel, TeamId};
    use proptest::prelude::*;

    #[derive(Debug, Deserialize, IntoParams)]
    struct Known {
        channel: Option<Channel>,
        #[param(value_type = Option<String>)]
        team: Option<TeamId>,
        #[param(value_type = Option<String>)]
        since: Option<Moment>,
        #[param(value_type = Option<u32>)]
        limit: Option<Limit>,
        #[param(value_type = Option<String>)]
        cursor: Option<After>,
        #[param(value_type = Option<bool>)]
        wait: Option<Switch>,
    }

    fn detail(query: &str) -> String {
        read::<Known>(query).expect_err("a refusal").detail().to_owned()
    }

    #[test]
    fn a_refusal_names_the_parameter_and_what_it_takes_but_never_the_value() {
        let phone = "13900001234";
        for (name, takes) in [
            ("phone", "this route knows: channel, team, since"),
            ("channel", "`channel` must be one of: hotline, hall"),
            ("since", "`since` must be an RFC 3339 time"),
            ("limit", "`limit` must be a whole number from 1 to 200"),
            ("cursor", "`cursor` must be the `next` of an earlier answer"),
            ("wait", "`wait` must be true or false"),
        ] {
            let said = detail(&format!("{name}={phone}"));

            assert!(said.contains(takes), "{said}");
            assert!(!said.contains(phone), "{said}");
        }
        assert!(detail("limit=201").contains("from 1 to 200"));
    }

    #[test]
    fn a_parameter_that_stands_there_twice_is_refused() {
        assert_eq!(detail("team=a&team=b"), "`team` stands there twice");
    }

    #[test]
    fn values_are_decoded_and_an_empty_one_is_refused() {
        assert_eq!(detail("team="), "`team` is empty: leave it out");
        let asked: Known = read("team=%E5%8C%97%E4%BA%AC+01&since=2026-11-01T08:00:00%2B08:00").unwrap();

        assert_eq!(asked.team, Some(TeamId::new("北京 01").unwrap()));
        assert!(asked.channel.is_none() && asked.cursor.is_none() && asked.wait.is_none());
        assert_eq!(asked.since.unwrap().0.to_rfc3339(), "2026-11-01T00:00:00.000Z");
        assert_eq!(Limit::rows(asked.limit), DEFAULT_LIMIT);
    }

    proptest! {
        #[test]
        fn a_cursor_survives_the_journey(sort: i64, id: u128) {
            let cursor = Cursor { sort, id: uuid::Uuid::from_u128(id) };

            prop_assert_eq!(decode(&encode(&cursor)), Some(cursor));
        }

        #[test]
        fn no_text_makes_the_cursor_panic(text in "\\PC{0,40}") {
            let _ = decode(&text);
        }
    }
}
