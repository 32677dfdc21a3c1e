//! Appeals of staff against confirmed flags of their own contacts.

use super::closed_set;

closed_set! {
    /// How far an appeal is.
    AppealState {
        /// The lead of the team has it.
        Filed => "filed", "待主管处理";
        /// The lead has answered it; the person may insist.
        Answered => "answered", "主管已答复";
        /// A second reviewer has it.
        Forwarded => "forwarded", "待复审";
        /// The second reviewer agrees with the first. Final.
        Upheld => "upheld", "维持原判";
        /// The second reviewer disagrees: the flag is a false alarm. Final.
        Overturned => "overturned", "改判误报";
    }
}

impl AppealState {
    /// States in which somebody still has to say something: such a flag is out of the rates.
    pub const OPEN: [Self; 2] = [Self::Filed, Self::Forwarded];

    /// Whether somebody still has to say something.
    #[must_use]
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}
