//! Searching contacts: who is shown what, which words stood there, and what of it is written down.

use std::collections::HashMap;

use tingxin_store::{
    BoundedCount, ContactFound, ContactSearch, Cursor, NewView, Page, SavedView, SearchWords,
};
use tingxin_text::domain::{
    ContactRef, Flag, FlagStatus, RawText, RedactedContact, Span, Speaker, UtcMillis,
};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError};

/// Characters that are shown before the first word that was found, and after it.
const BEFORE: usize = 16;
const AFTER: usize = 44;

/// Most filters that an account keeps: as many as a list shows without being searched itself.
const MOST_VIEWS: u32 = 20;

/// Longest name of a kept filter, and longest filter.
const LONGEST_NAME: usize = 40;
const LONGEST_QUERY: usize = 1_000;

/// Where the words stood that were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The turn or sentence.
    pub turn: usize,
    /// Who said so; `None` in a note.
    pub speaker: Option<Speaker>,
    /// A part of it, without personal data.
    pub text: String,
    /// Where in that part the words stand.
    pub marks: Vec<Span>,
}

/// One contact that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// The contact.
    pub found: ContactFound,
    /// Where the words stood; `None` when nobody asked for words, or when only the index still knows them.
    pub snippet: Option<Snippet>,
}

/// A part of what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHits {
    /// The contacts.
    pub hits: Page<SearchHit>,
    /// How many there are in all; told with the first part.
    pub total: Option<BoundedCount>,
}

/// The turn in which most of the words stand.
fn snippet_of(words: &SearchWords, contact: &RedactedContact) -> Option<Snippet> {
    let texts = contact.body.texts().enumerate();
    let found = texts
        .map(|(turn, (speaker, line))| (turn, speaker, line.text.as_str(), words.hits(line.text.as_str())));
    let best = found
        .filter(|(.., (terms, _))| *terms > 0)
        .reduce(|best, next| if next.3.0 > best.3.0 { next } else { best });
    let (turn, speaker, text, (_, spans)) = best?;
    let from = spans.first()?.start.saturating_sub(BEFORE);
    let length = text.chars().count();
    let part = Span::new(from, (from + BEFORE + AFTER).min(length));
    let mut shown = part.slice(text).to_owned();
    let mut shift = 0;
    if part.start > 0 {
        shown.insert(0, '…');
        shift = 1;
    }
    if part.end < length {
        shown.push('…');
    }
    let inside = spans.iter().filter(|span| span.end <= part.end);
    let marks = inside.map(|span| Span::new(span.start - from + shift, span.end - from + shift)).collect();
    Some(Snippet { turn, speaker, text: shown, marks })
}

/// What of a search the audit log says: which filters, never what stood in them. People look for what they have in the clipboard.
fn filters(search: &ContactSearch) -> String {
    let own = &search.contact;
    let names = [
        ("q", search.words.is_some()),
        ("contact_id", own.contact_id.is_some()),
        ("staff", own.staff.is_some()),
        ("team", own.team.is_some()),
        ("process", search.process.is_some()),
        ("flags", search.rule.is_some() || search.severity.is_some() || search.status.is_some()),
        ("reviewer", search.judged_by.is_some()),
        ("time", own.since.is_some() || own.until.is_some()),
    ];
    let filters: Vec<&str> = names.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name).collect();
    format!("contacts by {}", filters.join(", "))
}

impl Desk {
    /// Looks for contacts. Whoever does is written down first. Flags that nobody has confirmed count for those who may see them.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn search(
        &self,
        caller: &Caller,
        mut search: ContactSearch,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<SearchHits, DeskError> {
        search.contact.team = caller.team_or(search.contact.team)?;
        let by_flag = search.rule.is_some()
            || search.severity.is_some()
            || search.status.is_some()
            || search.judged_by.is_some();
        if by_flag && !caller.sees_unconfirmed() {
            search.status = Some(FlagStatus::SHOWN_TO_OTHERS);
        }
        let (action, object) = match search.words {
            Some(_) => ("contacts.search", filters(&search)),
            None => ("contacts.list", "contacts".to_owned()),
        };
        self.write_down(caller, action, object, true).await?;
        let Page { mut items, next } = self.store.search(&search, after, limit).await?;
        let total = match after {
            None => Some(self.store.search_total(&search).await?),
            Some(_) => None,
        };
        self.count_shown(caller, items.iter_mut().map(|found| &mut found.contact)).await?;
        let keys: Vec<ContactRef> = items.iter().map(|found| found.contact.id).collect();
        let texts = match search.words {
            Some(_) => self.store.texts_of(&keys).await?,
            None => HashMap::new(),
        };
        let hit = |found: ContactFound| {
            let snippet = texts.get(&found.contact.id).zip(search.words.as_ref());
            SearchHit { snippet: snippet.and_then(|(text, words)| snippet_of(words, text)), found }
        };
        Ok(SearchHits { hits: Page { items: items.into_iter().map(hit).collect(), next }, total })
    }

    /// The flags of some contacts that the caller may see, most urgent first.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn flags_shown(
        &self,
        caller: &Caller,
        contacts: &[ContactRef],
    ) -> Result<HashMap<ContactRef, Vec<Flag>>, DeskError> {
        let mut flags = self.store.flags_among(contacts).await?;
        if !caller.sees_unconfirmed() {
            for flags in flags.values_mut() {
                flags.retain(|flag| flag.status == FlagStatus::SHOWN_TO_OTHERS);
            }
        }
        Ok(flags)
    }

    /// The filters that the caller's account keeps.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn views(&self, caller: &Caller) -> Result<Vec<SavedView>, DeskError> {
        match &caller.account {
            Some(account) => Ok(self.store.views(account).await?),
            None => Ok(Vec::new()),
        }
    }

    /// Keeps a filter under a name, in the place of another of that name. `words` are those that it looks for: neither they nor the
    /// name may hold personal data, for they stay.
    ///
    /// # Errors
    /// [`DeskError::Field`] when one of them is not accepted, or the account has as many filters as it may.
    pub async fn save_view(
        &self,
        caller: &Caller,
        name: &str,
        (query, words): (&str, &str),
    ) -> Result<(), DeskError> {
        let account = caller.account.as_deref().ok_or(DeskError::NotFound)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(DeskError::field(
                "/view",
                "the name must have 1 to 40 characters and no line breaks",
            ));
        }
        let personal = |text: &str| self.redactor.remark(&RawText::new(text.to_owned())).as_str() != text;
        if personal(name) || personal(words) {
            let reason = "a filter that is kept must name nobody: it holds what looks like personal data";
            return Err(DeskError::field("/words", reason));
        }
        if query.len() > LONGEST_QUERY {
            return Err(DeskError::field("/query", "the filter is too long to be kept"));
        }
        let view = NewView { account, name, query, most: MOST_VIEWS };
        if self.store.save_view(view, UtcMillis::now()).await? {
            return Ok(());
        }
        Err(DeskError::field("/views", "an account keeps at most 20 filters; delete one first"))
    }

    /// Forgets a filter of the caller's account.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when it is not theirs.
    pub async fn drop_view(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        let account = caller.account.as_deref().ok_or(DeskError::NotFound)?;
        if self.store.drop_view(account, id).await? { Ok(()) } else { Err(DeskError::NotFound) }
    }
}
