//! What takes something away asks first: the form comes back once more, with everything that was typed.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::page::{frame, page};
use crate::console::{Section, SurePage, SureQuestion, encode};
use crate::http::access::ConsoleSession;
use crate::http::error::{ApiError, Problem};

/// Field with which the second form says that it is meant.
const SURE: &str = "sure";

/// A form of which everything that was typed is known, to be asked about.
pub(super) struct Typed<T> {
    form: T,
    fields: Vec<(String, String)>,
}

/// A form that says nothing but its address.
#[derive(Deserialize)]
pub(super) struct NoFields {}

impl<T> std::ops::Deref for Typed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.form
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Typed<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = web::Form::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move {
            let fields = read.await?.into_inner();
            let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
            let form = web::Query::<T>::from_query(&pairs.collect::<Vec<_>>().join("&"));
            let wrong =
                |_| ApiError::new(Problem::InvalidField, "a field of the form is missing or not accepted");
            Ok(Self { form: form.map_err(wrong)?.into_inner(), fields })
        })
    }
}

impl<T> Typed<T> {
    pub(super) fn into_inner(self) -> T {
        self.form
    }
}

/// The page that asks, unless the answer has come along.
pub(super) fn ask<T>(
    session: &ConsoleSession,
    request: &HttpRequest,
    typed: &Typed<T>,
    question: SureQuestion,
) -> Result<Option<HttpResponse>, ApiError> {
    if typed.fields.iter().any(|(name, value)| name == SURE && value == "yes") {
        return Ok(None);
    }
    let mut fields = typed.fields.clone();
    fields.retain(|(name, _)| name != "csrf" && name != SURE);
    let action = request.uri().path_and_query().map_or_else(|| request.path(), |address| address.as_str());
    let back = came_from(request);
    let frame = frame(request, Some(session), Section::Outside);
    let shown = SurePage::new(frame, question, (action, &back), fields);
    page(request, StatusCode::OK, &shown).map(Some)
}

/// The page of ours that the form stood on; the start where the browser does not say.
fn came_from(request: &HttpRequest) -> String {
    let said = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok());
    let host = request.connection_info().host().to_owned();
    let own = said.and_then(|said| said.split_once("://")?.1.strip_prefix(&*host));
    own.filter(|path| path.starts_with('/')).unwrap_or("/").to_owned()
}
