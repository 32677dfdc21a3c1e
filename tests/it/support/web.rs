//! Clients of the tests. What computes TLS is named before the first one is built.

use reqwest::{Client, Response};

/// A client.
pub(crate) fn client() -> Client {
    tingxin::deliver::name_tls_provider();
    Client::new()
}

/// Reads a page.
pub(crate) async fn get(url: impl reqwest::IntoUrl) -> reqwest::Result<Response> {
    client().get(url).send().await
}
