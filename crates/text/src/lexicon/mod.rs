//! The word lists that are compiled into the binary, and the one reader of their format.
//!
//! Cutting text into words and scoring it need the same lists. They stand in a leaf of their own so
//! that each is embedded once, read by one reader and covered by one checksum.
//!
//! A list is UTF-8 text: a header line, then one entry a line with tab-separated cells. Blank lines
//! and lines that start with `#` are left out.

/// A word list that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("word list {list}, line {line}: {reason}")]
pub struct ListError {
    /// File name of the list.
    pub list: &'static str,
    /// Line in it, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// One word list.
#[derive(Debug, Clone, Copy)]
pub struct WordList {
    /// File name in `models/lexicon`.
    pub name: &'static str,
    /// The whole file.
    pub text: &'static str,
}

/// One entry of a list with `N` cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListRow<const N: usize> {
    /// Line in the file, from 1.
    pub line: usize,
    /// The cells in the order of the header.
    pub cells: [&'static str; N],
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)+) => {
        $($(#[$doc])*
        pub const $name: WordList =
            WordList { name: $file, text: include_str!(concat!("../../../../models/lexicon/", $file)) };)+

        /// Every list, in a fixed order: what the checksum of the lexicon is computed over.
        pub const ALL: &[WordList] = &[$($name),+];
    };
}

lists! {
    /// Emotion terms: `term class strength role topic`.
    EMOTION = "emotion.tsv";
    /// Telecom words for segmentation: `term freq pos process`.
    USERDICT = "userdict.tsv";
    /// Negators: `term scope`.
    NEGATION = "negation.tsv";
    /// Words that hold a negating character and negate nothing: `term`.
    NOT_NEGATION = "not_negation.tsv";
    /// Degree words: `term factor position`.
    DEGREE = "degree.tsv";
    /// Markers of wish, condition and possibility: `term`.
    UNREAL = "unreal.tsv";
    /// Wording with which staff repeat the customer: `term`.
    ECHO = "echo.tsv";
    /// Rhetorical constructions: `regex class strength role`.
    RHETORICAL = "rhetorical.tsv";
    /// Script formulas: `regex role`.
    COURTESY = "courtesy.tsv";
    /// Threats and bodies: `regex kind strength`.
    REGULATOR = "regulator.tsv";
    /// Insults and threats against a person: `regex level`.
    ABUSE = "abuse.tsv";
    /// Negative acts of staff: `regex act strength`.
    LAPSE = "lapse.tsv";
    /// Staff tell a time limit: `regex`.
    DEADLINE_TOLD = "deadline_told.tsv";
    /// Staff put something on record: `regex`.
    COMPLAINT_TAKEN = "complaint_taken.tsv";
    /// Staff ask whether the customer is satisfied: `regex`.
    SATISFACTION_ASKED = "satisfaction_asked.tsv";
    /// The customer raises something that needs handling: `regex`.
    PROBLEM_RAISED = "problem_raised.tsv";
    /// A note reports an emotion: `regex about class strength`.
    REPORTED = "reported.tsv";
    /// A note reports insults or threats against staff: `regex level`.
    REPORTED_ABUSE = "reported_abuse.tsv";
    /// A note says what became of the matter: `regex outcome`.
    NOTE_OUTCOME = "note_outcome.tsv";
}

impl WordList {
    /// The entries of the list, whose header must be `header`.
    ///
    /// # Errors
    /// [`ListError`] names the line whose cells do not fit the header.
    pub fn rows<const N: usize>(&self, header: [&str; N]) -> Result<Vec<ListRow<N>>, ListError> {
        let mut lines = (1..).zip(self.text.lines());
        let first = lines.next().map_or("", |(_, line)| line);
        if !first.split('\t').eq(header) {
            return Err(self.error(1, format!("the header is not `{}`", header.join("\t"))));
        }
        lines
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
            .map(|(number, line)| {
                let cells: Vec<&'static str> = line.split('\t').collect();
                let cells = <[&str; N]>::try_from(cells)
                    .map_err(|cells| self.error(number, format!("{} cells instead of {N}", cells.len())))?;
                Ok(ListRow { line: number, cells })
            })
            .collect()
    }

    /// An error at a line of this list.
    #[must_use]
    pub fn error(&self, line: usize, reason: impl Into<String>) -> ListError {
        ListError { list: self.name, line, reason: reason.into() }
    }

    /// Reads one cell with `FromStr`.
    ///
    /// # Errors
    /// [`ListError`] names the line and the cell.
    pub fn parse<T: std::str::FromStr>(&self, line: usize, cell: &str) -> Result<T, ListError> {
        cell.trim().parse().map_err(|_| self.error(line, format!("`{cell}` is not understood")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: WordList =
        WordList { name: "small.tsv", text: "term\tscope\n# not an entry\n\n不\t1\n没有\t2\n" };

    #[test]
    fn comments_and_blank_lines_are_no_entries_but_count_as_lines() {
        let rows = SMALL.rows(["term", "scope"]).unwrap();

        assert_eq!(
            rows,
            [ListRow { line: 4, cells: ["不", "1"] }, ListRow { line: 5, cells: ["没有", "2"] }]
        );
    }

    #[test]
    fn a_line_with_a_missing_cell_is_named() {
        const BROKEN: WordList = WordList { name: "broken.tsv", text: "term\tscope\n不\n" };

        let refused = BROKEN.rows(["term", "scope"]).unwrap_err();

        assert_eq!(refused.to_string(), "word list broken.tsv, line 2: 1 cells instead of 2");
    }

    #[test]
    fn a_list_with_another_header_is_refused() {
        let refused = SMALL.rows(["term"]).unwrap_err();

        assert_eq!(refused.line, 1);
    }
}
