//! What several tests share.

pub(crate) mod app;
pub(crate) mod dashboards;
pub(crate) mod docs;
pub(crate) mod prometheus;
pub(crate) mod proxy;
pub(crate) mod scored;
pub(crate) mod shell;
pub(crate) mod store;
pub(crate) mod tools;
pub(crate) mod web;
pub(crate) mod words;
