//! Query parameters, one by one: unknown, repeated and impossible ones are refused by name.
//!
//! A value is never repeated in a refusal: people search for what they have in the clipboard.

use actix_web::{HttpRequest, web};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use utoipa::IntoParams;

use super::error::{ApiError, Problem};
use crate::domain::{InvalidName, UtcMillis};
use crate::store::Cursor;

/// Rows of a list when the client does not say.
pub(super) const DEFAULT_LIMIT: u32 = 50;

/// Most rows of one answer: about a megabyte of flags.
pub(super) const MAX_LIMIT: u32 = 200;

/// No parameters.
#[derive(Debug, utoipa::IntoParams)]
pub(super) struct NoQuery {}

/// The parameters of one request.
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads the query string. The names that `P` documents are known, all others are refused.
    pub(super) fn of<P: IntoParams>(request: &HttpRequest) -> Result<Self, ApiError> {
        let known: Vec<String> =
            P::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
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
        Ok(Self { pairs })
    }

    /// The value as text.
    fn text(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// One of a closed set.
    pub(super) fn one_of<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        text: fn(T) -> &'static str,
    ) -> Result<Option<T>, ApiError> {
        let Some(value) = self.text(name) else { return Ok(None) };
        let found = all.iter().copied().find(|one| text(*one) == value);
        let names = || all.iter().map(|one| text(*one)).collect::<Vec<_>>().join(", ");
        found.map(Some).ok_or_else(|| refused(format!("`{name}` must be one of: {}", names())))
    }

    /// A name such as a source or a team.
    pub(super) fn name<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, InvalidName>,
    ) -> Result<Option<T>, ApiError> {
        let value = self.text(name).map(read).transpose();
        value.map_err(|invalid| refused(format!("`{name}` {invalid}")))
    }

    /// A point in time.
    pub(super) fn time(&self, name: &str) -> Result<Option<UtcMillis>, ApiError> {
        let value = self.text(name).map(UtcMillis::parse_rfc3339).transpose();
        value.map_err(|_| {
            let form = "an RFC 3339 time such as 2026-11-01T08:00:00+08:00, with + written as %2B";
            refused(format!("`{name}` must be {form}"))
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Result<bool, ApiError> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(refused(format!("`{name}` must be true or false"))),
        }
    }

    /// How many rows.
    pub(super) fn limit(&self) -> Result<u32, ApiError> {
        let Some(value) = self.text("limit") else { return Ok(DEFAULT_LIMIT) };
        let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
        limit.ok_or_else(|| refused(format!("`limit` must be a whole number from 1 to {MAX_LIMIT}")))
    }

    /// Where to go on.
    pub(super) fn cursor(&self) -> Result<Option<Cursor>, ApiError> {
        let cursor = self.text("cursor").map(|text| decode(text).ok_or(())).transpose();
        cursor.map_err(|()| refused("`cursor` must be the `next` of an earlier answer"))
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
    use actix_web::test::TestRequest;
    use proptest::prelude::*;

    #[derive(IntoParams)]
    #[expect(dead_code, reason = "only its documentation is used")]
    struct Known {
        channel: Option<String>,
        team: Option<String>,
        since: Option<String>,
        limit: Option<u32>,
        cursor: Option<String>,
        wait: Option<bool>,
    }

    fn query(text: &str) -> Result<Query, ApiError> {
        Query::of::<Known>(&TestRequest::with_uri(&format!("/x?{text}")).to_http_request())
    }

    fn detail<T>(result: Result<T, ApiError>) -> String {
        result.err().expect("a refusal").detail().to_owned()
    }

    #[test]
    fn a_refusal_names_the_parameter_and_what_it_takes_but_never_the_value() {
        let phone = "13900001234";
        let all = detail(query(&format!("phone={phone}")));
        assert!(all.contains("channel, team, since"), "{all}");

        let q =
            query(&format!("channel={phone}&since={phone}&limit=201&cursor={phone}&wait={phone}")).unwrap();
        let channel = detail(q.one_of("channel", Channel::ALL, Channel::as_str));
        assert!(channel.starts_with("`channel` must be one of: hotline, hall"), "{channel}");
        let others = [detail(q.time("since")), detail(q.limit()), detail(q.cursor()), detail(q.flag("wait"))];
        for text in others.iter().chain([&all, &channel]) {
            assert!(!text.contains(phone), "{text}");
        }
    }

    #[test]
    fn a_parameter_that_stands_there_twice_is_refused() {
        assert_eq!(detail(query("team=a&team=b")), "`team` stands there twice");
    }

    #[test]
    fn values_are_decoded_and_an_empty_one_is_refused() {
        assert_eq!(detail(query("team=")), "`team` is empty: leave it out");
        let q = query("team=%E5%8C%97%E4%BA%AC+01&since=2026-11-01T08:00:00%2B08:00").unwrap();

        assert_eq!(q.name("team", TeamId::new).unwrap(), Some(TeamId::new("北京 01").unwrap()));
        assert_eq!(q.one_of("channel", Channel::ALL, Channel::as_str).unwrap(), None);
        assert_eq!(q.time("since").unwrap().unwrap().to_rfc3339(), "2026-11-01T00:00:00.000Z");
        assert_eq!(q.limit().unwrap(), DEFAULT_LIMIT);
        assert!(!q.flag("wait").unwrap());
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
