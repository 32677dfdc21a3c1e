//! The start page of those whose work is the service itself.

mod words;

use askama::Template;
use tingxin_desk::UpkeepState;

use crate::frame::Frame;
use crate::text::fill;
use words::{HomeWords, SpokenOfHome as _};

/// The start page of a role without a queue.
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static HomeWords,
    /// Absent where the viewer has nothing to do with it.
    tiles: Vec<HomeTile>,
}

/// One number with what it means.
#[derive(Debug)]
struct HomeTile {
    name: &'static str,
    value: String,
    more: String,
    alarming: bool,
    href: &'static str,
}

impl HomePage {
    /// The page; `state` for those who keep the service running.
    #[must_use]
    pub fn new(frame: Frame, state: Option<UpkeepState>) -> Self {
        let w = frame.lang.home();
        let tiles = state.map(|state| tiles(state, w).into()).unwrap_or_default();
        Self { frame, w, tiles }
    }

    fn hello(&self) -> String {
        fill(self.w.hello, self.frame.viewer.as_ref().map_or("", |viewer| viewer.name.as_str()))
    }

    const fn lead(&self) -> &'static str {
        if self.tiles.is_empty() { self.w.other } else { self.w.admin }
    }
}

fn tiles(state: UpkeepState, w: &'static HomeWords) -> [HomeTile; 4] {
    let waits = fill(w.waiting_longest, format_args!("{:.0}", state.oldest_seconds));
    let some = state.set_aside > 0;
    [
        HomeTile {
            name: w.waiting,
            value: state.waiting.to_string(),
            more: if state.waiting > 0 { waits } else { w.waiting_none.to_owned() },
            alarming: false,
            href: "/admin/queue",
        },
        HomeTile {
            name: w.set_aside,
            value: state.set_aside.to_string(),
            more: if some { w.set_aside_some } else { w.set_aside_none }.to_owned(),
            alarming: some,
            href: "/admin/queue",
        },
        HomeTile {
            name: w.accounts,
            value: state.accounts.to_string(),
            more: String::new(),
            alarming: false,
            href: "/admin/users",
        },
        HomeTile {
            name: w.keys,
            value: state.keys.to_string(),
            more: fill(w.keys_ending, state.keys_ending),
            alarming: state.keys_ending > 0,
            href: "/admin/keys",
        },
    ]
}
